// Who put every line of HEAD there, and which lines each commit took from which:
// kept in the index, replayed once from the log of patches (line_replay.h) and then
// followed commit by commit. After history was rewritten only what is missing is
// asked of `git blame`; when that is much, all is replayed.
#pragma once

#include <string>
#include <vector>

#include "knowledge/git/head_tree.h"
#include "knowledge/git/shadow.h"
#include "platform/base/progress.h"
#include "platform/store/connection.h"

namespace mira::git {

struct OwnershipReport {
  std::int64_t commits = 0;  // replayed
  std::vector<std::string> notes;
};

// Brings the rows to shadow.repository().tip, whose tree is `tree`; the history rows stand there already.
// Writable connection, no transaction open. At most `most_commits` are followed (0: all, also afresh);
// beyond that nothing is done. failed: git could not make the patches.
base::Result<OwnershipReport> follow_ownership(store::Connection& index, const Shadow& shadow,
                                               const HeadTree& tree, base::Progress& progress,
                                               base::Deadline deadline, std::int64_t most_commits);

// The commit whose lines the rows tell; "" when none were made.
base::Result<std::string> ownership_tip(store::Connection& index);

}  // namespace mira::git
