#include "platform/store/migrate.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <map>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/store/backup.h"

namespace mira::store {
namespace {

struct Step {
  std::string feature;
  const Migration* migration;
  std::string hash;
};

// What a run of migrate() is about, so that its parts need not pass it around.
struct Plan {
  Connection& connection;
  const std::filesystem::path& file;
  std::vector<Step> known;  // in the order they run
  Which which;
};

using StepKey = std::pair<std::string, std::int64_t>;  // feature, number
using Applied = std::map<StepKey, std::string>;        // to hash

std::string shown(const std::filesystem::path& file) {
  return base::display_line(file.native());
}

std::string_view cure(Which which) {
  return which == Which::main ? "run the newer Mira that made it; nothing was changed"
                              : "run the newer Mira that made it, or let this one make a new index";
}

Result<std::vector<Step>> known_steps(std::span<const Schema> schemas, Which which) {
  std::vector<Step> steps;
  for (const Schema& schema : schemas) {
    int previous = 0;
    for (const Migration& migration : which == Which::index ? schema.index : schema.main) {
      if (migration.number <= previous) {
        return base::fail(ErrorCode::failed, fmt::format("the migration steps of {} are not in order at {}",
                                                         schema.feature, migration.name));
      }
      previous = migration.number;
      steps.push_back({std::string(schema.feature), &migration, base::content_hash(migration.sql)});
    }
  }
  return steps;
}

Result<Applied> applied_steps(Connection& connection) {
  Applied applied;
  MIRA_TRY(connection.each("SELECT feature, number, hash FROM schema_migrations", [&](const Row& row) {
    applied[{std::string(row.text(0)), row.integer(1)}] = std::string(row.text(2));
  }));
  return applied;
}

Result<bool> has_object(Connection& connection, std::string_view name) {
  auto count = MIRA_TRY(connection.integer("SELECT count(*) FROM sqlite_master WHERE name = ?1", name));
  return count.value_or(0) > 0;
}

// What ran on this database; refuses one that Mira did not make. One look at the
// schema: between two, another process may have made it.
Result<Applied> read_applied(const Plan& plan) {
  std::int64_t objects = 0, ours = 0;
  MIRA_TRY(plan.connection.each("SELECT count(*), total(name = 'schema_migrations') FROM sqlite_master",
                                [&](const Row& row) {
                                  objects = row.integer(0);
                                  ours = row.integer(1);
                                }));
  if (ours > 0) return applied_steps(plan.connection);
  if (objects == 0) return Applied{};
  return base::fail(ErrorCode::unavailable,
                    fmt::format("{} is a database of another program", shown(plan.file)),
                    "move it away, or set MIRA_HOME to another folder");
}

// Every step that ran must be one we know, with the text we know, and with none of
// ours missing before it.
Status check_known(const Plan& plan, const Applied& applied) {
  Applied unknown = applied;
  for (const Step& step : plan.known) {
    auto found = unknown.find({step.feature, step.migration->number});
    if (found == unknown.end()) continue;
    if (found->second != step.hash) {
      return base::fail(ErrorCode::unavailable,
                        fmt::format("{} was made with another text of step {} {} {}", shown(plan.file),
                                    step.feature, step.migration->number, step.migration->name),
                        std::string(cure(plan.which)));
    }
    unknown.erase(found);
  }
  if (unknown.empty()) return {};
  const auto& [feature, number] = unknown.begin()->first;
  return base::fail(ErrorCode::unavailable,
                    fmt::format("{} is newer than this program: it has step {} {}", shown(plan.file),
                                base::display_line(feature), number),
                    std::string(cure(plan.which)));
}

Result<std::vector<const Step*>> pending_steps(const Plan& plan, const Applied& applied) {
  std::vector<const Step*> pending;
  for (const Step& step : plan.known) {
    if (!applied.contains({step.feature, step.migration->number})) {
      pending.push_back(&step);
    } else if (!pending.empty() && pending.back()->feature == step.feature) {
      return base::fail(ErrorCode::unavailable,
                        fmt::format("{} lacks step {} {}, which later steps need", shown(plan.file),
                                    step.feature, pending.back()->migration->number),
                        "put a copy back: mira backups restore");
    }
  }
  return pending;
}

int forbid_transactions(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_TRANSACTION ? SQLITE_DENY : SQLITE_OK;
}

// A step that ended the transaction would leave a database between two versions.
Status run_step(Connection& connection, std::string_view sql) {
  sqlite3_set_authorizer(connection.handle(), forbid_transactions, nullptr);
  Status ran = connection.script(sql);
  sqlite3_set_authorizer(connection.handle(), nullptr, nullptr);
  return ran;
}

Status apply(const Plan& plan, const Step& step, std::int64_t now_ms) {
  Status ran = run_step(plan.connection, step.migration->sql);
  if (!ran) {
    Error error = std::move(ran).error();
    error.message = fmt::format("step {} {} {} did not run: {}", step.feature, step.migration->number,
                                step.migration->name, error.message);
    return std::unexpected(std::move(error));
  }
  return plan.connection.run(
      "INSERT INTO schema_migrations (feature, number, name, hash, applied_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
      step.feature, step.migration->number, step.migration->name, step.hash, now_ms);
}

Status make_table(Connection& connection) {
  return connection.script(
      "CREATE TABLE IF NOT EXISTS schema_migrations (feature TEXT NOT NULL, number INTEGER NOT NULL,"
      " name TEXT NOT NULL, hash TEXT NOT NULL, applied_ms INTEGER NOT NULL, PRIMARY KEY (feature, number))");
}

Status check_references(const Plan& plan) {
  auto orphan = MIRA_TRY(plan.connection.text("PRAGMA foreign_key_check"));
  if (!orphan) return {};
  return base::fail(
      ErrorCode::unavailable,
      fmt::format("after the new steps, rows of {} in {} refer to nothing", *orphan, shown(plan.file)));
}

// One transaction. What another process did since the first look is seen here.
Result<int> apply_pending(const Plan& plan, std::int64_t now_ms) {
  int count = 0;
  Status done = plan.connection.transaction([&]() -> Status {
    Applied applied = MIRA_TRY(read_applied(plan));
    MIRA_TRY(check_known(plan, applied));
    MIRA_TRY(make_table(plan.connection));
    for (const Step* step : MIRA_TRY(pending_steps(plan, applied))) {
      MIRA_TRY(apply(plan, *step, now_ms));
      ++count;
    }
    return check_references(plan);
  });
  MIRA_TRY(std::move(done));
  return count;
}

Result<std::filesystem::path> back_up_before(const Plan& plan, const std::filesystem::path& folder,
                                             std::int64_t now_ms) {
  std::error_code made;
  if (plan.connection.options().vfs == nullptr) std::filesystem::create_directories(folder, made);
  std::filesystem::path target;
  for (int number = 0; target.empty() || std::filesystem::exists(target); ++number) {
    target = folder / fmt::format("{}-before-migration-{}-{}.db", plan.file.stem().native(), now_ms, number);
  }
  Status done = backup(plan.connection, target);
  if (done) return target;
  Error error = std::move(done).error();
  error.message = fmt::format("{} was not migrated, since it could not be backed up first: {}",
                              shown(plan.file), error.message);
  return std::unexpected(std::move(error));
}

// A refused database keeps its bytes: closing it must not move its log into it.
std::unexpected<Error> refuse(Connection& connection, Error error) {
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return std::unexpected(std::move(error));
}

Result<std::vector<const Step*>> look(const Plan& plan, Applied& applied) {
  applied = MIRA_TRY(read_applied(plan));
  MIRA_TRY(check_known(plan, applied));
  return pending_steps(plan, applied);
}

}  // namespace

Result<MigrationReport> migrate(Connection& connection, const std::filesystem::path& file,
                                std::span<const Schema> schemas, Which which,
                                const std::filesystem::path& backup_folder, std::int64_t now_ms) {
  Plan plan{connection, file, MIRA_TRY(known_steps(schemas, which)), which};
  Applied applied;
  auto pending = look(plan, applied);
  if (!pending) return refuse(connection, std::move(pending).error());
  MIRA_TRY(connection.script("PRAGMA journal_mode=WAL"));  // a restored backup is one plain file
  MigrationReport report;
  if (pending->empty()) return report;
  if (which == Which::main && !applied.empty()) {
    report.backup = MIRA_TRY(back_up_before(plan, backup_folder, now_ms));
  }
  MIRA_TRY(connection.script("PRAGMA foreign_keys=OFF"));  // steps may rebuild tables that others refer to
  Result<int> done = apply_pending(plan, now_ms);
  MIRA_TRY(connection.script("PRAGMA foreign_keys=ON"));
  report.applied = MIRA_TRY(done);
  return report;
}

Result<bool> is_migratable(const std::filesystem::path& file, std::span<const Schema> schemas, Which which) {
  if (::access(file.c_str(), R_OK) != 0) {
    return base::fail(ErrorCode::unavailable, shown(file) + " may not be read",
                      "check the rights of the file");
  }
  auto connection = Connection::open(file, {.access = Access::read_only});
  if (!connection || !integrity_check(*connection)) return false;
  Plan plan{*connection, file, MIRA_TRY(known_steps(schemas, which)), which};
  auto applied = read_applied(plan);
  return applied && check_known(plan, *applied) && pending_steps(plan, *applied);
}

Result<bool> is_newest(Connection& connection, const std::filesystem::path& file,
                       std::span<const Schema> schemas, Which which) {
  Plan plan{connection, file, MIRA_TRY(known_steps(schemas, which)), which};
  Applied applied;
  auto pending = MIRA_TRY(look(plan, applied));
  return pending.empty();
}

Result<std::int64_t> steps_applied(Connection& connection) {
  if (!MIRA_TRY(has_object(connection, "schema_migrations"))) return 0;
  return MIRA_TRY(connection.integer("SELECT count(*) FROM schema_migrations")).value_or(0);
}

}  // namespace mira::store
