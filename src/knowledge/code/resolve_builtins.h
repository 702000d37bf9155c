// What a language brings itself: names that need no import, its own types, and the
// members that its standard containers, streams, promises and loggers have. A call
// of such a member on a receiver nobody knows leads out, not to a namesake.
#pragma once

#include <string_view>

#include "knowledge/code/resolve_keys.h"

namespace mira::code {

bool is_builtin_function(Family family, std::string_view name);
bool is_builtin_type(Family family, std::string_view name);
bool is_common_member(Family family, std::string_view name);

}  // namespace mira::code
