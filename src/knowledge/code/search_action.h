// The `search` action: code search for people, agents and batches.
#pragma once

#include "contracts/action.h"
#include "contracts/touched.h"
#include "knowledge/code/meaning.h"

namespace mira::code {

contracts::Action search_action(std::shared_ptr<MeaningSearch> meaning,
                                contracts::TouchedFiles history = nullptr);

}  // namespace mira::code
