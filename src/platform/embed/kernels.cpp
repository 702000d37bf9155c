#include "platform/embed/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mira::embed {
namespace {

// Eight lanes; the compiler makes of them what the function that it is inlined into may use.
using Floats = float __attribute__((vector_size(32), aligned(4)));
using Integers = std::int32_t __attribute__((vector_size(32), aligned(4)));
using Shorts = std::int16_t __attribute__((vector_size(16), aligned(2)));
using Bytes = std::int8_t __attribute__((vector_size(8), aligned(1)));
constexpr std::size_t lanes = 8;

#define MIRA_INLINE [[gnu::always_inline]] inline

MIRA_INLINE void load(const float* from, Floats& out) {
  std::memcpy(&out, from, sizeof(out));
}
MIRA_INLINE void store(const Floats& x, float* to) {
  std::memcpy(to, &x, sizeof(x));
}
MIRA_INLINE float sum_of(const Floats& x) {
  return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]));
}

// e^x for x <= 0: a power of two times a polynomial (Cephes expf), relative error below 2e-7.
MIRA_INLINE void exponential(Floats& x) {
  constexpr float log2_e = 1.44269504088896341F, ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F;
  x = x < -87.0F ? Floats{} - 87.0F : x;
  Integers power = __builtin_convertvector(x * log2_e - 0.5F, Integers);
  Floats whole = __builtin_convertvector(power, Floats);
  Floats rest = (x - whole * ln2_high) - whole * ln2_low;
  Floats y = rest * 1.9875691500e-4F + 1.3981999507e-3F;
  y = y * rest + 8.3334519073e-3F;
  y = y * rest + 4.1665795894e-2F;
  y = y * rest + 1.6666665459e-1F;
  y = y * rest + 5.0000001201e-1F;
  y = y * (rest * rest) + rest + 1.0F;
  Integers bits = (power + 127) << 23;
  Floats scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  x = y * scale;
}

// x/2 * (1 + erf(x/sqrt 2)), erf by formula 7.1.26 of Abramowitz and Stegun (error below 1.5e-7).
MIRA_INLINE void gelu_body(float* x, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes) {
    Floats v, e;
    load(x + i, v);
    Floats z = v * 0.70710678118654752F;
    Floats positive = z < 0.0F ? -z : z;
    Floats t = 1.0F / (positive * 0.3275911F + 1.0F);
    Floats poly = t * 1.061405429F - 1.453152027F;
    poly = poly * t + 1.421413741F;
    poly = poly * t - 0.284496736F;
    poly = poly * t + 0.254829592F;
    e = -(positive * positive);
    exponential(e);
    Floats erf = 1.0F - poly * t * e;
    erf = z < 0.0F ? -erf : erf;
    store(v * 0.5F * (erf + 1.0F), x + i);
  }
}

MIRA_INLINE void normalise_body(float* x, const float* added, std::size_t count, const Norm& norm,
                                float epsilon) {
  Floats sum{}, squares{}, v, w;
  for (std::size_t i = 0; i < count; i += lanes) {
    load(x + i, v);
    if (added != nullptr) {
      load(added + i, w);
      v += w;
      store(v, x + i);
    }
    sum += v;
  }
  float mean = sum_of(sum) / static_cast<float>(count);
  for (std::size_t i = 0; i < count; i += lanes) {
    load(x + i, v);
    v -= mean;
    squares += v * v;
  }
  float factor = 1.0F / std::sqrt(sum_of(squares) / static_cast<float>(count) + epsilon);
  for (std::size_t i = 0; i < count; i += lanes) {
    Floats weight, bias;
    load(x + i, v);
    load(norm.weight + i, weight);
    load(norm.bias + i, bias);
    store((v - mean) * factor * weight + bias, x + i);
  }
}

