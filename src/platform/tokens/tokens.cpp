#include "platform/tokens/tokens.h"

#include "platform/tokens/merge.h"
#include "platform/tokens/split.h"

namespace mira::tokens {
namespace {

// Longest prefix of `piece` that ends at a line end and has at most `limit` tokens; its size, 0 if none.
std::size_t lines_within(std::string_view piece, std::size_t limit) {
  std::vector<std::size_t> ends;
  for (std::size_t at = piece.find('\n'); at != std::string_view::npos; at = piece.find('\n', at + 1))
    ends.push_back(at + 1);
  std::size_t low = 0, high = ends.size();
  while (low < high) {
    std::size_t middle = (low + high) / 2;
    if (merged_count(piece.substr(0, ends[middle])) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? 0 : ends[low - 1];
}

}  // namespace

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

// A cut at a line end splits at most one piece, and the part before the cut is again
// one piece: so counts of prefixes come from one pass over the pieces.
std::string_view prefix_within(std::string_view text, std::size_t limit) {
  std::size_t total = 0, best = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = piece_end(text, at);
    std::string_view piece = text.substr(at, end - at);
    std::size_t tokens = merged_count(piece);
    if (total + tokens <= limit && piece.ends_with('\n')) {
      best = end;
    } else if (std::size_t lines = lines_within(piece, limit - total); lines > 0) {
      best = at + lines;
    }
    if (total + tokens > limit) return text.substr(0, best);
    total += tokens;
    at = end;
  }
  return text;
}

}  // namespace mira::tokens
