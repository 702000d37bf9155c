// Completion scripts, made from the registry: commands of one and of two words, their options,
// and the values that a parameter may have.
#pragma once

#include <string>
#include <string_view>

#include "contracts/action.h"

namespace mira::cli {

// shell: "bash", "zsh" or "fish".
std::string completion_script(const contracts::Registry& registry, std::string_view shell);

}  // namespace mira::cli
