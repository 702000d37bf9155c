// A walk with what it takes to know later that it still holds: every folder that was looked
// into, and whether the kernel tells of changes there. For current_tree.h alone.
#pragma once

#include <string>
#include <vector>

#include "platform/workspace/tree.h"

namespace mira::workspace {

struct Walked {
  Tree tree;
  std::vector<std::string> folders;  // relative, "" is the root; those that hold nothing of the project too
  bool tells_changes = true;         // false: on a file system that others may change (network, FUSE)
};

base::Result<Walked> walk_and_list(const Project& project, base::Deadline deadline);

}  // namespace mira::workspace
