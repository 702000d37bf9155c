// One code point of UTF-8, out of arbitrary bytes and into text. A malformed sequence is the
// longest prefix that could have begun a valid one (Unicode 15, section 3.9,
// "substitution of maximal subparts"), so a cut character counts once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mira::base {

struct Decoded {
  char32_t code_point = 0xFFFD;
  std::size_t length = 1;  // bytes used, at least 1
  bool valid = false;
};

// Decodes at `position`, which must be inside `bytes`.
Decoded decode_utf8(std::string_view bytes, std::size_t position);

// Appends the code point as UTF-8; U+FFFD for one that is none: a surrogate, or over U+10FFFF.
void append_utf8(char32_t code_point, std::string& out);

// Length of the longest prefix from `position` of printable ASCII, newlines and tabs.
std::size_t plain_ascii_run(std::string_view bytes, std::size_t position);

}  // namespace mira::base
