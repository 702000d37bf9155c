// The actions of this feature.
#pragma once

#include <memory>
#include <vector>

#include "contracts/action.h"
#include "knowledge/git/models.h"

namespace mira::git {

contracts::Action blame_action(const std::shared_ptr<Models>& models);
contracts::Action causes_action(const std::shared_ptr<Models>& models);

std::vector<contracts::Action> actions(const std::shared_ptr<Models>& models);

}  // namespace mira::git
