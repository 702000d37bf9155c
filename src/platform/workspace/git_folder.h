// What a ".git" is: a git directory, a file that names one, or something broken.
// Only names and small files are looked at; git's configuration is never read and
// git is never run. A ".git" file is believed only when the directory it names
// answers back: a linked work tree's "gitdir" file, or a submodule's place under
// "modules" of a repository around it. So a planted file leads nowhere.
#pragma once

#include <filesystem>
#include <string>

#include "platform/base/result.h"

namespace mira::workspace {

struct GitFolder {
  std::filesystem::path git_dir;     // absolute, no links
  std::filesystem::path common_dir;  // the same, but in a linked work tree
};

// True for a folder with HEAD, objects and refs, seen from an open descriptor of it.
bool is_git_directory(int folder);
// True when `folder` holds a .git that makes it a work tree of its own (git would not enter it).
bool holds_repository(int folder);
// The git directory of the work tree at `root`. not_found: no .git at all. failed: a .git
// that cannot be used, with the reason and what to do.
base::Result<GitFolder> find_git_folder(const std::filesystem::path& root);

}  // namespace mira::workspace
