#include "platform/store/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "platform/base/text.h"

namespace mira::store {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t note_bytes = 256;
constexpr std::int64_t poll_ms = 20;

std::string read_note(int descriptor) {
  char bytes[note_bytes];
  ssize_t count = ::pread(descriptor, bytes, sizeof bytes, 0);
  if (count <= 0) return "another process";
  return base::display_line(base::trim(std::string_view(bytes, static_cast<std::size_t>(count))));
}

// The note is a courtesy to whoever waits; the lock itself is flock's.
void write_note(int descriptor, std::string_view purpose) {
  std::string note = fmt::format("process {} ({})\n", ::getpid(), base::display_line(purpose));
  note.resize(std::min(note.size(), note_bytes));
  bool written = ::ftruncate(descriptor, 0) == 0 &&
                 ::pwrite(descriptor, note.data(), note.size(), 0) == static_cast<ssize_t>(note.size());
  if (!written) (void)::ftruncate(descriptor, 0);
}

base::Status lock_until(int descriptor, const std::filesystem::path& file, base::Deadline deadline) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) {
      return fail(ErrorCode::unavailable,
                  fmt::format("{} cannot be locked: {}", base::display_line(file.native()), strerror(errno)),
                  "set MIRA_HOME to a folder on a local disk");
    }
    if (deadline.expired()) {
      return fail(ErrorCode::locked,
                  fmt::format("{} is held by {}", base::display_line(file.native()), read_note(descriptor)),
                  "wait until it has finished and try again");
    }
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::clamp<std::int64_t>(deadline.remaining_ms(), 1, poll_ms)));
  }
  return {};
}

}  // namespace

base::Result<FileLock> FileLock::acquire(const std::filesystem::path& file, std::string_view purpose,
                                         base::Deadline deadline) {
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("{} cannot be opened: {}", base::display_line(file.native()), strerror(errno)),
                "check that its folder exists and that you may write it");
  }
  FileLock lock(descriptor);
  MIRA_TRY(lock_until(descriptor, file, deadline));
  write_note(descriptor, purpose);
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace mira::store
