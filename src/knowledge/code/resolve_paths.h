// Small words over project paths that import rules share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mira::code {

std::string join_path(std::string_view folder, std::string_view name);  // "" is the root folder
// "a/b", "../c/./d" -> "a/c/d"; nullopt when it leaves the root.
std::optional<std::string> relative_path(std::string_view folder, std::string_view written);
// Does a name in the path say that the file is built for another system than this program's?
bool is_for_another_system(std::string_view path);
// Does it say that the file is for this program's own system?
bool is_for_this_system(std::string_view path);
// Number of leading folders that two paths share.
int shared_folders(std::string_view a, std::string_view b);
// Package key under which files of this module name (Python) or file name (C headers) are listed.
std::string module_name_key(std::string_view name);
// What a file is listed under by its own name: "flask" for flask/__init__.py, "a" for a.py, "a.h" for x/a.h.
std::string_view module_name_of(std::string_view path, bool keeps_extension);

}  // namespace mira::code
