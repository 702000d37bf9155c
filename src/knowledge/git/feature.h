// The history of a project: what its commits say about which files change
// together, who knows a place, what happened before and what is changed now.
// Silent, without an error, in a folder that is no git repository.
#pragma once

#include "contracts/feature.h"

namespace mira::git {

contracts::Feature feature();

}  // namespace mira::git
