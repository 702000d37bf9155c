#include "platform/workspace/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <unordered_set>

#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/descriptor.h"
#include "platform/workspace/git_folder.h"
#include "platform/workspace/ignore.h"
#include "platform/workspace/listing.h"
#include "platform/workspace/walked.h"

namespace mira::workspace {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t told_left_out = 1000;
constexpr int entries_between_clock_reads = 512;
constexpr std::string_view cache_tag = "Signature: 8a477f597d28d172789f06886806bc55";  // bford.info/cachedir

// Ignore files from the weightiest to the lightest.
constexpr std::array<const char*, 3> ignore_files = {".miraignore", ".ignore", ".gitignore"};

struct FolderId {
  dev_t device;
  ino_t inode;
  bool operator==(const FolderId&) const = default;
};
struct FolderIdHash {
  std::size_t operator()(const FolderId& id) const { return id.inode * 0x9e3779b97f4a7c15ULL ^ id.device; }
};

struct LevelRules {
  std::size_t base;  // bytes of the path up to and with the '/' of the folder the rules stand in
  IgnoreRules rules;
};

struct Frame {
  Descriptor folder;
  dev_t device = 0;
  std::size_t path_bytes = 0;  // of the folder's own path with its '/'
  std::size_t next = 0;        // entry to look at
  std::array<std::size_t, ignore_files.size()> rules_before{};
  Listing listing;
};

// Kernel file systems hold no sources, and some of their files never end.
bool is_kernel_file_system(int folder) {
  struct statfs status{};
  if (::fstatfs(folder, &status) != 0) return false;
  switch (static_cast<std::uint32_t>(status.f_type)) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case CGROUP_SUPER_MAGIC:
    case CGROUP2_SUPER_MAGIC:
    case DEVPTS_SUPER_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
    case BPF_FS_MAGIC:
    case SECURITYFS_MAGIC:
      return true;
    default:
      return false;
  }
}

// Those on which every change goes through this kernel, so that it can tell of it.
bool is_local_file_system(int folder) {
  constexpr std::uint32_t zfs = 0x2fc12fc1;
  struct statfs status{};
  if (::fstatfs(folder, &status) != 0) return false;
  switch (static_cast<std::uint32_t>(status.f_type)) {
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
    case zfs:
      return true;
    default:
      return false;
  }
}

std::string reason_of(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "no permission";
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
      return "changed while it was looked at";
    case EMFILE:
    case ENFILE:
      return "too many open files";
    default:
      return std::strerror(error);
  }
}

class Walker {
 public:
  Walker(const Project& project, base::Deadline deadline) : project_(project), deadline_(deadline) {}

  Result<Walked> run() {
    load_exclude();
    Descriptor root = open_folder(AT_FDCWD, project_.root.c_str());
    if (!root) {
      return base::fail(ErrorCode::unavailable,
                        fmt::format("cannot read the folder {}: {}",
                                    base::display_line(project_.root.native()), std::strerror(errno)),
                        "run Mira as a user who may read it, or give another folder");
    }
    enter(std::move(root));
    while (depth_ > 0 && !stopped_) step();
    walked_.tree = std::move(tree_);
    return std::move(walked_);
  }

 private:
  // Looks at the next entry of the deepest folder, or leaves the folder.
  void step() {
    Frame& frame = *frames_[depth_ - 1];
    path_.resize(frame.path_bytes);
    if (frame.next == frame.listing.entries().size()) return leave(frame);
    if (++looked_at_ % entries_between_clock_reads == 0 && deadline_.expired()) {
      return stop("the time was over");
    }
    const Listing::Entry entry = frame.listing.entries()[frame.next++];
    std::string_view name = frame.listing.name(entry);
    if (name == ".git") return;
    path_.append(name);
    bool folder = entry.type == DT_DIR;
    if (is_ignored(name, folder ? IgnoreRules::EntryKind::folder : IgnoreRules::EntryKind::file)) {
      ++tree_.ignored_count;
    } else if (path_.size() > limits::path_bytes) {
      leave_out(fmt::format("a path of over {} bytes", limits::path_bytes));
    } else if (folder) {
      descend(frame, frame.listing.c_name(entry));
    } else {
      add_file(frame, frame.listing.c_name(entry));
    }
  }

