// The lines that differ between two texts, as hunks without context. Exact (Myers)
// while the difference is of a sane size; past that what lies between the common
// beginning and the common end is one hunk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::builds {

struct Hunk {
  std::string path;
  int old_start = 0, old_lines = 0;  // first line (from 1) and count; old_lines 0: inserted before old_start
  int new_start = 0, new_lines = 0;
  std::string body;    // "-old\n+new\n", secrets as they stand
  std::string within;  // the lines that open the blocks around it, the nearest first: "def total(a):\n"
};

std::vector<Hunk> changed_lines(std::string_view path, std::string_view before, std::string_view after);

// `text` with the hunk's change undone; empty optional semantics: false when its new lines do not stand where
// it says (nothing is changed then).
bool undo_hunk(const Hunk& hunk, std::string& text);

}  // namespace mira::builds
