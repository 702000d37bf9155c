#include "knowledge/builds/log_lines.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

constexpr char escape = '\x1b';

// Every line of every log passes here: these are scan.h's words where the compiler sees into them.
inline bool digit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}
inline bool name_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return static_cast<unsigned char>((byte | 0x20U) - 'a') < 26 || digit(c) || c == '_' || byte >= 0x80;
}

// Whether a byte below a blank is in it, eight at a time.
bool holds_controls(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U, high = 0x8080808080808080U, blanks = 0x20 * ones;
  std::size_t at = 0;
  std::uint64_t found = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    found |= (bytes - blanks) & ~bytes & high;
  }
  for (; at < text.size(); ++at) found |= static_cast<unsigned char>(text[at]) < 0x20 ? high : 0;
  return found != 0;
}

// Behind the sequence that begins at text[at] (an escape byte).
std::size_t after_escape(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  if (next >= text.size()) return next;
  const char kind = text[next];
  if (kind == '[') {
    for (++next; next < text.size() && (text[next] < '@' || text[next] > '~'); ++next) {
    }
    return std::min(next + 1, text.size());
  }
  if (kind == ']' || kind == 'P' || kind == '_' || kind == '^') {  // ends with BEL or ESC '\'
    for (++next; next < text.size(); ++next) {
      if (text[next] == '\a') return next + 1;
      if (text[next] == escape && next + 1 < text.size() && text[next + 1] == '\\') return next + 2;
    }
    return next;
  }
  if (kind == '(' || kind == ')' || kind == '#') return std::min(next + 2, text.size());
  return next + 1;
}

bool take_pattern(std::string_view& text, std::string_view pattern) {  // '0' stands for a digit
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '0' ? !digit(text[i]) : text[i] != pattern[i]) return false;
  }
  text.remove_prefix(pattern.size());
  return true;
}

void take_fraction_and_zone(std::string_view& text) {
  if (!text.empty() && (text[0] == '.' || text[0] == ',') && text.size() > 1 && digit(text[1])) {
    text.remove_prefix(1);
    while (!text.empty() && digit(text[0])) text.remove_prefix(1);
  }
  if (take(text, "Z")) return;
  if (!take_pattern(text, "+00:00") && !take_pattern(text, "-00:00") && !take_pattern(text, "+0000"))
    take_pattern(text, " UTC");
}

// "12:01:33 ", "2026-11-25T10:22:17.123Z ", each also in brackets.
bool take_time(std::string_view& text) {
  std::string_view rest = text;
  const bool bracket = take(rest, "[");
  if (take_pattern(rest, "0000-00-00") && !take(rest, "T") && !take(rest, " ")) return false;
  if (!take_pattern(rest, "00:00:00")) return false;
  take_fraction_and_zone(rest);
  if (bracket && !take(rest, "]")) return false;
  if (!rest.empty() && !take(rest, " ")) return false;
  text = rest;
  return true;
}

// "[12/340] ", "#12 3.456 ".
bool take_step(std::string_view& text) {
  std::string_view rest = text;
  if (take(rest, "[")) {
    take_spaces(rest);
    if (!take_number(rest) || !take(rest, "/") || !take_number(rest) || !take(rest, "] ")) return false;
  } else if (take(rest, "#")) {
    if (!take_number(rest) || !take(rest, " ") || !take_number(rest) || !take(rest, ".") ||
        !take_number(rest) || !take(rest, " "))
      return false;
  } else {
    return false;
  }
  text = rest;
  return true;
}

// "web_1  | ".
bool take_service(std::string_view& text) {
  std::size_t at = 0;
  while (at < text.size() && at < 40 &&
         (name_byte(text[at]) || text[at] == '-' || text[at] == '.' || text[at] == '/'))
    ++at;
  if (at < 2) return false;
  std::size_t bar = at;
  while (bar < text.size() && text[bar] == ' ') ++bar;
  if (bar == at || bar >= text.size() || text[bar] != '|') return false;
  std::string_view rest = text.substr(bar + 1);
  if (!rest.empty() && !take(rest, " ")) return false;
  text = rest;
  return true;
}

bool holds_escapes(std::string_view text) {  // most controls are tabs
  return text.contains(escape) || text.contains('\b') || text.contains('\0');
}

bool may_have_prefix(char first) {
  return digit(first) || first == '[' || first == '#';
}

}  // namespace

void strip_escapes(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == escape) {
      at = after_escape(text, at);
    } else if (text[at] == '\b') {
      if (!out.empty()) out.pop_back();
      ++at;
    } else {
      if (text[at] != '\0' && text[at] != '\a') out += text[at];
      ++at;
    }
  }
}

std::string_view strip_prefixes(std::string_view text) {
  for (int i = 0; i < 3 && !text.empty(); ++i) {
    const bool letter = name_byte(text[0]) && !digit(text[0]);
    if (may_have_prefix(text[0]) && (take_time(text) || take_step(text))) continue;
    if (letter && take_service(text)) continue;
    break;
  }
  if (text.starts_with("##[error]")) text.remove_prefix(9);
  if (text.starts_with("##[warning]")) text.remove_prefix(11);
  return text;
}

void LogLines::keep(std::string_view part) {
  length_ += part.size();
  if (held_.size() <= most_line_bytes) held_.append(part.substr(0, most_line_bytes + 1 - held_.size()));
}

std::string_view LogLines::clean(std::string_view text) {
  if (holds_controls(text) && holds_escapes(text)) {
    strip_escapes(text, cleaned_);
    text = cleaned_;
  }
  return strip_prefixes(text);
}

}  // namespace mira::builds
