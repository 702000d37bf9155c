#include "knowledge/git/feature.h"

#include "knowledge/git/actions.h"
#include "knowledge/git/checks.h"
#include "knowledge/git/feature_ports.h"
#include "knowledge/git/indexer.h"
#include "knowledge/git/sources.h"

namespace mira::git {

store::Schema schema();

namespace {

// Citations name the commit whose history is known; until it was read, none.
base::Status name_head(contracts::Session& session) {
  auto tip = MIRA_TRY(session.index.text("SELECT tip FROM git_state"));
  session.head_commit = tip.value_or("");
  return {};
}

}  // namespace

contracts::Feature feature(const contracts::SymbolLookup& symbols,
                           const std::shared_ptr<CommitMeaning>& meaning) {
  auto models = std::make_shared<Models>();
  contracts::Feature out;
  out.name = "git";
  out.schema = schema();
  out.indexer = std::make_unique<HistoryIndexer>();
  out.sources = sources(models, meaning);
  out.actions = actions(models, symbols, meaning);
  out.checks = {check_history};
  out.facts = history_facts;
  out.opened = name_head;
  return out;
}

contracts::Feature feature() {
  return feature(nullptr);
}

}  // namespace mira::git
