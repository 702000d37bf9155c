// Phase two of reading a history: how many lines each commit changed. Many times
// dearer than names and renames, so it runs after the answer, a batch of commits
// at a time, newest first, each batch kept when the next is interrupted.
#pragma once

#include "knowledge/git/shadow.h"
#include "platform/base/progress.h"
#include "platform/store/connection.h"

namespace mira::git {

// Counts lines of commits that have none yet until the deadline; how many commits that were.
// Writable connection, no transaction open.
base::Result<std::int64_t> count_lines(store::Connection& index, const Shadow& shadow,
                                       base::Progress& progress, base::Deadline deadline);

// Commits whose lines are not counted.
base::Result<std::int64_t> uncounted_commits(store::Connection& index);

}  // namespace mira::git
