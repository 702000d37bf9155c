#include "knowledge/memory/claims.h"

#include <gmock/gmock.h>

#include <fmt/format.h>

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// "kind value unit unit", one a claim.
std::vector<std::string> claims(std::string_view text) {
  constexpr const char* kinds[] = {"money", "percent", "time", "date", "count"};
  WordReader reader;
  std::vector<std::string> out;
  for (const Claim& claim : claims_in(text, {}, reader)) {
    std::string line = fmt::format("{} {}", kinds[static_cast<int>(claim.kind)], claim.stated);
    for (const std::string& unit : claim.units) line += " " + unit;
    out.push_back(line);
  }
  return out;
}

TEST(Claims, EachKindIsToldApart) {
  EXPECT_THAT(claims("a budget of $1,250"), ElementsAre("money 1250"));
  EXPECT_THAT(claims("coverage is 78%"), ElementsAre("percent 78"));
  EXPECT_THAT(claims("at 4:30 PM"), ElementsAre("time 16:30"));
  EXPECT_THAT(claims("at 11 AM sharp"), ElementsAre("time 11:00"));
  EXPECT_THAT(claims("moved to May 20"), ElementsAre("date 5-20"));
  EXPECT_THAT(claims("on the 3rd of June"), ElementsAre("date 6-3"));
  EXPECT_THAT(claims("since 2024-05-20"), ElementsAre("date 05-20"));
  EXPECT_THAT(claims("we have 12 failing tests."), ElementsAre("count 12 fail test"));
  EXPECT_THAT(claims("three retries, then stop"), ElementsAre("count 3 retri"));
  EXPECT_THAT(claims("takes 6-9 months"), ElementsAre("count 6-9 month"));
  EXPECT_THAT(claims("answers in 250ms"), ElementsAre("count 250 ms"));
}
TEST(Claims, NamesAndVersionsAreNone) {
  EXPECT_THAT(claims("Flask 2.3.1, utf8, v1, int32_t, issue #12, src/9"), IsEmpty());
}
TEST(Claims, TheSameKindAndUnitCompare) {
  WordReader reader;
  auto one = [&](std::string_view text) { return claims_in(text, {}, reader).at(0); };
  EXPECT_TRUE(comparable(one("$65"), one("$75")));
  EXPECT_TRUE(comparable(one("12 conditional problems"), one("8 problems")));
  EXPECT_TRUE(comparable(one("May 10"), one("May 20")));
  EXPECT_FALSE(comparable(one("12 problems"), one("8 hours")));
  EXPECT_FALSE(comparable(one("12%"), one("$12")));
  EXPECT_FALSE(comparable(one("4 PM"), one("May 4")));
}
TEST(Claims, KnowTheWordsBesideThem) {
  WordReader reader;
  std::vector<std::string> stems{"budget", "weather"};
  auto found = claims_in(
      "my budget for snacks is $65 and I hope that everybody who comes on Saturday will be "
      "content with what there is when the weather is fine",
      stems, reader);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].near, 1U);
}
TEST(Claims, TheOldNameOfAChange) {
  WordReader reader;
  auto old = [&](std::string_view text) { return replaced_in(text, reader); };
  EXPECT_THAT(old("We switched the database from SQLite to PostgreSQL."), ElementsAre("sqlite"));
  EXPECT_THAT(old("I renamed load_batch to load_all"), UnorderedElementsAre("load_batch", "load", "batch"));
  EXPECT_THAT(old("use pnpm instead of npm"), ElementsAre("npm"));
  EXPECT_THAT(old("We switched the lights on"), IsEmpty());
}

}  // namespace
}  // namespace mira::memory
