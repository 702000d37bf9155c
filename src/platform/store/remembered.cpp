#include "platform/store/remembered.h"

#include <sqlite3.h>

namespace mira::store {
namespace {

struct Entry {
  std::int64_t others = 0;  // PRAGMA data_version: commits of other connections move it
  std::int64_t own = 0;     // rows that this connection ever changed
  std::shared_ptr<void> what;
};

void drop(void* entry) {
  delete static_cast<Entry*>(entry);
}

}  // namespace

Result<std::shared_ptr<void>> remembered_under(Connection& connection, const char* name,
                                               std::shared_ptr<void> (*make)()) {
  sqlite3* database = connection.handle();
  // First: where no statement has read yet, this begins what the transaction sees.
  auto others = MIRA_TRY(connection.integer("PRAGMA data_version"));
  if (sqlite3_txn_state(database, "main") != SQLITE_TXN_READ) return make();
  const std::int64_t own = sqlite3_total_changes64(database);
  auto* entry = static_cast<Entry*>(sqlite3_get_clientdata(database, name));
  if (entry != nullptr && entry->others == others.value_or(0) && entry->own == own) return entry->what;
  auto fresh = std::make_unique<Entry>(Entry{others.value_or(0), own, make()});
  std::shared_ptr<void> what = fresh->what;
  // Without memory for it the entry is dropped by SQLite, and nothing is kept.
  (void)sqlite3_set_clientdata(database, name, fresh.release(), drop);
  return what;
}

}  // namespace mira::store
