// SQLite's result codes as errors that name the file and say what to do.
#pragma once

#include <filesystem>
#include <string_view>

#include "platform/base/result.h"

struct sqlite3;

namespace mira::store {

// The error of the last call on `database` (may be null when opening failed).
// locked: busy. unavailable: full, damaged, forbidden, or the disk fails. failed: the rest.
base::Error sqlite_error(sqlite3* database, int code, const std::filesystem::path& file,
                         std::string_view doing);

// True when `code` says that bytes on disk may not be what was written.
bool is_disk_failure(int code);

}  // namespace mira::store
