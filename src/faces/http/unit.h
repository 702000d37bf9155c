// A systemd user unit for `mira serve`.
#pragma once

#include <string>

#include "contracts/action.h"

namespace mira::http {

// Serves the project of the arguments (default: the working folder) on a socket of the user's runtime
// folder, or on the port that is given. usage: a path that a unit cannot hold.
base::Result<std::string> unit_text(const contracts::Json& arguments);

// A word of a command line in a unit: quoted, with % and $ kept as they are.
base::Result<std::string> unit_word(const std::string& word);

}  // namespace mira::http
