// Brings what rules say of the code up to date: patterns, issues, declared dependencies,
// concepts, domains.
// Everything is a function of the indexed files, made anew when one of them changed; rows
// that stay the same are not written. It is not needed to answer most questions, so it is
// done on demand: by the first index, by `mira index`, and by the actions that ask for it.
#pragma once

#include <memory>

#include "contracts/feature.h"

namespace mira::semantics {

std::unique_ptr<contracts::Indexer> make_indexer();
// False when files were indexed since the rules looked at them: what was found then may have moved.
base::Result<bool> findings_are_current(store::Connection& index);

}  // namespace mira::semantics
