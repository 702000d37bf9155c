// The actions of this feature.
#pragma once

#include <memory>
#include <vector>

#include "contracts/action.h"
#include "contracts/symbols.h"
#include "knowledge/git/meaning.h"
#include "knowledge/git/models.h"

namespace mira::git {

contracts::Action cochange_action(const std::shared_ptr<Models>& models);
contracts::Action blame_action(const std::shared_ptr<Models>& models);
contracts::Action causes_action(const std::shared_ptr<Models>& models);

contracts::Action owners_action(const std::shared_ptr<Models>& models);
contracts::Action hotspots_action(const std::shared_ptr<Models>& models);
contracts::Action folders_action(const std::shared_ptr<Models>& models);
contracts::Action history_action(const std::shared_ptr<Models>& models,
                                 const contracts::SymbolLookup& symbols,
                                 const std::shared_ptr<CommitMeaning>& meaning);
contracts::Action why_action(const std::shared_ptr<Models>& models, const contracts::SymbolLookup& symbols);

std::vector<contracts::Action> actions(const std::shared_ptr<Models>& models,
                                       const contracts::SymbolLookup& symbols,
                                       const std::shared_ptr<CommitMeaning>& meaning);

}  // namespace mira::git
