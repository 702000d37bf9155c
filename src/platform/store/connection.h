// One SQLite connection and its prepared statements. SQL is a literal checked at
// compile time (Sql has a consteval constructor), so a query built from strings
// does not compile; values are always bound. Statements are cached by the address
// of their text; a statement used again inside its own rows gets a second copy.
// A Connection belongs to one thread at a time. Nothing else in the process may open
// and close the file itself: that would drop SQLite's locks on it.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace mira::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

// A query text that is a compile-time literal.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  const char* text() const { return text_; }

 private:
  const char* text_;
};

struct Blob {
  std::string_view bytes;
};
inline constexpr std::nullptr_t null_value = nullptr;

// The current row of a running statement; columns count from 0. Views are valid
// until the next step.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  // "" for NULL
  std::string_view blob(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
};

enum class Durability {
  full,    // mira.db: an acknowledged commit survives power loss
  normal,  // index.db: may lose its tail, never its integrity
};
enum class Access { read_write, read_only };

struct OpenOptions {
  Durability durability = Durability::normal;
  Access access = Access::read_write;
  bool secure_delete = false;
  const char* vfs = nullptr;  // name of a registered VFS; tests inject faults here
};

// Version of the SQLite this program carries, "3.54.1".
std::string_view sqlite_version();

class Connection {
 public:
  // Opens or makes (0600) a database: WAL, page 8192, busy timeout, no mmap.
  // read_only never makes or changes the database (beside it SQLite may keep the
  // -wal and -shm files that readers share with writers).
  // unavailable: not a database, no rights, disk full, or a network file system.
  static Result<Connection> open(const std::filesystem::path& file, OpenOptions options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // Runs a statement to its end; rows are ignored.
  template <class... Values>
  Status run(Sql sql, const Values&... values) {
    sqlite3_stmt* statement = MIRA_TRY(begin(sql, sizeof...(values)));
    bind_all(statement, values...);
    return finish(statement);
  }
  // Calls row(const Row&) for each row. `row` returns void, or bool (false stops).
  template <class F, class... Values>
  Status each(Sql sql, F&& row, const Values&... values) {
    sqlite3_stmt* statement = MIRA_TRY(begin(sql, sizeof...(values)));
    bind_all(statement, values...);
    while (true) {
      bool has_row = MIRA_TRY(step(statement));
      if (!has_row) return {};
      if constexpr (std::is_same_v<decltype(row(Row(statement))), bool>) {
        if (!row(Row(statement))) return reset(statement);
      } else {
        row(Row(statement));
      }
    }
  }
  // First column of the first row; nullopt when there is no row or it is NULL.
  template <class... Values>
  Result<std::optional<std::int64_t>> integer(Sql sql, const Values&... values) {
    std::optional<std::int64_t> out;
    MIRA_TRY(each(
        sql,
        [&](const Row& r) {
          if (!r.is_null(0)) out = r.integer(0);
          return false;
        },
        values...));
    return out;
  }
  template <class... Values>
  Result<std::optional<std::string>> text(Sql sql, const Values&... values) {
    std::optional<std::string> out;
    MIRA_TRY(each(
        sql,
        [&](const Row& r) {
          if (!r.is_null(0)) out = std::string(r.text(0));
          return false;
        },
        values...));
    return out;
  }
  std::int64_t last_insert_id() const;
  std::int64_t changes() const;  // rows changed by the last run()

  // BEGIN IMMEDIATE .. COMMIT around body; rolled back when body fails. Waits for
  // other writers up to the busy timeout, then locked.
  template <class F>
  Status transaction(F&& body) {
    MIRA_TRY(run("BEGIN IMMEDIATE"));
    Status done = body();
    if (done) done = run("COMMIT");
    if (!done) roll_back();
    return done;
  }
  // Ends the transaction, if there is one, without its changes. Its statement was
  // prepared when the connection was opened, so it works without memory too.
  void roll_back();
  // Inside BEGIN, or in a transaction that SQLite has not rolled back by itself.
  bool in_transaction() const;
  // The disk failed, or lied, since this connection was opened: open anew and check.
  bool disk_failed() const;
  // Several statements from a compiled-in text (migrations).
  Status script(std::string_view sql);
  // Running statements end with timeout once the deadline is over.
  void set_deadline(base::Deadline deadline);

  const std::filesystem::path& file() const;
  const OpenOptions& options() const;
  sqlite3* handle() const;  // for platform/store only

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  Result<sqlite3_stmt*> begin(Sql sql, std::size_t values);
  Result<bool> step(sqlite3_stmt* statement);  // false: done, and reset
  Status finish(sqlite3_stmt* statement);
  Status reset(sqlite3_stmt* statement);

  template <class... Values>
  void bind_all([[maybe_unused]] sqlite3_stmt* statement, const Values&... values) {
    [[maybe_unused]] int index = 0;
    (bind(statement, ++index, values), ...);
  }
  template <std::integral Number>
  void bind(sqlite3_stmt* statement, int index, Number number) {
    bind_integer(statement, index, static_cast<std::int64_t>(number));
  }
  void bind_integer(sqlite3_stmt* statement, int index, std::int64_t number);
  void bind(sqlite3_stmt* statement, int index, double number);
  void bind(sqlite3_stmt* statement, int index, std::string_view text);
  void bind(sqlite3_stmt* statement, int index, const std::string& text) {
    bind(statement, index, std::string_view(text));
  }
  void bind(sqlite3_stmt* statement, int index, const char* text) {
    bind(statement, index, std::string_view(text));
  }
  void bind(sqlite3_stmt* statement, int index, Blob blob);
  void bind(sqlite3_stmt* statement, int index, std::nullptr_t);
  template <class T>
  void bind(sqlite3_stmt* statement, int index, const std::optional<T>& maybe) {
    if (maybe)
      bind(statement, index, *maybe);
    else
      bind(statement, index, nullptr);
  }

  std::unique_ptr<State> state_;
};

}  // namespace mira::store
