// How builds read the errors of tools, given to those who keep what was said.
#pragma once

#include "contracts/error_reader.h"

namespace mira::builds {

contracts::ErrorReader error_reader();

}  // namespace mira::builds
