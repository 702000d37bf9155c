#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/store/connection_state.h"
#include "platform/store/file_system.h"
#include "platform/store/patience.h"
#include "platform/store/sqlite_error.h"
#include "platform/store/word_hits.h"

namespace mira::store {
namespace {

// 3.7.0 to 3.51.2 can damage a WAL database that two connections write and
// checkpoint at once, which is how Mira works all day.
constexpr int oldest_sound_sqlite = 3051003;
static_assert(SQLITE_VERSION_NUMBER >= oldest_sound_sqlite, "build with SQLite 3.51.3 or later");

// Short naps: a busy process leaves gaps of microseconds between its transactions,
// and whoever looks rarely never finds one.
constexpr int shortest_nap_us = 500;
constexpr int longest_nap_us = 4000;

thread_local std::int64_t patience_ms = limits::busy_wait_ms;

int nap_us() {
  thread_local std::minstd_rand random(std::random_device{}());
  return std::uniform_int_distribution<int>(shortest_nap_us, longest_nap_us)(random);
}

// Waits a little, never in step with other waiters, until another writer is done.
int wait_for_other_writers(void* data, int attempts) {
  auto* handle = static_cast<DatabaseHandle*>(data);
  if (attempts == 0) handle->busy_until = handle->deadline.within_ms(handle->busy_wait_ms);
  if (handle->busy_until.expired()) return 0;
  std::this_thread::sleep_for(std::chrono::microseconds(nap_us()));
  return 1;
}

// Makes the file with its rights before SQLite sees it. mknod never opens it, so no
// lock that this process holds on it can be dropped by a close.
void make_private_file(const std::filesystem::path& file) {
  if (::mknod(file.c_str(), S_IFREG | 0600, 0) == 0) return;
  struct stat found{};
  bool open_to_others = ::stat(file.c_str(), &found) == 0 && (found.st_mode & 077) != 0;
  if (open_to_others) (void)::chmod(file.c_str(), found.st_mode & 0700);  // not ours: SQLite's answer tells
}

// A closed WAL database in a folder that may not be written: nobody can write it,
// so SQLite may read it without its side files.
bool is_frozen(const std::filesystem::path& file) {
  std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::filesystem::path log = file;
  log += "-wal";
  return ::access(folder.c_str(), W_OK) != 0 && ::access(log.c_str(), F_OK) != 0;
}

// Only an empty file is turned into a WAL database here: what is already something is
// changed by migrate() alone, after it has looked at it. SQLite does not ask the busy
// handler for this step, so many first starts at once are held in step here.
Status make_wal(Connection& connection) {
  auto until = base::Deadline::after_ms(Patience::busy_wait_ms());
  while (MIRA_TRY(connection.integer("PRAGMA page_count")) == 0) {
    Status made = connection.script("PRAGMA page_size=8192; PRAGMA journal_mode=WAL;");
    if (made || made.error().code != ErrorCode::locked || until.expired()) return made;
    std::this_thread::sleep_for(std::chrono::microseconds(nap_us()));
  }
  return {};
}

std::string uri_of(const std::filesystem::path& file, bool immutable) {
  std::string uri = "file:";
  for (char c : file.native()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return immutable ? uri + "?immutable=1" : uri;
}

}  // namespace

Patience::Patience(std::int64_t wait_ms) : before_(patience_ms) {
  patience_ms = std::clamp<std::int64_t>(wait_ms, 0, patience_ms);
}

Patience::~Patience() {
  patience_ms = before_;
}

std::int64_t Patience::busy_wait_ms() {
  return patience_ms;
}

DatabaseHandle::~DatabaseHandle() {
  sqlite3_close_v2(database);
}

Status open_database(DatabaseHandle& handle, const std::filesystem::path& file, OpenOptions options) {
  if (sqlite3_libversion_number() < oldest_sound_sqlite) {
    return base::fail(
        ErrorCode::unavailable,
        fmt::format("SQLite {} can damage databases that several processes share", sqlite3_libversion()),
        "run a Mira that was built with SQLite 3.51.3 or later");
  }
  handle.file = file;
  handle.options = options;
  handle.busy_wait_ms = Patience::busy_wait_ms();
  bool read_only = options.access == Access::read_only;
  bool frozen = false;
  if (options.vfs == nullptr) {
    MIRA_TRY(check_local(file.has_parent_path() ? file.parent_path() : "."));
    if (!read_only) make_private_file(file);
    frozen = read_only && is_frozen(file);
  }
  int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  flags |= SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code = sqlite3_open_v2(uri_of(file, frozen).c_str(), &handle.database, flags, options.vfs);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(handle.database, code, file, "opening"));
  sqlite3_busy_handler(handle.database, wait_for_other_writers, &handle);
  sqlite3_db_config(handle.database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // A plan made once is kept: without this, binding another value prepares the statement again.
  sqlite3_db_config(handle.database, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  if (read_only) sqlite3_db_config(handle.database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return {};
}

Status prepare_database(Connection& connection) {
  const OpenOptions& options = connection.options();
  MIRA_TRY(
      connection.script("PRAGMA mmap_size=0; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                        "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384;"));
  if (options.access == Access::read_only) {
    MIRA_TRY(connection.script("PRAGMA schema_version"));
    return add_word_hits(connection.handle());
  }
  bool full = options.durability == Durability::full;
  MIRA_TRY(connection.script(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  MIRA_TRY(connection.script(options.secure_delete ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=OFF"));
  MIRA_TRY(connection.script("PRAGMA journal_size_limit=67108864"));
  MIRA_TRY(make_wal(connection));
  return add_word_hits(connection.handle());
}

std::string_view sqlite_version() {
  return sqlite3_libversion();
}

}  // namespace mira::store
