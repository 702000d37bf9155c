// A pack file written by hand, with its index: what no git would make but any git
// must read, such as deltas that build on each other in a circle. Object ids are
// whatever the test says they are, since git looks them up in the index.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mira::hostile {

struct PackedObject {
  enum class Kind : std::uint8_t { commit = 1, tree = 2, blob = 3, offset_delta = 6, reference_delta = 7 };

  std::string id;  // 40 hex digits
  Kind kind = Kind::blob;
  std::string body;                // as it stands in the pack, not compressed: for deltas what delta() makes
  std::string base = {};           // of a reference delta: id of what it builds on
  std::uint64_t back = 0;          // of an offset delta: bytes from its start back to its base's
  std::uint64_t claimed_size = 0;  // what its header says; 0: the truth
};

// A delta that copies `base_size` bytes of its base and adds `more` (at most 127 bytes).
std::string delta(std::uint64_t base_size, std::string_view more);
// 40 digits, different for different numbers.
std::string made_up_id(unsigned number);
// Writes objects/pack/pack-crafted.pack and .idx into a git directory.
void write_pack(const std::filesystem::path& git_dir, std::vector<PackedObject> objects);

}  // namespace mira::hostile
