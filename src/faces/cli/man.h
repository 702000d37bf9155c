// The manual page, mdoc(7), and the one page for agents, both made from the registry.
#pragma once

#include <string>

#include "contracts/action.h"

namespace mira::cli {

// mira(1) as a whole; `mandoc -Tlint` has nothing to say about it.
std::string manual_page(const contracts::Registry& registry);
// What an agent that can only run commands needs to know, in some forty lines.
std::string agent_page(const contracts::Registry& registry);

}  // namespace mira::cli
