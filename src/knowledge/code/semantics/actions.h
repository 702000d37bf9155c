// patterns, quality, dependencies: each maker gives one registered action.
#pragma once

#include "contracts/action.h"

namespace mira::semantics {

contracts::Action patterns_action();
contracts::Action quality_action();
contracts::Action dependencies_action();

// What they share: --limit, --cursor, the start of a page, an argument that may be absent, a path or its end.
std::vector<contracts::Param> page_params(std::int64_t default_limit);
base::Result<std::size_t> page_start(const contracts::Json& arguments);
std::string argument(const contracts::Json& arguments, const char* name);
bool is_path(std::string_view path,
             std::string_view wanted);  // the path, its end, or a folder above it; "" is any

}  // namespace mira::semantics
