// The rows that follow from the order of the whole history: which file each change
// belongs to, what each file is called now, and the packed segments. Writes only
// what differs from the history that stood before.
#pragma once

#include "knowledge/git/history.h"

namespace mira::git {

// Appends a commit of `from`, with its changes, to `to`.
void append_commit(History& to, const History& from, const Commit& commit);

// `known`: what the rows stand for (commits since deleted may be in it); `history`: what they shall
// stand for. Commits of `history` that are not in `known` have a git_commits row and no file rows yet.
base::Status write_files(store::Connection& index, const History& known, const History& history);

base::Status delete_commit(store::Connection& index, std::int64_t commit_id);
// Authors and paths that no commit names any more.
base::Status delete_orphans(store::Connection& index);

}  // namespace mira::git
