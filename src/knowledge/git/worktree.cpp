#include "knowledge/git/worktree.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "knowledge/git/history.h"
#include "knowledge/git/stamps.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::git {
namespace {

// A file written this shortly before it was read may be written again under the same stamp.
constexpr std::int64_t settling_ms = 30;
constexpr std::size_t untracked_hashed = 1000;  // new files compared with deleted ones

std::string unix_lines(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
    out += bytes[i];
  }
  return out;
}

std::string lfs_pointer(std::string_view bytes) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + base::sha256_hex(bytes) + "\nsize " +
         std::to_string(bytes.size()) + "\n";
}

// Where a link on disk leads, as git stores it; nullopt when it cannot be read.
std::optional<std::string> link_target(const std::filesystem::path& file) {
  std::string target(limits::path_bytes, '\0');
  ssize_t length = readlink(file.c_str(), target.data(), target.size());
  if (length < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(length));
  return target;
}

bool is_below_submodule(const std::vector<std::string_view>& submodules, std::string_view path) {
  return std::ranges::any_of(submodules, [&](std::string_view folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
  });
}

// One comparison of the disk with HEAD.
class Comparison {
 public:
  Comparison(contracts::Session& session, const Repository& repository, const HeadTree& tree,
             StampTable known)
      : session_(session), repository_(repository), tree_(tree), known_(std::move(known)) {
    for (const TreeEntry& entry : tree.entries()) {
      if (entry.kind == EntryKind::submodule) submodules_.push_back(entry.path);
    }
  }

  base::Status run(base::Deadline deadline) {
    const auto& files = session_.tree.files;
    const auto& entries = tree_.entries();
    std::size_t f = 0, e = 0;
    while (f < files.size() || e < entries.size()) {
      if (deadline.expired()) {
        return base::fail(base::ErrorCode::timeout, "Comparing the files with HEAD took too long.",
                          "Run `mira index` to let it finish.");
      }
      if (e == entries.size() || (f < files.size() && files[f].path < entries[e].path)) {
        untracked(files[f++]);
      } else if (f == files.size() || entries[e].path < files[f].path) {
        absent(entries[e++]);
      } else {
        compare(files[f++], entries[e++]);
      }
    }
    pair_renames();
    return {};
  }

  std::vector<LocalChange> changes_;
  StampTable stamps_;
  std::vector<std::string> unlisted_;  // tracked and on disk, but not walked
  bool settled_ = true;                // no file was too fresh to trust its stamp
  WorktreeReport report_;

 private:
  std::string id_of(std::string_view bytes) const {
    return base::git_blob_id(bytes, repository_.object_hash);
  }

  void untracked(const workspace::File& file) {
    if (is_below_submodule(submodules_, file.path)) return;
    changes_.push_back({file.path, "added", "", "", ""});
  }

  // A tracked path that the walk did not list: deleted, or only ignored.
  void absent(const TreeEntry& entry) {
    if (entry.kind == EntryKind::submodule || repository_.sparse) return;
    std::error_code failed;
    auto status = std::filesystem::symlink_status(session_.project.root / entry.path, failed);
    if (std::filesystem::is_regular_file(status) || std::filesystem::is_symlink(status)) {
      unlisted_.emplace_back(entry.path);
      compare({.path = unlisted_.back(),
               .stamp = stamp_on_disk(session_.project.root / entry.path).value_or(workspace::FileStamp{}),
               .symlink = std::filesystem::is_symlink(status)},
              entry);
    } else if (!std::filesystem::exists(status)) {
      changes_.push_back({std::string(entry.path), "deleted", "", to_hex(entry.id), ""});
    }
  }

  void compare(const workspace::File& file, const TreeEntry& entry) {
    if (entry.kind == EntryKind::submodule || guard::is_secret_file(file.path)) return;
    std::string wanted = to_hex(entry.id);
    if (known_.id_of(file.path, file.stamp) == entry.id) {
      stamps_.add(file.path, file.stamp, entry.id);
      return;
    }
    std::string found = file.symlink ? link_id(file) : content_id(file, wanted);
    if (found.empty() || found == wanted) return;
    changes_.push_back({file.path, "modified", "", wanted, found});
  }

  std::string link_id(const workspace::File& file) const {
    auto target = link_target(session_.project.root / file.path);
    return target ? id_of(*target) : std::string();
  }

  // Hex id of what the file stands for: `wanted` where it means the same. Empty when it cannot be read.
  std::string content_id(const workspace::File& file, const std::string& wanted) {
    auto read = workspace::read_file(session_.project.root, file.path, limits::file_bytes);
    if (!read) {
      if (file.stamp.size > limits::file_bytes) ++too_large_;
      return {};
    }
    ++report_.hashed;
    std::string found = id_of(read->bytes);
    if (found != wanted && means(read->bytes, wanted)) found = wanted;
    bool fresh =
        read->changed_while_read || read->stamp.ctime_ns / 1'000'000 > session_.clock.now_ms() - settling_ms;
    if (fresh) {
      settled_ = false;
    } else {
      CommitHash raw = hash_from_hex(found);
      stamps_.add(file.path, read->stamp,
                  std::string_view(reinterpret_cast<const char*>(raw.bytes.data()), found.size() / 2));
    }
    return found;
  }

  bool means(std::string_view bytes, const std::string& wanted) const {
    if (bytes.find("\r\n") != std::string_view::npos && id_of(unix_lines(bytes)) == wanted) return true;
    return id_of(lfs_pointer(bytes)) == wanted;
  }

