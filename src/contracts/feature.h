// What a knowledge folder offers: schema, an indexer, sources, actions, checks.
// app/features.cpp lists the features, one line each; deleting a folder and its
// line removes it whole.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contracts/action.h"
#include "contracts/source.h"
#include "platform/store/migrate.h"

namespace mira::contracts {

struct UpdateReport {
  std::int64_t added = 0, changed = 0, removed = 0, unchanged = 0;  // in units of what it indexes
  std::string unit;                                                 // "files", "commits"
  std::vector<std::string> notes;                                   // partial, quarantined, too large ...
};

// Brings a feature's part of index.db up to date with the disk. Runs under the
// index lock with a writable session.index; makes its own transactions; must be
// cheap (milliseconds) when nothing changed, and resumable when killed.
class Indexer {
 public:
  virtual ~Indexer() = default;
  virtual std::string_view name() const = 0;
  // True if update() would change anything. Read-only and fast: stamps and tips only.
  virtual base::Result<bool> is_stale(Session&, base::Deadline) = 0;
  virtual base::Result<UpdateReport> update(Session&, base::Progress&, base::Deadline) = 0;
  // Work that may wait until the caller has been answered (line counts): `mira index` runs it too.
  virtual base::Result<UpdateReport> update_later(Session&, base::Progress&, base::Deadline) {
    return UpdateReport{};
  }
};

enum class Health { ok, warning, fault };
struct Finding {
  Health health = Health::ok;
  std::string subject;  // "parser"
  std::string message;
  std::string cure;
};
using Check = std::function<std::vector<Finding>(Session&)>;

// One line of facts for `mira status`: ("symbols", 1234).
using Facts = std::function<base::Result<Json>(Session&)>;

struct Worker {
  std::string name;  // "parse", as in `mira worker parse`
  std::function<std::string(std::string_view)> handle;
};

struct Feature {
  std::string name;
  store::Schema schema;
  std::unique_ptr<Indexer> indexer;  // may be null
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<Action> actions;
  std::vector<Check> checks;  // for `mira doctor`
  Facts facts;                // for `mira status`, may be empty
  std::vector<Worker> workers;
  // Adds what the feature knows to a session that was just opened and is up to date
  // (head_commit, notes); must take microseconds. May be empty.
  std::function<base::Status(Session&)> opened = nullptr;
};

}  // namespace mira::contracts
