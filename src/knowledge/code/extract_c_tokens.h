// C source as a run of words and single bytes of punctuation, for what must be known
// before or without a parse: comments and strings are passed over, directives too or
// given whole, as the caller likes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace mira::code {

inline bool is_word_start(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}
inline bool is_word(char byte) {
  return is_word_start(byte) || (byte >= '0' && byte <= '9');
}

class CTokens {
 public:
  enum class Directives { skip, give };
  CTokens(std::string_view text, Directives directives) : text_(text), directives_(directives) {}

  // Next word, byte of punctuation or whole directive at or after the position; false at the end.
  bool next();
  std::string_view token() const { return text_.substr(begin_, end_ - begin_); }
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }
  void move_to(std::size_t at) { end_ = at; }

 private:
  std::size_t after_blank(std::size_t at) const;
  std::size_t after_directive(std::size_t at) const;
  bool starts_line(std::size_t at) const;

  std::string_view text_;
  Directives directives_;
  std::size_t begin_ = 0, end_ = 0;
};

// Blanks the lines of #if ... #endif that cut through a declaration or an expression, and all of their
// branches but the first: what is left can be parsed. Lengths and newlines stay.
void blank_broken_conditionals(std::string& text);

}  // namespace mira::code
