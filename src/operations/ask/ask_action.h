// `mira ask`: a question answered by a model from the evidence of this project. The
// answer comes with the places it rests on, what it cost and what is left. Without a
// model, a key, or money the evidence is given alone, and why.
#pragma once

#include <vector>

#include "contracts/action.h"
#include "contracts/source.h"
#include "oracle/gather.h"

namespace mira::ask {

// The sources and the factory must outlive the action, and so the registry that holds it.
contracts::Action ask_action(std::vector<contracts::Source*> sources, oracle::SessionFactory& sessions);

}  // namespace mira::ask
