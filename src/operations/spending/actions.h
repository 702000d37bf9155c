// What was spent and may be, and which models there are: the actions over the ledger and
// the catalogue. Only `models check` asks a host anything.
#pragma once

#include <vector>

#include "contracts/action.h"

namespace mira::spending {

std::vector<contracts::Action> actions();

// The parts of it.
std::vector<contracts::Action> budget_actions();
std::vector<contracts::Action> models_actions();

}  // namespace mira::spending
