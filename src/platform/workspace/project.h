// What a project is: a folder, found from any path inside it (the nearest git
// work tree, else the folder itself), with a stable id and a place for its index.
#pragma once

#include <filesystem>
#include <string>

#include "platform/base/home.h"
#include "platform/base/result.h"

namespace mira::workspace {

struct Project {
  std::filesystem::path root;        // absolute, no links
  std::string id;                    // 16 hex digits of the root path's hash
  bool is_git = false;               // root holds .git (folder or file)
  std::filesystem::path git_dir;     // this work tree's git directory, when is_git
  std::filesystem::path common_dir;  // where objects and refs are (differs in a linked work tree)
  std::filesystem::path data;        // <home.data>/projects/<id>: index.db, shadow git directory
  std::string git_problem;           // why the .git that is there is not used; empty: none, or all is well
};

// The project that `path` (file or folder, default ".") belongs to. A nested bare
// repository is not entered; a `.git` file that leads elsewhere is followed only to
// a real work tree's git directory. not_found: no such path.
base::Result<Project> find_project(const std::filesystem::path& path, const base::Home& home);

}  // namespace mira::workspace
