// Byte-pair merging inside one piece: again and again the adjacent pair whose joined
// bytes have the lowest rank is joined, the leftmost first. Short pieces are scanned,
// long ones use a heap, so a megabyte of one letter takes n log n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mira::tokens {

// Number of tokens of a piece that split.h cut; 0 for an empty one.
std::size_t merged_count(std::string_view piece);
// Appends the piece's token ranks.
void append_merged(std::string_view piece, std::vector<std::uint32_t>& out);

}  // namespace mira::tokens
