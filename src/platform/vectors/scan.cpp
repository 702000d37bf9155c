#include "platform/vectors/scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "platform/vectors/half.h"

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

constexpr std::size_t together = 4;  // codes at a time

// What half-precision originals of unit length and sums of floats are off by, with room to spare: 2^-11 of
// each number, which is 2^-11 of the length.
constexpr float original_lost = 0.0006F;

void dots_plain(const std::int16_t* question, const char* const* codes, std::size_t padded,
                std::int32_t* out) {
  for (std::size_t one = 0; one < together; ++one) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < padded; ++i)
      sum += std::int32_t{question[i]} * std::int32_t{static_cast<signed char>(codes[one][i])};
    out[one] = sum;
  }
}

float dot_halves_plain(const float* question, const char* halves, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, halves + 2 * i, sizeof(half));
    sum += static_cast<double>(question[i]) * float_of(half);
  }
  return static_cast<float>(sum);
}

constexpr ScanKernels plain{"plain", dots_plain, dot_halves_plain};

#if defined(__x86_64__)
[[gnu::target("avx2")]] void dots_avx2(const std::int16_t* question, const char* const* codes,
                                       std::size_t padded, std::int32_t* out) {
  __m256i sums[together];
  for (__m256i& sum : sums) sum = _mm256_setzero_si256();
  for (std::size_t i = 0; i < padded; i += 16) {
    __m256i asked = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(question + i));
    for (std::size_t one = 0; one < together; ++one) {
      __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes[one] + i)));
      sums[one] = _mm256_add_epi32(sums[one], _mm256_madd_epi16(wide, asked));
    }
  }
  __m256i four = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1)));
}

[[gnu::target("avx2,f16c")]] float dot_halves_avx2(const float* question, const char* halves,
                                                   std::size_t count) {
  __m256 sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  std::size_t whole = count / 16 * 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    for (std::size_t part = 0; part < 2; ++part) {
      const char* at = halves + 2 * (i + 8 * part);
      __m256 numbers = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
      sums[part] =
          _mm256_add_ps(sums[part], _mm256_mul_ps(numbers, _mm256_loadu_ps(question + i + 8 * part)));
    }
  }
  float lanes[8];
  _mm256_storeu_ps(lanes, _mm256_add_ps(sums[0], sums[1]));
  double sum = dot_halves_plain(question + whole, halves + 2 * whole, count - whole);
  for (float lane : lanes) sum += lane;
  return static_cast<float>(sum);
}

constexpr ScanKernels avx2{"avx2", dots_avx2, dot_halves_avx2};
#endif

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

std::vector<std::size_t> slots_of(const Bitmap& only, std::size_t slots) {
  std::vector<std::size_t> out;
  std::size_t words = std::min(only.words.size(), (slots + 63) / 64);
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t bits = only.words[word]; bits != 0; bits &= bits - 1) {
      std::size_t slot = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
      if (slot < slots) out.push_back(slot);
    }
  }
  return out;
}

// Asks memory for the codes that come after the ones at hand.
void fetch(const char* from, std::size_t bytes) {
  constexpr std::size_t line = 64;
  for (std::size_t at = 0; at < bytes; at += line) __builtin_prefetch(from + at);
}

// One question on its way over the codes.
class Scan {
 public:
  Scan(std::span<const float> question, std::size_t limit, const ScanKernels& with)
      : asked_(question_of(question)),
        padded_(padded_dimensions(question.size())),
        with_(with),
        best_(limit),
        most_lost_(0.5F * std::sqrt(static_cast<float>(padded_))),
        question_lost_(asked_.scale * most_lost_ * 1.1F) {}

  // count: at most `together`.
  void look_at(const char* codes, const std::size_t* slots, std::size_t count) {
    const char* at[together];
    for (std::size_t i = 0; i < together; ++i)
      at[i] = codes + slots[std::min(i, count - 1)] * (padded_ + sizeof(CodeTail));
    std::int32_t products[together];
    with_.dots(asked_.numbers.data(), at, padded_, products);
    for (std::size_t i = 0; i < count; ++i) {
      CodeTail tail;
      std::memcpy(&tail, at[i] + padded_, sizeof(tail));
      if (tail.scale <= 0) continue;
      float score = static_cast<float>(products[i]) * (tail.scale * asked_.scale);
      out_.sum += score;
      out_.squares += static_cast<double>(score) * score;
      ++out_.looked_at;
      best_.offer({slots[i], tail.owner, score, tail.lost > 0 ? tail.lost : tail.scale * most_lost_});
    }
  }
  Scanned take() {
    out_.best = best_.take();
    for (Candidate& one : out_.best) one.error += question_lost_ + original_lost;
    return std::move(out_);
  }

 private:
  Question asked_;
  std::size_t padded_;
  const ScanKernels& with_;
  Best best_;
  float most_lost_;      // by rounding to whole steps of 1, as a length
  float question_lost_;  // by rounding the question; a decoded code is a little longer than 1 at most
  Scanned out_;
};

constexpr std::size_t ahead_bytes = 8192;  // of all codes in their order
constexpr std::size_t ahead_slots = 8;     // of those that passed a filter

}  // namespace

const ScanKernels& plain_scan_kernels() {
  return plain;
}

const ScanKernels& scan_kernels() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("f16c") != 0;
  if (has_avx2) return avx2;
#endif
  return plain;
}

void append_code(std::span<const float> numbers, std::int64_t owner, std::vector<char>& out) {
  CodeTail tail{.owner = owner, .scale = largest_of(numbers) / code_limit};
  std::size_t start = out.size();
  out.resize(start + code_bytes(numbers.size()));
  double lost = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    long step = tail.scale > 0 ? std::lround(numbers[i] / tail.scale) : 0;
    out[start + i] = static_cast<char>(step);
    double rest = static_cast<double>(numbers[i]) - static_cast<double>(step) * tail.scale;
    lost += rest * rest;
  }
  tail.lost = static_cast<float>(std::sqrt(lost));
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
             const Bitmap* only, const ScanKernels& with) {
  Scan run(question, limit, with);
  std::size_t bytes = code_bytes(question.size());
  if (only == nullptr) {
    for (std::size_t slot = 0; slot < slots; slot += together) {
      const std::size_t next[together] = {slot, slot + 1, slot + 2, slot + 3};
      fetch(codes + slot * bytes + ahead_bytes, together * bytes);
      run.look_at(codes, next, std::min(together, slots - slot));
    }
    return run.take();
  }
  std::vector<std::size_t> passed = slots_of(*only, slots);
  for (std::size_t i = 0; i < passed.size(); i += together) {
    for (std::size_t next = i + ahead_slots; next < std::min(i + ahead_slots + together, passed.size());
         ++next)
      fetch(codes + passed[next] * bytes, bytes);
    run.look_at(codes, passed.data() + i, std::min(together, passed.size() - i));
  }
  return run.take();
}

}  // namespace mira::vectors
