#include "knowledge/git/repository.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "knowledge/git/repository_config.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr std::int64_t small_file_bytes = 1 << 20;
constexpr std::int64_t packed_refs_bytes = std::int64_t{1} << 30;
constexpr int symref_depth = 5;

// The bytes of a regular file of at most `limit` bytes; nullopt for anything else.
std::optional<std::string> read_small(const fs::path& file, std::int64_t limit) {
  int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return std::nullopt;
  struct stat status{};
  std::optional<std::string> out;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= limit) {
    out.emplace(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t filled = 0;
    while (filled < out->size()) {
      ssize_t got = read(descriptor, out->data() + filled, out->size() - filled);
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    out->resize(filled);
  }
  close(descriptor);
  return out;
}

// A ref name that stays inside the git directory.
bool is_plain_ref(std::string_view name) {
  if (!name.starts_with("refs/") || name.find('\0') != std::string_view::npos) return false;
  return std::ranges::none_of(base::split(name, '/'), [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

std::string packed_ref(const fs::path& common_dir, const std::string& name) {
  auto packed = read_small(common_dir / "packed-refs", packed_refs_bytes);
  if (!packed) return {};
  std::string wanted = " " + name;
  for (std::size_t at = packed->find(wanted); at != std::string::npos; at = packed->find(wanted, at + 1)) {
    std::size_t end = at + wanted.size();
    if (end < packed->size() && (*packed)[end] != '\n' && (*packed)[end] != '\r') continue;
    std::size_t line = packed->rfind('\n', at);
    std::size_t start = line == std::string::npos ? 0 : line + 1;
    std::string_view id = std::string_view(*packed).substr(start, at - start);
    if (is_full_id(id)) return std::string(id);
  }
  return {};
}

struct Head {
  std::string tip, branch;
};

base::Result<Head> resolve_head(const workspace::Project& project) {
  Head head;
  auto text = read_small(project.git_dir / "HEAD", small_file_bytes);
  if (!text) {
    return base::fail(ErrorCode::unavailable,
                      "The git directory " + project.git_dir.string() + " has no readable HEAD.",
                      "Check its permissions, or run `git fsck` there.");
  }
  for (int depth = 0; depth < symref_depth; ++depth) {
    std::string_view line = base::trim(*text);
    if (is_full_id(line)) {
      head.tip = line;
      return head;
    }
    if (!line.starts_with("ref:")) break;
    std::string name(base::trim(line.substr(4)));
    if (!is_plain_ref(name)) break;
    if (depth == 0) head.branch = name.starts_with("refs/heads/") ? name.substr(11) : name;
    text = read_small(project.git_dir / name, small_file_bytes);
    if (!text) text = read_small(project.common_dir / name, small_file_bytes);
    if (!text) {
      head.tip = packed_ref(project.common_dir, name);
      return head;
    }
  }
  return base::fail(ErrorCode::unavailable,
                    "HEAD of " + project.git_dir.string() + " names no branch and no commit.",
                    "Run `git symbolic-ref HEAD refs/heads/main` or check out a branch.");
}

base::Status refuse_reftable(const workspace::Project& project) {
  std::error_code ignored;
  if (!fs::exists(project.common_dir / "reftable", ignored)) return {};
  return base::fail(
      ErrorCode::unavailable,
      "This repository keeps its refs in the reftable format, which Mira cannot read yet: its history "
      "is left out.",
      "Run `git refs migrate --ref-format=files` to have it read.");
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  auto relative = path.lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

std::vector<std::string> alternates_outside(const workspace::Project& project, const fs::path& objects) {
  std::vector<std::string> out;
  auto text = read_small(objects / "info" / "alternates", small_file_bytes);
  if (!text) return out;
  for (std::string_view line : base::split(*text, '\n')) {
    line = base::trim(line);
    if (line.empty() || line[0] == '#') continue;
    fs::path folder = objects / fs::path(line);  // an absolute line replaces `objects`
    if (!is_inside(folder, project.root) && !is_inside(folder, project.common_dir)) {
      out.push_back(folder.lexically_normal().string());
    }
  }
  return out;
}

}  // namespace

bool is_full_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

base::Result<std::string> read_tip(const workspace::Project& project) {
  MIRA_TRY(refuse_reftable(project));
  return MIRA_TRY(resolve_head(project)).tip;
}

base::Result<Repository> read_repository(const workspace::Project& project) {
  MIRA_TRY(refuse_reftable(project));
  Head head = MIRA_TRY(resolve_head(project));
  Repository out;
  out.tip = head.tip;
  out.branch = head.branch;
  out.objects = project.common_dir / "objects";
  auto config = parse_config(read_small(project.common_dir / "config", small_file_bytes).value_or(""));
  std::string format = base::to_lower(config_value(config, "extensions.objectformat").value_or("sha1"));
  if (format != "sha1" && format != "sha256") {
    return base::fail(ErrorCode::unavailable, "This repository names its objects by \"" +
                                                  base::display_line(format) +
                                                  "\", which Mira does not know: its history is left out.");
  }
  out.object_hash = format == "sha256" ? base::GitHash::sha256 : base::GitHash::sha1;
  out.partial_clone =
      config_value(config, "extensions.partialclone").has_value() || config_true(config, "remote.promisor");
  auto own = parse_config(read_small(project.git_dir / "config.worktree", small_file_bytes).value_or(""));
  out.sparse = config_true(config, "core.sparsecheckout") || config_true(own, "core.sparsecheckout");
  out.shallow = read_small(project.common_dir / "shallow", packed_refs_bytes).value_or("");
  out.outside_alternates = alternates_outside(project, out.objects);
  return out;
}

std::string configured_email(const workspace::Project& project) {
  const char* home = std::getenv("HOME");
  for (const fs::path& file :
       {project.common_dir / "config", fs::path(home != nullptr ? home : "") / ".gitconfig"}) {
    auto email = config_value(parse_config(read_small(file, small_file_bytes).value_or("")), "user.email");
    if (email) return *email;
  }
  return {};
}

}  // namespace mira::git
