// git's index file, read as data: what `git commit` would take. Versions 2 to 4; a split
// index, whose other half is elsewhere, is refused and never half read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/workspace/project.h"

namespace mira::git {

struct StagedEntry {
  std::string path;
  std::string id;     // hex
  bool file = false;  // a regular file: no link, no submodule
  bool operator==(const StagedEntry&) const = default;
};

// `id_bytes` is 20 or 32. failed: these bytes are no index that can be read whole. Entries of unmerged paths
// (stages 1 to 3), and those only announced (`git add -N`), are left out.
base::Result<std::vector<StagedEntry>> parse_index(std::string_view bytes, std::size_t id_bytes);
// The index of this work tree; empty when there is none.
base::Result<std::vector<StagedEntry>> staged_entries(const workspace::Project& project,
                                                      std::size_t id_bytes);

// The object that a branch, a remote's branch or a tag ("main", "origin/main", "v1.2") names now; "" when
// none does.
std::string read_ref(const workspace::Project& project, std::string_view name);

}  // namespace mira::git
