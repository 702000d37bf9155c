// Words of code and of questions as the full-text index keeps them, the same on
// both sides: every identifier whole and split at case, underscore and digit
// borders, lower case. Stemming is the index's own (porter); a run of letters
// without blanks between words (Chinese, Japanese, Korean) becomes pairs.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mira::code {

// One word of a text: "parse_header" with its parts "parse", "header" (no parts: it is one word).
struct CodeWord {
  std::string whole;
  std::vector<std::string> parts;
};
// Empty `whole` when the token is no word: too long, or a long number.
CodeWord code_word(std::string_view token);

// True for equal words and for forms of one: "route", "router", "routing". Lower case in.
bool is_related(std::string_view a, std::string_view b);

// Makes the blank-separated words of texts; remembers tokens, which repeat within a file.
class CodeWords {
 public:
  // Appends the words of `text` to `out`, each followed by a blank.
  void append(std::string_view text, std::string& out);

 private:
  const std::string& expansion(std::string_view token);
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> expansions_;
};

}  // namespace mira::code
