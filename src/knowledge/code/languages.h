// The table of languages: one row a language. Adding one is a row here and a folder
// of queries under languages/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mira::code {

enum class Depth {
  full,      // symbols, calls, imports, types: call resolution at every tier
  elements,  // symbols and imports by grammar; edges only `possible`
  text,      // text chunks only
};

struct Language {
  std::string_view name;   // "cpp"
  std::string_view title;  // "C++"
  Depth depth;
  std::vector<std::string_view> extensions;  // without the dot, lower case
  std::vector<std::string_view> file_names;  // "Makefile", "CMakeLists.txt"
  std::string_view separator;                // of qualified names: "::" or "."
};

std::span<const Language> languages();
const Language* find_language(std::string_view name);
// By file name, then extension, then `#!` line (head: the file's bytes from the first, may be empty). A .h
// file is C++ when its head holds C++ constructs, else C; license and #if blocks can fill the first 4 kB, so
// give the whole file where it is at hand. nullptr: unknown, text chunks.
const Language* language_of(std::string_view path, std::string_view head);

}  // namespace mira::code
