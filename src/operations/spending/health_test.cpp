// What `mira doctor` says of models, at a time that a test sets.
#include <gmock/gmock.h>

#include <cstdlib>

#include "operations/spending/actions.h"
#include "platform/budget/ends.h"
#include "platform/budget/prefixes.h"
#include "platform/budget/world_for_tests.h"

namespace mira::spending {
namespace {

using contracts::Finding;
using contracts::Health;
using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

class ModelsHealth : public testing::Test {
 protected:
  ModelsHealth() {
    ::setenv("MIRA_HOME", world.folder.path().c_str(), 1);
    std::filesystem::create_directories(budget::models_file().parent_path());
  }
  ~ModelsHealth() override { ::unsetenv("MIRA_HOME"); }
  void write(const std::string& text) { std::ofstream(budget::models_file()) << text; }
  std::vector<Finding> at(const char* date, const char* key = "k") {
    world.clock.set_ms(*models::day_ms(date));
    return health(
        *world.main,
        [&](const std::string& name) { return std::string(name == "OPENAI_API_KEY" ? key : ""); },
        world.clock.now_ms());
  }
  budget::MoneyWorld world;
};

// The built-in catalogue: the default model's end is known, and its successors.
TEST_F(ModelsHealth, WarnsSixtyDaysBeforeTheEndOfAModelThatIsAsked) {
  struct Row {
    const char* date;
    Health health;
    const char* message;
  };
  for (const Row& row :
       {Row{"2027-01-30", Health::ok,
            "asked at api.openai.com; none that is asked is known to end within 60 days"},
        {"2027-01-31", Health::warning,
         "gpt-5.1, which is asked as default and deep, ends on 2027-04-01, in 60 days; gpt-6.2-sol answers "
         "after that"},
        {"2027-03-31", Health::warning, "ends on 2027-04-01, in 1 day; "},
        {"2027-04-01", Health::warning, "ended on 2027-04-01; gpt-6.2-sol answers in its place"}}) {
    auto found = at(row.date);
    ASSERT_THAT(found, SizeIs(1)) << row.date;
    EXPECT_EQ(found[0].health, row.health) << row.date;
    EXPECT_THAT(found[0].message, HasSubstr(row.message));
    EXPECT_EQ(found[0].cure.empty(), row.health == Health::ok);
  }
}

TEST_F(ModelsHealth, TellsOfABeginningThatChangedWithoutItsVersion) {
  models::Request request = budget::question();
  std::int64_t then_ms = *models::day_ms("2026-12-01");
  ASSERT_TRUE(budget::note_prefix(*world.main, "p1", request, {.fresh = 10, .cached = 90}, then_ms));
  request.instructions = "other rules";
  ASSERT_TRUE(budget::note_prefix(*world.main, "p1", request, {.fresh = 100}, then_ms + 1));
  auto found = at("2026-12-02");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].health, Health::warning);
  EXPECT_THAT(found[0].message, HasSubstr("requests of test/1 begin in 2 ways, since 2026-12-01"));
  EXPECT_THAT(found[0].message, HasSubstr("had kept 90 % of what was sent before that, and 0 % since"));
  EXPECT_THAT(at("2027-01-15")[0].message, HasSubstr("asked at api.openai.com"));
}

TEST_F(ModelsHealth, SaysSoWhereNothingCanAnswerAfterIt) {
  write(
      R"({"aliases": [{"name": "default", "model": "gpt-5.1"}, {"name": "deep", "model": "gpt-6.2-sol"}]})");
  EXPECT_THAT(at("2027-03-01")[0].message,
              HasSubstr("asked as default, ends on 2027-04-01, in 31 days; no successor of it is known"));
}

TEST_F(ModelsHealth, IsQuietWithoutAHostAndSaysWhatIsWrongWithTheFile) {
  auto none = at("2027-03-31", "");
  ASSERT_THAT(none, SizeIs(1));
  EXPECT_EQ(none[0].health, Health::ok);
  EXPECT_THAT(none[0].message, HasSubstr("none is configured"));
  for (const char* wrong :
       {"nothing", R"({"models": [{"id": "x"}]})", R"({"endpoint": {"base": "ftp://x"}})",
        R"({"endpoint": {"base": "https://api.openai.com/v1", "key_file": "/nonexistent"}})"}) {
    write(wrong);
    auto found = at("2026-11-30");
    ASSERT_THAT(found, SizeIs(1)) << wrong;
    EXPECT_EQ(found[0].health, Health::warning) << wrong;
    EXPECT_FALSE(found[0].cure.empty()) << wrong;
  }
}

TEST_F(ModelsHealth, TellsWhatTheHostSaidOfItsModels) {
  std::vector<models::Provider::Listed> listed{{"gpt-5.4-mini", "2026-12-24"}};
  ASSERT_TRUE(budget::keep_ends(*world.main, "api.openai.com", listed, 1));
  auto found = at("2026-11-30");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(
      found[0].message,
      "gpt-5.4-mini, which is asked as fast, ends on 2026-12-24, in 24 days; gpt-6-luna answers after that");
}

}  // namespace
}  // namespace mira::spending
