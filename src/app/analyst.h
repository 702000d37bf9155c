// A model of the user's as features see it: the metered client behind the port of judgement.
#pragma once

#include "contracts/analyst.h"

namespace mira::app {

contracts::OpenAnalyst open_analyst();

}  // namespace mira::app
