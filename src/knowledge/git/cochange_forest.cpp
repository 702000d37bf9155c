#include "knowledge/git/cochange_forest.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "platform/base/text.h"

namespace mira::git {

std::string_view order_trees();
std::string_view confidence_trees();

namespace {

std::optional<float> number(std::string_view text) {
  float value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view next_word(std::string_view& line) {
  std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(start);
  std::size_t end = std::min(line.find(' '), line.size());
  std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

constexpr std::uint32_t deepest_tree = 64;
constexpr float most_features = 1000;
constexpr std::size_t rows_abreast = 8;

}  // namespace

Forest Forest::parse(std::string_view text) {
  Forest out;
  std::uint32_t steps = 0;
  // Appends the next subtree of the line; false when the line is no tree.
  auto grow = [&](auto& self, std::string_view& line, std::uint32_t depth) -> bool {
    std::string_view word = next_word(line);
    if (word.empty() || depth > deepest_tree) return false;
    auto at = static_cast<std::uint32_t>(out.nodes_.size());
    out.nodes_.push_back({.next = {at, at}});
    steps = std::max(steps, depth);
    if (word.front() == '=') {
      auto value = number(word.substr(1));
      if (value) out.nodes_[at].value = *value;
      return value.has_value();
    }
    std::size_t sign = word.find('<');
    if (sign == std::string_view::npos) return false;
    auto feature = number(word.substr(0, sign)), threshold = number(word.substr(sign + 1));
    if (!feature || !threshold || *feature < 0 || *feature > most_features) return false;
    out.nodes_[at].feature = static_cast<std::uint32_t>(*feature);
    out.nodes_[at].value = *threshold;
    out.features_ = std::max<std::size_t>(out.features_, out.nodes_[at].feature + 1);
    out.nodes_[at].next[0] = static_cast<std::uint32_t>(out.nodes_.size());
    if (!self(self, line, depth + 1)) return false;
    out.nodes_[at].next[1] = static_cast<std::uint32_t>(out.nodes_.size());
    return self(self, line, depth + 1);
  };
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (line.empty() || line.front() == '#') continue;
    steps = 0;
    auto root = static_cast<std::uint32_t>(out.nodes_.size());
    if (!grow(grow, line, 0) || !base::trim(line).empty()) return {};
    out.trees_.push_back({root, steps});
  }
  return out;
}

const Forest& Forest::order() {
  static const Forest forest = parse(order_trees());
  return forest;
}

const Forest& Forest::confidence() {
  static const Forest forest = parse(confidence_trees());
  return forest;
}

double Forest::sum(std::span<const float> features) const {
  std::vector<float> all(features.begin(), features.end());
  all.resize(std::max(all.size(), features_));
  const float* row = all.data();
  return sums({&row, 1}, all.size()).front();
}

std::vector<double> Forest::sums(std::span<const float* const> rows, std::size_t width) const {
  std::vector<double> out(rows.size(), 0);
  if (width < features_) {
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = sum({rows[i], width});
    return out;
  }
  for (std::size_t first = 0; first < rows.size(); first += rows_abreast) {
    std::size_t count = std::min(rows_abreast, rows.size() - first);
    std::array<std::uint32_t, rows_abreast> at{};
    for (const Tree& tree : trees_) {
      at.fill(tree.root);
      for (std::uint32_t step = 0; step < tree.steps; ++step) {
        for (std::size_t i = 0; i < count; ++i) {
          const Node& node = nodes_[at[i]];
          at[i] = node.next[rows[first + i][node.feature] <= node.value ? 0 : 1];
        }
      }
      for (std::size_t i = 0; i < count; ++i) out[first + i] += nodes_[at[i]].value;
    }
  }
  return out;
}

double logistic(double sum) {
  return 1 / (1 + std::exp(-sum));
}

}  // namespace mira::git
