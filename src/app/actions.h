// The actions that need the whole assembly: index, embed, status, doctor, backups, version, context, open.
#pragma once

#include "contracts/action.h"

namespace mira::app {

class LocalHost;

// The host must outlive the registry.
void add_actions(LocalHost& host, contracts::Registry& registry);

contracts::Action index_action(LocalHost& host);
contracts::Action embed_action(LocalHost& host);
contracts::Action status_action(LocalHost& host);
contracts::Action doctor_action(LocalHost& host);
contracts::Action backups_action(LocalHost& host);
contracts::Action backups_make_action(LocalHost& host);
contracts::Action backups_restore_action(LocalHost& host);
contracts::Action version_action();
contracts::Action open_action();

}  // namespace mira::app