  // A new file with the very content of a deleted one is that file, moved.
  void pair_renames() {
    std::unordered_map<std::string, std::size_t> deleted;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].change_type == "deleted") deleted.emplace(changes_[i].old_blob, i);
    }
    if (deleted.empty()) return;
    std::vector<char> used(changes_.size(), 0);
    std::size_t hashed = 0;
    for (LocalChange& change : changes_) {
      if (change.change_type != "added" || guard::is_secret_file(change.path) || hashed == untracked_hashed)
        continue;
      auto read = workspace::read_file(session_.project.root, change.path, limits::file_bytes);
      if (!read) continue;
      ++hashed;
      auto from = deleted.find(id_of(read->bytes));
      if (from == deleted.end() || used[from->second]) continue;
      used[from->second] = 1;
      change = {change.path, "renamed", changes_[from->second].path, from->first, from->first};
    }
    std::size_t at = 0;
    std::erase_if(changes_, [&](const LocalChange&) { return used[at++] != 0; });
  }

  contracts::Session& session_;
  const Repository& repository_;
  const HeadTree& tree_;
  StampTable known_;
  std::vector<std::string_view> submodules_;
  std::int64_t too_large_ = 0;
};

base::Status store_changes(store::Connection& index, const std::vector<LocalChange>& changes) {
  MIRA_TRY(index.run("DELETE FROM local_changes"));
  for (const LocalChange& change : changes) {
    MIRA_TRY(index.run(
        "INSERT INTO local_changes(path, change_type, old_path, old_blob, new_blob) VALUES (?, ?, ?, ?, ?)",
        change.path, change.change_type, change.old_path, change.old_blob, change.new_blob));
  }
  return {};
}

std::string pack(const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths) out += path + '\0';
  return out;
}

std::vector<std::string> unpack(std::string_view bytes) {
  std::vector<std::string> out;
  for (std::size_t end = bytes.find('\0'); end != std::string_view::npos; end = bytes.find('\0')) {
    out.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  return out;
}

struct WorktreeRow {
  std::string_view tip, tree;
  std::uint64_t fingerprint = 0;
  const std::vector<std::string>& unlisted;
  const StampTable& stamps;
};

base::Status store_worktree(store::Connection& index, const WorktreeRow& row) {
  return index.run(
      "INSERT OR REPLACE INTO git_worktree(worktree_id, tip, tree, fingerprint, unlisted, stamps) VALUES (1, "
      "?, ?, ?, "
      "?, ?)",
      row.tip, store::Blob{row.tree}, static_cast<std::int64_t>(row.fingerprint),
      store::Blob{pack(row.unlisted)}, store::Blob{row.stamps.encode()});
}

base::Result<StampTable> load_stamps(store::Connection& index) {
  std::string bytes;
  MIRA_TRY(
      index.each("SELECT stamps FROM git_worktree", [&](const store::Row& row) { bytes = row.blob(0); }));
  return StampTable::decode(bytes);
}

}  // namespace

base::Result<HeadTree> head_tree(store::Connection& index, const Shadow& shadow, base::Deadline deadline) {
  const std::string& tip = shadow.repository().tip;
  auto stored = MIRA_TRY(HeadTree::load(index, tip));
  if (stored) return std::move(*stored);
  HeadTree tree = MIRA_TRY(HeadTree::read(shadow, deadline));
  StampTable stamps = MIRA_TRY(load_stamps(index));
  MIRA_TRY(store_worktree(index, {tip, tree.bytes(), 0, {}, stamps}));
  return tree;
}

base::Result<WorktreeReport> update_worktree(contracts::Session& session, const Repository& repository,
                                             const HeadTree& tree, base::Deadline deadline) {
  bool stale = MIRA_TRY(worktree_is_stale(session, repository.tip));
  if (!stale) return WorktreeReport{};
  StampTable known = MIRA_TRY(load_stamps(session.index));
  Comparison comparison(session, repository, tree, std::move(known));
  MIRA_TRY(comparison.run(deadline));
  std::uint64_t fingerprint =
      comparison.settled_ ? fingerprint_of(session.tree, session.project.root, comparison.unlisted_) : 0;
  auto stored = MIRA_TRY(local_changes(session.index));
  std::ranges::sort(comparison.changes_, {}, &LocalChange::path);
  bool changed = stored != comparison.changes_;
  base::Status written = session.index.transaction([&]() -> base::Status {
    if (changed) MIRA_TRY(store_changes(session.index, comparison.changes_));
    return store_worktree(
        session.index, {repository.tip, tree.bytes(), fingerprint, comparison.unlisted_, comparison.stamps_});
  });
  MIRA_TRY(std::move(written));
  comparison.report_.changed = changed;
  return comparison.report_;
}

base::Result<bool> worktree_is_stale(contracts::Session& session, std::string_view tip) {
  std::optional<std::int64_t> stored;
  std::vector<std::string> unlisted;
  MIRA_TRY(session.index.each(
      "SELECT fingerprint, unlisted FROM git_worktree WHERE tip = ?",
      [&](const store::Row& row) {
        stored = row.integer(0);
        unlisted = unpack(row.blob(1));
      },
      tip));
  if (!stored) return true;
  return *stored != static_cast<std::int64_t>(fingerprint_of(session.tree, session.project.root, unlisted));
}

base::Result<std::vector<LocalChange>> local_changes(store::Connection& index) {
  std::vector<LocalChange> out;
  MIRA_TRY(index.each(
      "SELECT path, change_type, old_path, old_blob, new_blob FROM local_changes ORDER BY path",
      [&](const store::Row& row) {
        out.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                       std::string(row.text(3)), std::string(row.text(4))});
      }));
  return out;
}

}  // namespace mira::git
