#include "platform/base/text.h"

#include <algorithm>
#include <array>

namespace mira::base {
namespace {

enum class Kind : unsigned char { separator, lower, upper, digit };

constexpr Kind kind_of(unsigned char byte) {
  if (byte >= 'a' && byte <= 'z') return Kind::lower;
  if (byte >= 'A' && byte <= 'Z') return Kind::upper;
  if (byte >= '0' && byte <= '9') return Kind::digit;
  return byte >= 0x80 ? Kind::lower : Kind::separator;
}

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (unsigned i = 0; i < 256; ++i) kinds[i] = kind_of(static_cast<unsigned char>(i));
  return kinds;
}
constexpr std::array<Kind, 256> kinds = make_kinds();

Kind kind_at(std::string_view text, std::size_t position) {
  return position < text.size() ? kinds[static_cast<unsigned char>(text[position])] : Kind::separator;
}

std::size_t end_of_run(std::string_view text, std::size_t position, Kind kind) {
  while (kind_at(text, position) == kind) ++position;
  return position;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_word_byte(char c) {
  return c == '_' || kinds[static_cast<unsigned char>(c)] != Kind::separator;
}

constexpr auto stop_words = std::to_array<std::string_view>(
    {"a",    "about", "after",   "all",  "also",   "am",     "an",    "and",   "any",     "are",   "as",
     "at",   "be",    "because", "been", "before", "being",  "but",   "by",    "can",     "could", "did",
     "do",   "does",  "doing",   "done", "each",   "for",    "from",  "get",   "gets",    "give",  "had",
     "has",  "have",  "he",      "help", "her",    "here",   "him",   "his",   "how",     "i",     "if",
     "in",   "into",  "is",      "it",   "its",    "just",   "let",   "like",  "make",    "makes", "many",
     "may",  "me",    "might",   "more", "most",   "much",   "must",  "my",    "need",    "needs", "no",
     "not",  "now",   "of",      "off",  "on",     "one",    "only",  "or",    "other",   "our",   "out",
     "over", "own",   "please",  "same", "she",    "should", "show",  "so",    "some",    "such",  "tell",
     "than", "that",  "the",     "then", "there",  "them",   "these", "their", "they",    "this",  "those",
     "to",   "too",   "under",   "up",   "us",     "use",    "used",  "uses",  "using",   "very",  "via",
     "want", "was",   "way",     "we",   "were",   "what",   "when",  "where", "whether", "which", "while",
     "who",  "whom",  "whose",   "why",  "will",   "with",   "would", "you",   "your"});

constexpr auto sorted(auto words) {
  std::ranges::sort(words);
  return words;
}
constexpr auto sorted_stop_words = sorted(stop_words);

}  // namespace

std::string_view next_identifier_part(std::string_view identifier, std::size_t& position) {
  while (position < identifier.size() && kind_at(identifier, position) == Kind::separator) ++position;
  const std::size_t start = position;
  const Kind kind = kind_at(identifier, start);
  if (kind == Kind::separator) return {};
  std::size_t end = end_of_run(identifier, start, kind);
  if (kind == Kind::upper && kind_at(identifier, end) == Kind::lower) {
    // "HTTPHeader": the last capital begins the next part. "Header": it is its own beginning.
    end = end - start > 1 ? end - 1 : end_of_run(identifier, end, Kind::lower);
  }
  position = end;
  return identifier.substr(start, end - start);
}

void lower_into(std::string_view part, char* out) {
  std::ranges::transform(part, out, lower);
}

std::vector<std::string> split_identifier(std::string_view identifier) {
  std::vector<std::string> parts;
  for_each_identifier_part(identifier, [&](std::string_view part) { parts.emplace_back(part); });
  return parts;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (end > at) found.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

std::string to_lower(std::string_view ascii) {
  std::string out(ascii);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, start)) {
    parts.push_back(text.substr(start, at - start));
    start = at + 1;
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

bool is_stop_word(std::string_view lower_case_word) {
  return std::ranges::binary_search(sorted_stop_words, lower_case_word);
}

}  // namespace mira::base
