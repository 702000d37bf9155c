#include "knowledge/git/head_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "knowledge/git/history.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

base::Status damaged() {
  return base::fail(base::ErrorCode::failed, "The stored tree of HEAD is damaged.",
                    "Delete the project's index.db; `mira index` makes it again.");
}

// One record of `ls-tree -r -z`: "100644 blob <hex>\tpath".
bool append_record(std::string_view record, std::string& out) {
  std::size_t tab = record.find('\t');
  if (tab == std::string_view::npos) return false;
  auto fields = base::split(record.substr(0, tab), ' ');
  if (fields.size() != 3 || !is_full_id(fields[2])) return false;
  EntryKind kind = fields[0] == "120000"   ? EntryKind::link
                   : fields[1] == "commit" ? EntryKind::submodule
                                           : EntryKind::file;
  CommitHash hash = hash_from_hex(fields[2]);
  std::size_t length = fields[2].size() / 2;
  out += static_cast<char>(kind);
  out += static_cast<char>(length);
  out.append(reinterpret_cast<const char*>(hash.bytes.data()), length);
  out.append(record.substr(tab + 1));
  out += '\0';
  return true;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string out;
  for (char c : bytes) {
    out += alphabet[static_cast<std::uint8_t>(c) >> 4];
    out += alphabet[static_cast<std::uint8_t>(c) & 15];
  }
  return out;
}

base::Result<HeadTree> HeadTree::parse(std::string bytes) {
  HeadTree out;
  out.bytes_ = std::make_unique<std::string>(std::move(bytes));
  std::string_view rest = *out.bytes_;
  while (!rest.empty()) {
    std::size_t length = rest.size() > 2 ? static_cast<std::uint8_t>(rest[1]) : 0;
    std::size_t end = length == 0 ? std::string_view::npos : rest.find('\0', 2 + length);
    if (end == std::string_view::npos) return std::unexpected(damaged().error());
    out.entries_.push_back(
        {rest.substr(2 + length, end - 2 - length), rest.substr(2, length), static_cast<EntryKind>(rest[0])});
    rest.remove_prefix(end + 1);
  }
  return out;
}

base::Result<std::optional<HeadTree>> HeadTree::load(store::Connection& index, std::string_view tip) {
  std::optional<std::string> bytes;
  MIRA_TRY(index.each(
      "SELECT tree FROM git_worktree WHERE tip = ?",
      [&](const store::Row& row) { bytes.emplace(row.blob(0)); }, tip));
  if (!bytes) return std::optional<HeadTree>();
  return std::optional<HeadTree>(MIRA_TRY(parse(std::move(*bytes))));
}

base::Result<HeadTree> HeadTree::read(const Shadow& shadow, base::Deadline deadline) {
  std::string packed;
  if (shadow.repository().tip.empty()) return parse(std::move(packed));
  std::string rest;
  bool good = true;
  std::int64_t count = 0;
  MIRA_TRY(shadow.stream({"ls-tree", "-r", "-z", shadow.repository().tip}, deadline, {},
                         [&](std::string_view chunk) {
                           for (std::size_t end = chunk.find('\0'); good && end != std::string_view::npos;
                                end = chunk.find('\0')) {
                             rest.append(chunk.substr(0, end));
                             good = append_record(rest, packed) && ++count <= limits::tree_files;
                             rest.clear();
                             chunk.remove_prefix(end + 1);
                           }
                           rest.append(chunk);
                           return good;
                         }));
  if (count > limits::tree_files) {
    return base::fail(
        base::ErrorCode::failed,
        fmt::format("HEAD holds over {} files, so history is left out.", limits::tree_files),
        "Look at `git ls-tree HEAD`: a few folders that hold themselves many times are made to hurt.");
  }
  if (!good || !rest.empty()) {
    return base::fail(base::ErrorCode::failed, "git wrote a tree that cannot be read.",
                      "Run `git fsck` in the project.");
  }
  return parse(std::move(packed));
}

const TreeEntry* HeadTree::find(std::string_view path) const {
  auto at = std::ranges::lower_bound(entries_, path, {}, &TreeEntry::path);
  return at != entries_.end() && at->path == path ? &*at : nullptr;
}

std::string HeadTree::id_of(std::string_view path) const {
  const TreeEntry* entry = find(path);
  return entry != nullptr ? to_hex(entry->id) : std::string();
}

}  // namespace mira::git
