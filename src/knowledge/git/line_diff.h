// The lines in which two texts differ, as short hunks to show: Myers' O(ND)
// difference over lines ("An O(ND) Difference Algorithm and Its Variations", 1986)
// after common ends are cut off. Very unlike texts are given as one replacement.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mira::git {

struct Hunk {
  int old_start = 0, old_lines = 0;  // lines from 1; start is the line before when there are none
  int new_start = 0, new_lines = 0;
  std::string text;  // lines led by ' ', '-' or '+'
};

struct LineDiff {
  std::vector<Hunk> hunks;
  int inserted = 0, deleted = 0;  // lines
};

// `context`: unchanged lines shown around a change.
LineDiff diff_lines(std::string_view old_text, std::string_view new_text, int context);

// Hunks with "@@ -a,b +c,d @@" heads, cut at a line end after `limit` bytes (then it says so).
std::string show_hunks(const LineDiff& diff, std::size_t limit);

}  // namespace mira::git
