// Which lines of a long text to show when all do not fit. Its first lines say what it
// is (a signature, a subject) and stay; after them come the lines that hold the
// question's words, rare words of the text first, each with the lines around it; then
// the rest from the top. Lines keep their order, and a gap is marked. A text without
// any of the words is shown from its top, without gaps.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mira::oracle {

struct Shown {
  std::string text;  // whole lines, each with its newline; "..." alone on a line marks a gap
  int left_out = 0;  // lines of the text that are not shown
};

class Excerpt {
 public:
  // words: lower case. The text must outlive the excerpt.
  Excerpt(std::string_view text, const std::vector<std::string>& words);

  int lines() const { return static_cast<int>(lines_.size()); }
  // The most telling lines that have at most so many tokens, gap marks included. No
  // text when not even one line fits.
  Shown within(std::size_t most_tokens, int most_lines) const;

 private:
  Shown first(std::size_t count) const;  // of order_, put back in the order of the text

  std::vector<std::string_view> lines_;
  std::vector<std::size_t> tokens_;  // of each line
  std::vector<int> order_;           // lines, most telling first
};

}  // namespace mira::oracle
