// The words of a file's name: what is left of "src/HTTPParser_test.cc" is
// {"http", "parser"}. Files that share rare words tend to change together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::git {

// Sorted, once each, lower case; without test(s), spec, t, index, main, src, lib.
std::vector<std::string> name_words(std::string_view path);

// "src/a" of "src/a/b.c"; "" at the top.
std::string_view folder_of(std::string_view path);

}  // namespace mira::git
