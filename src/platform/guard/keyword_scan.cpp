#include "platform/guard/keyword_scan.h"

#include <cctype>

namespace mira::guard {

struct KeywordScan::Node {
  std::vector<std::int32_t> next;  // by class; -1: none yet
  std::vector<std::uint16_t> keywords;
  std::int32_t fallback = 0;
  std::size_t depth = 0;
};

KeywordScan::KeywordScan(const std::vector<std::string_view>& keywords) {
  for (std::string_view keyword : keywords) {
    lengths_.push_back(static_cast<std::uint32_t>(keyword.size()));
    for (char letter : keyword) {
      auto byte = static_cast<unsigned char>(letter);
      if (class_of_[byte] != 0) continue;
      class_of_[byte] = class_of_[static_cast<unsigned char>(std::toupper(byte))] =
          static_cast<std::uint8_t>(classes_++);
    }
  }
  note_beginnings(keywords);
  std::vector<Node> nodes = build_tree(keywords);
  link(nodes);
  number(nodes);
}

void KeywordScan::note_beginnings(const std::vector<std::string_view>& keywords) {
  const auto both_cases = [](char letter) {
    return std::array{letter, static_cast<char>(std::toupper(static_cast<unsigned char>(letter)))};
  };
  for (std::string_view keyword : keywords) {
    for (const char first : both_cases(keyword[0])) {
      if (keyword.size() == 1) {
        for (int second = 0; second < 256; ++second) {
          set(begins_, pair_of(first, static_cast<char>(second)));
          set(short_, pair_of(first, static_cast<char>(second)));
        }
        continue;
      }
      for (const char second : both_cases(keyword[1])) {
        set(begins_, pair_of(first, second));
        if (keyword.size() == 2) set(short_, pair_of(first, second));
      }
    }
    note_four(keyword);
  }
}

void KeywordScan::note_four(std::string_view keyword) {
  if (keyword.size() < 3) return;
  char bytes[4] = {keyword[0], keyword[1], keyword[2], 0};
  const auto mark = [&](char fourth) {
    bytes[3] = fourth;
    std::uint32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    set(fours_, slot_of(four));
  };
  if (keyword.size() > 3) return mark(keyword[3]);
  for (int fourth = 0; fourth < 256; ++fourth) mark(static_cast<char>(fourth));
}

std::vector<KeywordScan::Node> KeywordScan::build_tree(const std::vector<std::string_view>& keywords) {
  auto fresh = [this] { return Node{std::vector<std::int32_t>(classes_, -1), {}}; };
  std::vector<Node> nodes = {fresh()};
  for (std::size_t id = 0; id < keywords.size(); ++id) {
    std::int32_t at = 0;
    for (char letter : keywords[id]) {
      std::uint8_t edge = class_of_[static_cast<unsigned char>(letter)];
      if (nodes[at].next[edge] < 0) {
        nodes[at].next[edge] = static_cast<std::int32_t>(nodes.size());
        nodes.push_back(fresh());
        nodes.back().depth = nodes[at].depth + 1;
      }
      at = nodes[at].next[edge];
    }
    nodes[at].keywords.push_back(static_cast<std::uint16_t>(id));
  }
  return nodes;
}

// Breadth first: every missing edge becomes the edge of the longest proper suffix.
void KeywordScan::link(std::vector<Node>& nodes) const {
  std::vector<std::int32_t> queue = {0};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    std::int32_t at = queue[head];
    for (std::uint32_t edge = 0; edge < classes_; ++edge) {
      std::int32_t& next = nodes[at].next[edge];
      std::int32_t over_fallback = at == 0 ? 0 : nodes[nodes[at].fallback].next[edge];
      if (next < 0) {
        next = over_fallback;
        continue;
      }
      nodes[next].fallback = over_fallback;
      const auto& inherited = nodes[over_fallback].keywords;
      nodes[next].keywords.insert(nodes[next].keywords.end(), inherited.begin(), inherited.end());
      queue.push_back(next);
    }
  }
}

void KeywordScan::number(const std::vector<Node>& nodes) {
  std::vector<std::uint32_t> row(nodes.size());
  std::uint32_t rows = 0;
  for (const bool deep : {false, true}) {
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      if (nodes[node].keywords.empty() && (nodes[node].depth > 1) == deep) row[node] = rows++ * classes_;
    }
    if (!deep) first_deep_ = rows * classes_;
  }
  first_ending_ = rows * classes_;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (nodes[node].keywords.empty()) continue;
    row[node] = rows++ * classes_;
    auto begin = static_cast<std::uint32_t>(ending_keywords_.size());
    ending_keywords_.insert(ending_keywords_.end(), nodes[node].keywords.begin(), nodes[node].keywords.end());
    endings_.push_back({begin, static_cast<std::uint32_t>(ending_keywords_.size())});
  }
  next_.resize(std::size_t{rows} * classes_);
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    for (std::uint32_t edge = 0; edge < classes_; ++edge) {
      next_[row[node] + edge] = row[static_cast<std::size_t>(nodes[node].next[edge])];
    }
  }
}

}  // namespace mira::guard
