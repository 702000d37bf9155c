// What is exported in one home and taken in again in another.
#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

std::string exported(World& world, const std::string& scope = "") {
  Json arguments = Json::object();
  if (!scope.empty()) arguments["scope"] = scope;
  auto reply = world.call("memories export", arguments);
  EXPECT_TRUE(reply.has_value());
  return reply ? reply->raw : "";
}
Json take_in(World& world, const std::string& lines, const std::string& format = "mira") {
  std::filesystem::path file = world.folder() / "taken.jsonl";
  std::ofstream(file, std::ios::binary) << lines;
  return world.said("import", {{"file", file.string()}, {"format", format}});
}
std::vector<std::string> facts(World& world) {
  std::vector<std::string> out;
  const Json reply = world.said("memories", {{"all", true}});
  for (const Json& fact : reply.at("facts"))
    out.push_back(fact.at("statement").get<std::string>() + " (" + fact.at("state").get<std::string>() + ")");
  return out;
}

void tell_the_first_world(World& world) {
  world.said("record", {{"text", "We use MySQL."}, {"session", "a"}, {"time", "2023-01-01"}});
  world.said("record",
             {{"text", "We switched from MySQL to PostgreSQL."}, {"session", "b"}, {"time", "2023-06-01"}});
  world.said("record",
             {{"text", "Understood \xE2\x80\x93 \"noted\"\n"}, {"role", "assistant"}, {"session", "b"}});
  world.said("record", {{"text", "I prefer tabs."}, {"session", "b"}});
  world.said("record", {{"text", "Never mock the clock."}, {"session", "b"}});
  world.said("remember", {{"text", "releases need two approvals"}});
  world.said("remember", {{"text", "I use Helix"}, {"scope", "user"}});
  const Json found = world.said("memories", {{"about", "tabs"}});
  world.said("memories confirm", {{"fact", found.at("facts").at(0).at("fact")}});
  const Json rule = world.said("memories", {{"about", "clock"}});
  world.said("memories withdraw", {{"fact", rule.at("facts").at(0).at("fact")}});
}

TEST(Export, ComesBackWhole) {
  World first, second;
  tell_the_first_world(first);
  const Json taken = take_in(second, exported(first));
  EXPECT_EQ(taken.at("added"), 7);
  EXPECT_EQ(taken.at("refused"), 0);
  EXPECT_THAT(facts(second), testing::UnorderedElementsAreArray(facts(first)));
  EXPECT_THAT(facts(second),
              testing::IsSupersetOf({"We use MySQL (superseded)", "I prefer tabs (confirmed)",
                                     "Never mock the clock (withdrawn)", "I use Helix (confirmed)"}));
  EXPECT_EQ(first.recalled("which database"), second.recalled("which database"));
  EXPECT_EQ(exported(second), exported(first));
}
TEST(Export, TheSameAgainChangesNothing) {
  World first, second;
  tell_the_first_world(first);
  const std::string lines = exported(first);
  take_in(second, lines);
  const std::vector<std::string> before = facts(second);
  const Json again = take_in(second, lines);
  EXPECT_EQ(again.at("added"), 0);
  EXPECT_EQ(again.at("known"), 7);
  EXPECT_EQ(facts(second), before);
}
TEST(Export, OfAScopeHoldsThatOnly) {
  World world;
  tell_the_first_world(world);
  EXPECT_THAT(exported(world, "user"), HasSubstr("Helix"));
  EXPECT_THAT(exported(world, "user"), Not(HasSubstr("MySQL")));
}
TEST(Export, WhatWasForgottenDoesNotComeBack) {
  World world;
  tell_the_first_world(world);
  const std::string lines = exported(world);
  world.said("forget", {{"containing", "two approvals"}});
  EXPECT_THAT(exported(world), Not(HasSubstr("two approvals")));
  EXPECT_EQ(take_in(world, lines).at("forgotten"), 1);
  EXPECT_THAT(exported(world), Not(HasSubstr("two approvals")));
}
// A file of somebody else must not make its sayings the user's own wishes.
TEST(Export, AsMessagesNothingOfItIsConfirmed) {
  World first, second;
  tell_the_first_world(first);
  const Json taken = take_in(second, exported(first), "messages");
  EXPECT_EQ(taken.at("added"), 7);
  EXPECT_EQ(taken.at("refused"), 4) << "the facts are no messages";
  for (const std::string& fact : facts(second)) EXPECT_THAT(fact, Not(HasSubstr("(confirmed)"))) << fact;
}
TEST(Export, ABrokenLineIsToldAndStopsNothing) {
  World world;
  const Json taken = take_in(world,
                             "{\"fact\":\"guessed\",\"subject\":\"name\",\"value\":\"eve\"}\n"
                             "{\"fact\":\"confirmed\",\"subject\":\"name\",\"value\":\"never said\"}\n"
                             "{\"role\":\"user\",\"text\":\"We use Redis.\",\"origin\":\"odd\"}\n");
  EXPECT_EQ(taken.at("refused"), 1);
  EXPECT_EQ(taken.at("added"), 1);
  EXPECT_THAT(facts(world), ElementsAre("We use Redis (candidate)"));
}
TEST(Import, TellsByItsExitCodeThatNothingOfAFileWasAMessage) {
  World world;
  std::filesystem::path file = world.folder() / "taken.jsonl";
  std::ofstream(file) << "<html>\n</html>\n";
  auto none = world.call("import", {{"file", file.string()}});
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->exit_code, 1);
  std::ofstream(file) << "<html>\n{\"role\":\"user\",\"text\":\"hello\"}\n";
  auto some = world.call("import", {{"file", file.string()}});
  ASSERT_TRUE(some.has_value());
  EXPECT_EQ(some->exit_code, 0);
  std::ofstream(file) << "";
  auto empty = world.call("import", {{"file", file.string()}});
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ(empty->exit_code, 0);
}
TEST(Import, AFolderIsNoFile) {
  World world;
  auto reply = world.call("import", {{"file", world.folder().string()}});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, base::ErrorCode::not_found);
  EXPECT_NE(reply.error().hint, "");
}
TEST(Export, OfNothingIsEmpty) {
  World world;
  EXPECT_THAT(exported(world), IsEmpty());
}

