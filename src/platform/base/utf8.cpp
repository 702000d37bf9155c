#include "platform/base/text.h"
#include "platform/base/utf8_decode.h"

namespace mira::base {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t position) {
  return static_cast<unsigned char>(bytes[position]);
}

// What may follow a lead byte: how many bytes, and the range of the first of them
// (it excludes overlong forms, surrogates and everything past U+10FFFF).
struct Lead {
  int following = 0;
  unsigned char low = 0x80, high = 0xBF;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

}  // namespace

Decoded decode_utf8(std::string_view bytes, std::size_t position) {
  const unsigned char first = byte_at(bytes, position);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.following == 0) return {};
  char32_t code_point = first & (0x3F >> lead.following);
  for (int i = 1; i <= lead.following; ++i) {
    const std::size_t used = static_cast<std::size_t>(i);
    if (position + used >= bytes.size()) return {0xFFFD, used, false};
    const unsigned char next = byte_at(bytes, position + used);
    const bool fits = i == 1 ? next >= lead.low && next <= lead.high : next >= 0x80 && next <= 0xBF;
    if (!fits) return {0xFFFD, used, false};
    code_point = code_point << 6 | (next & 0x3F);
  }
  return {code_point, static_cast<std::size_t>(lead.following) + 1, true};
}

std::size_t plain_ascii_run(std::string_view bytes, std::size_t position) {
  std::size_t end = position;
  while (end < bytes.size()) {
    const unsigned char byte = byte_at(bytes, end);
    if (byte >= 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t')) break;
    ++end;
  }
  return end - position;
}

std::string repair_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t run = plain_ascii_run(bytes, at);
    out.append(bytes, at, run);
    at += run;
    if (at == bytes.size()) break;
    const Decoded next = decode_utf8(bytes, at);
    if (!next.valid) {
      out += "\xEF\xBF\xBD";
    } else if (next.code_point != 0) {
      out.append(bytes, at, next.length);
    }
    at += next.length;
  }
  return out;
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    at += plain_ascii_run(bytes, at);
    if (at == bytes.size()) return true;
    const Decoded next = decode_utf8(bytes, at);
    if (!next.valid) return false;
    at += next.length;
  }
  return true;
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (byte_at(text, end) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void append_utf8(char32_t code_point, std::string& out) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = 0xFFFD;
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code_point >> 18));
    out += static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

}  // namespace mira::base
