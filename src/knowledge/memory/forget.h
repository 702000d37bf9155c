// Forgetting, and the proof of it. Rows go, the segments that held their words are made
// anew without them, facts and summaries that rest on them go or are made again, a
// hash stays so that an import does not bring them back. Freed pages are zeroed
// (secure_delete), the log is emptied, and backups that still hold the text are
// replaced by a fresh one. The proof reads the bytes of every file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "contracts/session.h"

namespace mira::memory {

// Inside a transaction.
base::Status remove_entries(store::Connection& main, const std::vector<std::int64_t>& entries,
                            std::int64_t now_ms);

// Empties the log and zeroes what is free. Waits for readers until the deadline. unavailable or
// locked: what was removed may still stand in the log; say so.
base::Status scrub(const contracts::Session& session, base::Deadline deadline);

// Traces of a text: pieces of it that stand nowhere in what is kept.
class Traces {
 public:
  // `kept`: texts that stay; their pieces are no traces.
  Traces(const std::vector<std::string>& forgotten, const std::vector<std::string>& kept);
  bool empty() const { return pieces_.empty(); }
  // True when a piece stands in the file's bytes.
  base::Result<bool> in_file(const std::filesystem::path& file) const;

 private:
  std::vector<std::string> pieces_;
};

// Files of the home that hold a trace: databases, logs, backups, everything.
base::Result<std::vector<std::filesystem::path>> files_with(const Traces& traces, const base::Home& home);
// Replaces backups that hold a trace by a fresh one. Returns how many went.
base::Result<int> replace_backups(contracts::Session& session, const Traces& traces);

}  // namespace mira::memory
