#include "knowledge/builds/snapshot.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>

#include "platform/base/hash.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::builds {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kept_file_bytes = 256 << 10;
constexpr std::int64_t kept_run_bytes = 128 << 20;  // read by one run; the rest is known by its stamp
constexpr std::size_t most_hunks = 2000;
constexpr std::string_view latest = "latest";
constexpr auto being_written = std::chrono::hours(1);

bool write_whole(const fs::path& file, std::string_view bytes) {
  const fs::path part = file.string() + ".part";
  {
    std::ofstream out(part, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return false;
  }
  std::error_code error;
  fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, error);
  fs::rename(part, file, error);
  return !error;
}

bool read_whole(const fs::path& file, std::string& bytes) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return false;
  bytes.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

std::int64_t number(std::string_view text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// Known by its stamp alone: too large, unreadable, or past what one run reads.
std::string opaque_hash(const workspace::FileStamp& stamp) {
  return fmt::format("~{}:{}", stamp.size, stamp.mtime_ns);
}

// What an earlier run had no time or room to read is read by a later one.
bool waits_to_be_read(std::string_view hash, const workspace::File& file) {
  return hash.starts_with('~') && hash.contains(':') && !file.symlink && file.stamp.size <= kept_file_bytes;
}

}  // namespace

// A tree is a file of records "hash\0size\0mtime\0ctime\0inode\0path\0".
Snapshots::Tree Snapshots::read_tree(const std::string& hash) const {
  Tree out;
  std::string bytes;
  if (hash.empty() || !read_whole(folder_ / "trees" / hash, bytes)) return out;
  const auto fields = base::split(bytes, '\0');
  for (std::size_t i = 0; i + 5 < fields.size(); i += 6) {
    const workspace::FileStamp stamp{number(fields[i + 1]), number(fields[i + 2]), number(fields[i + 3]),
                                     static_cast<std::uint64_t>(number(fields[i + 4]))};
    out.emplace(std::string(fields[i + 5]), Entry{std::string(fields[i]), stamp});
  }
  return out;
}

void Snapshots::keep_content(const std::string& hash, const std::string& bytes) const {
  const fs::path file = folder_ / "contents" / hash.substr(0, 2) / hash.substr(2);
  std::error_code error;
  if (fs::exists(file, error)) return fs::last_write_time(file, fs::file_time_type::clock::now(), error);
  if (base::make_private_folder(file.parent_path())) write_whole(file, guard::mask_secrets(bytes));
}

bool Snapshots::read_content(const std::string& hash, std::string& bytes) const {
  bytes.clear();
  if (hash.empty()) return true;  // no such file then
  return hash[0] != '~' && read_whole(folder_ / "contents" / hash.substr(0, 2) / hash.substr(2), bytes);
}

Snapshots::Entry Snapshots::entry_for(const contracts::Session& session, const workspace::File& file,
                                      std::int64_t& budget) const {
  Entry entry{opaque_hash(file.stamp), file.stamp};
  if (file.symlink || file.stamp.size > kept_file_bytes || budget < file.stamp.size) return entry;
  auto bytes = workspace::read_file(session.project.root, file.path, kept_file_bytes);
  if (!bytes) return entry;
  budget -= static_cast<std::int64_t>(bytes->bytes.size());
  entry.hash = base::content_hash(bytes->bytes);
  entry.stamp = bytes->stamp;
  if (guard::is_secret_file(file.path) || workspace::looks_binary(bytes->bytes))
    entry.hash.insert(0, "~");
  else
    keep_content(entry.hash, bytes->bytes);
  return entry;
}

