#include "knowledge/memory/summaries.h"

#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"
#include "platform/base/text.h"
#include "platform/tokens/tokens.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Row {
  std::int64_t level, first, last;
  bool operator==(const Row&) const = default;
};
std::vector<Row> rows(World& world) {
  std::vector<Row> out;
  EXPECT_TRUE(world.main().each(
      "SELECT level, first_entry, last_entry FROM rolling_summaries WHERE level > 0 ORDER BY level, "
      "first_entry",
      [&](const store::Row& row) { out.push_back({row.integer(0), row.integer(1), row.integer(2)}); }));
  return out;
}
std::string all_text(World& world) {
  std::string out;
  EXPECT_TRUE(world.main().each("SELECT content FROM rolling_summaries ORDER BY level, first_entry",
                                [&](const store::Row& row) { out += std::string(row.text(0)) + "--\n"; }));
  return out;
}
void talk(World& world, int first, int last) {
  for (int i = first; i <= last; ++i)
    world.said("record", {{"text", "turn " + std::to_string(i) + " is about the parser of module " +
                                       std::to_string(i % 5)},
                          {"session", "a"},
                          {"role", i % 2 == 1 ? "user" : "assistant"}});
}

TEST(Summaries, OneForTenSideBySide) {
  World world;
  talk(world, 1, 9);
  EXPECT_TRUE(rows(world).empty());
  talk(world, 10, 25);
  EXPECT_EQ(rows(world), (std::vector<Row>{{10, 1, 10}, {10, 11, 20}}));
}

TEST(Summaries, AHundredCoversItsTens) {
  World world;
  talk(world, 1, 104);
  auto all = rows(world);
  ASSERT_EQ(all.size(), 11U);
  EXPECT_EQ(all.back(), (Row{100, 1, 100}));
  EXPECT_EQ(*world.main()
                 .integer("SELECT count(*) FROM rolling_summaries WHERE parent_id IS NULL AND level = 10")
                 .value(),
            0);
}

TEST(Summaries, TheSnapshotCoversTheConversationSoFarAndIsTheirParent) {
  World world;
  talk(world, 1, 9);
  EXPECT_EQ(snapshot_of(world.main(), 1)->content, "");
  talk(world, 10, 104);
  Summary first = *snapshot_of(world.main(), 1);
  EXPECT_EQ(first.first_entry, 1);
  EXPECT_EQ(first.last_entry, 100);
  EXPECT_LE(tokens::count(first.content), snapshot_tokens);
  talk(world, 105, 214);
  Summary later = *snapshot_of(world.main(), 1);
  EXPECT_EQ(later.first_entry, 1);
  EXPECT_EQ(later.last_entry, 210);
  EXPECT_EQ(
      *world.main()
           .integer("SELECT count(*) FROM rolling_summaries s JOIN rolling_summaries p ON p.summary_id = "
                    "s.parent_id WHERE s.level = 100 AND p.level = 0")
           .value(),
      2);
}

TEST(Summaries, EachLineOfTheSnapshotIsASentenceOfTheEntryThatItNames) {
  World world;
  talk(world, 1, 60);
  std::string content = snapshot_of(world.main(), 1)->content;
  EXPECT_NE(content, "");
  for (std::string_view line : base::split(content, '\n')) {
    if (line.empty()) continue;
    std::int64_t entry = std::stoll(std::string(line.substr(1)));
    std::string said =
        *world.main().text("SELECT content FROM memory_entries WHERE entry_id = ?", entry).value();
    EXPECT_THAT(said, HasSubstr(std::string(line.substr(line.find("] ") + 2))));
  }
}

TEST(Summaries, MadeAnewTheyAreTheSameBytes) {
  World world;
  talk(world, 1, 104);
  std::string before = all_text(world);
  contracts::Session session = world.session();
  ASSERT_TRUE(session.main_writer.submit([](store::Connection& main) { return rebuild_summaries(main, 1); },
                                         base::Deadline::never()));
  EXPECT_EQ(all_text(world), before);
}

TEST(Summaries, TakeWhatMattersWordForWord) {
  std::string text =
      extract({{1, "user", "Hello there. We decided to keep the cache in Redis. The sky is grey today."},
               {2, "assistant", "Sounds good!"},
               {3, "user", "The crash was fixed: the cause was a null pointer in src/cache.cpp."}},
              40);
  EXPECT_THAT(text, HasSubstr("[1] We decided to keep the cache in Redis."));
  EXPECT_THAT(text, HasSubstr("[3] The crash was fixed"));
  EXPECT_THAT(text, Not(HasSubstr("Sounds good")));
  EXPECT_LE(tokens::count(text), 40U);
}

TEST(SessionStart, TellsWhatHoldsWhereWeWereAndWhatIsOpen) {
  World world;
  world.said("remember", {{"text", "Always run the linter before a commit"}});
  world.said("record", {{"text", "We decided to split the parser into two files."}, {"session", "a"}});
  world.said("record",
             {{"text", "Done. We still need to move the tests."}, {"session", "a"}, {"role", "assistant"}});
  world.said("record", {{"text", "Why does the build fail on ARM?"}, {"session", "a"}});
  Json start = world.said("session start", Json::object());
  EXPECT_THAT(start.at("text").get<std::string>(), HasSubstr("Always run the linter"));
  EXPECT_THAT(start.at("where").dump(), HasSubstr("split the parser"));
  EXPECT_THAT(start.at("open").dump(), HasSubstr("move the tests"));
  EXPECT_THAT(start.at("open").dump(), HasSubstr("fail on ARM"));
}

TEST(SessionStart, NeverPassesItsBudget) {
  World world;
  for (int i = 0; i < 60; ++i)
    world.said("remember", {{"text", "rule number " + std::to_string(i) +
                                         ": never merge without a review by two people"}});
  talk(world, 1, 120);
  for (int budget : {100, 400, 1200}) {
    Json start = world.said("session start", {{"budget", budget}});
    EXPECT_LE(start.at("tokens").get<int>(), budget);
    EXPECT_FALSE(start.at("holds").empty());
  }
}

}  // namespace
}  // namespace mira::memory
