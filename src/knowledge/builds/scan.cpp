#include "knowledge/builds/scan.h"

#include <array>

namespace mira::builds {
namespace {

struct LevelWord {
  std::string_view word;
  Level level;
};
constexpr auto level_words = std::to_array<LevelWord>({{"error: ", Level::error},
                                                       {"warning: ", Level::warning},
                                                       {"note: ", Level::note},
                                                       {"fatal error: ", Level::error},
                                                       {"internal compiler error: ", Level::error},
                                                       {"sorry, unimplemented: ", Level::error},
                                                       {"remark: ", Level::note},
                                                       {"info: ", Level::note},
                                                       {"style: ", Level::warning},
                                                       {"performance: ", Level::warning},
                                                       {"portability: ", Level::warning},
                                                       {"Error: ", Level::error},
                                                       {"Warning: ", Level::warning},
                                                       {"Note: ", Level::note},
                                                       {"Fatal error: ", Level::error},
                                                       {"Fatal Error: ", Level::error},
                                                       {"ERROR: ", Level::error},
                                                       {"WARNING: ", Level::warning}});

std::string_view trimmed_end(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_code_byte(char c) {
  return is_name_byte(c) || c == '-' || c == '+' || c == '=' || c == '.' || c == '/' || c == ',' ||
         c == ':' || c == '#' || c == '@' || c == '*';
}

}  // namespace

std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return before;
}

namespace {

// GNU's own form behind the line: ".5-15:", ".5-4.2:".
bool take_dotted_column(Located& place) {
  std::string_view rest = place.rest;
  const auto column = take(rest, ".") ? take_number(rest) : std::nullopt;
  if (!column) return false;
  if (take(rest, "-")) {
    take_number(rest);
    if (take(rest, ".")) take_number(rest);
  }
  if (!take(rest, ":")) return false;
  take_spaces(rest);
  place.column = *column;
  place.rest = rest;
  return true;
}

}  // namespace

namespace {

// Where it ends, behind the column: ":4:12" (mypy --show-error-end), ":{5:71-5:73}{5:77-5:79}" (clang).
void take_ends(std::string_view& text) {
  std::string_view rest = text;
  if (take(rest, ":{")) {
    const std::size_t end = rest.find("}:");
    if (end == std::string_view::npos ||
        rest.substr(0, end).find_first_not_of("0123456789:-{}") != std::string_view::npos)
      return;
    text = rest.substr(end + 1);
    return;
  }
  if (take(rest, ":") && take_number(rest) && take(rest, ":") && take_number(rest) && rest.starts_with(": "))
    text = rest;
}

}  // namespace

std::optional<Located> colon_place(std::string_view text) {
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (at == 0 || at + 1 >= text.size() || !is_digit(text[at + 1])) continue;
    Located out{.file = text.substr(0, at), .rest = text.substr(at + 1)};
    const auto line = take_number(out.rest);
    if (!line || !looks_like_file(out.file)) continue;
    out.line = *line;
    if (take_dotted_column(out)) return out;
    if (take(out.rest, "-") && !take_number(out.rest)) continue;  // "12-14:"
    if (!take(out.rest, ":")) continue;
    std::string_view behind = out.rest;
    if (const auto column = take_number(behind)) {
      if (take(behind, "-")) take_number(behind);
      take_ends(behind);
      if (take(behind, ":") || behind.starts_with(' ')) {
        out.column = *column;
        out.rest = behind;
      }
    }
    take_spaces(out.rest);
    return out;
  }
  return std::nullopt;
}

std::optional<Located> paren_place(std::string_view text) {
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (at == 0 || at + 1 >= text.size() || !is_digit(text[at + 1])) continue;
    Located out{.file = text.substr(0, at), .rest = text.substr(at + 1)};
    const auto line = take_number(out.rest);
    if (!line || !looks_like_file(out.file)) continue;
    out.line = *line;
    if (take(out.rest, ",")) out.column = take_number(out.rest).value_or(0);
    while (!out.rest.empty() && (out.rest[0] == ',' || out.rest[0] == '-' || is_digit(out.rest[0])))
      out.rest.remove_prefix(1);  // "(1,2,3,4)": an end
    if (!take(out.rest, ")")) continue;
    take_spaces(out.rest);
    if (!take(out.rest, ":")) continue;
    take_spaces(out.rest);
    return out;
  }
  return std::nullopt;
}

std::optional<Located> whole_place(std::string_view text) {
  text = trimmed_end(text);
  if (text.empty() || !(is_digit(text.back()) || text.back() == ')')) return std::nullopt;
  for (std::size_t at = text.find_first_of(":("); at != std::string_view::npos;
       at = text.find_first_of(":(", at + 1)) {
    if (at == 0) continue;
    Located out{.file = text.substr(0, at), .rest = text.substr(at + 1)};
    const auto line = take_number(out.rest);
    if (!line || !looks_like_file(out.file)) continue;
    out.line = *line;
    const char separator = text[at] == '(' ? ',' : ':';
    if (!out.rest.empty() && out.rest[0] == separator) {
      out.rest.remove_prefix(1);
      const auto column = take_number(out.rest);
      if (!column) continue;
      out.column = *column;
    }
    if (text[at] == '(' && !take(out.rest, ")")) continue;
    if (out.rest.empty()) return out;
  }
  return std::nullopt;
}

Level take_level(std::string_view& text) {
  for (const LevelWord& one : level_words) {
    if (take(text, one.word)) return one.level;
  }
  // "error:" at the end of the line, its message on the next ones.
  for (const LevelWord& one : level_words) {
    if (text == one.word.substr(0, one.word.size() - 1)) {
      text = {};
      return one.level;
    }
  }
  return Level::none;
}

std::string_view take_bracket_code(std::string_view& message) {
  std::string_view body = trimmed_end(message);
  if (!body.ends_with(']')) return {};
  const std::size_t open = body.rfind('[');
  if (open == std::string_view::npos || open == 0 || body[open - 1] != ' ') return {};
  const std::string_view code = body.substr(open + 1, body.size() - open - 2);
  if (code.size() < 2) return {};
  bool letter = false;
  for (const char c : code) {
    if (!is_code_byte(c)) return {};
    letter = letter || (is_name_byte(c) && !is_digit(c));
  }
  if (!letter) return {};
  message = trimmed_end(body.substr(0, open));
  return code;
}

bool has_extension(std::string_view file, std::string_view extensions) {
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view own = file.substr(dot);
  while (!extensions.empty()) {
    const std::size_t space = extensions.find(' ');
    if (extensions.substr(0, space) == own) return true;
    if (space == std::string_view::npos) return false;
    extensions.remove_prefix(space + 1);
  }
  return false;
}

bool looks_like_file(std::string_view text) {
  if (text.empty() || text.size() > 4096 || text[0] == ' ' || text[0] == '\t' || text.back() == ' ')
    return false;
  for (const char c : text) {
    if (c == '"' || c == '\'' || c == '`' || c == '|' || c == '\t' || c == ',' || c == ';') return false;
  }
  return text.find("://") == std::string_view::npos && text.find(": ") == std::string_view::npos;
}

std::string_view base_name(std::string_view path) {
  std::size_t begin = path.size();
  while (begin > 0 && path[begin - 1] != '/' && path[begin - 1] != '\\') --begin;
  return path.substr(begin);
}

std::string_view stem_of(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.substr(0, name.find('.'));
}

}  // namespace mira::builds
