// Words over text that the whole program shares: UTF-8 repair and display
// escaping, splitting of identifiers, and small string helpers. Bytes from
// outside are arbitrary until repair_utf8 made them text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mira::base {

// Valid UTF-8 from any bytes: each malformed sequence becomes U+FFFD, a BOM at
// the start and NUL bytes are dropped.
std::string repair_utf8(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes);

// Text safe to print anywhere: C0/C1 controls but tab and newline, bidi and tag
// characters and invalid bytes become visible escapes such as \x1b or \u{202e}.
std::string display_text(std::string_view bytes);
// The same for one-line things (paths, names): newline and tab are escaped too.
std::string display_line(std::string_view bytes);

// At most `bytes` bytes of valid UTF-8, never cut inside a code point.
std::string_view truncate_utf8(std::string_view text, std::size_t bytes);

// "parseHTTPHeader_v2" -> {"parse","http","header","v","2"}: split at case,
// underscore, dash and digit borders, lower case ASCII; other bytes are kept.
std::vector<std::string> split_identifier(std::string_view identifier);

// Maximal runs of [A-Za-z0-9_] and of bytes >= 0x80, as they stand.
std::vector<std::string_view> words(std::string_view text);

std::string to_lower(std::string_view ascii);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// True for a word that carries no meaning in an English question ("the", "how").
bool is_stop_word(std::string_view lower_case_word);

}  // namespace mira::base
