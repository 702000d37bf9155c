// Half-precision floats (IEEE 754 binary16) to and from floats, rounded to nearest even.
#pragma once

#include <cstdint>
#include <cstring>

namespace mira::vectors {

inline std::uint16_t half_of(float number) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &number, sizeof(bits));
  auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000);
  std::uint32_t rest = bits & 0x7FFFFFFF;
  if (rest >= 0x47800000) return static_cast<std::uint16_t>(sign | (rest > 0x7F800000 ? 0x7E00 : 0x7C00));
  if (rest < 0x38800000) {  // below 2^-14: a multiple of 2^-24
    if (rest < 0x33000000) return sign;
    std::uint32_t shift = 126 - (rest >> 23);
    std::uint32_t fraction = (rest & 0x7FFFFF) | 0x800000;
    std::uint32_t kept = fraction >> shift, lost = fraction & ((1U << shift) - 1), half = 1U << (shift - 1);
    if (lost > half || (lost == half && (kept & 1) != 0)) ++kept;
    return static_cast<std::uint16_t>(sign | kept);
  }
  std::uint32_t kept = (rest - 0x38000000) >> 13, lost = rest & 0x1FFF;
  if (lost > 0x1000 || (lost == 0x1000 && (kept & 1) != 0)) ++kept;
  return static_cast<std::uint16_t>(sign | kept);
}

inline float float_of(std::uint16_t half) {
  std::uint32_t sign = (half & 0x8000U) << 16, exponent = (half >> 10) & 31, fraction = half & 0x3FFU;
  if (exponent == 0) {
    float small = static_cast<float>(fraction) * 5.9604644775390625e-8F;  // 2^-24
    return sign != 0 ? -small : small;
  }
  std::uint32_t bits = sign | (exponent == 31 ? 0x7F800000U : (exponent + 112) << 23) | fraction << 13;
  float out = 0;
  std::memcpy(&out, &bits, sizeof(out));
  return out;
}

}  // namespace mira::vectors
