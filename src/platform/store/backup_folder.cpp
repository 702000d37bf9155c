#include "platform/store/backup_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "platform/base/descriptor.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/store/backup.h"
#include "platform/store/file_lock.h"

namespace mira::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t time_digits = 10;  // a shorter number in a name is no time in milliseconds
constexpr std::string_view daily = "-daily.db", before_migration = "-before-migration-";
// Where SQLite's connections in WAL mode hold a shared lock as long as they are open ("Database File Format",
// the lock-byte page: pending byte at 1 GiB, reserved after it, then 510 bytes of shared locks).
constexpr off_t shared_locks_at = 0x40000002;
constexpr off_t shared_locks_bytes = 510;

std::string shown(const fs::path& file) {
  return base::display_line(file.native());
}

Error failed(std::string_view what, const fs::path& file) {
  return {ErrorCode::unavailable, fmt::format("{} {}: {}", what, shown(file), strerror(errno)),
          "check the rights and the free space of its folder"};
}

std::int64_t time_in(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    std::size_t end = std::min(name.find_first_not_of("0123456789", at), name.size());
    std::int64_t ms = 0;
    if (end - at >= time_digits && std::from_chars(name.data() + at, name.data() + end, ms).ec == std::errc())
      return ms;
    at = std::max(end, at + 1);
  }
  return 0;
}

std::int64_t changed_ms(const fs::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return 0;
  return std::int64_t{found.st_mtim.tv_sec} * 1000 + found.st_mtim.tv_nsec / 1'000'000;
}

fs::path beside(fs::path file, std::string_view suffix) {
  return file += suffix;
}

// The process that has the database open, 0 when none has.
Result<pid_t> holder(const fs::path& database) {
  base::Descriptor file(::open(database.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return 0;
  if (!file) return std::unexpected(failed("cannot open", database));
  struct flock asked{};
  asked.l_type = F_WRLCK;
  asked.l_whence = SEEK_SET;
  asked.l_start = shared_locks_at;
  asked.l_len = shared_locks_bytes;
  if (::fcntl(file.number(), F_GETLK, &asked) != 0)
    return std::unexpected(failed("cannot ask who has", database));
  return asked.l_type == F_UNLCK ? 0 : std::max<pid_t>(asked.l_pid, 1);
}

Status make_durable(const fs::path& folder) {
  base::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!opened || ::fsync(opened.number()) != 0) return std::unexpected(failed("cannot make durable", folder));
  return {};
}

// With what stands in the copy's log, where it has one.
Status copy_to(const fs::path& copy, const fs::path& target) {
  std::error_code ignored;
  fs::remove(target, ignored);  // of a restoration that was cut off
  Connection source = MIRA_TRY(Connection::open(copy, {.access = Access::read_only}));
  if (MIRA_TRY(source.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'")) != 1)
    return base::fail(ErrorCode::usage, fmt::format("{} is a database of another program", shown(copy)),
                      "see: mira backups");
  return backup(source, target);
}

// The newest of a kind stay.
void drop_beyond(const std::vector<BackupFile>& files, std::string_view kind) {
  int kept = 0;
  for (const BackupFile& file : files) {
    if (file.file.filename().native().find(kind) == std::string::npos || ++kept <= limits::backups_kept)
      continue;
    std::error_code next_time;  // another turn tries again
    fs::remove(file.file, next_time);
  }
}

}  // namespace

BackupFolder::BackupFolder(fs::path folder, fs::path database)
    : folder_(std::move(folder)), database_(std::move(database)) {}

std::vector<BackupFile> BackupFolder::newest_first() const {
  std::vector<BackupFile> out;
  std::string prefix = database_.stem().native() + "-";
  std::error_code error;
  for (auto at = fs::directory_iterator(folder_, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::error_code gone;
    std::string name = at->path().filename().native();
    if (!name.starts_with(prefix) || !name.ends_with(".db") || !at->is_regular_file(gone)) continue;
    out.push_back({at->path(), time_in(name), at->file_size(gone)});
  }
  std::ranges::sort(out, [](const BackupFile& a, const BackupFile& b) {
    return std::tie(b.made_ms, b.file) < std::tie(a.made_ms, a.file);
  });
  return out;
}

Result<bool> BackupFolder::is_due(Connection& connection, std::int64_t now_ms) const {
  if (is_replaced_at_next_turn()) return true;
  auto made = MIRA_TRY(connection.integer("SELECT min(applied_ms) FROM schema_migrations"));
  std::int64_t newest = made.value_or(now_ms);
  if (auto files = newest_first(); !files.empty()) newest = files.front().made_ms;
  if (now_ms - newest < day_ms) return false;
  return std::max(changed_ms(database_), changed_ms(beside(database_, "-wal"))) > newest;
}

Result<fs::path> BackupFolder::make(Connection& connection, std::int64_t now_ms) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error || ::chmod(folder_.c_str(), 0700) != 0) return std::unexpected(failed("cannot make", folder_));
  auto lock = MIRA_TRY(FileLock::acquire(lock_file(), "backing up", base::Deadline::after_ms(0)));
  bool replaces = is_replaced_at_next_turn();
  auto older = newest_first();
  fs::path target = folder_ / fmt::format("{}-{}{}", database_.stem().native(), now_ms, daily);
  MIRA_TRY(backup(connection, target));
  if (!replaces) {
    auto all = newest_first();
    drop_beyond(all, daily);
    drop_beyond(all, before_migration);
    return target;
  }
  for (const BackupFile& file : older) {
    if (!fs::remove(file.file, error) && error) return std::unexpected(failed("cannot remove", file.file));
  }
  fs::remove(mark_file(), error);
  return target;
}

Status BackupFolder::replace_at_next_turn() const {
  if (newest_first().empty()) return {};
  base::Descriptor mark(::open(mark_file().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!mark) return std::unexpected(failed("cannot write", mark_file()));
  return {};
}

bool BackupFolder::is_replaced_at_next_turn() const {
  std::error_code ignored;
  return fs::exists(mark_file(), ignored);
}

Result<Restored> BackupFolder::restore(const fs::path& copy) const {
  auto lock = MIRA_TRY(
      FileLock::acquire(database_.parent_path() / "restore.lock", "restoring", base::Deadline::after_ms(0)));
  if (pid_t other = MIRA_TRY(holder(database_)); other != 0) {
    return base::fail(ErrorCode::locked, fmt::format("process {} has {} open", other, shown(database_)),
                      "end it (agents start `mira mcp`, and you perhaps `mira serve`), then try again");
  }
  fs::path ready = beside(database_, ".restoring");
  MIRA_TRY(copy_to(copy, ready));
  Restored out;
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(database_, ignored)) || fs::exists(beside(database_, "-wal"), ignored))
    out.set_aside = MIRA_TRY(set_aside(database_));
  if (::rename(ready.c_str(), database_.c_str()) != 0)
    return std::unexpected(failed("cannot put in place", database_));
  MIRA_TRY(make_durable(database_.parent_path()));
  return out;
}

}  // namespace mira::store
