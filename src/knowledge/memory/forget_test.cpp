#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"
#include "platform/store/backup.h"

namespace mira::memory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Forget, LeavesNoByteInAnyFile) {
  World world;
  for (int i = 0; i < 80; ++i)
    world.said("record", {{"text", "ordinary line number " + std::to_string(i)}, {"session", "a"}});
  Json kept = world.said(
      "record", {{"text", "the merger with Initech closes on the third of October"}, {"session", "a"}});
  for (int i = 0; i < 80; ++i)
    world.said("record", {{"text", "another ordinary line number " + std::to_string(i)}, {"session", "a"}});
  EXPECT_THAT(world.recalled("merger Initech"), Not(IsEmpty()));
  Json done = world.said("forget", {{"entry", kept.at("entry")}, {"verify", true}});
  EXPECT_EQ(done.at("forgotten"), 1);
  EXPECT_EQ(done.at("proved"), true) << done;
  EXPECT_THAT(world.recalled("merger Initech"), IsEmpty());
  EXPECT_THAT(world.recalled("ordinary line number 42"), Contains("ordinary line number 42"));
}

TEST(Forget, TheProofFindsWhatIsStillThere) {
  World world;
  Json kept = world.said("record", {{"text", "the merger with Initech closes on the third of October"}});
  std::ofstream(world.folder() / "copy.txt") << "x the merger with Initech closes on the third of October x";
  auto done = world.call("forget", {{"entry", kept.at("entry")}, {"verify", true}});
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->data.at("proved"), false);
  EXPECT_EQ(done->exit_code, 1);
}

TEST(Forget, BackupsThatHoldItAreReplaced) {
  World world;
  Json kept = world.said("record", {{"text", "the merger with Initech closes on the third of October"}});
  std::filesystem::create_directories(world.folder() / "backups");
  ASSERT_TRUE(store::backup(world.main(), world.folder() / "backups" / "old.db").has_value());
  Json done = world.said("forget", {{"entry", kept.at("entry")}, {"verify", true}});
  EXPECT_EQ(done.at("backups_replaced"), 1);
  EXPECT_EQ(done.at("proved"), true) << done;
  EXPECT_FALSE(std::filesystem::exists(world.folder() / "backups" / "old.db"));
}

TEST(Forget, FactsThatRestOnItAloneGo) {
  World world;
  Json first = world.said("record", {{"text", "We use MySQL."}, {"session", "a"}});
  Json second = world.said("record", {{"text", "We switched from MySQL to PostgreSQL."}, {"session", "b"}});
  world.said("forget", {{"entry", second.at("entry")}});
  const Json facts = world.said("memories", {{"all", true}});
  ASSERT_EQ(facts.at("facts").size(), 1U);  // what it had ended holds again
  EXPECT_EQ(facts.at("facts").at(0).at("statement"), "We use MySQL");
  EXPECT_EQ(facts.at("facts").at(0).at("state"), "candidate");
}

TEST(Forget, FactsThatWereSaidElsewhereStay) {
  World world;
  Json first = world.said("record", {{"text", "We use PostgreSQL."}, {"session", "a"}});
  world.said("record", {{"text", "Yes. We use PostgreSQL."}, {"session", "b"}});
  world.said("forget", {{"entry", first.at("entry")}});
  const Json facts = world.said("memories", Json::object());
  ASSERT_EQ(facts.at("facts").size(), 1U);
  EXPECT_EQ(facts.at("facts").at(0).at("entry"), 2);
}

TEST(Forget, AnImportDoesNotBringItBack) {
  World world;
  std::string line = R"({"session":"1","id":"7","role":"user","text":"the old office code was four digits"})";
  world.import(line);
  world.said("forget", {{"containing", "old office code"}});
  EXPECT_EQ(world.import(line).at("forgotten"), 1);
  EXPECT_THAT(world.recalled("office code"), IsEmpty());
}

TEST(Forget, AnotherProjectsEntriesCannotBeForgottenFromHere) {
  World world;
  Json kept = world.said("record", {{"text", "a note of project one"}}, "one");
  EXPECT_EQ(world.call("forget", {{"entry", kept.at("entry")}}, "two").error().code,
            base::ErrorCode::not_found);
}

}  // namespace
}  // namespace mira::memory
