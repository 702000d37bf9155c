// What was spent and may be, and which models there are: the actions over the ledger and
// the catalogue. Only `models check` asks a host anything.
#pragma once

#include <vector>

#include "contracts/action.h"
#include "contracts/feature.h"
#include "platform/models/endpoint.h"

namespace mira::spending {

std::vector<contracts::Action> actions();

// For `mira doctor`: whether the models that are asked go on to be there. Asks no host.
std::vector<contracts::Finding> health(store::Connection& main, const models::Environment& environment,
                                       std::int64_t now_ms);

// The parts of it.
std::vector<contracts::Action> budget_actions();
std::vector<contracts::Action> models_actions();

}  // namespace mira::spending
