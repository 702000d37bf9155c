// What a path alone says of a file: test, example, vendored, data, re-export,
// type declarations. Used to rank, never to hide.
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
  bool reexports = false;          // index.ts, mod.rs, __init__.py
};

PathTraits path_traits(std::string_view path);
// "a/b/foo_bar.test.ts" -> "foo_bar.test"
std::string_view file_stem(std::string_view path);

}  // namespace mira::code
