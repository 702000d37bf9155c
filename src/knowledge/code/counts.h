// {"name": number} of a query with these two columns, for `mira status`.
#pragma once

#include "contracts/action.h"
#include "platform/store/connection.h"

namespace mira::code {

inline base::Result<contracts::Json> counts_by_name(store::Connection& index, store::Sql query) {
  contracts::Json out = contracts::Json::object();
  MIRA_TRY(index.each(query, [&](const store::Row& row) { out[std::string(row.text(0))] = row.integer(1); }));
  return out;
}

}  // namespace mira::code
