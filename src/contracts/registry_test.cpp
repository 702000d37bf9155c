#include <gmock/gmock.h>

#include "contracts/action.h"

namespace mira::contracts {
namespace {

using testing::ElementsAre;

Action search() {
  return {
      .name = "search",
      .params = {
          {.name = "query", .help = "what to look for", .required = true, .positional = true},
          {.name = "limit", .kind = ParamKind::integer, .fallback = 10, .minimum = 1, .maximum = 100},
          {.name = "sort", .kind = ParamKind::choice, .fallback = "score", .choices = {"score", "path"}}}};
}

std::string error_of(const Json& given) {
  auto checked = check_arguments(search(), given);
  return checked ? "" : checked.error().message;
}

TEST(CheckArguments, FillsDefaults) {
  auto checked = check_arguments(search(), {{"query", "login"}});
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(*checked, (Json{{"query", "login"}, {"limit", 10}, {"sort", "score"}}));
}

TEST(CheckArguments, SaysWhatIsMissing) {
  EXPECT_EQ(error_of({{"limit", 3}}), "query is missing");
}

TEST(CheckArguments, RefusesUnknownNames) {
  EXPECT_EQ(error_of({{"query", "x"}, {"limt", 3}}), "search has no parameter \"limt\"");
}

TEST(CheckArguments, RefusesWrongKinds) {
  EXPECT_EQ(error_of({{"query", 7}}), "query must be a text");
  EXPECT_EQ(error_of({{"query", "x"}, {"limit", "many"}}), "limit must be a whole number");
}

TEST(CheckArguments, HoldsRangesAndChoices) {
  EXPECT_EQ(error_of({{"query", "x"}, {"limit", 0}}), "limit is out of range");
  EXPECT_EQ(error_of({{"query", "x"}, {"limit", UINT64_MAX}}), "limit is out of range");
  EXPECT_EQ(error_of({{"query", "x"}, {"sort", "colour"}}), "sort cannot be \"colour\"");
}

TEST(CheckArguments, RefusesWhatIsNoObject) {
  EXPECT_EQ(error_of(Json::array()), "arguments must be a JSON object");
}

TEST(Registry, SuggestsTheNearestNames) {
  Registry registry;
  for (const char* name : {"search", "status", "symbols", "callers", "callees"}) registry.add({.name = name});
  EXPECT_THAT(registry.similar("serach"), ElementsAre("search"));
  EXPECT_THAT(registry.similar("calles"), ElementsAre("callees", "callers"));
  EXPECT_THAT(registry.similar("zzzzzz"), ElementsAre());
}

}  // namespace
}  // namespace mira::contracts
