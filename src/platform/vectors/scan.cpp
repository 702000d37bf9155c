#include "platform/vectors/scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mira::vectors {
namespace {

constexpr float code_limit = 127;

float largest_of(std::span<const float> numbers) {
  float largest = 0;
  for (float x : numbers) largest = std::max(largest, std::abs(x));
  return largest;
}

// The question as integers that a sum over all dimensions cannot overflow.
struct Question {
  std::vector<std::int16_t> numbers;  // padded with 0
  float scale = 0;
};

Question question_of(std::span<const float> numbers) {
  std::size_t padded = padded_dimensions(numbers.size());
  float limit = std::min(32767.0F, std::floor(2147483647.0F / (128.0F * static_cast<float>(padded))));
  Question out{std::vector<std::int16_t>(padded), largest_of(numbers) / limit};
  if (out.scale <= 0) return out;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    out.numbers[i] = static_cast<std::int16_t>(std::lround(numbers[i] / out.scale));
  return out;
}

using Dot = std::int32_t (*)(const std::int16_t* question, const char* code, std::size_t padded);

std::int32_t dot_plain(const std::int16_t* question, const char* code, std::size_t padded) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < padded; ++i)
    sum += std::int32_t{question[i]} * std::int32_t{static_cast<signed char>(code[i])};
  return sum;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] inline __m256i products(const std::int16_t* question, const char* code) {
  __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(code)));
  return _mm256_madd_epi16(wide, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(question)));
}

[[gnu::target("avx2")]] std::int32_t dot_avx2(const std::int16_t* question, const char* code,
                                              std::size_t padded) {
  __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
  for (std::size_t i = 0; i < padded; i += 32) {
    even = _mm256_add_epi32(even, products(question + i, code + i));
    odd = _mm256_add_epi32(odd, products(question + i + 16, code + i + 16));
  }
  __m256i both = _mm256_add_epi32(even, odd);
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
  return _mm_cvtsi128_si32(sum);
}
#endif

Dot fastest_dot() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return dot_avx2;
#endif
  return dot_plain;
}

bool is_better(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.owner < b.owner;
}

// Keeps the best `limit`; the worst of them is at the front of the heap.
class Best {
 public:
  explicit Best(std::size_t limit) : limit_(limit) {}
  void offer(const Candidate& candidate) {
    if (heap_.size() < limit_) {
      heap_.push_back(candidate);
      std::push_heap(heap_.begin(), heap_.end(), is_better);
    } else if (limit_ > 0 && is_better(candidate, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), is_better);
      heap_.back() = candidate;
      std::push_heap(heap_.begin(), heap_.end(), is_better);
    }
  }
  std::vector<Candidate> take() {
    std::sort(heap_.begin(), heap_.end(), is_better);
    return std::move(heap_);
  }

 private:
  std::size_t limit_;
  std::vector<Candidate> heap_;
};

template <class F>
void for_each_slot(const Bitmap& only, std::size_t slots, F&& visit) {
  std::size_t words = std::min(only.words.size(), (slots + 63) / 64);
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t bits = only.words[word]; bits != 0; bits &= bits - 1) {
      std::size_t slot = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
      if (slot < slots) visit(slot);
    }
  }
}

}  // namespace

void append_code(std::span<const float> numbers, std::int64_t owner, std::vector<char>& out) {
  CodeTail tail{.owner = owner, .scale = largest_of(numbers) / code_limit};
  std::size_t start = out.size();
  out.resize(start + code_bytes(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    out[start + i] = static_cast<char>(tail.scale > 0 ? std::lround(numbers[i] / tail.scale) : 0);
  std::memcpy(out.data() + out.size() - sizeof(tail), &tail, sizeof(tail));
}

void Bitmap::keep(const Bitmap& other) {
  words.resize(std::min(words.size(), other.words.size()));
  for (std::size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
}

void Bitmap::add(const Bitmap& other) {
  words.resize(std::max(words.size(), other.words.size()));
  for (std::size_t i = 0; i < other.words.size(); ++i) words[i] |= other.words[i];
}

Scanned scan(const char* codes, std::size_t slots, std::span<const float> question, std::size_t limit,
             const Bitmap* only) {
  Question asked = question_of(question);
  Dot dot = fastest_dot();
  std::size_t padded = padded_dimensions(question.size()), bytes = code_bytes(question.size());
  Best best(limit);
  Scanned out;
  auto look_at = [&](std::size_t slot) {
    const char* code = codes + slot * bytes;
    CodeTail tail;
    std::memcpy(&tail, code + padded, sizeof(tail));
    if (tail.scale <= 0) return;
    float score = static_cast<float>(dot(asked.numbers.data(), code, padded)) * (tail.scale * asked.scale);
    out.sum += score;
    out.squares += static_cast<double>(score) * score;
    ++out.looked_at;
    best.offer({slot, tail.owner, score});
  };
  if (only != nullptr) {
    for_each_slot(*only, slots, look_at);
  } else {
    for (std::size_t slot = 0; slot < slots; ++slot) look_at(slot);
  }
  out.best = best.take();
  return out;
}

}  // namespace mira::vectors
