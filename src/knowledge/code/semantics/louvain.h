// Communities of a weighted graph: Louvain (Blondel et al. 2008, "Fast unfolding of
// communities in large networks"), which raises modularity by moving nodes and then
// whole communities. Nodes are looked at in the order of their numbers and equal gains
// go to the lowest community, so the same graph always gives the same answer.
#pragma once

#include <cstdint>
#include <vector>

namespace mira::semantics {

struct WeightedEdge {
  std::int32_t from = 0, to = 0;  // undirected; several between two nodes add up
  double weight = 0;              // over 0
};

// The community of each node, numbered from 0 in the order of their first nodes.
std::vector<std::int32_t> communities(std::int32_t nodes, const std::vector<WeightedEdge>& edges);
// The same, true to a division found before: `before` names each node's community, -1 where it had none. Many
// divisions are about as good, and a small change of the graph must not fall from one into another: a node
// leaves its community only for a clear gain, and the old division gives way only to a clearly better one.
std::vector<std::int32_t> communities(std::int32_t nodes, const std::vector<WeightedEdge>& edges,
                                      const std::vector<std::int32_t>& before);
// How much heavier the ties inside communities are than chance would have them (Newman and Girvan 2004):
// 0..1.
double modularity(std::int32_t nodes, const std::vector<WeightedEdge>& edges,
                  const std::vector<std::int32_t>& community);

}  // namespace mira::semantics
