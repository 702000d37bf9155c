// Values that a text states, each with what is said around it: "a budget of $65", "4:30 PM",
// "extended to May 20", "12 books". Two sayings of one thing are told apart from two
// things by this: the same kind of value, counted in the same unit, beside the same
// words of the question. Names of versions and numbers inside identifiers are no values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/memory/words.h"

namespace mira::memory {

inline constexpr std::size_t claim_bytes = 1500;  // of a text that are read: people say the matter first
inline constexpr int claim_reach = 10;            // words on each side that a value belongs to

enum class ClaimKind : std::uint8_t { money, percent, time, date, count };

struct Claim {
  ClaimKind kind = ClaimKind::count;
  std::string stated;              // normalised: "1350", "16:30", "5-20"
  std::vector<std::string> units;  // stems of what is counted, the next three words at most
  std::uint64_t near = 0;          // which of the given stems stand within reach
};

// What a person says in a text, without fenced code, claim_bytes at most: code states nothing about them.
std::string prose_of(std::string_view text);

// `stems`: of the question, the first 64 count.
std::vector<Claim> claims_in(std::string_view text, const std::vector<std::string>& stems,
                             WordReader& reader);

// Which kinds a question asks for, a bit each; all when it does not tell.
unsigned kinds_asked(std::string_view question);
inline bool is_asked(ClaimKind kind, unsigned asked) {
  return ((asked >> static_cast<unsigned>(kind)) & 1U) != 0;
}

// Both state a value of the same thing, as far as kind and unit tell; a count without a unit fits any other.
bool comparable(const Claim& a, const Claim& b);

// The old name in "switched from A to B", "renamed A to B", "replaced A with B", "B instead of A": stems of
// A, none when the text names none.
std::vector<std::string> replaced_in(std::string_view text, WordReader& reader);

}  // namespace mira::memory