MIRA_INLINE float quantise_body(const float* x, std::size_t count, int limit, std::int16_t* q,
                                std::int32_t* sum) {
  Floats largest{}, v;
  for (std::size_t i = 0; i < count; i += lanes) {
    load(x + i, v);
    v = v < 0.0F ? -v : v;
    largest = v > largest ? v : largest;
  }
  float most = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) most = largest[lane] > most ? largest[lane] : most;
  *sum = 0;
  if (!(most > 0)) {
    std::memset(q, 0, count * sizeof(*q));
    return 0;
  }
  float factor = static_cast<float>(limit) / most;
  Integers total{};
  for (std::size_t i = 0; i < count; i += lanes) {
    load(x + i, v);
    v *= factor;
    Floats half = v < 0.0F ? Floats{} - 0.5F : Floats{} + 0.5F;
    Integers whole = __builtin_convertvector(v + half, Integers);
    total += whole;
    Shorts narrow = __builtin_convertvector(whole, Shorts);
    std::memcpy(q + i, &narrow, sizeof(narrow));
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) *sum += total[lane];
  return most / static_cast<float>(limit);
}

MIRA_INLINE void restore_body(const std::int32_t* products, float scale, std::int32_t sum,
                              const Matrix& matrix, float* out) {
  for (std::size_t i = 0; i < matrix.outputs; i += lanes) {
    Integers product, zero;
    std::memcpy(&product, products + i, sizeof(product));
    Bytes narrow;
    std::memcpy(&narrow, matrix.zero + i, sizeof(narrow));
    zero = __builtin_convertvector(narrow, Integers);
    Floats row_scale, bias;
    load(matrix.scale + i, row_scale);
    load(matrix.bias + i, bias);
    // In floats: a zero point times a sum of activations may pass 2^31.
    Floats value = __builtin_convertvector(product, Floats) -
                   __builtin_convertvector(zero, Floats) * static_cast<float>(sum);
    store(value * (row_scale * scale) + bias, out + i);
  }
}

constexpr std::size_t head = 32;  // numbers of one head

constexpr std::size_t score_block = 4 * lanes;

// What QUERIES rows make of 32 keys; `keys` has their first numbers, then their second, `padding` apart. Each
// load of a key serves all of the rows, and each sum is made in the same order as if its row were alone.
template <std::size_t QUERIES>
MIRA_INLINE void scores_of_block(const float* query, std::size_t stride, const float* keys,
                                 std::size_t padding, float* scores) {
  Floats sums[QUERIES][4] = {}, numbers[QUERIES], v;
  for (std::size_t d = 0; d < head; ++d) {
    for (std::size_t one = 0; one < QUERIES; ++one) numbers[one] = Floats{} + query[one * stride + d];
    for (std::size_t part = 0; part < 4; ++part) {
      load(keys + d * padding + part * lanes, v);
      for (std::size_t one = 0; one < QUERIES; ++one) sums[one][part] += v * numbers[one];
    }
  }
  for (std::size_t one = 0; one < QUERIES; ++one) {
    for (std::size_t part = 0; part < 4; ++part)
      store(sums[one][part] * 0.17677669529663687F, scores + one * padding + part * lanes);  // 1 / sqrt(32)
  }
}

// Scores to e^(score - largest), 0 behind the last token; returns their sum.
MIRA_INLINE float exponentials_of(float* shares, std::size_t tokens, std::size_t padding) {
  for (std::size_t s = tokens; s < padding; ++s) shares[s] = -1e30F;
  Floats largest = Floats{} - 1e30F, total{}, v;
  for (std::size_t s = 0; s < padding; s += lanes) {
    load(shares + s, v);
    largest = v > largest ? v : largest;
  }
  float most = largest[0];
  for (std::size_t lane = 1; lane < lanes; ++lane) most = largest[lane] > most ? largest[lane] : most;
  for (std::size_t s = 0; s < padding; s += lanes) {
    load(shares + s, v);
    v -= most;
    exponential(v);
    if (s + lanes > tokens) {
      for (std::size_t lane = 0; lane < lanes; ++lane) v[lane] = s + lane < tokens ? v[lane] : 0.0F;
    }
    store(v, shares + s);
    total += v;
  }
  return sum_of(total);
}

// The values, each row `head` numbers, by the shares of QUERIES rows.
template <std::size_t QUERIES>
MIRA_INLINE void mix_values(const float* shares, std::size_t padding, const float* totals,
                            const float* values, std::size_t tokens, float* out, std::size_t width) {
  constexpr std::size_t parts = head / lanes;
  Floats sums[QUERIES][parts] = {}, share[QUERIES], v;
  for (std::size_t s = 0; s < tokens; ++s) {
    for (std::size_t one = 0; one < QUERIES; ++one) share[one] = Floats{} + shares[one * padding + s];
    for (std::size_t part = 0; part < parts; ++part) {
      load(values + s * head + part * lanes, v);
      for (std::size_t one = 0; one < QUERIES; ++one) sums[one][part] += v * share[one];
    }
  }
  for (std::size_t one = 0; one < QUERIES; ++one) {
    for (std::size_t part = 0; part < parts; ++part)
      store(sums[one][part] * (1.0F / totals[one]), out + one * width + part * lanes);
  }
}

