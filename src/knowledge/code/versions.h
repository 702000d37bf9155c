// Lets `affected` compare versions: without them it can only be given a patch.
#pragma once

#include <memory>

#include "contracts/changes.h"
#include "contracts/feature.h"

namespace mira::code {

// `code` is what feature() made.
void compare_versions(contracts::Feature& code, std::shared_ptr<contracts::Changes> changes);

}  // namespace mira::code
