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

// A chunk's id holds its file's, so that rows of the word index lead to files without a look-up.
inline constexpr int chunk_id_shift = 20;
inline constexpr std::int64_t most_chunks_of_a_file = std::int64_t{1} << chunk_id_shift;
constexpr std::int64_t chunk_id_of(std::int64_t file_id, std::int64_t ordinal) {
  return file_id << chunk_id_shift | ordinal;
}
constexpr std::int64_t file_of_chunk(std::int64_t chunk_id) {
  return chunk_id >> chunk_id_shift;
}

}  // namespace mira::code
