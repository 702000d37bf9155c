// What is embedded of a chunk: words a person would use for it, not its code whole. A
// text of some forty to a hundred tokens costs a fraction of a whole chunk to embed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"
#include "knowledge/code/search_chunks.h"

namespace mira::code {

// lines: of the whole file.
std::string passage_of(std::string_view path, const Facts& facts, const Chunk& chunk,
                       const std::vector<std::string_view>& lines);

// Positive; the same for the same text everywhere.
std::int64_t passage_owner(std::string_view passage);

}  // namespace mira::code
