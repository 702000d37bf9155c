// Help texts, examples first, made from the registry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/action.h"

namespace mira::cli {

// All actions as help lists them: what is asked most comes first, what is for people last.
std::vector<const contracts::Action*> in_order(const contracts::Registry& registry);
std::string overview(const contracts::Registry& registry);
// The commands whose first word is `family`.
std::string family_help(const contracts::Registry& registry, std::string_view family);
std::string help(const contracts::Action& action);
// "mira search QUERY [--limit N]"
std::string usage_line(const contracts::Action& action);
// "--limit N" or "QUERY"
std::string param_label(const contracts::Param& param);

}  // namespace mira::cli
