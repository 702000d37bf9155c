// Group commit: one thread a process and database that runs submitted changes in
// short transactions, many submissions to one fsync. submit() returns when the
// change is durable, or its error; a failing change is rolled back alone
// (savepoint) and does not harm its neighbours. When a change makes SQLite give up the
// whole transaction (disk full), its neighbours run again, each alone. After a disk
// error the database is opened anew and checked before anything else is written.
#pragma once

#include <functional>
#include <memory>

#include "platform/store/connection.h"

namespace mira::store {

class Writer {
 public:
  // May run more than once before it is acknowledged; only its last run counts.
  // It must not begin or end transactions, nor submit.
  using Change = std::function<Status(Connection&)>;
  // The connection must be open read-write; the thread starts here and ends in the destructor.
  static std::unique_ptr<Writer> start(Connection connection);
  virtual ~Writer() = default;
  // Blocks until the change is committed or refused. Safe from any thread.
  // timeout when the deadline passes before it began (then it never runs).
  virtual Status submit(Change change, base::Deadline deadline) = 0;
};

}  // namespace mira::store
