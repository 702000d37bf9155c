#include "knowledge/git/history_range.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

// The number at the start of `text`, which it shortens; -1 when there is none of at most 9 digits.
std::int64_t take_number(std::string_view& text) {
  std::int64_t value = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  auto length = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || length > 9 || value < 0) return -1;
  text.remove_prefix(length);
  return value;
}

std::int64_t days_of_unit(std::string_view unit) {
  if (unit == "d") return 1;
  if (unit == "w") return 7;
  if (unit == "m") return 30;
  if (unit == "y") return 365;
  return 0;
}

std::int64_t parse_date(std::string_view text) {
  using namespace std::chrono;
  std::int64_t parts[3] = {};
  for (int i = 0; i < 3; ++i) {
    if (i > 0) {
      if (!text.starts_with('-')) return -1;
      text.remove_prefix(1);
    }
    parts[i] = take_number(text);
    if (parts[i] < 0) return -1;
  }
  year_month_day date(year(static_cast<int>(parts[0])), month(static_cast<unsigned>(parts[1])),
                      day(static_cast<unsigned>(parts[2])));
  if (!text.empty() || !date.ok()) return -1;
  return sys_days(date).time_since_epoch().count() * day_ms;
}

}  // namespace

base::Result<std::int64_t> parse_since(std::string_view text, std::int64_t now_ms) {
  std::string_view rest = base::trim(text);
  if (rest.empty()) return 0;
  std::int64_t date = parse_date(rest);
  if (date >= 0) return date;
  std::int64_t count = take_number(rest);
  std::int64_t days = days_of_unit(rest);
  if (count >= 0 && days > 0) return now_ms - count * days * day_ms;
  return base::fail(base::ErrorCode::usage, "\"" + base::display_line(text) + "\" is no date and no age.",
                    "Give a day such as 2024-05-31, or an age such as 90d, 12w, 6m or 2y.");
}

}  // namespace mira::git
