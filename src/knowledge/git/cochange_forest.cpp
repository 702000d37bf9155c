#include "knowledge/git/cochange_forest.h"

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

constexpr int deepest_tree = 64;

}  // namespace

Forest Forest::parse(std::string_view text) {
  Forest out;
  // Appends the next subtree of the line; false when the line is no tree.
  auto grow = [&](auto& self, std::string_view& line, int depth) -> bool {
    std::string_view word = next_word(line);
    if (word.empty() || depth > deepest_tree) return false;
    std::size_t at = out.nodes_.size();
    out.nodes_.emplace_back();
    if (word.front() == '=') {
      auto value = number(word.substr(1));
      if (value) out.nodes_[at].value = *value;
      return value.has_value();
    }
    std::size_t sign = word.find('<');
    if (sign == std::string_view::npos) return false;
    auto feature = number(word.substr(0, sign)), threshold = number(word.substr(sign + 1));
    if (!feature || !threshold || *feature < 0) return false;
    out.nodes_[at].feature = static_cast<std::int32_t>(*feature);
    out.nodes_[at].value = *threshold;
    if (!self(self, line, depth + 1)) return false;
    out.nodes_[at].right = static_cast<std::uint32_t>(out.nodes_.size());
    return self(self, line, depth + 1);
  };
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (line.empty() || line.front() == '#') continue;
    out.roots_.push_back(static_cast<std::uint32_t>(out.nodes_.size()));
    if (!grow(grow, line, 0) || !base::trim(line).empty()) return {};
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
  double total = 0;
  for (std::uint32_t at : roots_) {
    while (nodes_[at].feature >= 0) {
      auto feature = static_cast<std::size_t>(nodes_[at].feature);
      float value = feature < features.size() ? features[feature] : 0;
      at = value <= nodes_[at].value ? at + 1 : nodes_[at].right;
    }
    total += nodes_[at].value;
  }
  return total;
}

double logistic(double sum) {
  return 1 / (1 + std::exp(-sum));
}

}  // namespace mira::git
