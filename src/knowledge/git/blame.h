// One file's lines asked of `git blame`, through the shadow: for what was not
// replayed (ownership.h).
#pragma once

#include <string>

#include "knowledge/git/line_replay.h"
#include "knowledge/git/shadow.h"

namespace mira::git {

// The runs of a file at a commit. failed: git cannot tell.
base::Result<LineRuns> blame_file(const Shadow& shadow, const CommitIds& ids, const std::string& path,
                                  const std::string& commit, base::Deadline deadline);

}  // namespace mira::git
