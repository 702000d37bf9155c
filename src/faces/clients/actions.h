// `connect`, `disconnect` and `plugin dir`.
#pragma once

#include "contracts/action.h"

namespace mira::clients {

void add_actions(contracts::Registry& registry, std::string version);

}  // namespace mira::clients
