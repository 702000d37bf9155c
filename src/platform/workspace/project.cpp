#include "platform/workspace/project.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/workspace/git_folder.h"

namespace mira::workspace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

namespace {

Result<fs::path> folder_of(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::canonical(path.empty() ? fs::path(".") : path, error);
  std::string shown = base::display_line(path.native());
  if (error == std::errc::permission_denied) {
    return base::fail(ErrorCode::unavailable, fmt::format("no permission to look into {}", shown),
                      "run Mira as a user who may read the folder");
  }
  if (error) {
    return base::fail(ErrorCode::not_found, fmt::format("there is no folder or file {}", shown),
                      "give a path inside the project, or run Mira from its folder");
  }
  return fs::is_directory(real, error) ? real : real.parent_path();
}

bool is_file(const fs::path& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

void set_git(Project& project, const fs::path& root, GitFolder git) {
  project.root = root;
  project.is_git = true;
  project.git_dir = std::move(git.git_dir);
  project.common_dir = std::move(git.common_dir);
  project.git_problem.clear();
}

// Nearest first. A .git folder that is no repository is passed by, as git does; a .git
// file ends the search, since its folder is meant to be a work tree of its own.
void find_work_tree(const fs::path& start, Project& project) {
  for (fs::path folder = start;; folder = folder.parent_path()) {
    auto git = find_git_folder(folder);
    if (git) return set_git(project, folder, std::move(*git));
    if (git.error().code != ErrorCode::not_found && project.git_problem.empty()) {
      project.root = folder;
      project.git_problem = git.error().message + "; " + git.error().hint;
    }
    if (is_file(folder / ".git") || folder == folder.root_path()) return;
  }
}

}  // namespace

Result<Project> find_project(const fs::path& path, const base::Home& home) {
  Project project;
  project.root = MIRA_TRY(folder_of(path));
  find_work_tree(fs::path(project.root), project);
  project.id = fmt::format("{:016x}", base::hash64(project.root.native()));
  project.data = home.data / "projects" / project.id;
  return project;
}

}  // namespace mira::workspace