  void descend(const Frame& parent, const char* name) {
    if (depth_ > static_cast<std::size_t>(limits::tree_depth)) {
      return leave_out(fmt::format("deeper than {} folders", limits::tree_depth));
    }
    Descriptor folder = open_folder(parent.folder.number(), name);
    if (!folder) return leave_out(reason_of(errno));
    enter(std::move(folder));
  }

  // Makes the folder at path_ the deepest one, if it is to be walked.
  void enter(Descriptor folder) {
    struct stat status{};
    if (::fstat(folder.number(), &status) != 0) return leave_out(reason_of(errno));
    if (!seen_.insert({status.st_dev, status.st_ino}).second) {
      return leave_out("a folder that was walked already under another path");
    }
    bool other_device = depth_ == 0 || frames_[depth_ - 1]->device != status.st_dev;
    if (other_device && is_kernel_file_system(folder.number())) return leave_out("a kernel file system");
    if (other_device && !is_local_file_system(folder.number())) walked_.tells_changes = false;
    walked_.folders.push_back(path_);
    if (frames_.size() == depth_) frames_.push_back(std::make_unique<Frame>());
    Frame& frame = *frames_[depth_];
    if (auto read = frame.listing.read(folder.number(), limits::tree_files); !read) {
      return leave_out(read.error().message);
    }
    if (frame.listing.cut()) {
      tree_.partial = true;
      leave_out(fmt::format("over {} entries in one folder", limits::tree_files));
    }
    frame.folder = std::move(folder);
    frame.device = status.st_dev;
    frame.next = 0;
    if (is_foreign(frame)) return;
    if (!path_.empty()) path_.push_back('/');
    frame.path_bytes = path_.size();
    load_rules(frame);
    ++depth_;
  }

  void leave(Frame& frame) {
    frame.folder.close();
    for (std::size_t kind = 0; kind < rules_.size(); ++kind) rules_[kind].resize(frame.rules_before[kind]);
    --depth_;
  }

  // Folders whose content is not the project's: other repositories and what tools keep.
  bool is_foreign(Frame& frame) {
    const Listing& listing = frame.listing;
    int folder = frame.folder.number();
    if (listing.type_of("HEAD") != DT_UNKNOWN && is_git_directory(folder)) {
      leave_out("a bare repository");
      return true;
    }
    if (path_.empty()) return false;
    if (listing.type_of(".git") != DT_UNKNOWN && holds_repository(folder)) {
      leave_out("a nested repository (run Mira inside it)");
      return true;
    }
    bool environment = listing.type_of("pyvenv.cfg") == DT_REG;
    bool cache = listing.type_of("CACHEDIR.TAG") == DT_REG && is_tagged_cache(folder);
    if (environment || cache) ++tree_.ignored_count;
    return environment || cache;
  }

  static bool is_tagged_cache(int folder) {
    return read_small(folder, "CACHEDIR.TAG", limits::ignore_file_bytes).starts_with(cache_tag);
  }

  void load_exclude() {
    if (!project_.is_git) return;
    Descriptor info = open_folder(AT_FDCWD, (project_.common_dir / "info").c_str());
    if (info) exclude_ = IgnoreRules::parse(read_small(info.number(), "exclude", limits::ignore_file_bytes));
  }

  void load_rules(Frame& frame) {
    for (std::size_t kind = 0; kind < ignore_files.size(); ++kind) {
      frame.rules_before[kind] = rules_[kind].size();
      if (frame.listing.type_of(ignore_files[kind]) != DT_REG) continue;
      const char* name = ignore_files[kind];
      IgnoreRules rules =
          IgnoreRules::parse(read_small(frame.folder.number(), name, limits::ignore_file_bytes));
      if (rules.empty()) tell_unread_rules(frame, name);
      if (!rules.empty()) rules_[kind].push_back({frame.path_bytes, std::move(rules)});
    }
  }

