// What rules say of a project's code as a whole: design patterns, quality issues, declared
// dependencies, concepts and domains. A part of the code feature with its own rows: it reads that feature's
// facts and calls, and is deleted with it.
#pragma once

#include "contracts/analyst.h"
#include "contracts/feature.h"

namespace mira::semantics {

// A model, where there is one, adds to them what the rules cannot say.
contracts::Feature feature(contracts::OpenAnalyst open_analyst = nullptr);

}  // namespace mira::semantics
