#include "knowledge/git/commit_writer.h"

#include <algorithm>
#include <cstring>

#include "knowledge/git/messages.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

char known_status(char status) {
  return std::string_view("ACDMRTU").find(status) != std::string_view::npos ? status : 'X';
}

}  // namespace

std::size_t CommitWriter::HashOf::operator()(const CommitHash& hash) const {
  std::size_t out;  // an object id is a hash already
  std::memcpy(&out, hash.bytes.data(), sizeof out);
  return out;
}

base::Result<CommitWriter> CommitWriter::start(store::Connection& index, const History& known,
                                               std::size_t hash_digits) {
  CommitWriter out(index);
  out.added_.hash_digits = hash_digits;
  out.authors_ = MIRA_TRY(AuthorRows::load(index));
  out.last_commit_id_ = MIRA_TRY(index.integer("SELECT max(commit_id) FROM git_commits")).value_or(0);
  // An id that line owners may still name is not given to another commit.
  auto named = MIRA_TRY(index.integer("SELECT last_commit_id FROM git_ownership_state")).value_or(0);
  out.last_commit_id_ = std::max(out.last_commit_id_, named);
  out.last_path_id_ =
      static_cast<std::uint32_t>(MIRA_TRY(index.integer("SELECT max(path_id) FROM git_paths")).value_or(0));
  out.paths_complete_ = out.last_path_id_ == 0;
  out.keys_.reserve(known.commits.size());
  for (const Commit& commit : known.commits) {
    out.keys_.emplace(commit.hash, OrderKey{commit.order_time_s, commit.generation});
  }
  return out;
}

base::Status CommitWriter::add(LoggedCommit& logged) {
  Commit commit;
  commit.commit_id = ++last_commit_id_;
  commit.hash = hash_from_hex(logged.hash);
  commit.author_time_s = logged.author_time_s;
  commit.author_id = MIRA_TRY(authors_.intern(*index_, logged.author_name, logged.author_email));
  commit.merge = logged.parents.size() > 1;
  place_in_order(logged, commit);
  commit.first_change = static_cast<std::uint32_t>(added_.changes.size());
  for (const LoggedChange& change : logged.changes) {
    Change row;
    row.status = known_status(change.status);
    row.path = MIRA_TRY(intern_path(change.path));
    if (row.status == 'R') row.old_path = MIRA_TRY(intern_path(change.old_path));
    added_.changes.push_back(row);
  }
  commit.change_count = static_cast<std::uint32_t>(logged.changes.size());
  changes_left_out_ += logged.changes_left_out;
  added_.commits.push_back(commit);
  return write_commit(logged, commit);
}

void CommitWriter::place_in_order(const LoggedCommit& logged, Commit& commit) {
  OrderKey key{logged.commit_time_s, 0};
  for (const std::string& parent : logged.parents) {
    CommitHash hash = hash_from_hex(parent);
    seen_parents_.emplace(hash, true);
    auto at = keys_.find(hash);
    if (at == keys_.end()) continue;  // beyond a shallow boundary
    key.time_s = std::max(key.time_s, at->second.time_s);
    key.generation = std::max(key.generation, at->second.generation);
  }
  commit.order_time_s = key.time_s;
  commit.generation = ++key.generation;
  keys_.emplace(commit.hash, key);
}

base::Result<std::uint32_t> CommitWriter::intern_path(const std::string& path) {
  auto known = paths_.find(path);
  if (known != paths_.end()) return known->second;
  std::optional<std::int64_t> stored;
  if (!paths_complete_)
    stored = MIRA_TRY(index_->integer("SELECT path_id FROM git_paths WHERE path = ?", path));
  std::uint32_t id = stored ? static_cast<std::uint32_t>(*stored) : ++last_path_id_;
  if (!stored) {
    MIRA_TRY(index_->run("INSERT INTO git_paths(path_id, path) VALUES (?, ?)", std::int64_t{id}, path));
  }
  paths_.emplace(path, id);
  return id;
}

base::Status CommitWriter::write_commit(const LoggedCommit& logged, const Commit& commit) {
  Message message = clean_message(logged.message);
  MIRA_TRY(
      index_->run("INSERT INTO git_commits(commit_id, hash, parents, author_id, author_time_ms, "
                  "commit_time_ms, order_time_s, "
                  "generation, is_merge, subject, body, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  commit.commit_id, logged.hash, base::join(logged.parents, " "),
                  std::int64_t{commit.author_id}, logged.author_time_s * 1000, logged.commit_time_s * 1000,
                  commit.order_time_s, std::int64_t{commit.generation}, commit.merge ? 1 : 0, message.subject,
                  message.body, logged.changes.size()));
  return index_->run("INSERT INTO git_commit_words(rowid, subject, body) VALUES (?, ?, ?)", commit.commit_id,
                     searchable(message.subject), searchable(message.body));
}

}  // namespace mira::git
