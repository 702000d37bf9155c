// Finds all of many keywords in one pass over a text (Aho-Corasick, ASCII case
// folded). The automaton is one dense table over byte classes, so it stays in the
// cache and the loop is one load a byte; states that end a keyword have the highest
// numbers, so the common case is one comparison. It runs only where two bytes, and then
// four, begin a keyword: elsewhere bits of tables are looked at, and no step waits for the
// one before.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
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
    for (std::size_t at = next_beginning(text, 0); at < text.size(); at = next_beginning(text, at)) {
      std::uint32_t state = 0;
      do {
        state = next_[state + class_of_[static_cast<unsigned char>(text[at++])]];
        if (state >= first_ending_) report(state, at, found);
      } while (at < text.size() && (state >= first_deep_ || (state != 0 && may_begin(text, at - 1))));
    }
  }

 private:
  struct Ending {
    std::uint32_t begin, end;  // into ending_keywords_
  };
  struct Node;

  using Bits = std::array<std::uint64_t, 1024>;
  static bool is_set(const Bits& bits, std::size_t at) { return (bits[at / 64] >> (at % 64) & 1U) != 0; }
  static void set(Bits& bits, std::size_t at) { bits[at / 64] |= std::uint64_t{1} << (at % 64); }

  // Whether a keyword may begin with the bytes here: with the first two, and then, unless a keyword is as
  // short as that, with the first four (by their hash). A state that one byte leads to is left where the
  // bytes after it go on with none.
  bool may_begin(std::string_view text, std::size_t at) const {
    if (at + 4 <= text.size()) return begins_with(text.data() + at);
    return is_set(begins_, pair_of(text[at], at + 1 < text.size() ? text[at + 1] : '\0'));
  }
  bool begins_with(const char* bytes) const {  // four of them
    if (const std::size_t pair = pair_of(bytes[0], bytes[1]); !is_set(begins_, pair) || is_set(short_, pair))
      return is_set(begins_, pair);
    std::uint32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    return is_set(fours_, slot_of(four));
  }
  // The first place at or behind `at` where one may begin; the text's size when there is none.
  std::size_t next_beginning(std::string_view text, std::size_t at) const {
    const char* const bytes = text.data();
    for (; at + 4 <= text.size(); ++at) {
      if (begins_with(bytes + at)) return at;
    }
    while (at < text.size() && !may_begin(text, at)) ++at;
    return at;
  }
  static std::size_t pair_of(char first, char second) {
    return static_cast<unsigned char>(first) | std::size_t{static_cast<unsigned char>(second)} << 8U;
  }
  // Capitals and small letters share one.
  static std::size_t slot_of(std::uint32_t four) {
    return static_cast<std::uint32_t>((four | 0x20202020U) * 2'654'435'769U) >> 16;
  }
  template <class Found>
  void report(std::uint32_t state, std::size_t end, Found& found) const {
    const Ending& ending = endings_[(state - first_ending_) / classes_];
    for (std::uint32_t index = ending.begin; index < ending.end; ++index) {
      std::uint16_t keyword = ending_keywords_[index];
      found(keyword, end - lengths_[keyword]);
    }
  }
  void note_beginnings(const std::vector<std::string_view>& keywords);
  void note_four(std::string_view keyword);
  std::vector<Node> build_tree(const std::vector<std::string_view>& keywords);
  void link(std::vector<Node>& nodes) const;
  void number(const std::vector<Node>& nodes);

  std::array<std::uint8_t, 256> class_of_{};
  std::uint32_t classes_ = 1;        // class 0: bytes in no keyword
  std::vector<std::uint32_t> next_;  // states are offsets of their rows
  std::uint32_t first_deep_ = 0;     // of the states that more than one byte leads to
  std::uint32_t first_ending_ = 0;
  Bits begins_{}, short_{};  // by two bytes: some keyword begins so; one is not longer
  Bits fours_{};             // by slot_of() four bytes
  std::vector<Ending> endings_;
  std::vector<std::uint16_t> ending_keywords_;
  std::vector<std::uint32_t> lengths_;
};

}  // namespace mira::guard
