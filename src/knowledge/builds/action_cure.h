// `mira build cure`: what cured the very errors of a log before.
#pragma once

#include "contracts/action.h"

namespace mira::builds {

contracts::Action build_cure_action();

}  // namespace mira::builds
