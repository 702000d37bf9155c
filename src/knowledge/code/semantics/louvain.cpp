#include "knowledge/code/semantics/louvain.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace mira::semantics {
namespace {

constexpr double least_gain = 1e-9;
constexpr int most_rounds = 50, most_levels = 20;

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
  double total_ = 0;  // of all degrees
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

}  // namespace mira::semantics
