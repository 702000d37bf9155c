// The patch form that Codex writes ("*** Begin Patch"): which files it changes, and
// what each hunk replaced.
#pragma once

#include <string_view>
#include <vector>

#include "faces/hooks/event.h"

namespace mira::hooks {

// Files that were added, updated or moved; of updates the replaced texts. Unknown lines are skipped.
std::vector<Edit> read_patch(std::string_view patch);

}  // namespace mira::hooks
