// "since when": a date or an age, as people type them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace mira::git {

// Unix milliseconds of "2024-05-31", "90d", "12w", "6m" or "2y" (before `now_ms`); 0 for "". usage: neither.
base::Result<std::int64_t> parse_since(std::string_view text, std::int64_t now_ms);

}  // namespace mira::git
