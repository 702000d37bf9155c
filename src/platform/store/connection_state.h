// The open handle behind a Connection, and how one is opened and set up. Split
// from Connection so that opening (files, rights, file systems, pragmas) reads apart
// from running statements. Private to this folder.
#pragma once

#include <sqlite3.h>

#include "platform/store/connection.h"

namespace mira::store {

struct DatabaseHandle {
  DatabaseHandle() = default;
  DatabaseHandle(const DatabaseHandle&) = delete;
  DatabaseHandle& operator=(const DatabaseHandle&) = delete;
  ~DatabaseHandle();

  sqlite3* database = nullptr;
  std::filesystem::path file;
  OpenOptions options;
  std::int64_t busy_wait_ms = 0;  // as patience.h has it when this is opened
  base::Deadline deadline = base::Deadline::never();
  base::Deadline busy_until = base::Deadline::never();  // of the wait that is going on
};

// Checks the SQLite version and the file system, makes the file (0600), opens it.
Status open_database(DatabaseHandle& handle, const std::filesystem::path& file, OpenOptions options);
// Sets every pragma that the promises of this folder rest on.
Status prepare_database(Connection& connection);

}  // namespace mira::store
