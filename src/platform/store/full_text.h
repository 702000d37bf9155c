// Full-text queries as data. FTS5 has a query language; words that people type
// are not in it. Everything goes through here, quoted.
#pragma once

#include <span>
#include <string>

namespace mira::store {

enum class Combine { all, any };

// An FTS5 MATCH expression of literal words: each quoted, inner quotes doubled,
// NUL removed, empty ones dropped. Empty when nothing is left (then do not query).
std::string match_expression(std::span<const std::string> words, Combine combine);

}  // namespace mira::store