std::string Snapshots::take(const contracts::Session& session, base::Deadline deadline) {
  if (!base::make_private_folder(folder_ / "trees") || !base::make_private_folder(folder_ / "contents"))
    return {};
  std::string last;
  read_whole(folder_ / latest, last);
  const Tree before = read_tree(last);
  std::string bytes, names;
  std::int64_t budget = kept_run_bytes;
  for (const workspace::File& file : session.tree.files) {
    const auto known = before.find(file.path);
    const bool same = known != before.end() && known->second.stamp == file.stamp &&
                      !waits_to_be_read(known->second.hash, file);
    if (deadline.expired()) budget = 0;
    const Entry entry = same ? known->second : entry_for(session, file, budget);
    for (const std::string& field :
         {entry.hash, std::to_string(entry.stamp.size), std::to_string(entry.stamp.mtime_ns),
          std::to_string(entry.stamp.ctime_ns), std::to_string(entry.stamp.inode), file.path}) {
      bytes += field;
      bytes += '\0';
    }
    names += entry.hash + '\0' + file.path + '\0';
  }
  std::string hash = base::content_hash(names);
  if (!write_whole(folder_ / "trees" / hash, bytes) || !write_whole(folder_ / latest, hash)) return {};
  return hash;
}

// One of two runs may have known a file by its stamp alone.
bool Snapshots::same_stamp(const std::string& path, const Tree& red, const Tree& green) {
  const auto before = red.find(path), after = green.find(path);
  return before != red.end() && after != green.end() && before->second.stamp == after->second.stamp;
}

Snapshots::Change Snapshots::between(const std::string& red_tree, const std::string& green_tree) const {
  Change out;
  const Tree red = read_tree(red_tree), green = read_tree(green_tree);
  if (red.empty() || green.empty()) return out;
  out.known = true;
  std::map<std::string, std::pair<std::string, std::string>> changed;  // path: hash before, after
  for (const auto& [path, entry] : red) changed[path].first = entry.hash;
  for (const auto& [path, entry] : green) changed[path].second = entry.hash;
  for (const auto& [path, hashes] : changed) {
    if (hashes.first == hashes.second || same_stamp(path, red, green)) continue;
    std::string before, after;
    if (!read_content(hashes.first, before) || !read_content(hashes.second, after)) {
      out.opaque.push_back(path);
      continue;
    }
    for (Hunk& hunk : changed_lines(path, before, after)) {
      if (out.hunks.size() < most_hunks) out.hunks.push_back(std::move(hunk));
    }
  }
  return out;
}

std::string Snapshots::line_of(const std::string& tree, const std::string& path, int line) const {
  const Tree entries = read_tree(tree);
  const auto at = entries.find(path);
  std::string bytes;
  if (line <= 0 || at == entries.end() || !read_content(at->second.hash, bytes)) return {};
  const auto lines = base::split(bytes, '\n');
  const auto index = static_cast<std::size_t>(line) - 1;
  return index < lines.size() ? std::string(lines[index]) : std::string();
}

Snapshots::Swept Snapshots::sweep(const std::set<std::string>& kept) const {
  Swept out;
  std::string last;
  read_whole(folder_ / latest, last);
  const auto old = [](const fs::path& file) {
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    return !error && fs::file_time_type::clock::now() - written > being_written;
  };
  std::set<std::string> named;
  std::error_code error;
  for (const fs::directory_entry& tree : fs::directory_iterator(folder_ / "trees", error)) {
    const std::string hash = tree.path().filename().string();
    std::error_code gone;
    if (kept.contains(hash) || hash == last || !old(tree.path())) {
      for (const auto& [path, entry] : read_tree(hash)) named.insert(entry.hash);
    } else if (fs::remove(tree.path(), gone)) {
      ++out.trees;
    }
  }
  for (const fs::directory_entry& content : fs::recursive_directory_iterator(folder_ / "contents", error)) {
    const std::string hash =
        content.path().parent_path().filename().string() + content.path().filename().string();
    std::error_code gone;
    if (!content.is_regular_file(gone) || named.contains(hash) || !old(content.path())) continue;
    out.contents += fs::remove(content.path(), gone) ? 1 : 0;
  }
  return out;
}

}  // namespace mira::builds
