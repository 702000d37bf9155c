#include "platform/base/calendar.h"

#include <fmt/format.h>

#include <chrono>

namespace mira::base {

using namespace std::chrono;

std::string iso_date(std::int64_t unix_ms) {
  year_month_day date(floor<days>(sys_time<milliseconds>(milliseconds(unix_ms))));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string iso_time(std::int64_t unix_ms) {
  sys_time<milliseconds> at{milliseconds(unix_ms)};
  hh_mm_ss time(floor<seconds>(at - floor<days>(at)));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", iso_date(unix_ms), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace mira::base
