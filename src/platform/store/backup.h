// Copies of a database while it is in use, and the checks that make a copy worth
// having. A backup is one plain file (no -wal beside it) that was opened and
// checked after it was written; a copy that fails the check is not kept.
#pragma once

#include <filesystem>

#include "platform/store/connection.h"

namespace mira::store {

// Writes a consistent copy of the open database to `target` (made 0600, must not
// exist), makes it durable, and verifies it. unavailable: the copy could not be made.
Status backup(Connection& connection, const std::filesystem::path& target);

// Opens a database file read-only and checks it. unavailable: damaged or not a database.
Status verify(const std::filesystem::path& file, const char* vfs = nullptr);

// Every page, index and reference of the open database. unavailable: names the first fault.
Status integrity_check(Connection& connection);

// Moves a damaged or newer index.db with its -wal and -shm to "<name>.damaged-N", so
// that a new one can be made; returns the new name. No connection to it may be open.
Result<std::filesystem::path> set_aside(const std::filesystem::path& file);

}  // namespace mira::store
