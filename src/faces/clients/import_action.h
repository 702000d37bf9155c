// `import transcripts`: what agents kept of their conversations about this project.
#pragma once

#include "contracts/host.h"

namespace mira::clients {

// The host must outlive it. Hands the turns to the registered `import`; without one it refuses.
contracts::Action import_transcripts_action(contracts::Host& host);

}  // namespace mira::clients