  void tell_unread_rules(const Frame& frame, const char* name) {
    struct stat status{};
    if (::fstatat(frame.folder.number(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (status.st_size <= limits::ignore_file_bytes) return;
    path_.append(name);
    leave_out(fmt::format("its rules are not obeyed: over {} bytes", limits::ignore_file_bytes));
    path_.resize(frame.path_bytes);
  }

  bool is_ignored(std::string_view name, IgnoreRules::EntryKind kind) const {
    using Verdict = IgnoreRules::Verdict;
    for (const auto& levels : rules_) {
      for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        Verdict verdict = level->rules.match(std::string_view(path_).substr(level->base), kind);
        if (verdict != Verdict::none) return verdict == Verdict::ignored;
      }
    }
    Verdict verdict = exclude_.match(path_, kind);
    if (verdict != Verdict::none) return verdict == Verdict::ignored;
    return kind == IgnoreRules::EntryKind::folder && is_tool_folder(name);
  }

  void add_file(const Frame& frame, const char* name) {
    struct stat status{};
    if (::fstatat(frame.folder.number(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return leave_out(reason_of(errno));
    }
    bool symlink = S_ISLNK(status.st_mode);
    if (!symlink && !S_ISREG(status.st_mode)) return leave_out("not a regular file");
    if (tree_.files.size() >= static_cast<std::size_t>(limits::tree_files)) {
      return stop(fmt::format("over {} files", limits::tree_files));
    }
    tree_.files.push_back({path_, stamp_of(status), !symlink && (status.st_mode & S_IXUSR) != 0, symlink});
  }

  void leave_out(std::string reason) {
    ++tree_.left_out_count;
    if (tree_.left_out.size() < told_left_out) {
      tree_.left_out.push_back({path_.empty() ? "." : path_, std::move(reason)});
    }
  }

  void stop(std::string reason) {
    stopped_ = tree_.partial = true;
    leave_out(std::move(reason));
  }

  const Project& project_;
  base::Deadline deadline_;
  Tree tree_;
  Walked walked_;                               // without its tree until the end
  std::string path_;                            // of the entry looked at, relative to the root
  std::vector<std::unique_ptr<Frame>> frames_;  // kept for their memory; the first depth_ are open
  std::size_t depth_ = 0;
  std::array<std::vector<LevelRules>, ignore_files.size()> rules_;
  IgnoreRules exclude_;
  std::unordered_set<FolderId, FolderIdHash> seen_;
  int looked_at_ = 0;
  bool stopped_ = false;
};

constexpr auto tool_folders = std::to_array<std::string_view>({
    ".bundle",       ".cache",
    ".dart_tool",    ".direnv",
    ".eggs",         ".gradle",
    ".hg",           ".jj",
    ".mypy_cache",   ".next",
    ".nox",          ".nuxt",
    ".parcel-cache", ".pnpm-store",
    ".pytest_cache", ".ruff_cache",
    ".stack-work",   ".svelte-kit",
    ".svn",          ".terraform",
    ".tox",          ".turbo",
    ".venv",         ".zig-cache",
    "__pycache__",   "bower_components",
    "dist-newstyle", "elm-stuff",
    "jspm_packages", "node_modules",
});
static_assert(std::ranges::is_sorted(tool_folders));

}  // namespace

bool is_tool_folder(std::string_view name) {
  return std::ranges::binary_search(tool_folders, name);
}

Result<Tree> walk(const Project& project, base::Deadline deadline) {
  return std::move(MIRA_TRY(Walker(project, deadline).run()).tree);
}

Result<Walked> walk_and_list(const Project& project, base::Deadline deadline) {
  return Walker(project, deadline).run();
}

}  // namespace mira::workspace