TEST(Edit, YourWordsTakeThePlaceOfTheFact) {
  World world;
  world.said("record", {{"text", "We deploy on Fridays."}});
  const Json edited =
      world.said("memories edit", {{"fact", 1}, {"text", "the release train leaves on Tuesdays at noon"}});
  EXPECT_EQ(edited.at("facts").at(0).at("state"), "confirmed");
  EXPECT_THAT(facts(world), UnorderedElementsAre("the release train leaves on Tuesdays at noon (confirmed)",
                                                 "We deploy on Fridays (superseded)"));
  const Json all = world.said("memories", {{"all", true}});
  EXPECT_EQ(all.at("facts").at(1).at("reason"), "corrected by you");
  EXPECT_EQ(all.at("facts").at(1).at("superseded_by"), edited.at("facts").at(0).at("fact"));
}
TEST(Edit, StaysInTheScopeOfTheFact) {
  World world;
  world.said("remember", {{"text", "I use Vim"}, {"scope", "user"}});
  const Json edited = world.said("memories edit", {{"fact", 1}, {"text", "I use Helix"}});
  EXPECT_EQ(edited.at("facts").at(0).at("scope"), "user");
}
TEST(Edit, TheSameWordsChangeNothing) {
  World world;
  world.said("remember", {{"text", "I use Vim"}});
  world.said("memories edit", {{"fact", 1}, {"text", "I use Vim"}});
  EXPECT_THAT(facts(world), ElementsAre("I use Vim (confirmed)"));
}
TEST(Edit, WhatIsNotThereOrHoldsNoLongerIsRefused) {
  World world;
  world.said("record", {{"text", "I use Vim"}});
  auto missing = world.call("memories edit", {{"fact", 7}, {"text", "I use Helix"}});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, base::ErrorCode::not_found);
  auto empty = world.call("memories edit", {{"fact", 1}, {"text", "  "}});
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().code, base::ErrorCode::usage);
  world.said("memories withdraw", {{"fact", 1}});
  auto ended = world.call("memories edit", {{"fact", 1}, {"text", "I use Helix"}});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code, base::ErrorCode::usage);
}
TEST(Edit, OfAnotherProjectIsNotSeen) {
  World world;
  world.said("record", {{"text", "We use MySQL"}}, "two");
  EXPECT_FALSE(world.call("memories edit", {{"fact", 1}, {"text", "We use PostgreSQL"}}, "one").has_value());
}

TEST(List, TellsHowManyAreAboutSomethingElse) {
  World world;
  world.said("record", {{"text", "We use MySQL. I prefer tabs."}});
  auto reply = world.call("memories", {{"about", "list"}});
  ASSERT_TRUE(reply.has_value());
  EXPECT_THAT(reply->data.at("facts"), IsEmpty());
  EXPECT_EQ(reply->data.at("left_out"), 2);
  EXPECT_THAT(world.registry.find("memories")->render(*reply, {}), HasSubstr("2 are about something else"));
}
TEST(Record, ATimeThatIsNoneIsRefused) {
  World world;
  auto reply = world.call("record", {{"text", "We use MySQL"}, {"time", "yesterdayish"}});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, base::ErrorCode::usage);
}

}  // namespace
}  // namespace mira::memory
