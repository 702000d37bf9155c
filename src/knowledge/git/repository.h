// What Mira itself reads of somebody's git directory, as data: which commit HEAD
// is, how objects are named, what is missing. git is not asked, because git would
// obey the configuration it finds there; of that configuration only the few keys
// below are looked at, and none is obeyed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/hash.h"
#include "platform/base/result.h"
#include "platform/workspace/project.h"

namespace mira::git {

struct Repository {
  std::string tip;     // 40 or 64 hex digits; empty: no commit yet (unborn branch)
  std::string branch;  // "main"; empty when HEAD is detached
  base::GitHash object_hash = base::GitHash::sha1;
  std::filesystem::path objects;                // their object folder
  std::string shallow;                          // content of their `shallow` file; empty: history is whole
  bool partial_clone = false;                   // blobs may be missing, and are never fetched
  bool sparse = false;                          // a sparse checkout: absent files are not deleted ones
  std::vector<std::string> outside_alternates;  // object folders borrowed from outside the project
};

// Reads a project's repository. Must have project.is_git. unavailable: refs in a form
// that cannot be read (reftable), a damaged HEAD, or an object format not known.
base::Result<Repository> read_repository(const workspace::Project& project);

// True for 40 or 64 lower-case hex digits: the only ids that are ever put into an argv.
bool is_full_id(std::string_view text);

// Only the commit HEAD is now: two or three small files. Empty for an unborn branch.
base::Result<std::string> read_tip(const workspace::Project& project);

// user.email of the repository, else of the user's own configuration; empty when neither says.
std::string configured_email(const workspace::Project& project);

}  // namespace mira::git
