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
// characters, invisible ones and invalid bytes become visible escapes such as \x1b
// or \u{202e}; the carriage return of a "\r\n" is dropped.
std::string display_text(std::string_view bytes);
// The same for one-line things (paths, names): newline and tab are escaped too.
std::string display_line(std::string_view bytes);

// At most `bytes` bytes of valid UTF-8, never cut inside a code point.
std::string_view truncate_utf8(std::string_view text, std::size_t bytes);

// "parseHTTPHeader_v2" -> {"parse","http","header","v","2"}: split at case and
// digit borders and at ASCII punctuation, lower case ASCII; bytes >= 0x80 are letters.
std::vector<std::string> split_identifier(std::string_view identifier);
// The part at or after `position` as it stands; `position` moves behind it. Empty at the end.
std::string_view next_identifier_part(std::string_view identifier, std::size_t& position);
// Writes the part in lower case ASCII to `out`, which has room for part.size() bytes.
void lower_into(std::string_view part, char* out);
// split_identifier without a vector: calls visit(std::string_view part) for each
// lower-case part; the view ends with the call. Allocates only for a part over 64 bytes.
template <class F>
void for_each_identifier_part(std::string_view identifier, F&& visit) {
  char buffer[64];
  std::size_t position = 0;
  for (auto part = next_identifier_part(identifier, position); !part.empty();
       part = next_identifier_part(identifier, position)) {
    if (part.size() <= sizeof(buffer)) {
      lower_into(part, buffer);
      visit(std::string_view(buffer, part.size()));
    } else {
      std::string long_part(part.size(), '\0');
      lower_into(part, long_part.data());
      visit(std::string_view(long_part));
    }
  }
}

// Maximal runs of [A-Za-z0-9_] and of bytes >= 0x80, as they stand.
std::vector<std::string_view> words(std::string_view text);

std::string to_lower(std::string_view ascii);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// True for a word that carries no meaning in an English question ("the", "how").
bool is_stop_word(std::string_view lower_case_word);

}  // namespace mira::base
