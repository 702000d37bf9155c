// An advisory lock on a file (flock), with a note of who holds it. The kernel frees
// it when the holder dies, so a stale lock cannot exist.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::store {

class FileLock {
 public:
  // Waits until the deadline. locked: still held; the message names the holder's pid and what it does.
  static base::Result<FileLock> acquire(const std::filesystem::path& file, std::string_view purpose,
                                        base::Deadline deadline);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace mira::store
