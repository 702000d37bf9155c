// What connecting did to files: the bytes they had before and the hash they had after.
// Kept in a folder of ours; a backup has the name of its content's hash.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::clients {

struct JournalRow {
  std::string client;
  std::string file;        // absolute, as the plan named it
  bool existed = false;    // before the first connect
  bool exact = true;       // false once somebody else wrote between two of our edits
  std::string backup;      // content hash of the bytes before; their copy is backups/<hash>
  std::string after_hash;  // of the bytes we wrote
};

class Journal {
 public:
  // An absent journal is empty. failed: it is there and cannot be understood.
  static base::Result<Journal> read(const std::filesystem::path& folder);

  JournalRow* find(const std::filesystem::path& file);
  const std::vector<JournalRow>& rows() const { return rows_; }
  void add(JournalRow row) { rows_.push_back(std::move(row)); }
  void remove(const std::filesystem::path& file);

  base::Status keep(std::string_view bytes) const;  // as a backup
  base::Result<std::string> bytes_before(const JournalRow& row) const;
  base::Status write() const;

 private:
  explicit Journal(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
  std::vector<JournalRow> rows_;
};

// Writes a whole file through a new one beside it (fsync, rename) with the mode of the old one,
// else `mode`; a link is followed to its target. unavailable: no rights, or the disk is full.
base::Status replace_file(const std::filesystem::path& file, std::string_view bytes, unsigned mode);

}  // namespace mira::clients
