// How likely a candidate is to change too, from its features: the sum of small
// decision trees, through the logistic function. The trees are data
// (cochange_*.trees), fitted by bench/cochange_fit.py on windows of three
// histories that lie before the ones the figures are taken on; features that mean
// "together more often" can only raise the answer. Every row takes the same number of
// steps through a tree, several rows side by side, so that no guess of the processor
// about the way has to be taken back.
#pragma once

#include <array>
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
  // The same of many rows of `width` features.
  std::vector<double> sums(std::span<const float* const> rows, std::size_t width) const;
  std::size_t trees() const { return trees_.size(); }

 private:
  struct Node {
    std::uint32_t feature = 0;
    float value = 0;  // threshold, or what a leaf adds
    std::array<std::uint32_t, 2> next = {0,
                                         0};  // where at most the threshold, and where above; a leaf: itself
  };
  struct Tree {
    std::uint32_t root = 0, steps = 0;  // steps: of its longest way
  };
  std::vector<Node> nodes_;
  std::vector<Tree> trees_;
  std::size_t features_ = 0;  // one more than the last that is asked for
};

double logistic(double sum);

}  // namespace mira::git
