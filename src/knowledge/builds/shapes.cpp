#include "knowledge/builds/shapes.h"

#include <array>

#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

constexpr int most_file_tries = 8;

struct Word {
  std::string_view word;
  Severity severity;
  bool note = false;
};
constexpr auto severity_words = std::to_array<Word>({{"error", Severity::error},
                                                     {"fatal", Severity::error},
                                                     {"fatal error", Severity::error},
                                                     {"failure", Severity::error},
                                                     {"warning", Severity::warning},
                                                     {"warn", Severity::warning},
                                                     {"hint", Severity::warning, true},
                                                     {"note", Severity::warning, true},
                                                     {"info", Severity::warning},
                                                     {"style", Severity::warning},
                                                     {"e", Severity::error},
                                                     {"w", Severity::warning}});

bool same_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// The words up to the next brace, removed.
std::string_view take_literal(std::string_view& words) {
  const std::size_t brace = words.find('{');
  const std::string_view literal = words.substr(0, brace);
  words.remove_prefix(literal.size());
  return literal;
}

bool match(std::string_view words, std::string_view text, const Shape& shape, Shaped& out);

// A file ends at any of the first occurrences of what follows it.
bool match_file(std::string_view words, std::string_view text, const Shape& shape, Shaped& out) {
  std::string_view behind = words;
  const std::string_view end = take_literal(behind);
  std::size_t at = end.empty() ? text.size() : text.find(end);
  for (int tries = 0; tries < most_file_tries && at != std::string_view::npos; ++tries) {
    const std::string_view file = text.substr(0, at);
    const bool fits = looks_like_file(file) && file.find('\x1b') == std::string_view::npos &&
                      (shape.extensions.empty() || has_extension(file, shape.extensions));
    if (fits) {
      out.file = file;
      if (match(words, text.substr(at), shape, out)) return true;
    }
    at = end.empty() ? std::string_view::npos : text.find(end, at + 1);
  }
  return false;
}

bool match_number(std::string_view words, std::string_view text, const Shape& shape, Shaped& out, int& into) {
  const auto number = take_number(text);
  if (!number) return false;
  into = *number;
  return match(words, text, shape, out);
}

bool match_text(char kind, std::string_view words, std::string_view text, const Shape& shape, Shaped& out) {
  std::string_view behind = words;
  const std::string_view end = take_literal(behind);
  const std::size_t at = end.empty() ? text.size() : kind == 'm' ? text.rfind(end) : text.find(end);
  if (at == std::string_view::npos) return false;
  const std::string_view what = text.substr(0, at);
  if (kind != 'x' && is_blank(what)) return false;
  if (kind == 'k' && what.find(' ') != std::string_view::npos) return false;
  if (kind == 's') {
    const auto said = severity_of_word(what);
    if (!said) return false;
    out.severity = said->severity;
    out.note = said->note;
  } else if (kind == 'k') {
    out.code = what;
  } else if (kind == 'm') {
    out.message = what;
  } else if (kind == 't') {
    out.test = what;
  }
  return match(words, text.substr(at), shape, out);
}

bool match(std::string_view words, std::string_view text, const Shape& shape, Shaped& out) {
  const std::string_view literal = take_literal(words);
  if (!take(text, literal)) return false;
  if (words.empty()) return text.empty();
  const char kind = words[1];
  words.remove_prefix(3);
  if (kind == '_') return take_spaces(text), match(words, text, shape, out);
  if (kind == 'f') return match_file(words, text, shape, out);
  if (kind == 'l') return match_number(words, text, shape, out, out.line);
  if (kind == 'c') return match_number(words, text, shape, out, out.column);
  return match_text(kind, words, text, shape, out);
}

}  // namespace

std::optional<SaidSeverity> severity_of_word(std::string_view word) {
  for (const Word& one : severity_words) {
    if (same_word(word, one.word)) return SaidSeverity{one.severity, one.note};
  }
  return std::nullopt;
}

std::optional<Shaped> match_shape(const Shape& shape, std::string_view text) {
  Shaped out{.severity = shape.severity};
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (!match(shape.words, text, shape, out)) return std::nullopt;
  return out;
}

}  // namespace mira::builds
