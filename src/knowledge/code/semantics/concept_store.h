// Writes concepts and clusters as rows, changing only those that differ. A concept keeps
// its id by its stem; a cluster keeps the id of the one it shares most members with.
#pragma once

#include "contracts/feature.h"
#include "knowledge/code/semantics/clusters.h"
#include "knowledge/code/semantics/concepts.h"

namespace mira::semantics {

// Inside a transaction. Counts are added to the report: concepts and clusters, not their rows.
base::Status store_concepts(store::Connection& index, const ConceptIndex& found,
                            contracts::UpdateReport& report);
base::Status store_clusters(store::Connection& index, const std::vector<Cluster>& clusters,
                            contracts::UpdateReport& report);

}  // namespace mira::semantics
