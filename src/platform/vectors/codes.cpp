#include "platform/vectors/codes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "platform/base/hash.h"
#include "platform/vectors/scan.h"

namespace mira::vectors {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;

std::uint64_t check_of(const CodesHead& head) {
  return base::hash64({reinterpret_cast<const char*>(&head), offsetof(CodesHead, check)});
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

Status disk_error(const std::filesystem::path& file) {
  return fail(ErrorCode::unavailable, file.string() + " cannot be written: " + std::strerror(errno),
              "free space or rights there; the file is made again from vectors.db");
}

bool write_all(int file, const char* data, std::size_t size, std::uint64_t at) {
  while (size > 0) {
    ssize_t written = ::pwrite(file, data, size, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
    at += static_cast<std::uint64_t>(written);
  }
  return true;
}

}  // namespace

Status write_codes(const std::filesystem::path& file, CodesHead head, std::uint64_t first,
                   std::span<const char> codes, std::span<const std::int64_t> gone) {
  std::filesystem::path written = file;
  if (first == 0) written += ".new";
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (first == 0 ? O_TRUNC : 0);
  Descriptor open(::open(written.c_str(), flags, 0600));
  if (open.number() < 0) return disk_error(written);
  std::size_t bytes = code_bytes(head.dimensions);
  head.check = check_of(head);
  bool done = write_all(open.number(), codes.data(), codes.size(), codes_start + first * bytes);
  std::vector<char> none(gone.empty() ? 0 : bytes);  // nothing is left of a vector that went
  for (std::int64_t slot : gone) {
    std::uint64_t at = codes_start + static_cast<std::uint64_t>(slot) * bytes;
    done = done && write_all(open.number(), none.data(), none.size(), at);
  }
  done = done && ::fdatasync(open.number()) == 0;
  done = done && write_all(open.number(), reinterpret_cast<const char*>(&head), sizeof(head), 0);
  done = done && ::fdatasync(open.number()) == 0;
  if (!done) return disk_error(written);
  if (first == 0 && ::rename(written.c_str(), file.c_str()) != 0) return disk_error(file);
  return {};
}

Result<Codes> Codes::map(const std::filesystem::path& file, std::uint64_t dimensions, std::uint64_t epoch,
                         std::uint64_t slots) {
  auto none = [&] { return fail(ErrorCode::not_found, file.string() + " does not show these points"); };
  Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  CodesHead head, wanted;
  if (open.number() < 0 || ::fstat(open.number(), &status) != 0) return none();
  if (::pread(open.number(), &head, sizeof(head), 0) != static_cast<ssize_t>(sizeof(head))) return none();
  bool is_ours =
      std::memcmp(head.magic, wanted.magic, sizeof(head.magic)) == 0 && head.check == check_of(head);
  std::uint64_t bytes = codes_start + slots * code_bytes(dimensions);
  if (!is_ours || head.dimensions != dimensions || head.epoch != epoch || head.slots != slots ||
      static_cast<std::uint64_t>(status.st_size) < bytes)
    return none();
  Codes out;
  void* mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, open.number(), 0);
  if (mapped == MAP_FAILED) return none();
  out.mapped_ = mapped;
  out.bytes_ = bytes;
  out.slots_ = slots;
  out.epoch_ = epoch;
  return out;
}

Codes::Codes(Codes&& other) noexcept {
  *this = std::move(other);
}

Codes& Codes::operator=(Codes&& other) noexcept {
  std::swap(mapped_, other.mapped_);
  std::swap(bytes_, other.bytes_);
  std::swap(slots_, other.slots_);
  std::swap(epoch_, other.epoch_);
  return *this;
}

Codes::~Codes() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_);
}

}  // namespace mira::vectors
