// The one line that Claude Code shows below its prompt, from the JSON it hands over.
#pragma once

#include <string>
#include <string_view>

#include "contracts/action.h"

namespace mira::cli {

// Model, folder, context used, cost; parts that are not told are left out. Any input gives one line.
std::string status_line(std::string_view input);

contracts::Action statusline_action();

}  // namespace mira::cli
