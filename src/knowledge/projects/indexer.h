// Keeps two things up to date: the row of this project (and of the local user) in
// mira.db, and the guidelines in index.db. Stale when a guideline or an import
// appeared, changed or went away; equal bytes keep their rows.
#pragma once

#include "contracts/feature.h"

namespace mira::projects {

inline constexpr std::int64_t accessed_step_ms = 3'600'000;  // last_accessed_ms is written when it is older

class ProjectIndexer : public contracts::Indexer {
 public:
  std::string_view name() const override { return "projects"; }
  base::Result<bool> is_stale(contracts::Session& session, base::Deadline deadline) override;
  base::Result<contracts::UpdateReport> update(contracts::Session& session, base::Progress& progress,
                                               base::Deadline deadline) override;
};

}  // namespace mira::projects
