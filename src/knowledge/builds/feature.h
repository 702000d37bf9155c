// Builds: what the tools said, what cured it, and never a lost failure. `mira diagnose`
// reads any log; `mira build` runs commands and remembers their errors.
#pragma once

#include "contracts/feature.h"

namespace mira::builds {

contracts::Feature feature();

}  // namespace mira::builds
