// Which file a path means at a moment. A file keeps its identity through renames:
// what was learned of src/old.c counts for src/new.c. Replays the history commit by
// commit, in order; the same commits give the same identities.
//
// A rename moves an identity, a deletion ends its life, and a path that is born
// again goes on. When a branch forked before a rename still changes the old path,
// that change belongs to the file that moved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "knowledge/git/history.h"

namespace mira::git {

inline constexpr std::uint32_t no_file = UINT32_MAX;

class FileIdentities {
 public:
  // Replays one commit (merges touch nothing). The identity of each of its changes, in their
  // order; the span is valid until the next call.
  std::span<const std::uint32_t> apply(const History& history, const Commit& commit);

  std::uint32_t size() const {
    return static_cast<std::uint32_t>(path_.size());
  }  // identities so far: 0..size-1
  std::uint32_t path_of(std::uint32_t file) const { return path_[file]; }  // the path it has now
  bool alive(std::uint32_t file) const { return alive_[file] != 0; }
  // The identity that a path means now, or no_file.
  std::uint32_t at_path(std::uint32_t path) const {
    return path < file_at_.size() ? file_at_[path] : no_file;
  }
  // Identities whose path or life changed in the last apply().
  std::span<const std::uint32_t> touched() const { return touched_; }

 private:
  std::uint32_t resolve(const Change& change);
  void reserve_path(std::uint32_t path);

  std::vector<std::uint32_t> file_at_;     // by path: the identity there, or no_file
  std::vector<std::uint32_t> moved_from_;  // by path: the identity that was renamed away from it
  std::vector<std::uint32_t> path_;        // by identity
  std::vector<char> alive_;                // by identity
  std::vector<std::uint32_t> ids_, touched_;
};

}  // namespace mira::git
