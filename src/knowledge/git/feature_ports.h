// The git feature with what other features offer it. Without them (feature.h) files
// and lines have a history, symbols have none.
#pragma once

#include "contracts/feature.h"
#include "contracts/symbols.h"
#include "knowledge/git/meaning.h"

namespace mira::git {

// meaning: nullptr, and commits are found by their words alone.
contracts::Feature feature(const contracts::SymbolLookup& symbols,
                           const std::shared_ptr<CommitMeaning>& meaning = nullptr);

}  // namespace mira::git
