// Documents made from the registry, so they cannot say what the program does not:
// docs/reference.md and the shell completions.
#pragma once

#include <string>
#include <string_view>

#include "contracts/action.h"

namespace mira::cli {

std::string reference_markdown(const contracts::Registry& registry);
// shell: "bash", "zsh" or "fish".
std::string completion_script(const contracts::Registry& registry, std::string_view shell);

}  // namespace mira::cli
