#include "knowledge/git/touched_files.h"

#include <gmock/gmock.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::TouchedFile;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<TouchedFile> touched(World& world, const std::vector<std::string>& words) {
  world.refresh();
  return must(touched_files()(world.fresh_session(), words));
}

std::vector<std::string> paths(const std::vector<TouchedFile>& files) {
  std::vector<std::string> out;
  for (const TouchedFile& file : files) out.push_back(file.path);
  return out;
}

TEST(TouchedFiles, CommitsWordedSoNameTheirFiles) {
  World world;
  std::string first =
      world.repo.commit({.message = "Rotate the journal at midnight", .files = {{"log/turn.c", "1\n"}}});
  world.repo.commit({.message = "Draw the menu", .files = {{"ui/menu.c", "1\n"}}});
  std::vector<TouchedFile> found = touched(world, {"journal", "rotation"});
  ASSERT_EQ(paths(found), std::vector<std::string>{"log/turn.c"});
  EXPECT_EQ(found[0].share, 1);
  EXPECT_EQ(found[0].subject, "Rotate the journal at midnight");
  EXPECT_EQ(found[0].commit, first);
}

TEST(TouchedFiles, ACommitOfManyFilesSaysLessOfEach) {
  World world;
  world.repo.commit({.message = "Rotate the journal",
                     .files = {{"a.c", "1\n"}, {"b.c", "1\n"}, {"c.c", "1\n"}, {"d.c", "1\n"}}});
  world.repo.commit({.message = "Rotate the journal", .files = {{"turn.c", "1\n"}}});
  std::vector<TouchedFile> found = touched(world, {"journal"});
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].path, "turn.c");
  EXPECT_LT(found[1].share, 0.6);
}

TEST(TouchedFiles, RenamedFilesAreToldAsTheyAreNowAndGoneOnesAreNot) {
  World world;
  world.repo.commit({.message = "Rotate the journal", .files = {{"old.c", "some\nlines\nof\ntext\n"}}});
  world.repo.commit({.message = "Rotate the journal too", .files = {{"gone.c", "x\n"}}});
  world.repo.rename("old.c", "new.c");
  world.repo.remove("gone.c");
  world.repo.commit("Tidy");
  EXPECT_THAT(paths(touched(world, {"journal"})), ElementsAre("new.c"));
}

TEST(TouchedFiles, WordsOfEveryCommitTellNothing) {
  World world;
  for (int i = 0; i < 30; ++i)
    world.repo.commit(
        {.message = "Mend part " + std::to_string(i), .files = {{"p" + std::to_string(i) + ".c", "1\n"}}});
  world.repo.commit({.message = "Mend the journal", .files = {{"turn.c", "1\n"}}});
  EXPECT_THAT(touched(world, {"mend"}), IsEmpty());
  EXPECT_THAT(paths(touched(world, {"mend", "journal"})), ElementsAre("turn.c"));
}

TEST(TouchedFiles, SweepingCommitsAndUnknownWordsSayNothing) {
  World world;
  support::FakeCommit sweep{.message = "Reformat the journal"};
  for (int i = 0; i < 40; ++i) sweep.files.push_back({"f" + std::to_string(i) + ".c", "1\n"});
  world.repo.commit(sweep);
  EXPECT_THAT(touched(world, {"journal"}), IsEmpty());
  EXPECT_THAT(touched(world, {"zebra"}), IsEmpty());
  EXPECT_THAT(touched(world, {}), IsEmpty());
}

TEST(TouchedFiles, WordsThatAreQueriesAreOnlyWords) {
  World world;
  world.repo.commit({.message = "Rotate the journal", .files = {{"turn.c", "1\n"}}});
  EXPECT_THAT(touched(world, {"\" OR subject:*", "NEAR(", "*"}), IsEmpty());
}

}  // namespace
}  // namespace mira::git
