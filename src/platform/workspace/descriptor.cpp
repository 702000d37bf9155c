#include "platform/workspace/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mira::workspace {

using base::ErrorCode;

namespace {

constexpr int careful = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

// One read; a negative result is -errno.
ssize_t read_some(int descriptor, char* to, std::size_t bytes) {
  ssize_t got = -1;
  do {
    got = ::read(descriptor, to, bytes);
  } while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : got;
}

}  // namespace

Descriptor open_file(int folder, const char* name) {
  return Descriptor(::openat(folder, name, careful));
}

Descriptor open_folder(int folder, const char* name) {
  return Descriptor(::openat(folder, name, careful | O_DIRECTORY));
}

FileStamp stamp_of(const struct stat& status) {
  return {status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim), status.st_ino};
}

base::Result<std::string> read_all(int descriptor, std::int64_t size_hint, std::int64_t max_bytes) {
  std::string bytes;
  std::size_t most = static_cast<std::size_t>(max_bytes) + 1;
  // One byte more than expected, so that the end is seen without a second growth.
  std::size_t room = std::min(static_cast<std::size_t>(std::max<std::int64_t>(size_hint, 0)) + 1, most);
  while (true) {
    ssize_t got = 0;
    std::size_t before = bytes.size();
    bytes.resize_and_overwrite(before + room, [&](char* to, std::size_t) {
      got = read_some(descriptor, to + before, room);
      return before + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    });
    if (got < 0)
      return base::fail(ErrorCode::unavailable,
                        fmt::format("cannot read: {}", std::strerror(static_cast<int>(-got))));
    if (got == 0) return bytes;
    if (bytes.size() > static_cast<std::size_t>(max_bytes)) {
      return base::fail(ErrorCode::unavailable, fmt::format("larger than {} bytes", max_bytes));
    }
    room = std::min(std::max<std::size_t>(bytes.size(), 4096), most - bytes.size());
    if (static_cast<std::int64_t>(bytes.size()) == size_hint) room = 1;
  }
}

std::string read_small(int folder, const char* name, std::int64_t max_bytes) {
  Descriptor file = open_file(folder, name);
  struct stat status{};
  if (!file || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return read_all(file.number(), status.st_size, max_bytes).value_or("");
}

}  // namespace mira::workspace
