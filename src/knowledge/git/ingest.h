// Reads the history of HEAD into the index: names, renames and messages (phase
// one; line counts come later, line_counts.h). New commits cost what they are;
// after a rebase or a force push the commits that are gone leave and the new ones
// come, in one transaction. Whatever way led there, the rows are those that one
// fresh reading would have made.
#pragma once

#include "knowledge/git/head_tree.h"
#include "knowledge/git/shadow.h"
#include "knowledge/git/state.h"
#include "platform/base/progress.h"

namespace mira::git {

struct IngestReport {
  std::int64_t added = 0, removed = 0, kept = 0;  // commits
  std::vector<std::string> notes;
};

// Brings the history rows to shadow.repository().tip; `tree` is the tree of that commit.
// The connection is writable and in no transaction. Errors of git leave the rows as they were.
base::Result<IngestReport> ingest_history(store::Connection& index, const Shadow& shadow,
                                          const HeadTree& tree, base::Progress& progress,
                                          base::Deadline deadline);

}  // namespace mira::git
