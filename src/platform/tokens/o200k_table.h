// The rank table of o200k_base as bytes in the binary's read-only data. A build
// step (cmake/make_o200k_table.cpp) writes it and the linker embeds it, because
// `mira context` lives for milliseconds: parsing 3.6 MB of base64 at each start
// would cost more than the answer. Only the pages that are looked at are read.
// Character classes come from the same Unicode tables that the reference
// implementation is compiled with, so a newer libc or PCRE cannot change a count.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mira::tokens {

// What the splitting pattern asks of a code point. Values are table bytes.
enum class CharClass : std::uint8_t {
  other,    // punctuation, symbols, controls, unassigned
  upper,    // Lu, Lt
  lower,    // Ll
  letter,   // Lm, Lo: counts as upper and as lower
  mark,     // M: counts as upper and as lower, but is no letter
  number,   // N
  space,    // White_Space but the two below
  newline,  // \r and \n
};

inline constexpr std::uint32_t no_rank = UINT32_MAX;
inline constexpr std::uint32_t slot_count = 1U << 19U;        // open addressing, load 0.38
inline constexpr std::uint32_t slot_rank_bits = 18;           // the low bits hold rank + 1, 0 is empty;
inline constexpr std::uint32_t max_tokens = (1U << 18U) - 1;  // the high 14 bits are a check of the hash
inline constexpr std::uint32_t class_block = 128;             // code points a block
inline constexpr std::uint32_t class_blocks = 0x110000 / class_block;
inline constexpr std::uint32_t max_class_blocks = 512;  // distinct blocks that fit

struct Table {
  std::uint32_t token_count;
  std::uint32_t longest_token;                          // bytes
  std::array<std::uint32_t, 65536> pair_ranks;          // rank of (first << 8 | second), or no_rank
  std::array<std::uint32_t, slot_count> slots;          // hash table over token bytes
  std::array<std::uint32_t, max_tokens + 1> offsets;    // token r is bytes [offsets[r], offsets[r + 1])
  std::array<std::uint16_t, class_blocks> class_index;  // block of a code point
  std::array<std::uint8_t, std::size_t{max_class_blocks} * class_block> classes;
  // The bytes of all tokens follow.
  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
};

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Hash of a token's bytes; part of the table's format.
inline std::uint64_t token_hash(std::string_view bytes) {
  constexpr std::uint64_t k1 = 0x9E3779B97F4A7C15ULL, k2 = 0xD6E8FEB86659FD93ULL;
  const char* p = bytes.data();
  std::size_t n = bytes.size();
  std::uint64_t hash = n * k1;
  for (; n > 8; n -= 8, p += 8) hash = mix(hash ^ load<std::uint64_t>(p), k2);
  std::uint64_t tail = 0;
  if (n == 8) {
    tail = load<std::uint64_t>(p);
  } else if (n >= 4) {
    tail = load<std::uint32_t>(p) << 32U | load<std::uint32_t>(p + n - 4);
  } else if (n > 0) {
    tail = std::uint64_t{static_cast<unsigned char>(p[0])} << 16U |
           std::uint64_t{static_cast<unsigned char>(p[n / 2])} << 8U | static_cast<unsigned char>(p[n - 1]);
  }
  return mix(hash ^ tail, k1);
}

// The table in the binary.
const Table& table();
// Rank of these bytes when they are one token, else no_rank.
std::uint32_t rank_of(std::string_view bytes);
CharClass class_of(char32_t code_point);

}  // namespace mira::tokens
