// What a client can attach or type: resources by URI (a file, a symbol, a memory),
// completions of their parts, and prompts that fetch evidence before a model is asked.
#pragma once

#include "contracts/host.h"
#include "faces/mcp/offer.h"

namespace mira::mcp {

void add_resources(contracts::Host& host, const std::string& project, Offer& offer);
void add_prompts(contracts::Host& host, const std::string& project, Offer& offer);

}  // namespace mira::mcp
