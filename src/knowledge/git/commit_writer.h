// Turns commits as git logs them into rows, and remembers them packed for what
// comes after (order, identities). Parents must come before their children.
#pragma once

#include <string>
#include <unordered_map>

#include "knowledge/git/authors.h"
#include "knowledge/git/history.h"
#include "knowledge/git/log_stream.h"

namespace mira::git {

class CommitWriter {
 public:
  // `known`: the history that stays; `hash_digits` of the repository's ids.
  static base::Result<CommitWriter> start(store::Connection& index, const History& known,
                                          std::size_t hash_digits);

  base::Status add(LoggedCommit& commit);

  const History& added() const { return added_; }  // as they came
  bool has_new_authors() const { return authors_.has_new(); }
  // True when an added commit has this one as a parent.
  bool saw_parent(const CommitHash& hash) const { return seen_parents_.contains(hash); }
  std::int64_t changes_left_out() const { return changes_left_out_; }

 private:
  struct HashOf {
    std::size_t operator()(const CommitHash& hash) const;
  };
  struct OrderKey {
    std::int64_t time_s = 0;
    std::uint32_t generation = 0;
  };

  explicit CommitWriter(store::Connection& index) : index_(&index) {}
  base::Result<std::uint32_t> intern_path(const std::string& path);
  base::Status write_commit(const LoggedCommit& logged, const Commit& commit);
  void place_in_order(const LoggedCommit& logged, Commit& commit);

  store::Connection* index_;
  AuthorRows authors_;
  History added_;
  std::unordered_map<CommitHash, OrderKey, HashOf> keys_;
  std::unordered_map<CommitHash, bool, HashOf> seen_parents_;
  std::unordered_map<std::string, std::uint32_t> paths_;
  std::int64_t last_commit_id_ = 0;
  std::uint32_t last_path_id_ = 0;
  bool paths_complete_ = false;  // paths_ holds every row of git_paths
  std::int64_t changes_left_out_ = 0;
};

}  // namespace mira::git
