// The evidence of this feature: git.changes (what is being edited), git.commits
// (commits whose messages are about the question), git.recent (last commits of the
// places that matter), git.cochange (what changes together with them), git.people
// (who will know). All are silent outside a repository.
#pragma once

#include <memory>
#include <vector>

#include "contracts/source.h"
#include "knowledge/git/meaning.h"
#include "knowledge/git/models.h"

namespace mira::git {

std::vector<std::unique_ptr<contracts::Source>> sources(const std::shared_ptr<Models>& models,
                                                        const std::shared_ptr<CommitMeaning>& meaning);

// Each source, for the list above.
std::unique_ptr<contracts::Source> changes_source();
std::unique_ptr<contracts::Source> commits_source(const std::shared_ptr<CommitMeaning>& meaning);
std::unique_ptr<contracts::Source> recent_source();
std::unique_ptr<contracts::Source> cochange_source(const std::shared_ptr<Models>& models);
std::unique_ptr<contracts::Source> people_source(const std::shared_ptr<Models>& models);

}  // namespace mira::git
