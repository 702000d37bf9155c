#include "knowledge/builds/record.h"

#include <charconv>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

// Printable ASCII needs neither repair nor escapes nor a look for hidden characters.
bool is_plain(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte >= 0x7f) return false;
  }
  return true;
}

void append_escaped(std::string_view text, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
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
  out += '"';
}

void append_text(std::string_view text, std::string& out) {
  const std::string masked = guard::mask_secrets(text);
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
  text_or_null("severity", severity_name(record.severity), out);
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
