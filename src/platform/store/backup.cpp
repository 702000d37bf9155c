#include "platform/store/backup.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/base/text.h"
#include "platform/store/sqlite_error.h"

namespace mira::store {
namespace {

constexpr int most_set_aside = 1000;

std::string shown(const std::filesystem::path& file) {
  return base::display_line(file.native());
}

void remove_quietly(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

// Copies every page in one go: a snapshot, since the source is read in one transaction.
Status copy_pages(sqlite3* source, sqlite3* target, const std::filesystem::path& file) {
  sqlite3_backup* copy = sqlite3_backup_init(target, "main", source, "main");
  if (copy == nullptr) {
    return std::unexpected(sqlite_error(target, sqlite3_extended_errcode(target), file, "starting a backup"));
  }
  int stepped = sqlite3_backup_step(copy, -1);
  int finished = sqlite3_backup_finish(copy);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
  return std::unexpected(
      sqlite_error(nullptr, stepped == SQLITE_DONE ? finished : stepped, file, "backing up"));
}

Status make_private_file(const std::filesystem::path& target) {
  if (::mknod(target.c_str(), S_IFREG | 0600, 0) == 0) return {};
  return base::fail(ErrorCode::unavailable,
                    fmt::format("the backup {} cannot be made: {}", shown(target), strerror(errno)),
                    "check the rights and the free space of the backup folder");
}

// SQLite makes the target's change durable itself: journal, file and folder are synced.
Status write_copy(Connection& connection, const std::filesystem::path& target) {
  sqlite3* raw = nullptr;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code = sqlite3_open_v2(target.c_str(), &raw, flags, connection.options().vfs);
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> copy(raw, sqlite3_close);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(raw, code, target, "opening a backup"));
  code = sqlite3_exec(raw, "PRAGMA synchronous=EXTRA", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(raw, code, target, "opening a backup"));
  MIRA_TRY(copy_pages(connection.handle(), raw, target));
  code = sqlite3_exec(raw, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(raw, code, target, "finishing a backup"));
  return {};
}

}  // namespace

Status backup(Connection& connection, const std::filesystem::path& target) {
  const char* vfs = connection.options().vfs;
  if (vfs == nullptr) MIRA_TRY(make_private_file(target));
  Status done = write_copy(connection, target);
  if (done) done = verify(target, vfs);
  if (!done && vfs == nullptr) remove_quietly(target);
  return done;
}

Status verify(const std::filesystem::path& file, const char* vfs) {
  Connection connection = MIRA_TRY(Connection::open(file, {.access = Access::read_only, .vfs = vfs}));
  return integrity_check(connection);
}

Status integrity_check(Connection& connection) {
  std::string first = MIRA_TRY(connection.text("PRAGMA integrity_check(1)")).value_or("no answer");
  if (first != "ok") {
    first = first.substr(first.rfind('\n') + 1);  // before it stands which of the attached databases this is
    return base::fail(ErrorCode::unavailable,
                      fmt::format("{} is damaged: {}", shown(connection.file()), base::display_line(first)),
                      "run `mira doctor`; an index is rebuilt, mira.db comes back by `mira backups restore`");
  }
  std::string orphan = MIRA_TRY(connection.text("PRAGMA foreign_key_check")).value_or("");
  if (orphan.empty()) return {};
  return base::fail(ErrorCode::unavailable,
                    fmt::format("{} has rows of {} that refer to nothing", shown(connection.file()),
                                base::display_line(orphan)),
                    "run `mira doctor`");
}

Result<std::filesystem::path> set_aside(const std::filesystem::path& file) {
  for (int number = 1; number <= most_set_aside; ++number) {
    std::filesystem::path aside = file;
    aside += fmt::format(".damaged-{}", number);
    if (std::filesystem::exists(std::filesystem::symlink_status(aside))) continue;
    for (std::string_view suffix : {"", "-wal", "-shm"}) {
      std::filesystem::path from = file;
      std::filesystem::path to = aside;
      if (::rename((from += suffix).c_str(), (to += suffix).c_str()) == 0 || errno == ENOENT) continue;
      return base::fail(ErrorCode::unavailable,
                        fmt::format("{} cannot be set aside: {}", shown(from), strerror(errno)),
                        "check the rights of its folder");
    }
    return aside;
  }
  return base::fail(ErrorCode::unavailable,
                    fmt::format("{} was set aside {} times already", shown(file), most_set_aside),
                    "delete the .damaged files beside it");
}

}  // namespace mira::store
