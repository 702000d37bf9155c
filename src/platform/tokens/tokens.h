// Exact token counts in o200k_base, the encoding of the GPT-4o and GPT-5 families.
// The rank table is compiled into the binary in a form that needs no loading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mira::tokens {

// Number of o200k_base tokens of valid UTF-8 text (special tokens are ordinary text).
std::size_t count(std::string_view text);
std::vector<std::uint32_t> encode(std::string_view text);

}  // namespace mira::tokens
