// How likely a candidate is to change too, from its features: the sum of small
// decision trees, through the logistic function. The trees are data
// (cochange_trees.txt), fitted by bench/cochange_fit.py on windows of three
// histories that lie before the ones the figures are taken on; features that mean
// "together more often" can only raise the answer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mira::git {

class Forest {
 public:
  // Text: per line one tree in preorder, words "FEATURE<THRESHOLD" (left: at most the threshold) and
  // "=VALUE" for a leaf; '#' begins a remark. An unreadable text makes a forest without trees.
  static Forest parse(std::string_view text);
  // The trees that come with the program: to put the likeliest first, and to say how likely they are.
  static const Forest& order();
  static const Forest& confidence();

  // Sum of the leaves. Features beyond the span count as 0.
  double sum(std::span<const float> features) const;
  std::size_t trees() const { return roots_.size(); }

 private:
  struct Node {
    std::int32_t feature = -1;  // -1: a leaf
    float value = 0;            // threshold, or what the leaf adds
    std::uint32_t right = 0;    // the left child is the next node
  };
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> roots_;
};

double logistic(double sum);

}  // namespace mira::git
