// Phase two of reading a history: how many lines each commit changed. Many times
// dearer than names and renames, so it runs after the answer, a batch of commits
// at a time, newest first, each batch kept when the next is interrupted. Where lines
// are replayed (ownership.h), their patches tell the same and git need not be asked.
#pragma once

#include <vector>

#include "knowledge/git/patch_stream.h"
#include "knowledge/git/shadow.h"
#include "platform/base/progress.h"
#include "platform/store/connection.h"

namespace mira::git {

// Counts lines of commits that have none yet until the deadline; how many commits that were.
// Writable connection, no transaction open.
base::Result<std::int64_t> count_lines(store::Connection& index, const Shadow& shadow,
                                       base::Progress& progress, base::Deadline deadline);

// Counts lines of commits whose patches are read anyway; inside a transaction.
class PatchCounts {
 public:
  static base::Result<PatchCounts> open(store::Connection& index);
  // Nothing for a commit that is counted, a merge, or one where a file became something else (a link, a
  // submodule), which a patch tells as two changes.
  base::Status store(std::int64_t commit_id, const CommitPatch& patch);

 private:
  explicit PatchCounts(store::Connection& index) : index_(&index) {}
  store::Connection* index_;
  std::vector<char> wanted_;  // by commit_id
};

// Commits whose lines are not counted.
base::Result<std::int64_t> uncounted_commits(store::Connection& index);

}  // namespace mira::git
