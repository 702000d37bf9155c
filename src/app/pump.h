// Brings a project's index up to date: asks every indexer whether it is stale, and
// if one is, takes the index lock and lets each do its part. One process indexes;
// the others wait, or read what is there and say so.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "contracts/feature.h"

namespace mira::app {

enum class Patience {
  answer,  // an old index is good enough when somebody else is indexing (it is said)
  index,   // the caller wants the index itself: wait, do the later work too, fail when a part fails
};

struct IndexerReport {
  std::string indexer;
  contracts::UpdateReport report;
  std::string error;  // "" when it succeeded
  std::int64_t took_ms = 0;
  std::int64_t cpu_ms = 0;  // of this process and of the children it reaped
};

struct PumpReport {
  bool was_stale = false;
  bool old = false;  // it could not be brought up to date: what is there is older than the files
  std::vector<IndexerReport> indexers;
};

// An indexer that is OnDemand is asked only for the actions it names, where the caller wants the index
// itself, and until it has finished once. Adds to session.notes what is stale, partial or failed. Errors:
// locked (nothing to answer from yet), timeout, interrupted, unavailable.
base::Result<PumpReport> bring_up_to_date(contracts::Session& session,
                                          std::span<const contracts::Feature> features, Patience patience,
                                          base::Progress& progress, base::Deadline deadline,
                                          std::string_view action = {});

// True once every indexer has finished at least once.
base::Result<bool> was_indexed(contracts::Session& session, std::span<const contracts::Feature> features);

}  // namespace mira::app