// Rows of a tile: a block of keys is read once from memory for all of them, and their shares stay near.
constexpr std::size_t tile = attention_tile;

// scratch: keys by lane, values by row, the shares of a tile.
MIRA_INLINE void attend_body(const float* query, const float* key, const float* value, std::size_t stride,
                             std::size_t tokens, float* out, std::size_t width, float* scratch) {
  std::size_t padding = padded(tokens);
  float *keys = scratch, *values = keys + padding * head, *shares = values + padding * head;
  for (std::size_t d = 0; d < head; ++d)
    std::memset(keys + d * padding + tokens, 0, (padding - tokens) * sizeof(float));
  for (std::size_t s = 0; s < tokens; ++s) {
    for (std::size_t d = 0; d < head; ++d) keys[d * padding + s] = key[s * stride + d];
    std::memcpy(values + s * head, value + s * stride, head * sizeof(float));
  }
  for (std::size_t first = 0; first < tokens; first += tile) {
    std::size_t rows = tokens - first < tile ? tokens - first : tile;
    const float* from = query + first * stride;
    for (std::size_t s = 0; s < padding; s += score_block) {
      std::size_t t = 0;
      for (; t + 2 <= rows; t += 2)
        scores_of_block<2>(from + t * stride, stride, keys + s, padding, shares + t * padding + s);
      if (t < rows)
        scores_of_block<1>(from + t * stride, stride, keys + s, padding, shares + t * padding + s);
    }
    float totals[tile];
    for (std::size_t t = 0; t < rows; ++t) totals[t] = exponentials_of(shares + t * padding, tokens, padding);
    float* to = out + first * width;
    std::size_t t = 0;
    for (; t + 2 <= rows; t += 2)
      mix_values<2>(shares + t * padding, padding, totals + t, values, tokens, to + t * width, width);
    if (t < rows)
      mix_values<1>(shares + t * padding, padding, totals + t, values, tokens, to + t * width, width);
  }
}

MIRA_INLINE void multiply_body(const std::int16_t* x, std::size_t rows, const std::int8_t* weights,
                               std::size_t outputs, std::size_t inputs, std::int32_t* out) {
  for (std::size_t o = 0; o < outputs; ++o) {
    std::int16_t wide[8192];
    for (std::size_t k = 0; k < inputs; ++k) wide[k] = weights[o * inputs + k];
    for (std::size_t row = 0; row < rows; ++row) {
      std::int32_t sum = 0;
      for (std::size_t k = 0; k < inputs; ++k) sum += std::int32_t{x[row * inputs + k]} * wide[k];
      out[row * outputs + o] = sum;
    }
  }
}

// The bodies as functions of one instruction set.
#define MIRA_KERNELS(SUFFIX, TARGET)                                                                        \
  TARGET float quantise_##SUFFIX(const float* x, std::size_t count, int limit, std::int16_t* q,             \
                                 std::int32_t* sum) {                                                       \
    return quantise_body(x, count, limit, q, sum);                                                          \
  }                                                                                                         \
  TARGET void restore_##SUFFIX(const std::int32_t* products, float scale, std::int32_t sum,                 \
                               const Matrix& matrix, float* out) {                                          \
    restore_body(products, scale, sum, matrix, out);                                                        \
  }                                                                                                         \
  TARGET void gelu_##SUFFIX(float* x, std::size_t count) {                                                  \
    gelu_body(x, count);                                                                                    \
  }                                                                                                         \
  TARGET void normalise_##SUFFIX(float* x, const float* added, std::size_t count, const Norm& norm,         \
                                 float epsilon) {                                                           \
    normalise_body(x, added, count, norm, epsilon);                                                         \
  }                                                                                                         \
  TARGET void attend_##SUFFIX(const float* query, const float* key, const float* value, std::size_t stride, \
                              std::size_t tokens, float* out, std::size_t width, float* scratch) {          \
    attend_body(query, key, value, stride, tokens, out, width, scratch);                                    \
  }

