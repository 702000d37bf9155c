#include "platform/tokens/merge.h"

#include <algorithm>
#include <array>

#include "platform/tokens/o200k_table.h"

namespace mira::tokens {
namespace {

constexpr std::size_t scanned_piece_bytes = 96;  // longer pieces go to the heap

std::uint32_t pair_rank(std::string_view piece, std::size_t begin, std::size_t end) {
  if (end - begin != 2) return rank_of(piece.substr(begin, end - begin));
  auto first = static_cast<unsigned char>(piece[begin]);
  auto second = static_cast<unsigned char>(piece[begin + 1]);
  return table().pair_ranks[std::size_t{first} << 8U | second];
}

// Calls part(begin, end) for each token of a short piece.
template <class Part>
void scan_merge(std::string_view piece, Part part) {
  struct Start {
    std::uint32_t at;
    std::uint32_t rank;  // of this part joined with the next
  };
  std::array<Start, scanned_piece_bytes + 1> parts;
  std::size_t count = piece.size();
  for (std::uint32_t i = 0; i + 1 < count; ++i) parts[i] = {i, pair_rank(piece, i, i + 2)};
  parts[count - 1] = {static_cast<std::uint32_t>(count - 1), no_rank};
  parts[count] = {static_cast<std::uint32_t>(count), no_rank};
  auto joined_rank = [&](std::size_t i) {
    return i + 2 <= count ? pair_rank(piece, parts[i].at, parts[i + 2].at) : no_rank;
  };
  while (count > 1) {
    auto* best = std::min_element(parts.data(), parts.data() + count - 1,
                                  [](const Start& a, const Start& b) { return a.rank < b.rank; });
    if (best->rank == no_rank) break;
    auto i = static_cast<std::size_t>(best - parts.data());
    std::copy(parts.begin() + i + 2, parts.begin() + count + 1, parts.begin() + i + 1);
    --count;
    parts[i].rank = joined_rank(i);
    if (i > 0) parts[i - 1].rank = joined_rank(i - 1);
  }
  for (std::size_t i = 0; i < count; ++i) part(parts[i].at, parts[i + 1].at);
}

// The same by a heap over a linked list of parts; stale heap entries are skipped.
class HeapMerge {
 public:
  explicit HeapMerge(std::string_view piece)
      : piece_(piece),
        size_(static_cast<std::uint32_t>(piece.size())),
        next_(size_ + 1),
        before_(size_ + 1),
        rank_(size_ + 1, no_rank) {
    for (std::uint32_t i = 0; i <= size_; ++i) {
      next_[i] = i + 1;
      before_[i] = i == 0 ? size_ : i - 1;
    }
    for (std::uint32_t i = 0; i + 1 < size_; ++i) rank_[i] = joined_rank(i);
    for (std::uint32_t i = 0; i < size_; ++i)
      if (rank_[i] != no_rank) heap_.push_back(key(i));
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  template <class Part>
  void run(Part part) {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      std::uint64_t top = heap_.back();
      heap_.pop_back();
      auto at = static_cast<std::uint32_t>(top);
      if (rank_[at] == top >> 32U && rank_[at] != no_rank) join(at);
    }
    for (std::uint32_t i = 0; i < size_; i = next_[i]) part(i, next_[i]);
  }

 private:
  std::uint64_t key(std::uint32_t at) const { return std::uint64_t{rank_[at]} << 32U | at; }

  std::uint32_t joined_rank(std::uint32_t at) const {
    std::uint32_t second = next_[at];
    return second < size_ ? pair_rank(piece_, at, next_[second]) : no_rank;
  }

  void refresh(std::uint32_t at) {
    rank_[at] = joined_rank(at);
    if (rank_[at] == no_rank) return;
    heap_.push_back(key(at));
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  void join(std::uint32_t at) {
    std::uint32_t gone = next_[at];
    next_[at] = next_[gone];
    before_[next_[at]] = at;
    rank_[gone] = no_rank;
    refresh(at);
    if (at > 0) refresh(before_[at]);
  }

  std::string_view piece_;
  std::uint32_t size_;
  std::vector<std::uint32_t> next_, before_, rank_;
  std::vector<std::uint64_t> heap_;  // rank << 32 | start: lowest rank, then leftmost
};

template <class Part>
void merge(std::string_view piece, Part part) {
  if (piece.size() <= scanned_piece_bytes) return scan_merge(piece, part);
  HeapMerge(piece).run(part);
}

}  // namespace

std::size_t merged_count(std::string_view piece) {
  if (piece.empty()) return 0;
  if (piece.size() == 1 || rank_of(piece) != no_rank) return 1;
  std::size_t count = 0;
  merge(piece, [&](std::size_t, std::size_t) { ++count; });
  return count;
}

void append_merged(std::string_view piece, std::vector<std::uint32_t>& out) {
  if (piece.empty()) return;
  if (std::uint32_t rank = rank_of(piece); rank != no_rank) return out.push_back(rank);
  merge(piece, [&](std::size_t begin, std::size_t end) {
    out.push_back(rank_of(piece.substr(begin, end - begin)));
  });
}

}  // namespace mira::tokens
