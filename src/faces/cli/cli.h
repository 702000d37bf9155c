// The command line face: argv in, one registered action run, its reply printed,
// an exit code out. Results go to stdout, talk to stderr. Nothing here knows what
// an action does; names, options, help, completions and the reference are all
// made from the registry.
#pragma once

#include <span>

#include "contracts/host.h"

namespace mira::cli {

// argv without the program's name. Returns the process exit code (base::exit_code).
int run(contracts::Host& host, std::span<char* const> arguments);

// `completion` and `reference`: actions about the registry itself.
void add_actions(contracts::Registry& registry);

}  // namespace mira::cli
