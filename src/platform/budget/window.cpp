#include "platform/budget/window.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <tuple>

namespace mira::budget {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t search_span_s = std::int64_t{40} * 3600;  // a day and more, whatever a zone does

struct Date {
  int year = 0, month = 0, day = 0;  // month from 0, as tm has it
  auto operator<=>(const Date&) const = default;
};

Date date_at(std::int64_t seconds) {
  std::tm parts{};
  std::time_t at = seconds;
  ::localtime_r(&at, &parts);
  return {parts.tm_year, parts.tm_mon, parts.tm_mday};
}

// The first second whose local date is this one or later: midnight, or what a shift made of it.
std::int64_t start_of(Date date) {
  std::tm noon{};
  noon.tm_year = date.year;
  noon.tm_mon = date.month;
  noon.tm_mday = date.day;
  noon.tm_hour = 12;
  noon.tm_isdst = -1;
  std::int64_t late = std::mktime(&noon);
  date = {noon.tm_year, noon.tm_mon, noon.tm_mday};  // the 32nd is the first of the next month
  std::int64_t early = late - search_span_s;
  while (early + 1 < late) {
    std::int64_t middle = early + (late - early) / 2;
    (date_at(middle) < date ? early : late) = middle;
  }
  return late;
}

Date next(Span span, Date date) {
  if (span == Span::day) return {date.year, date.month, date.day + 1};
  return {date.year, date.month + 1, 1};
}

std::int64_t floor_seconds(std::int64_t ms) {
  return ms >= 0 ? ms / ms_per_second : (ms - ms_per_second + 1) / ms_per_second;
}

}  // namespace

Window window_of(Span span, std::int64_t at_ms) {
  std::int64_t at = floor_seconds(at_ms);
  Date date = date_at(at);
  if (span == Span::month) date.day = 1;
  std::int64_t start = start_of(date), end = start_of(next(span, date));
  // Where a clock goes back over midnight, a date comes twice: its second coming belongs to the next window.
  if (at >= end) {
    start = end;
    end = start_of(next(span, next(span, date)));
  }
  return {start * ms_per_second, end * ms_per_second};
}

std::string zone_name() {
  if (const char* set = std::getenv("TZ"); set != nullptr && *set != '\0') return *set == ':' ? set + 1 : set;
  std::array<char, PATH_MAX> target{};
  ssize_t length = ::readlink("/etc/localtime", target.data(), target.size());
  std::string_view path(target.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  std::size_t at = path.find("zoneinfo/");
  return at == std::string_view::npos ? "local" : std::string(path.substr(at + 9));
}

std::string local_date(std::int64_t at_ms) {
  Date date = date_at(floor_seconds(at_ms));
  return fmt::format("{:04}-{:02}-{:02}", date.year + 1900, date.month + 1, date.day);
}

std::string_view span_name(Span span) {
  return span == Span::day ? "day" : "month";
}

}  // namespace mira::budget
