#include "app/stores.h"

#include <fmt/format.h>

#include "platform/base/limits.h"
#include "platform/budget/schema.h"
#include "platform/store/backup.h"
#include "platform/store/file_lock.h"
#include "platform/store/migrate.h"

namespace mira::app {
namespace {

using base::Result;
using store::Connection;

constexpr store::OpenOptions main_options{.durability = store::Durability::full, .secure_delete = true};
constexpr store::OpenOptions index_options{.durability = store::Durability::normal};

Result<Connection> open_migrated_index(const workspace::Project& project,
                                       std::span<const store::Schema> schemas, const base::Clock& clock) {
  Connection index = MIRA_TRY(Connection::open(index_file(project), index_options));
  MIRA_TRY(
      store::migrate(index, index_file(project), schemas, store::Which::index, project.data, clock.now_ms()));
  return index;
}

}  // namespace

std::filesystem::path main_file(const base::Home& home) {
  return home.data / "mira.db";
}
store::BackupFolder backup_folder(const base::Home& home) {
  return {home.data / "backups", main_file(home)};
}
std::filesystem::path index_file(const workspace::Project& project) {
  return project.data / "index.db";
}
std::filesystem::path index_lock_file(const workspace::Project& project) {
  return project.data / "index.lock";
}

std::vector<store::Schema> schemas(std::span<const contracts::Feature> features) {
  std::vector<store::Schema> out{schema(), budget::schema()};
  for (const contracts::Feature& feature : features) out.push_back(feature.schema);
  return out;
}

Result<std::unique_ptr<store::Writer>> open_main(const base::Home& home,
                                                 std::span<const store::Schema> schemas,
                                                 const base::Clock& clock) {
  auto file = main_file(home);
  Connection connection = MIRA_TRY(Connection::open(file, main_options));
  MIRA_TRY(
      store::migrate(connection, file, schemas, store::Which::main, home.data / "backups", clock.now_ms()));
  return store::Writer::start(std::move(connection));
}

Result<Connection> open_index(const workspace::Project& project, std::span<const store::Schema> schemas,
                              const base::Clock& clock, std::vector<std::string>& notes) {
  MIRA_TRY(base::make_private_folder(project.data));
  auto index = open_migrated_index(project, schemas, clock);
  if (index || index.error().code != base::ErrorCode::unavailable) return index;
  if (MIRA_TRY(store::is_migratable(index_file(project), schemas, store::Which::index))) return index;
  // Only one process may set it aside, and only if nobody did meanwhile.
  auto lock = MIRA_TRY(store::FileLock::acquire(index_lock_file(project), "rebuilding the index",
                                                base::Deadline::after_ms(limits::index_lock_wait_ms)));
  auto again = open_migrated_index(project, schemas, clock);
  if (again) return again;
  MIRA_TRY(store::set_aside(index_file(project)));
  notes.push_back(fmt::format("the index could not be used ({}); it was set aside and is being rebuilt",
                              again.error().message));
  return open_migrated_index(project, schemas, clock);
}

bool is_current(Connection& index, const workspace::Project& project, std::span<const store::Schema> schemas,
                const base::Clock& clock) {
  return store::migrate(index, index_file(project), schemas, store::Which::index, project.data,
                        clock.now_ms())
      .has_value();
}

Result<Connection> open_reader(const std::filesystem::path& file, store::Durability durability) {
  return Connection::open(file, {.durability = durability, .access = store::Access::read_only});
}

}  // namespace mira::app
