#include "platform/tokens/o200k_table.h"

// clang-format off
asm(R"(
  .pushsection .rodata
  .balign 64
  .globl mira_o200k_table
  .hidden mira_o200k_table
mira_o200k_table:
  .incbin ")" MIRA_O200K_TABLE R"("
  .popsection
)");
// clang-format on

extern "C" const unsigned char mira_o200k_table[];  // NOLINT(modernize-avoid-c-arrays)

namespace mira::tokens {

const Table& table() {
  return *reinterpret_cast<const Table*>(mira_o200k_table);
}

std::uint32_t rank_of(std::string_view bytes) {
  const Table& t = table();
  if (bytes.size() > t.longest_token || bytes.empty()) return no_rank;
  std::uint64_t hash = token_hash(bytes);
  auto check = static_cast<std::uint32_t>(hash >> (64U - (32U - slot_rank_bits)));
  for (std::uint64_t at = hash % slot_count;; at = (at + 1) % slot_count) {
    std::uint32_t slot = t.slots[at];
    if (slot == 0) return no_rank;
    if (slot >> slot_rank_bits != check) continue;
    std::uint32_t rank = (slot & ((1U << slot_rank_bits) - 1)) - 1;
    std::uint32_t begin = t.offsets[rank], length = t.offsets[rank + 1] - begin;
    if (length == bytes.size() && std::memcmp(t.bytes() + begin, bytes.data(), length) == 0) return rank;
  }
}

CharClass class_of(char32_t code_point) {
  if (code_point >= 0x110000) return CharClass::other;
  const Table& t = table();
  std::size_t block = t.class_index[code_point / class_block];
  return CharClass{t.classes[block * class_block + code_point % class_block]};
}

}  // namespace mira::tokens
