// `mira diagnose`: any log or report, from standard input or files, to records.
#pragma once

#include "contracts/action.h"

namespace mira::builds {

contracts::Action diagnose_action();

}  // namespace mira::builds
