#include "platform/workspace/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace mira::workspace {
namespace {

constexpr std::size_t block_bytes = 32 << 10;

// Some file systems do not tell kinds in a listing.
std::uint8_t ask_type(int folder, const char* name) {
  struct stat status{};
  if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return static_cast<std::uint8_t>(IFTODT(status.st_mode));
}

bool is_dots(const char* name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

// The byte that follows the name in the paths below it.
int byte_after(const Listing::Entry& entry) {
  return entry.type == DT_DIR ? '/' : 0;
}

}  // namespace

base::Status Listing::read(int folder, std::size_t max_entries) {
  names_.clear();
  entries_.clear();
  cut_ = false;
  alignas(dirent64) char block[block_bytes];
  while (true) {
    ssize_t bytes = ::getdents64(folder, block, sizeof block);
    if (bytes < 0) return base::fail(base::ErrorCode::unavailable, std::strerror(errno));
    if (bytes == 0) break;
    for (ssize_t at = 0; at < bytes;) {
      auto* entry = reinterpret_cast<dirent64*>(block + at);
      at += entry->d_reclen;
      if (!is_dots(entry->d_name)) add(folder, entry->d_name, entry->d_type);
    }
    cut_ = entries_.size() > max_entries;
    if (cut_) break;
  }
  sort();
  return {};
}

void Listing::add(int folder, const char* name, std::uint8_t type) {
  std::size_t length = std::strlen(name);
  if (type == DT_UNKNOWN) type = ask_type(folder, name);
  entries_.push_back({static_cast<std::uint32_t>(names_.size()), static_cast<std::uint16_t>(length), type});
  names_.append(name, length + 1);
}

void Listing::sort() {
  std::sort(entries_.begin(), entries_.end(), [this](const Entry& left, const Entry& right) {
    std::size_t shared = std::min(left.length, right.length);
    int order = std::memcmp(c_name(left), c_name(right), shared);
    if (order != 0) return order < 0;
    auto next = [&](const Entry& entry) {
      return entry.length > shared ? static_cast<unsigned char>(c_name(entry)[shared]) : byte_after(entry);
    };
    return next(left) < next(right);
  });
}

std::uint8_t Listing::type_of(std::string_view wanted) const {
  for (const Entry& entry : entries_) {
    if (name(entry) == wanted) return entry.type;
  }
  return DT_UNKNOWN;
}

}  // namespace mira::workspace
