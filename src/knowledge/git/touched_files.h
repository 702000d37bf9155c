// Files that commits with like messages changed: a description of what is to be done is
// worded as the description of what was done there before. Each of the commits most like
// the words gives its likeness to its files, a share each, so that a commit of many
// files says little of each.
#pragma once

#include "contracts/touched.h"

namespace mira::git {

contracts::TouchedFiles touched_files();

}  // namespace mira::git
