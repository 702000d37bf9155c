// The whole history in memory, as small as it goes: who, when, and which files
// each commit touched, in the one order that everything is asked by. It is read
// from a few compressed rows (history_segments), so that a single question about
// a history of tens of thousands of commits costs milliseconds.
//
// The order of commits is (committer time held to at least its parents',
// generation, hash). It depends on the commits alone: a history read in pieces is
// the same as one read at once, and without clock skew it is that of
// `git log --date-order --reverse`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::git {

inline constexpr std::uint32_t no_path = UINT32_MAX;

struct CommitHash {
  std::array<std::uint8_t, 32> bytes{};  // SHA-1 uses the first 20
  auto operator<=>(const CommitHash&) const = default;
};

CommitHash hash_from_hex(std::string_view hex);
std::string hash_to_hex(const CommitHash& hash, std::size_t digits);

struct Change {
  std::uint32_t path = no_path;      // git_paths.path_id, after the commit
  std::uint32_t old_path = no_path;  // of a rename
  char status = 'M';
};

struct Commit {
  std::int64_t commit_id = 0;  // git_commits.commit_id
  CommitHash hash;
  std::int64_t author_time_s = 0;
  std::int64_t order_time_s = 0;
  std::uint32_t generation = 1;
  std::uint32_t author_id = 0;  // git_authors.author_id
  bool merge = false;
  std::uint32_t first_change = 0, change_count = 0;  // in History::changes
};

// True when a stands before b in the history.
bool before(const Commit& a, const Commit& b);

struct History {
  std::size_t hash_digits = 40;
  std::vector<Commit> commits;  // in order
  std::vector<Change> changes;

  std::span<const Change> changes_of(const Commit& commit) const {
    return {changes.data() + commit.first_change, commit.change_count};
  }
  // Position of the first commit whose id starts with these hex digits; nullopt when there is none.
  std::optional<std::size_t> find(std::string_view hex_prefix) const;
};

// Commits in one row of history_segments.
inline constexpr std::size_t segment_commits = 2048;

std::string encode_segment(const History& history, std::size_t first, std::size_t count);
// Appends a segment's commits to the history. failed: damaged bytes.
base::Status decode_segment(std::string_view bytes, History& history);

// The stored history, in order; empty when none was read yet.
base::Result<History> load_history(store::Connection& index);
// Writes the segments again from the one that holds position `first` on.
base::Status store_history(store::Connection& index, const History& history, std::size_t first);

}  // namespace mira::git
