// Lines of a text, counted from 1.
#pragma once

#include <string_view>

namespace mira::base {

// Where line `line` begins; the end of the text when it has fewer.
inline std::size_t start_of_line(std::string_view text, std::size_t line) {
  std::size_t at = 0;
  for (std::size_t i = 1; i < line; ++i) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

}  // namespace mira::base
