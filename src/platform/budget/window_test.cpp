#include "platform/budget/window.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

class Zone {
 public:
  explicit Zone(const char* name) { set(name); }
  ~Zone() {
    ::unsetenv("TZ");
    ::tzset();
  }
  void set(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
};

std::int64_t utc_ms(int year, int month, int day, int hour, int minute = 0) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  return ::timegm(&parts) * 1000;
}

TEST(Day, HasTwentyThreeOrTwentyFiveHoursWhereTheClockChanges) {
  Zone zone("Europe/Berlin");
  Window spring = window_of(Span::day, utc_ms(2026, 3, 29, 12));
  EXPECT_EQ(spring.start_ms, utc_ms(2026, 3, 28, 23));
  EXPECT_EQ(spring.end_ms - spring.start_ms, 23 * hour_ms);
  Window autumn = window_of(Span::day, utc_ms(2026, 10, 25, 12));
  EXPECT_EQ(autumn.end_ms - autumn.start_ms, 25 * hour_ms);
  EXPECT_EQ(local_date(utc_ms(2026, 3, 28, 23)), "2026-03-29");
}

TEST(Month, IsTheCalendars) {
  Zone zone("America/New_York");
  Window november = window_of(Span::month, utc_ms(2026, 11, 1, 3));
  EXPECT_EQ(november.end_ms, utc_ms(2026, 11, 1, 4));  // still October there
  EXPECT_EQ(window_of(Span::month, november.end_ms).end_ms, utc_ms(2026, 12, 1, 5));
}

// Midnight that does not exist (Beirut), that comes twice (Havana), zones of odd minutes, a day left out
// (Apia).
TEST(Windows, MeetWithoutGapOrOverlapEverywhere) {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Havana", "Asia/Beirut", "Asia/Kathmandu",
                           "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"}) {
    Zone zone(name);
    for (Span span : {Span::day, Span::month}) {
      Window last = window_of(span, utc_ms(2011, 12, 1, 0));
      for (std::int64_t at = utc_ms(2011, 12, 1, 0); at < utc_ms(2013, 2, 1, 0); at += hour_ms / 2) {
        Window window = window_of(span, at);
        ASSERT_TRUE(window.holds(at)) << name << " " << at;
        if (window == last) continue;
        ASSERT_EQ(window.start_ms, last.end_ms) << name << " " << at;
        last = window;
      }
    }
  }
}

TEST(Windows, AChangeOfZoneFreesNoMoney) {
  Zone zone("Europe/Berlin");
  MoneyWorld world;
  world.clock.set_ms(utc_ms(2026, 11, 25, 20));  // 21:00 in Berlin, the next morning in Auckland
  auto before = keep_window(*world.main, Span::day, world.clock.now_ms());
  zone.set("Pacific/Auckland");
  auto moved = keep_window(*world.main, Span::day, world.clock.now_ms());
  ASSERT_TRUE(before && moved);
  EXPECT_LE(moved->start_ms, before->start_ms);
  EXPECT_GE(moved->end_ms, before->end_ms);
  EXPECT_EQ(*current_window(*world.main, Span::day, world.clock.now_ms() + hour_ms), *moved);
  world.clock.set_ms(moved->end_ms);
  EXPECT_EQ(*keep_window(*world.main, Span::day, world.clock.now_ms()), window_of(Span::day, moved->end_ms));
}

}  // namespace
}  // namespace mira::budget
