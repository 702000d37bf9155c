#include "knowledge/memory/moments.h"
#include "platform/base/calendar.h"

#include <gmock/gmock.h>

namespace mira::memory {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
const std::int64_t now = *read_iso_ms("2023-06-15T10:00:00Z");  // a Thursday

// The first span of a text as "2023-05-01+31": where it begins and its days.
std::string span(std::string_view text) {
  auto spans = spans_named(text, now);
  if (spans.empty()) return "";
  return base::iso_time(spans[0].from_ms).substr(0, 10) + "+" +
         std::to_string((spans[0].to_ms - spans[0].from_ms) / day_ms);
}

TEST(IsoTime, IsReadAndWritten) {
  EXPECT_EQ(base::iso_time(*read_iso_ms("2023-05-08T13:56:00Z")), "2023-05-08T13:56:00Z");
  EXPECT_EQ(base::iso_time(*read_iso_ms("2023-05-08T13:56:09.250+02:00")), "2023-05-08T11:56:09Z");
  EXPECT_EQ(base::iso_time(*read_iso_ms("1969-12-31")), "1969-12-31T00:00:00Z");
}
TEST(IsoTime, WhatIsNoTimeIsNone) {
  for (const char* text : {"", "yesterday", "2023-13-01", "2023-02-30", "2023-05-08T25:00:00Z", "20230508"})
    EXPECT_FALSE(read_iso_ms(text).has_value()) << text;
}

TEST(SpansNamed, Absolute) {
  EXPECT_EQ(span("what happened on 3 May 2023?"), "2023-05-03+1");
  EXPECT_EQ(span("on May 3rd, 2023"), "2023-05-03+1");
  EXPECT_EQ(span("in May 2022"), "2022-05-01+31");
  EXPECT_EQ(span("in 2022"), "2022-01-01+365");
  EXPECT_EQ(span("on 2023-05-08"), "2023-05-08+1");
}
TEST(SpansNamed, AMonthWithoutAYearIsTheLastOne) {
  EXPECT_EQ(span("in August"), "2022-08-01+31");
  EXPECT_EQ(span("in March"), "2023-03-01+31");
}
TEST(SpansNamed, RelativeToTheQuestion) {
  EXPECT_EQ(span("yesterday"), "2023-06-14+1");
  EXPECT_EQ(span("last Tuesday"), "2023-06-13+1");
  EXPECT_EQ(span("two weeks ago"), "2023-05-29+7");
  EXPECT_EQ(span("last spring"), "2023-03-01+92");
}
TEST(SpansNamed, VerbsAreNoMonths) {
  EXPECT_EQ(span("may I march on?"), "");
}
}  // namespace
}  // namespace mira::memory
