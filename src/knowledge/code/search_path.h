// What a path alone says of a file: test, example, vendored, data, header, for
// another system, of an old version. Used to rank, never to hide.
#pragma once

#include <string_view>

namespace mira::code {

struct PathTraits {
  bool test = false;
  bool example = false;            // examples, samples, demos, benchmarks
  bool vendored = false;           // third-party code kept in the tree
  bool data = false;               // json, lock files, csv, svg
  bool prose = false;              // README.md, docs
  bool type_declarations = false;  // .d.ts, .pyi
  bool header = false;             // .h, .hpp
  bool source = false;             // .c, .cpp: what a header is the header of
  bool other_system = false;       // for an operating system that is not this one's
};

PathTraits path_traits(std::string_view path);
// "a/b/foo_bar.test.ts" -> "foo_bar.test"
std::string_view file_stem(std::string_view path);

// "lib/v3/types.ts": version 3 below "lib/". Version 0: no folder is named for a version.
struct PathVersion {
  std::string_view parent;
  int version = 0;
};
PathVersion path_version(std::string_view path);

// True when the word is a name that folders and files give to an operating system: "win32", "darwin".
bool is_system_name(std::string_view lower_case_word);

}  // namespace mira::code
