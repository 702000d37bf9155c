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

// What stands before the originals: as a head of codes, of the making alone.
CodesHead head_of_originals(const CodesHead& head) {
  CodesHead out{.dimensions = head.dimensions, .made = head.made};
  out.magic[4] = 'O';
  out.check = check_of(out);
  return out;
}

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

bool write_head(int file, const CodesHead& head) {
  return write_all(file, reinterpret_cast<const char*>(&head), sizeof(head), 0);
}

bool read_head(int file, CodesHead& head) {
  return ::pread(file, &head, sizeof(head), 0) == static_cast<ssize_t>(sizeof(head)) &&
         head.check == check_of(head);
}

std::filesystem::path while_new(std::filesystem::path file, bool is_anew) {
  if (is_anew) file += ".new";
  return file;
}

Descriptor open_to_write(const std::filesystem::path& file, bool is_anew) {
  return Descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (is_anew ? O_TRUNC : 0), 0600));
}

}  // namespace

std::filesystem::path originals_beside(std::filesystem::path file) {
  return file.replace_extension(".originals");
}

Result<CodesWriter> CodesWriter::open(const std::filesystem::path& file, const CodesHead& head,
                                      std::uint64_t first) {
  bool is_anew = first == 0;
  std::filesystem::path codes = while_new(file, is_anew);
  std::filesystem::path originals = while_new(originals_beside(file), is_anew);
  CodesWriter out(file, head, open_to_write(codes, is_anew), open_to_write(originals, is_anew), first);
  if (out.codes_.number() < 0) return std::unexpected(disk_error(codes).error());
  if (out.originals_.number() < 0) return std::unexpected(disk_error(originals).error());
  return out;
}

Status CodesWriter::append(std::span<const char> codes, std::span<const char> originals) {
  std::size_t bytes = code_bytes(head_.dimensions);
  if (!write_all(codes_.number(), codes.data(), codes.size(), codes_start + next_ * bytes))
    return disk_error(file_);
  if (!write_all(originals_.number(), originals.data(), originals.size(),
                 codes_start + next_ * original_bytes(head_.dimensions)))
    return disk_error(originals_beside(file_));
  next_ += codes.size() / bytes;
  return {};
}

Status CodesWriter::clear(std::span<const std::int64_t> slots) {
  std::size_t code = code_bytes(head_.dimensions), original = original_bytes(head_.dimensions);
  std::vector<char> none(std::max(code, original));
  for (std::int64_t slot : slots) {
    auto number = static_cast<std::uint64_t>(slot);
    if (!write_all(codes_.number(), none.data(), code, codes_start + number * code) ||
        !write_all(originals_.number(), none.data(), original, codes_start + number * original))
      return disk_error(file_);
  }
  return {};
}

// The head itself need not be flushed: an older one is seen as such.
Status CodesWriter::finish() {
  head_.check = check_of(head_);
  bool done = !is_anew_ || write_head(originals_.number(), head_of_originals(head_));
  done = done && ::fdatasync(originals_.number()) == 0 && ::fdatasync(codes_.number()) == 0;
  done = done && write_head(codes_.number(), head_);
  if (!done) return disk_error(file_);
  if (!is_anew_) return {};
  for (const std::filesystem::path& file : {originals_beside(file_), file_}) {
    if (::rename(while_new(file, true).c_str(), file.c_str()) != 0) return disk_error(file);
  }
  return {};
}

Result<Codes> Codes::map(const std::filesystem::path& file, std::uint64_t dimensions, std::uint64_t epoch,
                         std::uint64_t slots) {
  auto none = [&] { return fail(ErrorCode::not_found, file.string() + " does not show these points"); };
  Descriptor codes(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  Descriptor originals(::open(originals_beside(file).c_str(), O_RDONLY | O_CLOEXEC));
  CodesHead head, of_originals;
  const CodesHead wanted;
  if (codes.number() < 0 || originals.number() < 0) return none();
  if (!read_head(codes.number(), head) || !read_head(originals.number(), of_originals)) return none();
  if (std::memcmp(head.magic, wanted.magic, sizeof(head.magic)) != 0 || head.dimensions != dimensions ||
      head.epoch != epoch || head.slots != slots || of_originals.check != head_of_originals(head).check)
    return none();
  auto of_codes = Mapped::open(codes, codes_start + slots * code_bytes(dimensions));
  auto of_numbers = Mapped::open(originals, codes_start + slots * original_bytes(dimensions));
  if (!of_codes || !of_numbers) return none();
  Codes out;
  out.codes_ = std::move(*of_codes);
  out.originals_ = std::move(*of_numbers);
  out.slots_ = slots;
  out.dimensions_ = dimensions;
  out.epoch_ = epoch;
  out.made_ = head.made;
  return out;
}

Result<Codes::Mapped> Codes::Mapped::open(const Descriptor& file, std::uint64_t bytes) {
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0 || static_cast<std::uint64_t>(status.st_size) < bytes)
    return fail(ErrorCode::not_found, "the file is cut");
  void* start = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.number(), 0);
  if (start == MAP_FAILED) return fail(ErrorCode::not_found, "the file cannot be mapped");
  Mapped out;
  out.start_ = start;
  out.bytes_ = bytes;
  return out;
}

Codes::Mapped::Mapped(Mapped&& other) noexcept {
  *this = std::move(other);
}

Codes::Mapped& Codes::Mapped::operator=(Mapped&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Codes::Mapped::~Mapped() {
  if (start_ != nullptr) ::munmap(start_, bytes_);
}

}  // namespace mira::vectors
