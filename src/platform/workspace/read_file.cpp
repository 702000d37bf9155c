#include "platform/workspace/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/descriptor.h"

namespace mira::workspace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t sample_bytes = 8000;
constexpr int rename_retries = 8;

// A path that can only lead down from the root: parts that are names, one '/' between them.
bool leads_down(std::string_view path) {
  if (path.empty() || path.size() > limits::path_bytes) return false;
  if (path.find('\0') != std::string_view::npos) return false;
  for (std::string_view part : base::split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

// For kernels and containers without openat2: one part after the other, no link followed.
Descriptor open_by_parts(int root, std::string_view path) {
  Descriptor at(::fcntl(root, F_DUPFD_CLOEXEC, 0));
  std::vector<std::string_view> parts = base::split(path, '/');
  for (std::size_t index = 0; at && index < parts.size(); ++index) {
    std::string name(parts[index]);
    bool last = index + 1 == parts.size();
    Descriptor next = last ? open_file(at.number(), name.c_str()) : open_folder(at.number(), name.c_str());
    int error = errno;
    at = std::move(next);
    errno = error;
  }
  return at;
}

Descriptor open_beneath(int root, std::string_view path) {
  std::string name(path);
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  long number = -1;
  // EAGAIN: something was renamed meanwhile and the kernel could not prove the path is beneath.
  for (int attempt = 0; attempt < rename_retries; ++attempt) {
    number = ::syscall(SYS_openat2, root, name.c_str(), &how, sizeof how);
    if (number >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  if (number < 0 && (errno == ENOSYS || errno == EPERM)) return open_by_parts(root, path);
  return Descriptor(static_cast<int>(number));
}

std::unexpected<base::Error> cannot_open(std::string_view path, int error) {
  std::string shown = base::display_line(path);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return fail(ErrorCode::not_found, fmt::format("there is no file {}", shown));
    case ELOOP:
    case EXDEV:
      return fail(ErrorCode::unavailable,
                  fmt::format("{} leads through a link; links are not followed", shown));
    case ENXIO:
    case ENODEV:
      return fail(ErrorCode::unavailable, fmt::format("{} is not a regular file", shown));
    case EACCES:
      return fail(ErrorCode::unavailable, fmt::format("no permission to read {}", shown));
    default:
      return fail(ErrorCode::unavailable, fmt::format("cannot open {}: {}", shown, std::strerror(error)));
  }
}

// Bytes at `at` that make up one character of valid UTF-8, 0 if there is none.
std::size_t character_bytes(std::string_view bytes, std::size_t at) {
  auto lead = static_cast<unsigned char>(bytes[at]);
  std::size_t length = lead < 0x80                   ? 1
                       : lead >= 0xc2 && lead < 0xe0 ? 2
                       : (lead & 0xf0) == 0xe0       ? 3
                       : lead >= 0xf0 && lead < 0xf5 ? 4
                                                     : 0;
  if (at + length > bytes.size()) return bytes.size() - at;  // cut by the end of the sample
  for (std::size_t next = 1; next < length; ++next) {
    if ((static_cast<unsigned char>(bytes[at + next]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool is_text_control(unsigned char byte) {
  return (byte >= '\b' && byte <= '\r') || byte == 0x1b;
}

}  // namespace

Result<FileBytes> read_file(const fs::path& root, std::string_view path, std::int64_t max_bytes) {
  std::string shown = base::display_line(path);
  if (!leads_down(path)) {
    return fail(ErrorCode::unavailable, fmt::format("{} is no path inside the project", shown),
                "give it relative to the project's root, without \"..\"");
  }
  Descriptor folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return cannot_open(root.native(), errno);
  Descriptor file = open_beneath(folder.number(), path);
  if (!file) return cannot_open(path, errno);
  struct stat before{}, after{};
  if (::fstat(file.number(), &before) != 0) return cannot_open(path, errno);
  if (!S_ISREG(before.st_mode)) {
    return fail(ErrorCode::unavailable, fmt::format("{} is not a regular file", shown));
  }
  if (before.st_size > max_bytes) {
    return fail(ErrorCode::unavailable, fmt::format("{} is larger than {} bytes", shown, max_bytes));
  }
  auto bytes = read_all(file.number(), before.st_size, max_bytes);
  if (!bytes) return fail(bytes.error().code, fmt::format("{}: {}", shown, bytes.error().message));
  bool changed = ::fstat(file.number(), &after) != 0 || stamp_of(before) != stamp_of(after) ||
                 static_cast<std::int64_t>(bytes->size()) != before.st_size;
  return FileBytes{std::move(*bytes), stamp_of(before), changed};
}

bool looks_binary(std::string_view bytes) {
  std::string_view sample = bytes.substr(0, sample_bytes);
  if (sample.find('\0') != std::string_view::npos) return true;
  std::size_t no_text = 0;
  for (std::size_t at = 0; at < sample.size();) {
    std::size_t length = character_bytes(sample, at);
    auto byte = static_cast<unsigned char>(sample[at]);
    if (length == 0 || (byte < 0x20 && !is_text_control(byte)) || byte == 0x7f) ++no_text;
    at += std::max<std::size_t>(length, 1);
  }
  return no_text * 2 > sample.size();
}

}  // namespace mira::workspace
