#include "knowledge/memory/value_forms.h"

#include <gtest/gtest.h>

namespace mira::memory {
namespace {

TEST(ValueForms, DaysTimesAndRhythms) {
  for (const char* day : {"friday", "every friday", "thursday afternoons", "each monday morning"})
    EXPECT_TRUE(is_day(day)) << day;
  for (const char* other : {"fridays", "friday the 13th", "day", "", "some friday"})
    EXPECT_FALSE(is_day(other)) << other;
  EXPECT_EQ(with_singular_days("fridays and mondays"), "friday and monday");
  EXPECT_EQ(with_singular_days("birthdays"), "birthdays");
  for (const char* time : {"noon", "4:30 pm", "9:30", "17:00 cet", "5 o'clock"})
    EXPECT_TRUE(is_time(time)) << time;
  for (const char* other : {"later", "half past four", "4:3"}) EXPECT_FALSE(is_time(other)) << other;
  for (const char* rhythm : {"every two weeks", "nightly", "twice a day", "three times per sprint"})
    EXPECT_TRUE(is_rhythm(rhythm)) << rhythm;
  EXPECT_FALSE(is_rhythm("often"));
}
TEST(ValueForms, Addresses) {
  for (const char* address : {"port 8080", ":443", "https://a.example/x", "staging.example.org:81/x",
                              "localhost:3000", "eu-west-1"})
    EXPECT_TRUE(is_address(address)) << address;
  for (const char* other : {"two cores", "the wrong port", "a laptop", "8"})
    EXPECT_FALSE(is_address(other)) << other;
}
TEST(ValueForms, DefiniteValues) {
  for (const char* raw :
       {"3", "30 seconds", "$500", "about 12 files", "two weeks long", "May 20", "on Jan 3rd, 2025",
        "localhost:80", "10.0.0.1", "`main`", "\"trunk\"", "Grace Hopper", "PostgreSQL 16", "Fridays",
        "every two weeks", "python 3.12", "pnpm"})
    EXPECT_TRUE(is_definite(raw)) << raw;
  for (const char* raw :
       {"slow on long lines", "in main.cpp", "shared by both", "what we want", "", "the same as before"})
    EXPECT_FALSE(is_definite(raw)) << raw;
}
TEST(ValueForms, StatesAndMattersOfTalkPass) {
  for (auto [subject, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"build", "broken"},
                                                                  {"build", "green again"},
                                                                  {"code", "cmake"},
                                                                  {"last question", "redis"},
                                                                  {"tests", "not in ci"},
                                                                  {"server", "running out of memory"},
                                                                  {"day", "friday"}})
    EXPECT_TRUE(passes(subject, value)) << subject << " " << value;
  for (auto [subject, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"deploy day", "friday"}, {"build", "cmake"}, {"code style", "google"}, {"greeting", "hello"}})
    EXPECT_FALSE(passes(subject, value)) << subject << " " << value;
}

}  // namespace
}  // namespace mira::memory
