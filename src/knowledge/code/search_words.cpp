#include "knowledge/code/search_words.h"

#include <algorithm>
#include <cctype>

#include "platform/base/ascii.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t longest_word_bytes = 80;   // longer tokens are encoded data, not words
constexpr std::size_t longest_number_bytes = 5;  // status codes and ports are looked for, constants are not
constexpr std::size_t shortest_part_bytes = 2;
constexpr std::size_t remembered_tokens = 200'000;

constexpr std::size_t shortest_stem = 3;

// What English (and the naming of code) hangs on a stem.
bool is_ending(std::string_view text) {
  constexpr std::string_view endings[] = {
      "",     "s",    "es",   "e",     "ed",     "er",   "ers",  "or",    "ors",     "ing",
      "ings", "ion",  "ions", "ation", "ations", "able", "ment", "ments", "al",      "ly",
      "y",    "ies",  "ied",  "ive",   "ize",    "izer", "ized", "izing", "ization", "ator",
      "ate",  "ates", "ated", "ating", "ity",    "ness", "ier"};
  return std::find(std::begin(endings), std::end(endings), text) != std::end(endings);
}

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

std::size_t code_point_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

// Three bytes from U+2E80 up: scripts that write words without blanks.
bool is_unspaced(std::string_view code_point) {
  return code_point.size() >= 3 && static_cast<unsigned char>(code_point[0]) >= 0xE3;
}

// "登录错误" -> 登录, 录错, 错误; other scripts stay whole.
std::vector<std::string> unspaced_pairs(std::string_view token) {
  std::vector<std::string> pairs;
  std::string_view previous;
  for (std::size_t at = 0; at < token.size();) {
    std::string_view current = token.substr(at, code_point_bytes(token, at));
    if (is_unspaced(current) && !previous.empty())
      pairs.push_back(std::string(previous) + std::string(current));
    previous = is_unspaced(current) ? current : std::string_view();
    at += current.size();
  }
  return pairs;
}

bool is_long_number(std::string_view token) {
  return base::is_digit(token[0]) && token.size() > longest_number_bytes;
}

std::string without_outer_underscores(std::string_view token) {
  std::size_t first = token.find_first_not_of('_');
  if (first == std::string_view::npos) return {};
  return base::to_lower(token.substr(first, token.find_last_not_of('_') - first + 1));
}

}  // namespace

CodeWord code_word(std::string_view token) {
  CodeWord word;
  if (token.empty() || token.size() > longest_word_bytes || is_long_number(token)) return word;
  word.whole = without_outer_underscores(token);
  if (!std::all_of(token.begin(), token.end(), is_ascii)) {
    word.parts = unspaced_pairs(token);
    return word;
  }
  for (std::string& part : base::split_identifier(token)) {
    if (part.size() >= shortest_part_bytes && part != word.whole) word.parts.push_back(std::move(part));
  }
  return word;
}

bool is_related(std::string_view a, std::string_view b) {
  if (a == b) return true;
  std::size_t shared =
      static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  return shared >= shortest_stem && is_ending(a.substr(shared)) && is_ending(b.substr(shared));
}

const std::string& CodeWords::expansion(std::string_view token) {
  if (auto known = expansions_.find(token); known != expansions_.end()) return known->second;
  if (expansions_.size() >= remembered_tokens) expansions_.clear();
  CodeWord word = code_word(token);
  std::string text;
  if (!word.whole.empty()) text = word.whole + ' ';
  for (const std::string& part : word.parts) text += part + ' ';
  return expansions_.emplace(std::string(token), std::move(text)).first->second;
}

void CodeWords::append(std::string_view text, std::string& out) {
  for (std::string_view token : base::words(text)) out += expansion(token);
}

}  // namespace mira::code
