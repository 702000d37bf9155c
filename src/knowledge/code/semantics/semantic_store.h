// Writes what was found as rows, changing only those that differ.
#pragma once

#include "contracts/feature.h"
#include "knowledge/code/semantics/declared.h"
#include "knowledge/code/semantics/patterns.h"
#include "knowledge/code/semantics/quality.h"

namespace mira::semantics {

// Inside a transaction. Counts are added to the report.
base::Status store_patterns(store::Connection& index, const std::vector<Hit>& hits,
                            contracts::UpdateReport& report);
base::Status store_issues(store::Connection& index, const std::vector<Issue>& issues, std::int64_t now_ms,
                          contracts::UpdateReport& report);
base::Status store_declared(store::Connection& index, const std::vector<DeclaredRow>& rows,
                            contracts::UpdateReport& report);

}  // namespace mira::semantics
