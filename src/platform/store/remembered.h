// What was read of a database, kept beside its connection until the database changes: a server is asked about
// the same rows again and again, and a row costs more to look up than to use. Valid for the state that a
// read transaction sees, so only inside of one is anything kept: outside, and inside one that writes (its
// changes may be taken back), each call gives an empty T.
#pragma once

#include <memory>

#include "platform/store/connection.h"

namespace mira::store {

Result<std::shared_ptr<void>> remembered_under(Connection& connection, const char* name,
                                               std::shared_ptr<void> (*make)());

// The T that was given before, with what was put into it; an empty one when the database has changed since.
// T::remembered_as is its name; one T a connection.
template <class T>
Result<std::shared_ptr<T>> remembered(Connection& connection) {
  auto make = +[]() -> std::shared_ptr<void> { return std::make_shared<T>(); };
  return std::static_pointer_cast<T>(MIRA_TRY(remembered_under(connection, T::remembered_as, make)));
}

}  // namespace mira::store
