// Cuts a file into the chunks that search finds and shows: one definition each
// where the file was parsed (big classes at their members, tiny neighbours
// together, long bodies in windows), else windows of about forty lines. Chunks
// are in order, never overlap, and leave out only blank lines.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"

namespace mira::code {

struct Chunk {
  std::int32_t start_line = 0, end_line = 0;  // from 1, inclusive; a doc comment above belongs to it
  std::int32_t symbol = no_symbol;            // index of the one definition it shows
  std::vector<std::int32_t> defined;          // indices of the definitions whose names stand in it
};

// `lines` are the lines of the file's text, in order.
std::vector<Chunk> cut_chunks(const Facts& facts, const std::vector<std::string_view>& lines);

}  // namespace mira::code
