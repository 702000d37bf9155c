// The code feature: what the program registers to know code.
#pragma once

#include "contracts/feature.h"

namespace mira::code {

contracts::Feature feature();

}  // namespace mira::code
