#include "platform/workspace/git_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/descriptor.h"

namespace mira::workspace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view pointer_prefix = "gitdir: ";

bool is_kind(int folder, const char* name, mode_t wanted, int flags) {
  struct stat status{};
  return ::fstatat(folder, name, &status, flags) == 0 && (status.st_mode & S_IFMT) == wanted;
}

bool has_folder(int folder, const char* name) {
  return is_kind(folder, name, S_IFDIR, 0);
}

// Old repositories have a link as HEAD.
bool has_head(int folder) {
  return is_kind(folder, "HEAD", S_IFREG, AT_SYMLINK_NOFOLLOW) ||
         is_kind(folder, "HEAD", S_IFLNK, AT_SYMLINK_NOFOLLOW);
}

// A line of a small file of git's own, without its end.
std::string read_line(const fs::path& folder, const char* name) {
  Descriptor open = open_folder(AT_FDCWD, folder.c_str());
  if (!open) return {};
  std::string text = read_small(open.number(), name, limits::path_bytes);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool same_file(const fs::path& one, const fs::path& other) {
  struct stat first{}, second{};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::unexpected<base::Error> broken(const fs::path& root, std::string_view why, std::string hint = {}) {
  if (hint.empty())
    hint = "its files are indexed without history; repair .git (`git status` there says more) to have it";
  return fail(ErrorCode::failed, fmt::format("{} {}", base::display_line((root / ".git").native()), why),
              std::move(hint));
}

// True when git_dir is the place of a submodule of a repository that is around root.
bool is_submodule_of_outer(const fs::path& root, const fs::path& git_dir) {
  for (fs::path outer = root.parent_path();; outer = outer.parent_path()) {
    if (auto found = find_git_folder(outer)) {
      std::string modules = (found->common_dir / "modules" / "").native();
      std::string own_modules = (found->git_dir / "modules" / "").native();
      return git_dir.native().starts_with(modules) || git_dir.native().starts_with(own_modules);
    }
    if (outer == outer.root_path()) return false;
  }
}

// A git directory that is split: refs and objects are in the folder that "commondir" names.
Result<GitFolder> linked_work_tree(const fs::path& root, const fs::path& git_dir, const std::string& common) {
  fs::path back = git_dir / read_line(git_dir, "gitdir");
  if (!same_file(back, root / ".git")) {
    return broken(
        root,
        fmt::format("names {}, which belongs to another work tree", base::display_line(git_dir.native())),
        "run `git worktree repair` there if the folder was moved");
  }
  std::error_code error;
  fs::path common_dir = fs::canonical(git_dir / common, error);
  Descriptor open = error ? Descriptor() : open_folder(AT_FDCWD, common_dir.c_str());
  if (!open || !is_git_directory(open.number())) {
    return broken(root, "belongs to a repository that is gone",
                  "run `git worktree prune` in the main work tree");
  }
  return GitFolder{git_dir, common_dir};
}

Result<GitFolder> from_file(const fs::path& root) {
  std::string line = read_line(root, ".git");
  if (!line.starts_with(pointer_prefix)) return broken(root, "is a file without a \"gitdir:\" line");
  std::error_code error;
  fs::path git_dir = fs::canonical(root / line.substr(pointer_prefix.size()), error);
  Descriptor open = error ? Descriptor() : open_folder(AT_FDCWD, git_dir.c_str());
  if (!open || !has_head(open.number())) {
    return broken(root, "names a git directory that is not there");
  }
  std::string common = read_line(git_dir, "commondir");
  if (!common.empty()) return linked_work_tree(root, git_dir, common);
  if (!is_git_directory(open.number())) return broken(root, "names a folder that is no git directory");
  if (!is_submodule_of_outer(root, git_dir)) {
    return broken(
        root,
        fmt::format("leads to {}, which does not name this work tree", base::display_line(git_dir.native())),
        "Mira follows a .git file only to a linked work tree's or a submodule's own directory; its files "
        "are indexed without history");
  }
  return GitFolder{git_dir, git_dir};
}

}  // namespace

bool is_git_directory(int folder) {
  return has_head(folder) && has_folder(folder, "objects") && has_folder(folder, "refs");
}

bool holds_repository(int folder) {
  struct stat status{};
  if (::fstatat(folder, ".git", &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (S_ISREG(status.st_mode)) {
    return read_small(folder, ".git", limits::path_bytes).starts_with(pointer_prefix);
  }
  Descriptor inner(::openat(folder, ".git", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
  return inner && is_git_directory(inner.number());
}

Result<GitFolder> find_git_folder(const fs::path& root) {
  fs::path dot_git = root / ".git";
  struct stat status{};
  if (::lstat(dot_git.c_str(), &status) != 0) return fail(ErrorCode::not_found, "no .git");
  if (S_ISREG(status.st_mode)) return from_file(root);
  if (S_ISLNK(status.st_mode)) {
    return broken(root, "is a link",
                  "Mira follows no link to a git directory; its files are indexed without history");
  }
  Descriptor open = open_folder(AT_FDCWD, dot_git.c_str());
  if (!open)
    return broken(root, S_ISDIR(status.st_mode) ? "cannot be opened" : "is neither a folder nor a file");
  if (!is_git_directory(open.number()))
    return broken(root, "is no git directory: HEAD, objects or refs is missing");
  return GitFolder{dot_git, dot_git};
}

}  // namespace mira::workspace
