#include "knowledge/git/staged.h"

#include <algorithm>
#include <fstream>

#include "knowledge/git/head_tree.h"
#include "knowledge/git/repository.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t fixed_bytes =
    40;  // of an entry, before its id: times, device, inode, mode, owner, size
constexpr std::size_t mode_at = 24;
constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 30;

base::Result<std::string> read_whole(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(fs::symlink_status(file, failed)) || fs::file_size(file, failed) > most_bytes ||
      failed)
    return base::fail(base::ErrorCode::unavailable, "the index of this repository cannot be read");
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Big-endian numbers and NUL-ended texts; after the first read past the end all is empty and `good` false.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  std::string_view take(std::size_t count) {
    if (count > bytes_.size() - at_) {
      good = false;
      at_ = bytes_.size();
      return {};
    }
    std::string_view out = bytes_.substr(at_, count);
    at_ += count;
    return out;
  }
  std::uint32_t number(std::size_t count) {
    std::uint32_t out = 0;
    for (char c : take(count)) out = (out << 8) | static_cast<unsigned char>(c);
    return out;
  }
  std::string_view text() {
    std::size_t end = bytes_.find('\0', at_);
    if (end == std::string_view::npos) {
      good = false;
      at_ = bytes_.size();
      return {};
    }
    std::string_view out = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return out;
  }
  // git's variable-length number of version 4, where each further byte adds one before it shifts.
  std::size_t varied() {
    std::size_t out = 0;
    for (int i = 0; i < 5; ++i) {
      std::uint32_t byte = number(1);
      out = i == 0 ? byte & 0x7f : ((out + 1) << 7) | (byte & 0x7f);
      if ((byte & 0x80) == 0) return out;
    }
    good = false;
    return 0;
  }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  bool good = true;

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::unexpected<base::Error> unreadable() {
  return base::fail(base::ErrorCode::failed, "git's index file has a form that Mira cannot read",
                    "give the patch: `git diff --staged | mira affected --stdin`");
}

bool has_split_index(Bytes& bytes, std::size_t id_bytes) {
  while (bytes.good && bytes.left() >= id_bytes + 8) {
    std::string_view name = bytes.take(4);
    std::uint32_t size = bytes.number(4);
    if (name == "link") return true;
    bytes.take(size);
  }
  return false;
}

// A ref name that stays inside the git directory.
bool is_plain_ref(std::string_view name) {
  if (!name.starts_with("refs/") || name.find('\0') != std::string_view::npos) return false;
  return std::ranges::none_of(base::split(name, '/'), [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

std::string packed_ref(const std::string& packed, const std::string& name) {
  for (std::string_view line : base::split(packed, '\n')) {
    line = base::trim(line);
    std::size_t blank = line.find(' ');
    if (blank != std::string_view::npos && line.substr(blank + 1) == name &&
        is_full_id(line.substr(0, blank)))
      return std::string(line.substr(0, blank));
  }
  return {};
}

}  // namespace

base::Result<std::vector<StagedEntry>> parse_index(std::string_view text, std::size_t id_bytes) {
  Bytes bytes(text);
  if (bytes.take(4) != "DIRC") return unreadable();
  std::uint32_t version = bytes.number(4), count = bytes.number(4);
  if (version < 2 || version > 4) return unreadable();
  std::vector<StagedEntry> out;
  std::string path;
  for (std::uint32_t i = 0; i < count && bytes.good; ++i) {
    std::size_t start = bytes.at();
    std::string_view fixed = bytes.take(fixed_bytes);
    std::string_view id = bytes.take(id_bytes);
    std::uint32_t flags = bytes.number(2);
    bool announced =
        (flags & 0x4000) != 0 && (bytes.number(2) & 0x2000) != 0;  // added with -N: no content yet
    if (version == 4) {
      std::size_t drop = bytes.varied();
      if (drop > path.size()) return unreadable();
      path.resize(path.size() - drop);
      path += bytes.text();
    } else {
      path = bytes.text();
      std::size_t used =
          bytes.at() - start;  // its NUL included: entries end at a multiple of 8, at least one NUL
      if (used % 8 != 0) bytes.take(8 - used % 8);
    }
    if (!bytes.good) break;
    bool regular = (static_cast<unsigned char>(fixed[mode_at + 2]) & 0xf0) == 0x80;  // 0100644, 0100755
    if ((flags & 0x3000) == 0 && !announced) out.push_back({path, to_hex(id), regular});
  }
  if (!bytes.good || has_split_index(bytes, id_bytes)) return unreadable();
  return out;
}

base::Result<std::vector<StagedEntry>> staged_entries(const workspace::Project& project,
                                                      std::size_t id_bytes) {
  fs::path file = project.git_dir / "index";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::vector<StagedEntry>();
  return parse_index(MIRA_TRY(read_whole(file)), id_bytes);
}

std::string read_ref(const workspace::Project& project, std::string_view name) {
  std::string packed = read_whole(project.common_dir / "packed-refs").value_or("");
  for (std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/", ""}) {
    std::string ref = std::string(prefix) + std::string(name);
    if (!is_plain_ref(ref)) continue;
    std::string id(base::trim(read_whole(project.common_dir / ref).value_or("")));
    if (!is_full_id(id)) id = packed_ref(packed, ref);
    if (is_full_id(id)) return id;
  }
  return {};
}

}  // namespace mira::git
