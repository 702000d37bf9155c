// Finds all of many keywords in one pass over a text (Aho-Corasick, ASCII case
// folded). The automaton is one dense table over byte classes, so it stays in the
// cache and the loop is one load a byte; states that end a keyword have the highest
// numbers, so the common case is one comparison.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mira::guard {

class KeywordScan {
 public:
  // Keywords are lower case and not empty; their ids are their places in the list.
  explicit KeywordScan(const std::vector<std::string_view>& keywords);

  // Calls found(keyword id, where it begins) for every occurrence, in order of their ends.
  template <class Found>
  void scan(std::string_view text, Found&& found) const {
    std::uint32_t state = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      state = next_[state + class_of_[static_cast<unsigned char>(text[at])]];
      if (state < first_ending_) continue;
      const Ending& ending = endings_[(state - first_ending_) / classes_];
      for (std::uint32_t index = ending.begin; index < ending.end; ++index) {
        std::uint16_t keyword = ending_keywords_[index];
        found(keyword, at + 1 - lengths_[keyword]);
      }
    }
  }

 private:
  struct Ending {
    std::uint32_t begin, end;  // into ending_keywords_
  };
  struct Node;
  std::vector<Node> build_tree(const std::vector<std::string_view>& keywords);
  void link(std::vector<Node>& nodes) const;
  void number(const std::vector<Node>& nodes);

  std::array<std::uint8_t, 256> class_of_{};
  std::uint32_t classes_ = 1;        // class 0: bytes in no keyword
  std::vector<std::uint32_t> next_;  // states are offsets of their rows
  std::uint32_t first_ending_ = 0;
  std::vector<Ending> endings_;
  std::vector<std::uint16_t> ending_keywords_;
  std::vector<std::uint32_t> lengths_;
};

}  // namespace mira::guard
