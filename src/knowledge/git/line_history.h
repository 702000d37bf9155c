// The commits that made some lines what they are, newest first, followed through
// renames of the file (git's own `log -L`) and through moves from another file: where
// a commit brought the lines in whole, the files it took lines from are looked at, and
// the walk goes on where most of them stood.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/git/archive.h"
#include "knowledge/git/shadow.h"

namespace mira::git {

struct LineChange {
  std::string commit;                   // full id
  std::string path;                     // as the file was called then
  std::int64_t added = 0, removed = 0;  // lines, within the followed ones
  bool moved = false;                   // the lines came from another file: moved_from
  std::string moved_from;
};

// Lines first..last of a file at a commit. failed: git cannot tell.
base::Result<std::vector<LineChange>> line_history(contracts::Session& session, const Shadow& shadow,
                                                   const std::string& commit, const std::string& path,
                                                   std::int64_t first, std::int64_t last,
                                                   base::Deadline deadline);

// One `git log -L` as it was printed, taken apart. `text`: the lines the oldest commit brought in.
struct LineLog {
  std::vector<LineChange> changes;
  std::vector<std::string> text;
};
LineLog parse_line_log(std::string_view output);

// Where most of the lines stand in a text, from 1; {0, 0} when fewer than six tenths of them do.
struct LineSpan {
  std::int64_t first = 0, last = 0;
};
LineSpan find_lines(const std::vector<std::string>& wanted, std::string_view text);

}  // namespace mira::git
