// "src/a.c:10-20": a file and lines of it, as people and tools write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "knowledge/git/line_runs.h"
#include "knowledge/git/models.h"

namespace mira::git {

struct LinePlace {
  std::string path;
  std::uint32_t first = 0, last = 0;  // inclusive, from 1; 0: all lines
};

// Takes FILE, FILE:LINE, FILE:FIRST-LAST and FILE:FIRST,LAST apart.
LinePlace parse_place(std::string_view text);

// The lines of a file of HEAD with who put them there.
struct OwnedLines {
  LineRuns runs;          // of the whole file
  bool replayed = false;  // from the rows; else git was asked just now
};

// not_found: HEAD has no such file, or one without lines. unavailable: git cannot tell.
base::Result<OwnedLines> owned_lines(contracts::Session& session, const std::string& path,
                                     base::Deadline deadline);

}  // namespace mira::git
