// What a byte is in ASCII, whatever the locale; bytes from 0x80 on are letters of
// names (UTF-8) and nothing else.
#pragma once

namespace mira::base {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c) {
  return is_upper(c) || is_lower(c);
}
// A letter, "_" or a byte of a longer code point: what names of code begin with.
constexpr bool starts_name(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_name_byte(char c) {
  return starts_name(c) || is_digit(c);
}

}  // namespace mira::base
