// Which of the hunks between a red and a green run is the cure. Where it is says most:
// the record's own place, then the names its message speaks of, then the files of
// its notes and frames, the file that a test is of, and files that say what is built.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/builds/line_diff.h"
#include "knowledge/builds/record.h"

namespace mira::builds {

// The reason that makes a cure sharp although it was seen once.
inline constexpr std::string_view why_own_place = "at the error's own place";

struct RankedHunk {
  Hunk hunk;
  double score = 0;
  std::string why;         // "at the error's own place"
  bool own_place = false;  // the error's file, within a few lines
};

// Best first; ties keep the order of the hunks. `record.file` and those of notes and frames are
// relative to the project.
std::vector<RankedHunk> rank_hunks(const Record& record, std::vector<Hunk> hunks);

// Identifiers that the message quotes or that look like code, longest first, at most eight.
std::vector<std::string> names_in(std::string_view message);

// "test_cart.py", "CartTest.java", "cart.test.ts", "cart_test.go" -> "cart".
std::string subject_of_test(std::string_view path);

}  // namespace mira::builds
