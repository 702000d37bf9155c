// Folders that were made to hurt: too deep, too large, not what they seem, named to
// break a terminal or a query. Each is made on the disk when its test runs (no such
// file could stand in a repository) beside good.c, which must be found in spite of it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace mira::hostile {

struct HostileTree {
  std::string_view name;  // "SparseFiles", a test name
  void (*make)(const std::filesystem::path& root);
};

std::span<const HostileTree> hostile_trees();

// Defines good_function in root/good.c.
void write_good_file(const std::filesystem::path& root);
void write_file(const std::filesystem::path& file, std::string_view bytes);

// True for valid UTF-8 without anything that could steer a terminal: controls but newline
// and tab, bidi and tag characters.
bool is_harmless(std::string_view output);

}  // namespace mira::hostile
