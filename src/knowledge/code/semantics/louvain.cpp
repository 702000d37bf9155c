#include "knowledge/code/semantics/louvain.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace mira::semantics {
namespace {

constexpr double least_gain = 1e-9;
constexpr int most_rounds = 50, most_levels = 20;
constexpr double clear_gain = 0.05;      // of a node's ties: less does not make it leave where it was
constexpr double clearly_better = 0.02;  // of modularity

std::size_t at(std::int32_t node) {
  return static_cast<std::size_t>(node);
}

// Adjacency with loops apart; a node of a later level is a community of the one before.
class Level {
 public:
  Level(std::int32_t nodes, const std::vector<WeightedEdge>& edges)
      : neighbours_(at(nodes)), loop_(at(nodes), 0), degree_(at(nodes), 0), community_(at(nodes)) {
    for (const WeightedEdge& edge : edges) {
      if (edge.from == edge.to) {
        loop_[at(edge.from)] += edge.weight;
        degree_[at(edge.from)] += 2 * edge.weight;
        continue;
      }
      neighbours_[at(edge.from)].emplace_back(edge.to, edge.weight);
      neighbours_[at(edge.to)].emplace_back(edge.from, edge.weight);
      degree_[at(edge.from)] += edge.weight;
      degree_[at(edge.to)] += edge.weight;
    }
    total_ = std::accumulate(degree_.begin(), degree_.end(), 0.0);
    std::iota(community_.begin(), community_.end(), 0);
    of_community_ = degree_;
  }

  // Begins with this division (-1: alone) instead of each node alone.
  void start_from(const std::vector<std::int32_t>& before) {
    std::map<std::int32_t, std::int32_t> first;  // node of each community
    stays_.assign(community_.size(), false);
    for (std::size_t node = 0; node < community_.size(); ++node) {
      if (before[node] < 0) continue;
      stays_[node] = true;
      community_[node] = first.try_emplace(before[node], static_cast<std::int32_t>(node)).first->second;
    }
    std::ranges::fill(of_community_, 0);
    for (std::size_t node = 0; node < community_.size(); ++node)
      of_community_[at(community_[node])] += degree_[node];
    for (std::size_t node = 0; node < community_.size(); ++node)
      if (!stays_[node]) move(node);  // newcomers join what is there, and do not draw it to them
  }

  // True when some node moved.
  bool move_nodes() {
    if (total_ <= 0) return false;
    bool moved = false;
    for (int round = 0; round < most_rounds; ++round) {
      bool again = false;
      for (std::size_t node = 0; node < neighbours_.size(); ++node) again |= move(node);
      moved |= again;
      if (!again) break;
    }
    return moved;
  }

  // Communities by the order of their first nodes.
  std::vector<std::int32_t> numbered() const {
    std::vector<std::int32_t> number(community_.size(), -1), out;
    std::int32_t next = 0;
    for (std::int32_t one : community_) {
      if (number[at(one)] < 0) number[at(one)] = next++;
      out.push_back(number[at(one)]);
    }
    return out;
  }

  // The communities as nodes.
  std::vector<WeightedEdge> folded(const std::vector<std::int32_t>& number) const {
    std::map<std::pair<std::int32_t, std::int32_t>, double> sums;
    for (std::size_t node = 0; node < neighbours_.size(); ++node) {
      std::int32_t own = number[node];
      if (loop_[node] > 0) sums[{own, own}] += loop_[node];
      for (const auto& [other, weight] : neighbours_[node])
        if (at(other) > node) sums[std::minmax({own, number[at(other)]})] += weight;
    }
    std::vector<WeightedEdge> out;
    out.reserve(sums.size());
    for (const auto& [ends, weight] : sums) out.push_back({ends.first, ends.second, weight});
    return out;
  }

 private:
  bool move(std::size_t node) {
    std::int32_t own = community_[node];
    std::map<std::int32_t, double> links;  // to each community around
    links[own] += 0;
    for (const auto& [other, weight] : neighbours_[node]) links[community_[at(other)]] += weight;
    of_community_[at(own)] -= degree_[node];
    auto gain = [&](std::int32_t community, double weight) {
      return weight - of_community_[at(community)] * degree_[node] / total_;
    };
    std::int32_t best = own;
    double best_gain = gain(own, links[own]);
    if (!stays_.empty() && stays_[node]) best_gain += clear_gain * degree_[node];
    for (const auto& [community, weight] : links) {
      if (gain(community, weight) <= best_gain + least_gain) continue;
      best = community;
      best_gain = gain(community, weight);
    }
    of_community_[at(best)] += degree_[node];
    community_[node] = best;
    return best != own;
  }

  std::vector<std::vector<std::pair<std::int32_t, double>>> neighbours_;
  std::vector<double> loop_, degree_, of_community_;
  std::vector<std::int32_t> community_;
  std::vector<bool> stays_;  // had a community before; empty: none had
  double total_ = 0;         // of all degrees
};

}  // namespace

std::vector<std::int32_t> communities(std::int32_t nodes, const std::vector<WeightedEdge>& edges) {
  std::vector<std::int32_t> of_node(at(nodes));
  std::iota(of_node.begin(), of_node.end(), 0);
  std::vector<WeightedEdge> left = edges;
  std::int32_t count = nodes;
  for (int level = 0; level < most_levels; ++level) {
    Level graph(count, left);
    if (!graph.move_nodes()) break;
    std::vector<std::int32_t> number = graph.numbered();
    for (std::int32_t& one : of_node) one = number[at(one)];
    left = graph.folded(number);
    count = *std::ranges::max_element(number) + 1;
  }
  return of_node;
}

double modularity(std::int32_t nodes, const std::vector<WeightedEdge>& edges,
                  const std::vector<std::int32_t>& community) {
  std::vector<double> degrees(at(nodes), 0);  // by community: their numbers are below that of the nodes
  double inside = 0, total = 0;
  for (const WeightedEdge& edge : edges) {
    std::int32_t from = community[at(edge.from)], to = community[at(edge.to)];
    degrees[at(from)] += edge.weight;
    degrees[at(to)] += edge.weight;
    total += 2 * edge.weight;
    if (from == to) inside += 2 * edge.weight;
  }
  if (total <= 0) return 0;
  double chance = 0;
  for (double degree : degrees) chance += degree / total * degree / total;
  return inside / total - chance;
}

std::vector<std::int32_t> communities(std::int32_t nodes, const std::vector<WeightedEdge>& edges,
                                      const std::vector<std::int32_t>& before) {
  std::vector<std::int32_t> fresh = communities(nodes, edges);
  if (std::ranges::all_of(before, [](std::int32_t one) { return one < 0; })) return fresh;
  Level graph(nodes, edges);
  graph.start_from(before);
  graph.move_nodes();
  std::vector<std::int32_t> kept = graph.numbered();
  bool give_way = modularity(nodes, edges, fresh) > modularity(nodes, edges, kept) + clearly_better;
  return give_way ? fresh : kept;
}

}  // namespace mira::semantics
