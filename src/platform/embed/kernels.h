// The arithmetic of an encoder, in two builds of one source: for any x86-64 or other
// machine, and for those with AVX2, chosen at run time. Products of matrices are sums of
// integers, which come out the same in any order; the rest is written lane by lane
// without fused steps. So one text gives the same bytes on every machine, alone or
// among others, and a vector may be kept under the hash of its text.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/embed/model_file.h"

namespace mira::embed {

// The largest magnitude of a quantised activation, so that a sum of `inputs` products with 8-bit weights
// stays below 2^31.
constexpr int activation_limit(std::size_t inputs) {
  std::size_t most = ((std::size_t{1} << 31) - 1) / (128 * inputs);
  return most < 32767 ? static_cast<int>(most) : 32767;
}

struct Kernels {
  const char* name;
  // out[row][output] = sum over k of x[row][k] * weights[output][k]. outputs is a multiple of 4, inputs
  // of 32.
  void (*multiply)(const std::int16_t* x, std::size_t rows, const std::int8_t* weights, std::size_t outputs,
                   std::size_t inputs, std::int32_t* out);
  // A row of floats to integers: x = q * scale. Returns the scale; `sum` gets the sum of q.
  float (*quantise)(const float* x, std::size_t count, int limit, std::int16_t* q, std::int32_t* sum);
  // Integers back to floats, with the zero points and the bias of the matrix.
  void (*restore)(const std::int32_t* products, float scale, std::int32_t sum, const Matrix& matrix,
                  float* out);
  void (*gelu)(float* x, std::size_t count);
  // x = norm(x + added); added may be null.
  void (*normalise)(float* x, const float* added, std::size_t count, const Norm& norm, float epsilon);
  // One head over `tokens` rows of `stride` floats (query, key, value at these offsets); out[token * width
  // ..]. scratch holds attention_scratch(tokens) floats.
  void (*attend)(const float* query, const float* key, const float* value, std::size_t stride,
                 std::size_t tokens, float* out, std::size_t width, float* scratch);
};

constexpr std::size_t padded(std::size_t tokens) {
  return (tokens + 31) / 32 * 32;
}
inline constexpr std::size_t attention_tile = 16;  // rows whose shares are made together
constexpr std::size_t attention_scratch(std::size_t tokens) {
  return padded(tokens) * (64 + attention_tile);  // keys by lane, values by row, the shares of a tile
}

// The fastest that this machine runs.
const Kernels& kernels();
// The one for every machine; what kernels() is held against.
const Kernels& plain_kernels();

}  // namespace mira::embed
