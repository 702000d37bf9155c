#include "platform/store/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <system_error>

#include "platform/base/text.h"

namespace mira::store {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view cannot_open = "cannot be opened";

struct Kind {
  ErrorCode code;
  std::string_view what;
  std::string_view hint;
};

Kind kind_of(int primary) {
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::locked, "is in use by another process", "try again when it has finished"};
    case SQLITE_FULL:
      return {ErrorCode::unavailable, "cannot grow: the disk is full",
              "free disk space and try again; what was written before is safe"};
    case SQLITE_CORRUPT:
      return {ErrorCode::unavailable, "is damaged",
              "run `mira doctor`; an index is rebuilt, mira.db comes back by `mira backups restore`"};
    case SQLITE_NOTADB:
      return {ErrorCode::unavailable, "is not a database", "run `mira doctor`, or move the file away"};
    case SQLITE_IOERR:
      return {ErrorCode::unavailable, "could not be read or written",
              "look for disk errors in the system log, then run `mira doctor`"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unavailable, cannot_open,
              "check that its folder exists, that you may use it, and that not too many files are open"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::unavailable, "may not be written", "check the rights of the file and its folder"};
    case SQLITE_NOMEM:
      return {ErrorCode::unavailable, "needs more memory than there is",
              "close other programs and try again"};
    default:
      return {ErrorCode::failed, "refused a statement", ""};
  }
}

}  // namespace

Error sqlite_error(sqlite3* database, int code, const std::filesystem::path& file, std::string_view doing) {
  std::string_view detail = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  int cause = database != nullptr ? sqlite3_system_errno(database) : 0;
  // SQLite says SQLITE_FULL only of a write to the database itself, not of one beside it.
  bool no_room = (code & 0xff) == SQLITE_IOERR && (cause == ENOSPC || cause == EDQUOT);
  Kind kind = kind_of(no_room ? SQLITE_FULL : code & 0xff);
  bool of_system = cause != 0 && (kind.what == cannot_open || (code & 0xff) == SQLITE_IOERR);
  std::string why = of_system ? std::system_category().message(cause) : base::display_line(detail);
  std::string message = fmt::format("{} {} ({}: {}, SQLite code {})", base::display_line(file.native()),
                                    kind.what, doing, why, code);
  return Error{kind.code, std::move(message), std::string(kind.hint), {}};
}

bool is_disk_failure(int code) {
  int primary = code & 0xff;
  return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

}  // namespace mira::store
