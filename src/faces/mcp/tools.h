// Mira's own offer: the catalogue over the registry's actions, resources by URI,
// prompts and completions. Answers are the actions' own data, cut to pieces of
// evidence, with the text a person would read.
#pragma once

#include "contracts/host.h"
#include "faces/mcp/offer.h"

namespace mira::mcp {

// Serves the project that holds `project` ("" is the working folder). The host must outlive it.
Offer mira_offer(contracts::Host& host, const std::string& project, const std::string& version);

// `mira mcp`.
contracts::Action mcp_action(contracts::Host& host, std::string version);

}  // namespace mira::mcp
