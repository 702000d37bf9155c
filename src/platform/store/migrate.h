// Schema of a database as numbered steps that each feature owns. A database keeps
// which steps ran (schema_migrations: feature, number, name, hash). Before the
// first step of an existing database it is backed up and the backup is opened and
// checked. A database that has steps this program does not know is newer: it is
// refused, and not one byte of it changes.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::store {

struct Migration {
  int number;             // rising within its file; gaps are the other file's steps
  std::string_view name;  // "symbols"
  std::string_view sql;   // several statements
};

// The migrations of one feature, for both kinds of file.
struct Schema {
  std::string_view feature;
  std::vector<Migration> index;  // index.db
  std::vector<Migration> main;   // mira.db
};

enum class Which { index, main };

struct MigrationReport {
  int applied = 0;
  std::filesystem::path backup;  // empty when none was needed
};

// Brings a database to the newest known schema; one transaction in all. `now_ms`
// is Unix milliseconds. Only mira.db is backed up; index.db can be made again.
// unavailable: newer than this program, changed steps, not made by Mira, or the
// backup failed; then neither the file nor its -wal has changed.
Result<MigrationReport> migrate(Connection& connection, const std::filesystem::path& file,
                                std::span<const Schema> schemas, Which which,
                                const std::filesystem::path& backup_folder, std::int64_t now_ms);

// Whether migrate() could bring this existing file up to date: false when it is
// damaged, of another program, newer, or made with other steps, so that only a new
// file helps. Looks, changes nothing. unavailable: it may not be read.
Result<bool> is_migratable(const std::filesystem::path& file, std::span<const Schema> schemas, Which which);

// Whether an open database has exactly the steps that this program knows. Looks, changes nothing.
Result<bool> is_newest(Connection& connection, const std::filesystem::path& file,
                       std::span<const Schema> schemas, Which which);

// Steps that ever ran on this database; 0 where none did. It grows only when a newer
// program has migrated the file, which a process that has it open must not write any more.
Result<std::int64_t> steps_applied(Connection& connection);

}  // namespace mira::store
