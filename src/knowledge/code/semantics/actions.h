// patterns, quality, dependencies, concepts, related, clusters, refine: each maker gives one registered
// action.
#pragma once

#include "contracts/analyst.h"
#include "knowledge/code/actions.h"

namespace mira::semantics {

contracts::Action patterns_action();
contracts::Action quality_action();
contracts::Action dependencies_action();
contracts::Action concepts_action();
contracts::Action related_action();
contracts::Action clusters_action();
contracts::Action refine_action(contracts::OpenAnalyst open);

// Pages are those of the call graph's actions.
using code::page_params;
using code::page_start;

// What they share besides: an argument that may be absent, a path or its end.
std::string argument(const contracts::Json& arguments, const char* name);
bool is_path(std::string_view path,
             std::string_view wanted);  // the path, its end, or a folder above it; "" is any

}  // namespace mira::semantics
