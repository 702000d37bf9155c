#include "platform/base/calendar.h"

#include <gtest/gtest.h>

namespace mira::base {
namespace {

struct Row {
  std::int64_t unix_ms;
  const char* date;
  const char* time;
};

TEST(Calendar, SaysWhenInUtc) {
  const Row rows[] = {
      {0, "1970-01-01", "1970-01-01T00:00:00Z"},
      {999, "1970-01-01", "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31", "1969-12-31T23:59:59Z"},
      {951'782'400'000, "2000-02-29", "2000-02-29T00:00:00Z"},
      {1'796'055'031'907, "2026-11-30", "2026-11-30T16:10:31Z"},
      {253'402'300'799'999, "9999-12-31", "9999-12-31T23:59:59Z"},
      {253'402'300'800'000, "10000-01-01", "10000-01-01T00:00:00Z"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(iso_date(row.unix_ms), row.date) << row.unix_ms;
    EXPECT_EQ(iso_time(row.unix_ms), row.time) << row.unix_ms;
  }
}

}  // namespace
}  // namespace mira::base
