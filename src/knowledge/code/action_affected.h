// affected: what a patch changes and what that can reach; see action_affected.cpp.
#pragma once

#include <memory>

#include "contracts/action.h"
#include "contracts/changes.h"
#include "knowledge/code/patch_symbols.h"

namespace mira::code {

contracts::Action affected_action(const ParseTexts& parse = parse_in_workers,
                                  std::shared_ptr<contracts::Changes> versions = nullptr);

}  // namespace mira::code
