#include "knowledge/git/stamps.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "platform/base/hash.h"

namespace mira::git {
namespace {

// A record: stamp (4 x 8 bytes), length of the id, id, path, NUL.
constexpr std::size_t stamp_bytes = 4 * sizeof(std::int64_t);

void append_stamp(std::string& out, const workspace::FileStamp& stamp) {
  std::int64_t fields[4] = {stamp.size, stamp.mtime_ns, stamp.ctime_ns,
                            static_cast<std::int64_t>(stamp.inode)};
  out.append(reinterpret_cast<const char*>(fields), sizeof fields);
}

workspace::FileStamp stamp_at(std::string_view bytes) {
  std::int64_t fields[4];
  std::memcpy(fields, bytes.data(), sizeof fields);
  return {fields[0], fields[1], fields[2], static_cast<std::uint64_t>(fields[3])};
}

}  // namespace

base::Result<StampTable> StampTable::decode(std::string_view bytes) {
  StampTable out;
  while (!bytes.empty()) {
    std::size_t length = bytes.size() > stamp_bytes ? static_cast<std::uint8_t>(bytes[stamp_bytes]) : 0;
    std::size_t path = stamp_bytes + 1 + length;
    std::size_t end = length > 0 && path < bytes.size() ? bytes.find('\0', path) : std::string_view::npos;
    if (end == std::string_view::npos) {
      return base::fail(base::ErrorCode::failed, "The stored file stamps are damaged.",
                        "Delete the project's index.db; `mira index` makes it again.");
    }
    out.rows_.emplace(bytes.substr(path, end - path),
                      Row{stamp_at(bytes), std::string(bytes.substr(stamp_bytes + 1, length))});
    bytes.remove_prefix(end + 1);
  }
  return out;
}

std::string StampTable::encode() const {
  std::vector<const std::string*> paths;
  for (const auto& [path, row] : rows_) paths.push_back(&path);
  std::ranges::sort(paths, [](const std::string* a, const std::string* b) { return *a < *b; });
  std::string out;
  for (const std::string* path : paths) {
    const Row& row = rows_.at(*path);
    append_stamp(out, row.stamp);
    out += static_cast<char>(row.id.size());
    out += row.id;
    out += *path;
    out += '\0';
  }
  return out;
}

void StampTable::add(std::string_view path, const workspace::FileStamp& stamp, std::string_view id) {
  rows_.insert_or_assign(std::string(path), Row{stamp, std::string(id)});
}

std::string_view StampTable::id_of(std::string_view path, const workspace::FileStamp& stamp) const {
  auto at = rows_.find(std::string(path));
  return at != rows_.end() && at->second.stamp == stamp ? std::string_view(at->second.id)
                                                        : std::string_view();
}

std::optional<workspace::FileStamp> stamp_on_disk(const std::filesystem::path& file) {
  struct stat status{};
  if (lstat(file.c_str(), &status) != 0) return std::nullopt;
  auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return workspace::FileStamp{status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
                              status.st_ino};
}

std::uint64_t fingerprint_of(const workspace::Tree& tree, const std::filesystem::path& root,
                             const std::vector<std::string>& unlisted) {
  std::string all;
  for (const workspace::File& file : tree.files) {
    append_stamp(all, file.stamp);
    all += file.path;
    all += '\0';
  }
  for (const std::string& path : unlisted) {
    append_stamp(all, stamp_on_disk(root / path).value_or(workspace::FileStamp{}));
    all += path;
    all += '\0';
  }
  return std::max<std::uint64_t>(1, base::hash64(all));
}

}  // namespace mira::git
