// Unix milliseconds as a person reads them, in UTC. Any value has a text; years before
// 0 and after 9999 are wider than four digits.
#pragma once

#include <cstdint>
#include <string>

namespace mira::base {

std::string iso_date(std::int64_t unix_ms);  // "2026-11-30"
std::string iso_time(std::int64_t unix_ms);  // "2026-11-30T16:10:05Z"

}  // namespace mira::base
