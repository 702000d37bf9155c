// What `mira doctor` and `mira status` tell of the history.
#pragma once

#include "contracts/feature.h"

namespace mira::git {

std::vector<contracts::Finding> check_history(contracts::Session& session);
base::Result<contracts::Json> history_facts(contracts::Session& session);

}  // namespace mira::git
