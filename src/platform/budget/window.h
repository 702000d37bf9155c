// Calendar days and months of the user's time zone as [start, end) in Unix
// milliseconds. A day may have 23 or 25 hours; windows meet without a gap or an
// overlap, and every moment lies in exactly one. The zone is the process's (TZ, else
// the system's), as every other program of the user sees it.
#pragma once

#include <cstdint>
#include <string>

namespace mira::budget {

enum class Span { day, month };

struct Window {
  std::int64_t start_ms = 0, end_ms = 0;
  bool holds(std::int64_t at_ms) const { return start_ms <= at_ms && at_ms < end_ms; }
  bool operator==(const Window&) const = default;
};

Window window_of(Span span, std::int64_t at_ms);
// "Europe/Berlin", or how the zone is set when it has no name.
std::string zone_name();
// "2026-11-25" in the user's zone.
std::string local_date(std::int64_t at_ms);
std::string_view span_name(Span span);

}  // namespace mira::budget
