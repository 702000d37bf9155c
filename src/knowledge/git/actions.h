// The actions of this feature: cochange, experts, history.
#pragma once

#include <memory>
#include <vector>

#include "contracts/action.h"
#include "knowledge/git/models.h"

namespace mira::git {

std::vector<contracts::Action> actions(const std::shared_ptr<Models>& models);

}  // namespace mira::git
