// The vectors of one space as two files mapped into memory, copies of the points in the database:
// "N.codes", what the scan reads (a head that names the epoch it shows, then one 8-bit code a slot), and
// "N.originals", what the best are ranked again from (half-precision floats, in the same order).
// Both are written and flushed before the head that counts them, so after a crash the head tells of an
// older epoch and the files are made again. `made` names the epoch at which both were begun, so that
// codes are never read with the originals of another making.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "platform/base/descriptor.h"
#include "platform/base/result.h"

namespace mira::vectors {

struct CodesHead {
  char magic[8] = {'M', 'I', 'R', 'A', 'V', 'E', 'C', '2'};
  std::uint64_t dimensions = 0, epoch = 0, slots = 0, made = 0;
  std::uint64_t check = 0;  // hash of the fields before it
};
inline constexpr std::size_t codes_start = 4096;  // in both files
constexpr std::size_t original_bytes(std::size_t dimensions) {
  return dimensions * 2;
}

using base::Descriptor;

// Writes from slot `first` on; 0 makes both files anew, under another name until `finish`, so that who
// has the old ones mapped keeps them.
class CodesWriter {
 public:
  // head: what the files show when this is finished. `made` belongs to the files as they are, unless anew.
  static base::Result<CodesWriter> open(const std::filesystem::path& file, const CodesHead& head,
                                        std::uint64_t first);
  // The next slots; both of as many.
  base::Status append(std::span<const char> codes, std::span<const char> originals);
  // Nothing is left of vectors that went.
  base::Status clear(std::span<const std::int64_t> slots);
  base::Status finish();

 private:
  CodesWriter(std::filesystem::path file, const CodesHead& head, Descriptor codes, Descriptor originals,
              std::uint64_t first)
      : file_(std::move(file)),
        head_(head),
        is_anew_(first == 0),
        next_(first),
        codes_(std::move(codes)),
        originals_(std::move(originals)) {}

  std::filesystem::path file_;
  CodesHead head_;
  bool is_anew_;
  std::uint64_t next_;
  Descriptor codes_, originals_;
};

class Codes {
 public:
  Codes() = default;
  // not_found: there is none, or it shows another epoch, other dimensions, or is cut.
  static base::Result<Codes> map(const std::filesystem::path& file, std::uint64_t dimensions,
                                 std::uint64_t epoch, std::uint64_t slots);

  const char* data() const { return codes_.at(codes_start); }
  const char* original(std::size_t slot) const {
    return originals_.at(codes_start + slot * original_bytes(dimensions_));
  }
  std::uint64_t epoch() const { return epoch_; }
  std::uint64_t made() const { return made_; }
  std::size_t slots() const { return slots_; }

 private:
  class Mapped {
   public:
    Mapped() = default;
    Mapped(Mapped&& other) noexcept;
    Mapped& operator=(Mapped&& other) noexcept;
    ~Mapped();
    static base::Result<Mapped> open(const Descriptor& file, std::uint64_t bytes);
    const char* at(std::size_t offset) const { return static_cast<const char*>(start_) + offset; }

   private:
    void* start_ = nullptr;
    std::size_t bytes_ = 0;
  };

  Mapped codes_, originals_;
  std::size_t slots_ = 0, dimensions_ = 0;
  std::uint64_t epoch_ = 0, made_ = 0;
};

// The file that stands beside "N.codes".
std::filesystem::path originals_beside(std::filesystem::path file);

}  // namespace mira::vectors
