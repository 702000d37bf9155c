// Small scanners over one line: the words that the parsers' tables of shapes are
// made of. They look forward only and never back, so a line costs what it is long.
#pragma once

#include <optional>
#include <string_view>

#include "platform/base/ascii.h"

namespace mira::builds {

using base::is_digit;
using base::is_name_byte;
inline bool is_blank(std::string_view text) {
  for (const char c : text) {
    if (c != ' ' && c != '\t') return false;
  }
  return true;
}

// Removes `prefix` from the front of `text`; false (and nothing changed) when it is not there.
inline bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}
// A decimal number of at most nine digits at the front.
inline std::optional<int> take_number(std::string_view& text) {
  std::size_t end = 0;
  int number = 0;
  while (end < text.size() && end < 9 && is_digit(text[end])) number = number * 10 + (text[end++] - '0');
  if (end == 0 || (end < text.size() && is_digit(text[end]))) return std::nullopt;
  text.remove_prefix(end);
  return number;
}
// What stands before `end`, which is removed too; nullopt (nothing changed) when `end` is not there.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end);
inline std::size_t take_spaces(std::string_view& text) {  // how many
  std::size_t count = 0;
  while (count < text.size() && (text[count] == ' ' || text[count] == '\t')) ++count;
  text.remove_prefix(count);
  return count;
}

struct Located {
  std::string_view file;
  int line = 0, column = 0;
  std::string_view rest;  // behind the place and its separator
};

// "path:12:5: rest", "path:12: rest" (rest begins behind ": " or ":"); the first number that can be a line.
std::optional<Located> colon_place(std::string_view text);
// "path(12,5): rest", "path(12): rest", "path(12,5) : rest".
std::optional<Located> paren_place(std::string_view text);
// The whole text is a place: "path:12:5", "path:12", "path(12,5)".
std::optional<Located> whole_place(std::string_view text);

// "error", "warning" ... as the gcc family writes them, removed from the front with their colon.
enum class Level { none, error, warning, note };
Level take_level(std::string_view& text);

// "what it says [code]" -> code (without brackets), removed from the message; "" when the last
// bracket holds anything but the letters of a code.
std::string_view take_bracket_code(std::string_view& message);

// True when a file name ends with one of these, given as ".c .h .cc".
bool has_extension(std::string_view file, std::string_view extensions);
bool looks_like_file(std::string_view text);  // a path a tool could have printed: no quotes, no leading blank
std::string_view base_name(std::string_view path);
// "src/part.c" -> "part".
std::string_view stem_of(std::string_view path);

}  // namespace mira::builds
