// The git feature with what other features offer it. Without them (feature.h) files
// and lines have a history, symbols have none.
#pragma once

#include "contracts/feature.h"
#include "contracts/symbols.h"

namespace mira::git {

contracts::Feature feature(const contracts::SymbolLookup& symbols);

}  // namespace mira::git
