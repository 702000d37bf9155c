// Documents made from the registry, so they cannot say what the program does not:
// docs/reference.md.
#pragma once

#include <string>

#include "contracts/action.h"

namespace mira::cli {

std::string reference_markdown(const contracts::Registry& registry);

}  // namespace mira::cli
