#include "knowledge/builds/record.h"

#include <array>
#include <charconv>
#include <cstring>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

// What a byte asks for: 0 nothing, 1 an escape in JSON, 2 a look at the whole text (controls, and
// all that is not ASCII, where hidden characters may be).
constexpr std::array<std::uint8_t, 256> care = [] {
  std::array<std::uint8_t, 256> out{};
  for (std::size_t byte = 0; byte < out.size(); ++byte) out[byte] = byte < 0x20 || byte >= 0x7f ? 2 : 0;
  out['\n'] = out['\t'] = out['"'] = out['\\'] = 1;
  return out;
}();
std::uint8_t care_of(char c) {
  return care[static_cast<unsigned char>(c)];
}

// Whether one of eight bytes asks for something.
bool any_cares(const char* bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101U, high = 0x80 * ones;
  std::uint64_t eight;
  std::memcpy(&eight, bytes, sizeof(eight));
  const auto holds = [&](std::uint64_t byte) {
    const std::uint64_t other = eight ^ (byte * ones);
    return (other - ones) & ~other;
  };
  const std::uint64_t below_blank = (eight - 0x20 * ones) & ~eight;
  return ((below_blank | eight | holds('"') | holds('\\') | holds(0x7f)) & high) != 0;
}

// How many bytes at the front ask for nothing.
std::size_t careless(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && !any_cares(text.data() + at)) at += 8;
  while (at < text.size() && care_of(text[at]) == 0) ++at;
  return at;
}

bool is_plain(std::string_view text) {
  std::uint8_t most = 0;
  for (std::size_t at = careless(text); at < text.size(); ++at) most |= care_of(text[at]);
  return (most & 2) == 0;
}

void append_escape(char c, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20) {
    out += "\\u00";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  } else {
    out += c;
  }
}

void append_escaped(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const std::size_t plain = careless(text);
    out.append(text.substr(0, plain));
    if (plain == text.size()) break;
    append_escape(text[plain], out);
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

constexpr std::size_t shortest_secret = 8;  // with the word that makes it one

void append_text(std::string_view text, std::string& out) {
  const bool clean = text.size() < shortest_secret || guard::find_secrets(text).empty();
  if (clean && is_plain(text)) return append_escaped(text, out);
  const std::string masked = clean ? std::string(text) : guard::mask_secrets(text);
  if (is_plain(masked)) return append_escaped(masked, out);
  append_escaped(guard::neutralise(masked), out);
}

void append_number(std::int64_t number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.append(digits, end);
}

void name(std::string_view field, std::string& out) {
  out += ",\"";
  out += field;
  out += "\":";
}

void text_or_null(std::string_view field, std::string_view text, std::string& out) {
  name(field, out);
  if (text.empty())
    out += "null";
  else
    append_text(text, out);
}

void number_or_null(std::string_view field, std::int64_t number, std::string& out) {
  name(field, out);
  if (number > 0)
    append_number(number, out);
  else
    out += "null";
}

void text_if_any(std::string_view field, std::string_view text, std::string& out) {
  if (!text.empty()) text_or_null(field, text, out);
}

void append_notes(const std::vector<Note>& notes, std::string& out) {
  name("notes", out);
  out += '[';
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += i > 0 ? ",{\"message\":" : "{\"message\":";
    append_text(notes[i].message, out);
    text_or_null("file", notes[i].file, out);
    number_or_null("line", notes[i].line, out);
    number_or_null("column", notes[i].column, out);
    out += '}';
  }
  out += ']';
}

void append_frames(std::string_view field, const std::vector<Frame>& frames, std::string& out) {
  if (frames.empty()) return;
  name(field, out);
  out += '[';
  for (std::size_t i = 0; i < frames.size(); ++i) {
    out += i > 0 ? ",{\"file\":" : "{\"file\":";
    append_text(frames[i].file, out);
    number_or_null("line", frames[i].line, out);
    text_if_any("function", frames[i].function, out);
    if (frames[i].in_project) out += ",\"in_project\":true";
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

void write_json(const Record& record, std::string& out) {
  out += "{\"tool\":";
  append_text(record.tool, out);
  out += record.severity == Severity::error ? ",\"severity\":\"error\"" : ",\"severity\":\"warning\"";
  text_or_null("code", record.code, out);
  name("message", out);
  append_text(record.message, out);
  text_or_null("file", record.file, out);
  number_or_null("line", record.line, out);
  number_or_null("column", record.column, out);
  if (record.end_line > 0) number_or_null("end_line", record.end_line, out);
  if (record.end_column > 0) number_or_null("end_column", record.end_column, out);
  append_notes(record.notes, out);
  append_frames("includes", record.includes, out);
  append_frames("frames", record.frames, out);
  text_if_any("symbol", record.symbol, out);
  text_if_any("test", record.test, out);
  text_if_any("expected", record.expected, out);
  text_if_any("actual", record.actual, out);
  text_if_any("suggestion", record.suggestion, out);
  text_if_any("snippet", record.snippet, out);
  number_or_null("log_line", record.log_line, out);
  name("log_bytes", out);
  out += '[';
  append_number(static_cast<std::int64_t>(record.log_begin), out);
  out += ',';
  append_number(static_cast<std::int64_t>(record.log_end), out);
  out += "]}\n";
}

std::string place_of(const Record& record) {
  std::string out = record.file;
  if (!out.empty() && record.line > 0) out += ":" + std::to_string(record.line);
  if (!out.empty() && record.line > 0 && record.column > 0) out += ":" + std::to_string(record.column);
  return out;
}

}  // namespace mira::builds
