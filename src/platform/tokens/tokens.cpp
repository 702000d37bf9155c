#include "platform/tokens/tokens.h"

#include "platform/tokens/merge.h"
#include "platform/tokens/split.h"

namespace mira::tokens {
std::size_t count(std::string_view text) {
  std::size_t total = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = piece_end(text, at);
    total += merged_count(text.substr(at, end - at));
    at = end;
  }
  return total;
}

std::vector<std::uint32_t> encode(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = piece_end(text, at);
    append_merged(text.substr(at, end - at), out);
    at = end;
  }
  return out;
}

}  // namespace mira::tokens
