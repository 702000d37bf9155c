// The `search` action: code search for people, agents and batches.
#pragma once

#include "contracts/action.h"

namespace mira::code {

contracts::Action search_action();

}  // namespace mira::code
