#include "knowledge/git/file_rows.h"

#include <unordered_map>

#include "knowledge/git/file_identity.h"

namespace mira::git {
namespace {

// First position where two histories differ.
std::size_t common_prefix(const History& a, const History& b) {
  std::size_t i = 0;
  while (i < a.commits.size() && i < b.commits.size() && a.commits[i].hash == b.commits[i].hash) ++i;
  return i;
}

using FilesOfCommit = std::unordered_map<std::int64_t, std::vector<std::uint32_t>>;  // by commit_id

// Goes on replaying `history` from `first`, remembering what each commit's changes were taken for.
FilesOfCommit replay_rest(FileIdentities& files, const History& history, std::size_t first) {
  FilesOfCommit out;
  for (std::size_t i = first; i < history.commits.size(); ++i) {
    auto ids = files.apply(history, history.commits[i]);
    if (!ids.empty())
      out.emplace(history.commits[i].commit_id, std::vector<std::uint32_t>(ids.begin(), ids.end()));
  }
  return out;
}

base::Status insert_files(store::Connection& index, const History& history, const Commit& commit,
                          std::span<const std::uint32_t> ids) {
  auto changes = history.changes_of(commit);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::optional<std::int64_t> old_path;
    if (changes[i].status == 'R') old_path = changes[i].old_path;
    MIRA_TRY(
        index.run("INSERT INTO git_commit_files(commit_id, ordinal, file_id, status, path_id, old_path_id) "
                  "VALUES (?, ?, ?, ?, "
                  "?, ?)",
                  commit.commit_id, i, std::int64_t{ids[i]}, std::string_view(&changes[i].status, 1),
                  std::int64_t{changes[i].path}, old_path));
  }
  return {};
}

base::Status update_files(store::Connection& index, const Commit& commit, std::span<const std::uint32_t> were,
                          std::span<const std::uint32_t> are) {
  for (std::size_t i = 0; i < are.size(); ++i) {
    if (were[i] == are[i]) continue;
    MIRA_TRY(index.run("UPDATE git_commit_files SET file_id = ? WHERE commit_id = ? AND ordinal = ?",
                       std::int64_t{are[i]}, commit.commit_id, i));
  }
  return {};
}

base::Status write_current(store::Connection& index, const FileIdentities& were, const FileIdentities& are) {
  for (std::uint32_t file = 0; file < are.size(); ++file) {
    if (file < were.size() && were.path_of(file) == are.path_of(file) && were.alive(file) == are.alive(file))
      continue;
    MIRA_TRY(index.run("INSERT OR REPLACE INTO git_files(file_id, path_id, alive) VALUES (?, ?, ?)",
                       std::int64_t{file}, std::int64_t{are.path_of(file)}, are.alive(file) ? 1 : 0));
  }
  return index.run("DELETE FROM git_files WHERE file_id >= ?", std::int64_t{are.size()});
}

}  // namespace

void append_commit(History& to, const History& from, const Commit& commit) {
  Commit copy = commit;
  copy.first_change = static_cast<std::uint32_t>(to.changes.size());
  auto changes = from.changes_of(commit);
  to.changes.insert(to.changes.end(), changes.begin(), changes.end());
  to.commits.push_back(copy);
}

base::Status write_files(store::Connection& index, const History& known, const History& history) {
  std::size_t first = common_prefix(known, history);
  FileIdentities before_change;
  for (std::size_t i = 0; i < first; ++i) before_change.apply(known, known.commits[i]);
  FileIdentities were = before_change, are = std::move(before_change);
  FilesOfCommit old_ids = replay_rest(were, known, first);
  for (std::size_t i = first; i < history.commits.size(); ++i) {
    const Commit& commit = history.commits[i];
    auto ids = are.apply(history, commit);
    if (ids.empty()) continue;
    auto old = old_ids.find(commit.commit_id);
    MIRA_TRY(old == old_ids.end() ? insert_files(index, history, commit, ids)
                                  : update_files(index, commit, old->second, ids));
  }
  MIRA_TRY(write_current(index, were, are));
  return store_history(index, history, first);
}

base::Status delete_commit(store::Connection& index, std::int64_t commit_id) {
  MIRA_TRY(index.run("DELETE FROM git_commit_words WHERE rowid = ?", commit_id));
  MIRA_TRY(index.run("DELETE FROM git_commit_files WHERE commit_id = ?", commit_id));
  return index.run("DELETE FROM git_commits WHERE commit_id = ?", commit_id);
}

base::Status delete_orphans(store::Connection& index) {
  MIRA_TRY(index.run("DELETE FROM git_authors WHERE author_id NOT IN (SELECT author_id FROM git_commits)"));
  return index.run(
      "DELETE FROM git_paths WHERE path_id NOT IN (SELECT path_id FROM git_commit_files) AND path_id NOT IN "
      "(SELECT old_path_id FROM git_commit_files WHERE old_path_id IS NOT NULL)");
}

}  // namespace mira::git
