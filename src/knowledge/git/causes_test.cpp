#include "knowledge/git/causes.h"

#include <gmock/gmock.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

TEST(NamedCommits, AreThoseThatTheWordsBeforeThemAccuse) {
  auto named = named_commits("Fix it\n\nRegression from\ncommit 1234567.\nSee 7654321. Fixes: abcdef0123");
  EXPECT_EQ(named.causes, (std::vector<std::string>{"1234567", "abcdef0123"}));
  EXPECT_EQ(named_commits("This reverts commit 1234567890.").reverted,
            std::vector<std::string>{"1234567890"});
  EXPECT_TRUE(named_commits("introduced in version 8.1").causes.empty());
}

TEST(Causes, OfAFixAreTheCommitsWhoseLinesItTakesAway) {
  World world;
  world.repo.commit({.files = {{"src/a.c", "int good_one(void);\nint good_two(void);\n"}}});
  std::string broke = world.repo.commit(
      {.message = "Add three",
       .files = {{"src/a.c", "int good_one(void);\nint wrong(void);\nint good_two(void);\n"}}});
  world.repo.commit({.message = "Say more", .files = {{"README.md", "words\n"}}});
  std::string fix = world.repo.commit(
      {.message = "Fix three",
       .files = {{"src/a.c", "int good_one(void);\nint right(void);\nint good_two(void);\n"}}});
  world.refresh();
  world.refresh_later();
  Json data = must(world.act("causes", {{"commit", fix.substr(0, 10)}}));
  ASSERT_EQ(data["causes"].size(), 2u);
  EXPECT_EQ(data["causes"][0]["commit"], broke);
  EXPECT_EQ(data["causes"][0]["found"], "lines");
  EXPECT_EQ(data["causes"][0]["lines"], 1);
  EXPECT_EQ(data["causes"][1]["lines"], 0) << "its lines stand beside";
  EXPECT_EQ(data["causes"][1]["beside"], 2);
}

// Subjects of what a fix of a.c repairs, first answer first.
std::vector<std::string> repaired(World& world, const std::string& fixed) {
  std::string fix = world.repo.commit({.message = "Fix it", .files = {{"a.c", fixed}}});
  world.refresh();
  world.refresh_later();
  std::vector<std::string> out;
  Json data = must(world.act("causes", {{"commit", fix}}));
  for (const Json& cause : data["causes"]) out.push_back(cause["subject"]);
  return out;
}

TEST(Causes, OfLikeOnesTheYoungerStandsFirst) {
  World world;
  world.repo.commit({.message = "Old", .files = {{"a.c", "int one;\nint x;\n"}}, .time_s = 1'600'000'000});
  world.repo.commit(
      {.message = "Young", .files = {{"a.c", "int one;\nint x;\nint two;\n"}}, .time_s = 1'690'000'000});
  EXPECT_EQ(repaired(world, "int ONE;\nint x;\nint TWO;\n"), (std::vector<std::string>{"Young", "Old"}));
}

TEST(Causes, LinesThatWentSayMoreThanRemarksAndNeighbours) {
  World world;
  world.repo.commit({.message = "Beside", .files = {{"a.c", "int one;\nint two;\n"}}});
  world.repo.commit({.message = "Remark", .files = {{"a.c", "int one;\n// said\nint two;\n"}}});
  world.repo.commit({.message = "Code", .files = {{"a.c", "int one;\n// said\nint wrong;\nint two;\n"}}});
  world.repo.commit({.message = "Elsewhere", .files = {{"b.c", "int b;\n"}}});
  auto causes = repaired(world, "int one;\n// told\nint right;\nint two;\n");
  ASSERT_EQ(causes.size(), 3u);
  EXPECT_EQ(causes[0], "Code");
}

TEST(Causes, WhatIsOnlyAddedBlamesItsNeighbours) {
  World world;
  std::string far = "int a;\nint b;\nint c;\nint d;\nint e;\nint f;\n";
  world.repo.commit({.message = "Far", .files = {{"a.c", far}}});
  world.repo.commit({.message = "Near", .files = {{"a.c", far + "void use() {\n  go();\n}\n"}}});
  auto causes = repaired(world, far + "void use() {\n  check();\n  go();\n}\n");
  EXPECT_EQ(causes.front(), "Near");
}

TEST(Causes, WhatTheMessageNamesComesFirstUnlessItMayNotBeRead) {
  World world;
  std::string first = world.repo.commit({.files = {{"a.c", "int one;\n"}}});
  std::string second = world.repo.commit({.files = {{"b.c", "int two;\n"}}});
  std::string fix = world.repo.commit(
      {.message = "Fix one\n\nBug in " + first.substr(0, 12), .files = {{"b.c", "int three;\n"}}});
  world.refresh();
  world.refresh_later();
  Json read = must(world.act("causes", {{"fix", fix}}, true));
  EXPECT_EQ(read["causes"][0]["commit"], first);
  EXPECT_EQ(read["causes"][0]["found"], "named");
  Json blind = must(world.act("causes", {{"fix", fix}, {"ignore_message", true}}, true));
  EXPECT_EQ(blind["causes"][0]["commit"], second);
}

TEST(Causes, ACommitMayBeNamedFromHead) {
  World world;
  std::string broke = world.repo.commit({.files = {{"a.c", "int one;\n"}}});
  world.repo.commit({.message = "Fix one", .files = {{"a.c", "int two;\n"}}});
  world.repo.commit({.message = "Say more", .files = {{"README.md", "words\n"}}});
  world.refresh();
  world.refresh_later();
  for (const char* name : {"HEAD~1", "HEAD^", "HEAD^~0"}) {
    Json data = must(world.act("causes", {{"commit", name}}));
    ASSERT_GE(data["causes"].size(), 1u) << name;
    EXPECT_EQ(data["causes"][0]["commit"], broke) << name;
  }
  auto too_far = world.act("causes", {{"commit", "HEAD~9"}});
  ASSERT_FALSE(too_far);
  EXPECT_THAT(too_far.error().message, testing::HasSubstr("ends before HEAD~9"));
  EXPECT_FALSE(world.act("causes", {{"commit", "HEAD@{1}"}}));
}

TEST(Causes, AnUnknownCommitIsAnError) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.refresh();
  EXPECT_FALSE(world.act("causes", {{"commit", "ffffffff"}}));
}

}  // namespace
}  // namespace mira::git
