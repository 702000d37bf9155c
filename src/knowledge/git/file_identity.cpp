#include "knowledge/git/file_identity.h"

#include <algorithm>

namespace mira::git {

void FileIdentities::reserve_path(std::uint32_t path) {
  if (path < file_at_.size()) return;
  std::size_t size = std::max<std::size_t>(path + 1, file_at_.size() * 2);
  file_at_.resize(size, no_file);
  moved_from_.resize(size, no_file);
}

std::uint32_t FileIdentities::resolve(const Change& change) {
  std::uint32_t file = file_at_[change.path];
  if (file != no_file) return file;
  bool edits_what_moved = change.status == 'M' || change.status == 'T';
  if (edits_what_moved && moved_from_[change.path] != no_file) return moved_from_[change.path];
  file = size();
  path_.push_back(change.path);
  alive_.push_back(0);
  file_at_[change.path] = file;
  return file;
}

std::span<const std::uint32_t> FileIdentities::apply(const History& history, const Commit& commit) {
  ids_.clear();
  touched_.clear();
  auto changes = history.changes_of(commit);
  if (commit.merge) return {};
  ids_.assign(changes.size(), no_file);
  // Renames leave their old places first, so that two files may swap names.
  for (std::size_t i = 0; i < changes.size(); ++i) {
    reserve_path(changes[i].path);
    if (changes[i].status != 'R') continue;
    reserve_path(changes[i].old_path);
    ids_[i] = std::exchange(file_at_[changes[i].old_path], no_file);
    if (ids_[i] != no_file) moved_from_[changes[i].old_path] = ids_[i];
  }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    std::uint32_t path = changes[i].path;
    if (ids_[i] != no_file) {
      file_at_[path] = ids_[i];
      path_[ids_[i]] = path;
    } else {
      ids_[i] = resolve(changes[i]);
    }
    alive_[ids_[i]] = changes[i].status != 'D';
    touched_.push_back(ids_[i]);
  }
  return ids_;
}

}  // namespace mira::git
