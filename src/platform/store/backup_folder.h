// The folder of copies of one database: what is in it, when the next copy is due, which
// ones stay, and how one is put back. The copies are what `backup` makes; their names
// begin with the database's and hold the time they were made: "mira-1796088096627-daily.db".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "platform/store/connection.h"

namespace mira::store {

struct BackupFile {
  std::filesystem::path file;
  std::int64_t made_ms = 0;  // by its name
  std::uintmax_t bytes = 0;
};

struct Restored {
  std::filesystem::path set_aside;  // what was in its place, with its log; empty: nothing was
};

class BackupFolder {
 public:
  // Of `database`; the folder need not exist.
  BackupFolder(std::filesystem::path folder, std::filesystem::path database);

  std::vector<BackupFile> newest_first() const;
  // A day after the newest copy (of a database that has none: after it was made), if the database was
  // written to since; at once after replace_at_next_turn(). A clock that was set back makes none due.
  Result<bool> is_due(Connection& connection, std::int64_t now_ms) const;
  // One more copy, verified, then the ones that are too many go: daily ones and those of before a
  // migration beyond the newest limits::backups_kept of their kind; after replace_at_next_turn() all older
  // ones. locked: another process makes one.
  Result<std::filesystem::path> make(Connection& connection, std::int64_t now_ms) const;
  // Something was forgotten that the copies still hold: the next one replaces them all.
  Status replace_at_next_turn() const;
  bool is_replaced_at_next_turn() const;
  // Puts a copy in the place of the database. Nothing is lost: what was there is set aside. No connection of
  // this process to the database may be open. unavailable: the copy is damaged; usage: it is of another
  // program; locked: another process has the database open (it is named by its number).
  Result<Restored> restore(const std::filesystem::path& copy) const;

 private:
  std::filesystem::path lock_file() const { return folder_ / "lock"; }
  std::filesystem::path mark_file() const { return folder_ / "replace"; }

  std::filesystem::path folder_, database_;
};

}  // namespace mira::store
