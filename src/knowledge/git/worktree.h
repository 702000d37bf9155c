// What differs on disk from HEAD, found without git's help: Mira walks and hashes
// the files itself and compares with the ids in HEAD's tree, since `git status` on
// a foreign work tree would run the filters its configuration names.
//
// A file whose stamp is unchanged is not read again. Line ends (CRLF for LF) and
// LFS pointers count as equal to what they stand for. Untracked files are 'added'.
#pragma once

#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/git/head_tree.h"

namespace mira::git {

struct LocalChange {
  std::string path;
  std::string change_type;         // added, modified, deleted, renamed
  std::string old_path;            // of a rename
  std::string old_blob, new_blob;  // hex ids; empty where there is none or it was not needed
  bool operator==(const LocalChange&) const = default;
};

struct WorktreeReport {
  bool changed = false;     // the rows were written
  std::int64_t hashed = 0;  // files read
  std::vector<std::string> notes;
};

// HEAD's tree from the index, or from git (which is then stored with an empty set of stamps).
base::Result<HeadTree> head_tree(store::Connection& index, const Shadow& shadow, base::Deadline deadline);

// Brings local_changes and the stamps up to date. Writable connection, no transaction open.
base::Result<WorktreeReport> update_worktree(contracts::Session& session, const Repository& repository,
                                             const HeadTree& tree, base::Deadline deadline);

// True unless every file on disk has the stamp it had when it was last compared.
base::Result<bool> worktree_is_stale(contracts::Session& session, std::string_view tip);

base::Result<std::vector<LocalChange>> local_changes(store::Connection& index);

}  // namespace mira::git
