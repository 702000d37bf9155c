// Commits as answers: those of a file, through its renames, and those whose
// message holds the words asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/connection.h"

namespace mira::git {

struct FoundCommit {
  std::int64_t commit_id = 0;
  std::string hash, subject, body, author, email;
  std::int64_t author_time_ms = 0;
  std::int64_t files = 0;
  std::optional<std::int64_t> insertions,
      deletions;            // of the file, or of the whole commit; nullopt: not counted
  std::string path;         // what the file was called then; empty when no file was asked for
  std::string file_change;  // "A", "M", "D", "R" of that file
};

struct CommitFilter {
  std::string author;                 // part of a name or mail, any case; empty: anyone
  std::int64_t since_ms = 0;          // author time
  std::int64_t until_ms = INT64_MAX;  // author time, exclusive
  std::string path;                   // a file or folder that was touched, as it was called then; empty: any
  std::int64_t limit = 20;
};

// Identity of a path: of the file that is there, else of the last that was. nullopt: never seen.
base::Result<std::optional<std::int64_t>> file_identity(store::Connection& index, std::string_view path);

// Commits of a file, newest first.
base::Result<std::vector<FoundCommit>> commits_of_file(store::Connection& index, std::int64_t file_id,
                                                       const CommitFilter& filter);
// Commits whose message has all the words, else any of them; best first.
base::Result<std::vector<FoundCommit>> commits_with_words(store::Connection& index, std::string_view text,
                                                          const CommitFilter& filter);
// Commits whose message has any of the words; best first.
base::Result<std::vector<FoundCommit>> commits_with_any_word(store::Connection& index, std::string_view text,
                                                             const CommitFilter& filter);
// One commit by the start of its id (4 digits or more); nullopt when there is none.
base::Result<std::optional<FoundCommit>> commit_by_id(store::Connection& index, std::string_view hex_prefix);
// The full id behind HEAD, HEAD^ and HEAD~N (first parents); any other text as it is. not_found when the
// history does not go back so far.
base::Result<std::string> expand_revision(store::Connection& index, std::string_view revision);
// One commit by its row; nullopt when it is gone.
base::Result<std::optional<FoundCommit>> commit_of_row(store::Connection& index, std::int64_t commit_id);
// Files a commit changed, at most `limit`, as they were called after it.
base::Result<std::vector<std::string>> files_of_commit(store::Connection& index, std::int64_t commit_id,
                                                       std::int64_t limit);
// Living paths whose names are most like an unknown one, best first, at most three.
base::Result<std::vector<std::string>> similar_paths(store::Connection& index, std::string_view path);

}  // namespace mira::git
