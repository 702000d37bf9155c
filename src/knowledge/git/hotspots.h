// Where work goes and is hard: churn times complexity. Churn is the commits of a
// file in a span of time, merges and bulk commits left out; complexity is how deep
// its lines are indented (one per level, after A. Tornhill, "Your Code as a Crime
// Scene"), which needs no parser and compares between languages well enough to rank.
// Data, markup and prose (JSON, XML, YAML, Markdown ...) are left out: they are deep and not hard.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"
#include "knowledge/git/archive.h"

namespace mira::git {

struct Hotspot {
  std::string path;
  std::int64_t commits = 0, people = 0;  // in the span
  std::int64_t lines = 0;                // with something in them
  std::int64_t complexity = 0;           // sum of levels of indentation
  double score = 0;                      // 0..1: (commits / most) x (complexity / most), each of those listed
};

// Sum of the levels of indentation and lines that are not blank. A level is a tab, or the file's own step of
// blanks (2 to 8).
struct Depth {
  std::int64_t lines = 0, levels = 0;
};
Depth depth_of(std::string_view text);

// Files below a folder ("" is all) changed at or after since_s, hottest first, at most `limit`. Reads them
// from the work tree; files that are not there, too large or secret are left out.
base::Result<std::vector<Hotspot>> hotspots(contracts::Session& session, const Archive& archive,
                                            std::string_view folder, std::int64_t since_s, std::size_t limit);

}  // namespace mira::git
