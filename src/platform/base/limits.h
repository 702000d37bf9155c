// Every limit of bytes, depth, count and time, in one table. Passing one is said
// in the answer, never silent. Units are in the names.
#pragma once

#include <cstdint>

namespace mira::limits {

// What is read from a working tree.
inline constexpr std::int64_t file_bytes = 8 << 20;         // larger files are known by path, not read
inline constexpr std::int64_t parsed_file_bytes = 2 << 20;  // larger files get text chunks, not a parse
inline constexpr int tree_files = 1'000'000;                // files walked
inline constexpr int tree_depth = 128;                      // folders below the root
inline constexpr int path_bytes = 4096;
inline constexpr std::int64_t ignore_file_bytes = 1 << 20;  // a larger .gitignore is not obeyed
inline constexpr int line_bytes = 64 << 10;  // of a line that is shown or searched; longer ones are cut

// Parsing, per file, in a worker process.
inline constexpr int parse_depth = 1000;    // syntax tree levels descended
inline constexpr int parse_wall_ms = 5000;  // held from outside the worker
inline constexpr std::int64_t worker_memory_bytes = std::int64_t{1} << 30;
inline constexpr std::int64_t worker_frame_bytes = 256 << 20;  // of one job or one answer
inline constexpr int worker_start_wall_ms = 20'000;            // from its start to its first word
inline constexpr int worker_start_attempts = 3;                // in a row, then the pool gives up
inline constexpr int worker_strikes = 2;        // deaths on one content hash before it is quarantined
inline constexpr int facts_per_file = 200'000;  // symbols + calls + imports + assignments

// git children.
inline constexpr int git_short_wall_ms = 30'000;
inline constexpr int git_history_wall_ms = 900'000;
inline constexpr std::int64_t git_memory_bytes = std::int64_t{4} << 30;  // mapped packs included
inline constexpr std::int64_t git_data_bytes = std::int64_t{2} << 30;    // allocated
inline constexpr std::int64_t git_output_bytes = std::int64_t{8} << 30;
inline constexpr int commit_files = 100'000;  // files of one commit that are kept
inline constexpr int commit_message_bytes = 64 << 10;
inline constexpr int cochange_commit_files = 30;  // a commit of more files teaches no co-change

// Answers.
inline constexpr int context_budget_tokens = 4000;  // default of `mira context`
inline constexpr int context_budget_min_tokens = 200;
inline constexpr int context_budget_max_tokens = 200'000;
inline constexpr int source_wall_ms = 2000;  // a source later than this is left out and named
inline constexpr int query_bytes = 64 << 10;
inline constexpr int batch_line_bytes = 8 << 20;
inline constexpr int json_depth = 64;
inline constexpr int mcp_message_bytes = 4 << 20;

// Stores.
inline constexpr int busy_wait_ms = 20'000;  // a write takes milliseconds, but a hundred may be before it
inline constexpr std::int64_t log_bytes = 8 << 20;  // a larger log is set aside as .old when it is opened
inline constexpr int index_lock_wait_ms = 120'000;  // a command that needs a fresh index waits this long
inline constexpr int backups_kept = 3;              // of mira.db: daily ones, and ones of before a migration
inline constexpr std::int64_t backup_at_exit_bytes = 64 << 20;  // of mira.db that a command backs up

}  // namespace mira::limits
