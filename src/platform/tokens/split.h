// Cuts text into the pieces that o200k_base merges inside. It is the published
// splitting pattern, written as a scanner: each alternative of the pattern with its
// backtracking worked out, so the time is linear in the text whatever it holds.
#pragma once

#include <cstddef>
#include <string_view>

namespace mira::tokens {

// End (byte offset) of the piece that starts at `begin`; begin < text.size(). Bytes
// that are no UTF-8 count as one symbol each.
std::size_t piece_end(std::string_view text, std::size_t begin);

}  // namespace mira::tokens
