// `mira serve`.
#pragma once

#include "contracts/host.h"

namespace mira::http {

// The host must outlive it.
contracts::Action serve_action(contracts::Host& host, std::string version);

}  // namespace mira::http
