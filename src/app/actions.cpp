#include "app/actions.h"

#include "app/local_host.h"
#include "operations/ask/ask_action.h"
#include "operations/spending/actions.h"
#include "oracle/context.h"

namespace mira::app {

void add_actions(LocalHost& host, contracts::Registry& registry) {
  std::vector<contracts::Source*> sources;
  for (contracts::Feature& feature : host.features()) {
    for (const auto& source : feature.sources) sources.push_back(source.get());
  }
  registry.add(oracle::context_action(sources, host));
  registry.add(ask::ask_action(std::move(sources), host));
  for (contracts::Action& action : spending::actions()) registry.add(std::move(action));
  registry.add(open_action());
  registry.add(index_action(host));
  registry.add(embed_action(host));
  registry.add(status_action(host));
  registry.add(doctor_action(host));
  registry.add(backups_action(host));
  registry.add(backups_make_action(host));
  registry.add(backups_restore_action(host));
  registry.add(version_action());
}

}  // namespace mira::app
