// Help texts, examples first, made from the registry.
#pragma once

#include <string>
#include <string_view>

#include "contracts/action.h"

namespace mira::cli {

std::string overview(const contracts::Registry& registry);
// The commands whose first word is `family`.
std::string family_help(const contracts::Registry& registry, std::string_view family);
std::string help(const contracts::Action& action);
// "mira search QUERY [--limit N]"
std::string usage_line(const contracts::Action& action);
// "--limit N" or "QUERY"
std::string param_label(const contracts::Param& param);

}  // namespace mira::cli