MIRA_KERNELS(plain, )

void multiply_plain(const std::int16_t* x, std::size_t rows, const std::int8_t* weights, std::size_t outputs,
                    std::size_t inputs, std::int32_t* out) {
  multiply_body(x, rows, weights, outputs, inputs, out);
}

constexpr Kernels plain{"plain",    multiply_plain,  quantise_plain, restore_plain,
                        gelu_plain, normalise_plain, attend_plain};

#if defined(__x86_64__)
#define MIRA_AVX2 [[gnu::target("avx2")]]

MIRA_KERNELS(avx2, MIRA_AVX2)

// The sums of four vectors, one a lane.
MIRA_AVX2 inline __m128i sums_of(__m256i a, __m256i b, __m256i c, __m256i d) {
  __m256i four = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
  return _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
}

// Four outputs of ROWS rows: twelve sums stay in registers.
template <std::size_t ROWS>
MIRA_AVX2 inline void multiply_block(const std::int16_t* x, const std::int16_t* weights, std::size_t inputs,
                                     std::int32_t* out, std::size_t outputs) {
  __m256i sums[ROWS][4];
  for (auto& row : sums)
    for (auto& sum : row) sum = _mm256_setzero_si256();
  for (std::size_t k = 0; k < inputs; k += 16) {
    __m256i values[ROWS];
    for (std::size_t row = 0; row < ROWS; ++row)
      values[row] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + row * inputs + k));
    for (std::size_t o = 0; o < 4; ++o) {
      __m256i weight = _mm256_load_si256(reinterpret_cast<const __m256i*>(weights + o * inputs + k));
      for (std::size_t row = 0; row < ROWS; ++row) {
        sums[row][o] = _mm256_add_epi32(sums[row][o], _mm256_madd_epi16(values[row], weight));
        asm("" : "+x"(sums[row][o]));  // keeps g++ from making all products first and the sums in memory
      }
    }
  }
  for (std::size_t row = 0; row < ROWS; ++row)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + row * outputs),
                     sums_of(sums[row][0], sums[row][1], sums[row][2], sums[row][3]));
}

// Rows that go through together: of the widest matrix they fit into the second cache, which a whole text does
// not.
constexpr std::size_t rows_of_a_tile = 48;

MIRA_AVX2 void multiply_tile(const std::int16_t* x, std::size_t rows, const std::int8_t* weights,
                             std::size_t outputs, std::size_t inputs, std::int32_t* out) {
  alignas(32) std::int16_t wide[4 * 8192];
  for (std::size_t o = 0; o < outputs; o += 4) {
    const std::int8_t* narrow = weights + o * inputs;
    for (std::size_t k = 0; k < 4 * inputs; k += 16) {
      __m256i weight = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(narrow + k)));
      _mm256_store_si256(reinterpret_cast<__m256i*>(wide + k), weight);
    }
    std::size_t row = 0;
    for (; row + 3 <= rows; row += 3)
      multiply_block<3>(x + row * inputs, wide, inputs, out + row * outputs + o, outputs);
    if (rows - row == 2) multiply_block<2>(x + row * inputs, wide, inputs, out + row * outputs + o, outputs);
    if (rows - row == 1) multiply_block<1>(x + row * inputs, wide, inputs, out + row * outputs + o, outputs);
  }
}

MIRA_AVX2 void multiply_avx2(const std::int16_t* x, std::size_t rows, const std::int8_t* weights,
                             std::size_t outputs, std::size_t inputs, std::int32_t* out) {
  for (std::size_t row = 0; row < rows; row += rows_of_a_tile)
    multiply_tile(x + row * inputs, std::min(rows_of_a_tile, rows - row), weights, outputs, inputs,
                  out + row * outputs);
}

constexpr Kernels avx2{"avx2",    multiply_avx2,  quantise_avx2, restore_avx2,
                       gelu_avx2, normalise_avx2, attend_avx2};
#endif

}  // namespace

const Kernels& plain_kernels() {
  return plain;
}

const Kernels& kernels() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return avx2;
#endif
  return plain;
}

}  // namespace mira::embed
