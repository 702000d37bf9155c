// `mira config list|get|explain|set`: what is set, where the value comes from, and an
// edit of the user's file that keeps every other byte.
#pragma once

#include <string>
#include <vector>

#include "contracts/settings.h"

namespace mira::cli {

// Makes the settings of the user's file, of the project's around the working folder and of the
// environment the defaults of the registry's parameters, in place.
void configure(contracts::Registry& registry);
// What of them was not understood or not allowed, with its place.
std::vector<std::string> setting_faults(const contracts::Registry& registry);

void add_config_actions(contracts::Registry& registry);

}  // namespace mira::cli
