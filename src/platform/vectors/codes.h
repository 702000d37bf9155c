// The codes of one space in a file mapped into memory: a head that names the epoch
// they show, then one code a slot. The file is only ever a copy of the points in the
// database. Codes are written and flushed before the head that counts them, so after a
// crash the head tells of an older epoch and the file is made again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "platform/base/result.h"

namespace mira::vectors {

struct CodesHead {
  char magic[8] = {'M', 'I', 'R', 'A', 'V', 'E', 'C', '1'};
  std::uint64_t dimensions = 0, epoch = 0, slots = 0;
  std::uint64_t check = 0;  // hash of the fields before it
};
inline constexpr std::size_t codes_start = 4096;

// Writes codes from slot `first` on, marks `gone` slots, then the head. 0 for `first` makes the file anew
// (under another name, then renamed: who has the old one mapped keeps it).
base::Status write_codes(const std::filesystem::path& file, CodesHead head, std::uint64_t first,
                         std::span<const char> codes, std::span<const std::int64_t> gone);

class Codes {
 public:
  Codes() = default;
  // not_found: there is none, or it shows another epoch, other dimensions, or is cut.
  static base::Result<Codes> map(const std::filesystem::path& file, std::uint64_t dimensions,
                                 std::uint64_t epoch, std::uint64_t slots);
  Codes(Codes&& other) noexcept;
  Codes& operator=(Codes&& other) noexcept;
  ~Codes();

  const char* data() const { return static_cast<const char*>(mapped_) + codes_start; }
  std::uint64_t epoch() const { return epoch_; }
  std::size_t slots() const { return slots_; }

 private:
  void* mapped_ = nullptr;
  std::size_t bytes_ = 0, slots_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace mira::vectors
