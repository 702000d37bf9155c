// The exact scan: a question against 8-bit codes, one scale a vector, all of them or
// those a bitmap names. The question keeps more than 12 bits, sums are integers, so
// the scan is as fine as the codes and the same on every machine. AVX2 is used where the machine has it.
// Four codes go through together: the question is then loaded once for four, and memory is what bounds it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mira::vectors {

// A code: `dimensions` numbers of 8 bits padded with 0 to a multiple of 32, then this.
struct CodeTail {
  std::int64_t owner = 0;
  float scale = 0;  // 0: the point is gone
  float lost = 0;   // length of what the rounding took; 0: not known (a file of an older program)
};
inline constexpr std::size_t code_padding = 32;
constexpr std::size_t padded_dimensions(std::size_t dimensions) {
  return (dimensions + code_padding - 1) / code_padding * code_padding;
}
constexpr std::size_t code_bytes(std::size_t dimensions) {
  return padded_dimensions(dimensions) + sizeof(CodeTail);
}
// Appends the code of a vector.
void append_code(std::span<const float> numbers, std::int64_t owner, std::vector<char>& out);

struct Bitmap {  // of slots
  std::vector<std::uint64_t> words;
  void set(std::size_t slot) {
    if (slot / 64 >= words.size()) words.resize(slot / 64 + 1);
    words[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  void keep(const Bitmap& other);
  void add(const Bitmap& other);
};

struct Candidate {
  std::size_t slot = 0;
  std::int64_t owner = 0;
  float score = 0;
  float error = 0;  // the true score of unit vectors is not farther from `score` than this
};

struct Scanned {
  std::vector<Candidate> best;  // best first
  double sum = 0, squares = 0;
  std::size_t looked_at = 0;
};

// The arithmetic in one build of the program for any machine and for those with AVX2, chosen at run time.
struct ScanKernels {
  const char* name;
  // padded: a multiple of 32. Products of a question and four codes.
  void (*dots)(const std::int16_t* question, const char* const* codes, std::size_t padded, std::int32_t* out);
  // Of a question and a vector of half-precision floats.
  float (*dot_halves)(const float* question, const char* halves, std::size_t count);
};
const ScanKernels& plain_scan_kernels();
const ScanKernels& scan_kernels();  // the fastest that this machine runs

// codes: `slots` of them. Points that are gone are passed over. only: nullptr for all.
Scanned scan(const char* codes, std::size_t slots, std::span<const float> question, std::size_t limit,
             const Bitmap* only, const ScanKernels& with = scan_kernels());

}  // namespace mira::vectors
