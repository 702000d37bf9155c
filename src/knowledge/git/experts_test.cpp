#include "knowledge/git/experts.h"

#include <gtest/gtest.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

int edition = 0;

std::string change(World& world, const std::string& path, const std::string& author) {
  return world.repo.commit(
      {.files = {{path, path + " stays known\n" + std::to_string(++edition) + "\n"}}, .author = author});
}

const std::string ada = "Ada <ada@example.org>", bob = "Bob <bob@example.org>", eve = "Eve <eve@example.org>";

Json experts(World& world, const Json& arguments) {
  world.refresh();
  return must(world.act("experts", arguments))["experts"];
}

std::vector<std::string> names(const Json& found) {
  std::vector<std::string> out;
  for (const Json& expert : found) out.push_back(expert["name"]);
  return out;
}

TEST(Experts, WhoChangedTheFileLastLeads) {
  World world;
  for (int i = 0; i < 5; ++i) change(world, "a.c", ada);
  for (int i = 0; i < 5; ++i) change(world, "a.c", bob);
  Json found = experts(world, {{"file", "a.c"}});
  EXPECT_EQ(names(found), (std::vector<std::string>{"Bob", "Ada"}));
  EXPECT_EQ(found[0]["changes"], 5);
  EXPECT_EQ(found[0]["last_commit"], world.repo.head());
  EXPECT_EQ(found[1]["email"], "ada@example.org");
}

TEST(Experts, NeighboursInTheFolderFollow) {
  World world;
  change(world, "doc/x.md", eve);
  change(world, "src/b.c", bob);
  change(world, "src/a.c", ada);
  EXPECT_EQ(names(experts(world, {{"file", "src/a.c"}})), (std::vector<std::string>{"Ada", "Bob", "Eve"}));
}

TEST(Experts, BotsAreLeftOut) {
  World world;
  change(world, "a.c", ada);
  change(world, "a.c", "dependabot[bot] <bot@example.org>");
  change(world, "a.c", "release-bot <r@example.org>");
  EXPECT_EQ(names(experts(world, {{"file", "a.c"}})), std::vector<std::string>{"Ada"});
}

TEST(Experts, OnePersonWithTwoMailsCountsOnceUnderTheNewest) {
  World world;
  change(world, "a.c", "Ada <old@example.org>");
  change(world, "a.c", bob);
  change(world, "a.c", "ada <new@example.org>");
  Json found = experts(world, {{"file", "a.c"}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["email"], "new@example.org");
  EXPECT_EQ(found[0]["changes"], 2);
}

TEST(Experts, TheMailmapJoinsNames) {
  World world;
  change(world, "a.c", "A. L. <al@old.example>");
  change(world, "a.c", ada);
  world.repo.commit({.files = {{".mailmap", "Ada <ada@example.org> <al@old.example>\n"}}, .author = ada});
  Json found = experts(world, {{"file", "a.c"}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["changes"], 2);
}

TEST(Experts, CommitsBeforeARenameCount) {
  World world;
  for (int i = 0; i < 4; ++i) change(world, "old.c", bob);
  world.repo.commit({.renames = {{"old.c", "new.c"}}, .author = ada});
  Json found = experts(world, {{"file", "new.c"}});
  EXPECT_EQ(found[0]["name"], "Bob");
  EXPECT_EQ(found[0]["changes"], 4);
}

TEST(Experts, AskedAboutThePastTheyKnowOnlyThePast) {
  World world;
  change(world, "a.c", ada);
  std::string second = change(world, "a.c", bob);
  change(world, "a.c", eve);
  EXPECT_EQ(names(experts(world, {{"file", "a.c"}, {"before", second}})), std::vector<std::string>{"Ada"});
  EXPECT_EQ(names(experts(world, {{"file", "a.c"}, {"at", second}})).size(), 2u);
}

TEST(Experts, AFileWithoutHistoryIsAnsweredFromItsFolder) {
  World world;
  change(world, "doc/x.md", eve);
  change(world, "src/b.c", bob);
  change(world, "doc/y.md", eve);
  world.repo.write("src/new.c", "1\n");
  EXPECT_EQ(experts(world, {{"file", "src/new.c"}})[0]["name"], "Bob");
}

}  // namespace
}  // namespace mira::git
