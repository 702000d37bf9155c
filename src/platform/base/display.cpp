#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/base/utf8_decode.h"

namespace mira::base {
namespace {

struct Range {
  char32_t first, last;
};

// Code points past ASCII that a terminal, a page or a model may obey or hide.
// Joiners (U+200C, U+200D) and emoji variation selectors stay: languages need them.
constexpr std::array<Range, 12> hidden{{
    {0x80, 0x9F},        // C1 controls
    {0xAD, 0xAD},        // soft hyphen
    {0x61C, 0x61C},      // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200B},    // zero width space
    {0x200E, 0x200F},    // left-to-right and right-to-left marks
    {0x2028, 0x202E},    // line and paragraph separators, bidi embeddings and overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, bidi isolates, deprecated controls
    {0xFEFF, 0xFEFF},    // byte order mark inside text
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE0FFF},  // tags and supplementary variation selectors
    {0xF0000, 0x10FFFF}  // private planes
}};

bool is_hidden(char32_t code_point) {
  const auto* range = std::lower_bound(hidden.begin(), hidden.end(), code_point,
                                       [](const Range& r, char32_t c) { return r.last < c; });
  return range != hidden.end() && range->first <= code_point;
}

void append_bytes_escaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
}

enum class Layout { lines, one_line };

// Appends what stands at `at`; returns the number of bytes it was.
std::size_t append_shown(std::string& out, std::string_view bytes, std::size_t at, Layout layout) {
  const char c = bytes[at];
  if (layout == Layout::one_line && (c == '\n' || c == '\t')) {
    out += c == '\n' ? "\\n" : "\\t";
    return 1;
  }
  if (layout == Layout::lines && bytes.substr(at, 2) == "\r\n") return 1;
  const Decoded next = decode_utf8(bytes, at);
  if (!next.valid || next.code_point < 0x20 || next.code_point == 0x7F) {
    append_bytes_escaped(out, bytes.substr(at, next.length));
  } else if (is_hidden(next.code_point)) {
    out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(next.code_point));
  } else {
    out.append(bytes, at, next.length);
  }
  return next.length;
}

std::string shown(std::string_view bytes, Layout layout) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t run = plain_ascii_run(bytes, at);
    if (layout == Layout::one_line) run = std::min(run, bytes.find_first_of("\n\t", at) - at);
    out.append(bytes, at, run);
    at += run;
    if (at < bytes.size()) at += append_shown(out, bytes, at, layout);
  }
  return out;
}

}  // namespace

std::string display_text(std::string_view bytes) {
  return shown(bytes, Layout::lines);
}

std::string display_line(std::string_view bytes) {
  return shown(bytes, Layout::one_line);
}

}  // namespace mira::base
