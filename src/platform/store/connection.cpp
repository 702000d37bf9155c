#include "platform/store/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <unordered_map>
#include <vector>

#include "platform/base/limits.h"
#include "platform/store/connection_state.h"
#include "platform/store/sqlite_error.h"

namespace mira::store {
namespace {

constexpr int operations_between_clock_looks = 1000;

int deadline_is_over(void* state) {
  return static_cast<DatabaseHandle*>(state)->deadline.expired() ? 1 : 0;
}

}  // namespace

struct Connection::State : DatabaseHandle {
  // By the address of the literal; several where a statement runs inside its own rows.
  std::unordered_map<const char*, std::vector<sqlite3_stmt*>> statements;
  sqlite3_stmt* rollback = nullptr;
  int bind_code = SQLITE_OK;
  bool disk_failed = false;

  ~State() {
    sqlite3_finalize(rollback);
    for (auto& [text, copies] : statements) {
      for (sqlite3_stmt* statement : copies) sqlite3_finalize(statement);
    }
  }
  Error error(int code, std::string_view doing) {
    if (is_disk_failure(code)) disk_failed = true;
    int primary = code & 0xff;
    bool ended = primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY;
    if (ended && deadline.cancelled()) return {ErrorCode::interrupted, "the work was interrupted"};
    if (ended && deadline.expired()) {
      return {ErrorCode::timeout, "the database did not answer before the deadline",
              "ask for less, or allow more time"};
    }
    return sqlite_error(database, code, file, doing);
  }
  void keep_bind_code(int code) {
    if (bind_code == SQLITE_OK) bind_code = code;
  }
};

std::int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Row::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Row::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string_view Row::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const std::filesystem::path& file, OpenOptions options) {
  auto state = std::make_unique<State>();
  MIRA_TRY(open_database(*state, file, options));
  Connection connection(std::move(state));
  MIRA_TRY(prepare_database(connection));
  State& opened = *connection.state_;
  int code = sqlite3_prepare_v3(opened.database, "ROLLBACK", -1, SQLITE_PREPARE_PERSISTENT, &opened.rollback,
                                nullptr);
  if (code != SQLITE_OK) return std::unexpected(opened.error(code, "opening"));
  return connection;
}

Result<sqlite3_stmt*> Connection::begin(Sql sql, std::size_t values) {
  state_->bind_code = SQLITE_OK;
  std::vector<sqlite3_stmt*>& copies = state_->statements[sql.text()];
  sqlite3_stmt* statement = nullptr;
  for (sqlite3_stmt* copy : copies) {
    if (!sqlite3_stmt_busy(copy)) statement = copy;
  }
  if (statement == nullptr) {
    int code =
        sqlite3_prepare_v3(state_->database, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return std::unexpected(state_->error(code, sql.text()));
    copies.push_back(statement);
  }
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != values) {
    return base::fail(ErrorCode::failed, fmt::format("a statement got {} values and needs {}: {}", values,
                                                     sqlite3_bind_parameter_count(statement), sql.text()));
  }
  return statement;
}

Result<bool> Connection::step(sqlite3_stmt* statement) {
  int code = state_->bind_code != SQLITE_OK ? state_->bind_code : sqlite3_step(statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    MIRA_TRY(reset(statement));
    return false;
  }
  Error error = state_->error(code, sqlite3_sql(statement));
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return std::unexpected(std::move(error));
}

Status Connection::finish(sqlite3_stmt* statement) {
  while (MIRA_TRY(step(statement))) {
  }
  return {};
}

Status Connection::reset(sqlite3_stmt* statement) {
  int code = sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (code == SQLITE_OK) return {};
  return std::unexpected(state_->error(code, sqlite3_sql(statement)));
}

// Values outlive the run of their statement, so SQLite need not copy them (STATIC);
// reset() forgets them.
void Connection::bind_integer(sqlite3_stmt* statement, int index, std::int64_t number) {
  state_->keep_bind_code(sqlite3_bind_int64(statement, index, number));
}
void Connection::bind(sqlite3_stmt* statement, int index, double number) {
  state_->keep_bind_code(sqlite3_bind_double(statement, index, number));
}
void Connection::bind(sqlite3_stmt* statement, int index, std::string_view text) {
  const char* bytes = text.data() != nullptr ? text.data() : "";
  state_->keep_bind_code(
      sqlite3_bind_text64(statement, index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Connection::bind(sqlite3_stmt* statement, int index, Blob blob) {
  const char* bytes = blob.bytes.data() != nullptr ? blob.bytes.data() : "";
  state_->keep_bind_code(sqlite3_bind_blob64(statement, index, bytes, blob.bytes.size(), SQLITE_STATIC));
}
void Connection::bind(sqlite3_stmt* statement, int index, std::nullptr_t) {
  state_->keep_bind_code(sqlite3_bind_null(statement, index));
}

void Connection::roll_back() {
  if (!in_transaction()) return;
  sqlite3_step(state_->rollback);
  sqlite3_reset(state_->rollback);
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(state_->database);
}
std::int64_t Connection::changes() const {
  return sqlite3_changes64(state_->database);
}
bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(state_->database) == 0;
}
bool Connection::disk_failed() const {
  return state_->disk_failed;
}
const std::filesystem::path& Connection::file() const {
  return state_->file;
}
const OpenOptions& Connection::options() const {
  return state_->options;
}
sqlite3* Connection::handle() const {
  return state_->database;
}

Status Connection::script(std::string_view sql) {
  while (!sql.empty()) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    int code =
        sqlite3_prepare_v2(state_->database, sql.data(), static_cast<int>(sql.size()), &statement, &rest);
    if (code != SQLITE_OK) return std::unexpected(state_->error(code, "script"));
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (statement == nullptr) continue;  // a comment or a blank
    do {
      code = sqlite3_step(statement);
    } while (code == SQLITE_ROW);
    Status done;
    if (code != SQLITE_DONE) done = std::unexpected(state_->error(code, sqlite3_sql(statement)));
    sqlite3_finalize(statement);
    if (!done) return done;
  }
  return {};
}

void Connection::set_deadline(base::Deadline deadline) {
  state_->deadline = deadline;
  DatabaseHandle* handle = state_.get();
  sqlite3_progress_handler(state_->database, operations_between_clock_looks, deadline_is_over, handle);
}

}  // namespace mira::store
