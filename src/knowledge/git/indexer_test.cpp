#include "knowledge/git/indexer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

std::int64_t count(World& world) {
  return must(world.index->integer("SELECT count(*) FROM git_commits")).value_or(-1);
}

std::string path_now(World& world, std::string_view file) {
  std::string out;
  must(world.index->each(
      "SELECT now.path FROM git_paths p JOIN git_commit_files f USING (path_id) JOIN git_files i USING "
      "(file_id) JOIN "
      "git_paths now ON now.path_id = i.path_id WHERE p.path = ?",
      [&](const store::Row& row) { out = row.text(0); }, file));
  return out;
}

TEST(HistoryIndexer, ReadsCommitsOnceAndThenOnlyNewOnes) {
  World world;
  world.repo.commit({.message = "Add a", .files = {{"a.c", "int a;\n"}}});
  world.repo.commit({.message = "Add b", .files = {{"b.c", "int b;\n"}}});
  EXPECT_TRUE(world.is_stale());
  EXPECT_EQ(world.refresh().added, 2);
  EXPECT_EQ(world.refresh().added, 0);
  world.repo.commit({.message = "Change a", .files = {{"a.c", "int a = 1;\n"}}});
  EXPECT_TRUE(world.is_stale());
  EXPECT_EQ(world.refresh().added, 1);
  EXPECT_EQ(count(world), 3);
}

TEST(HistoryIndexer, IsNotStaleWhenNothingChanged) {
  World world;
  world.repo.commit({.files = {{"a.c", "int a;\n"}}});
  world.refresh();
  usleep(60'000);  // the files' stamps settle
  world.refresh();
  EXPECT_FALSE(world.is_stale());
}

TEST(HistoryIndexer, FollowsAFileThroughItsRename) {
  World world;
  world.repo.commit({.files = {{"old.c", "one\ntwo\nthree\nfour\n"}}});
  world.repo.commit({.renames = {{"old.c", "new.c"}}});
  world.refresh();
  EXPECT_EQ(path_now(world, "old.c"), "new.c");
}

TEST(HistoryIndexer, CommitsThatAForcePushRemovedAreGone) {
  World world;
  world.repo.commit({.message = "base", .files = {{"a.c", "1\n"}}});
  world.repo.commit({.message = "doomed", .files = {{"b.c", "1\n"}}});
  world.refresh();
  world.repo.reset("HEAD^");
  world.repo.commit({.message = "other", .files = {{"c.c", "1\n"}}});
  auto report = world.refresh();
  EXPECT_EQ(report.removed, 1);
  EXPECT_EQ(report.added, 1);
  EXPECT_FALSE(must(world.index->integer("SELECT 1 FROM git_commits WHERE subject = 'doomed'")).has_value());
  EXPECT_FALSE(must(world.index->integer("SELECT 1 FROM git_paths WHERE path = 'b.c'")).has_value());
}

TEST(HistoryIndexer, GoingBackToAnOlderCommitOnlyRemoves) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.repo.commit({.files = {{"a.c", "2\n"}}});
  world.refresh();
  world.repo.reset("HEAD^");
  world.refresh();
  EXPECT_EQ(count(world), 1);
}

TEST(HistoryIndexer, MailmapNamesThePersonAndFollowsItsChanges) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}, .author = "ada l <al@old.example>"});
  world.repo.commit({.files = {{".mailmap", "Ada Lovelace <ada@example.org> <al@old.example>\n"}}});
  world.refresh();
  EXPECT_EQ(must(world.index->text("SELECT name FROM git_authors WHERE email_written = 'al@old.example'")),
            "Ada Lovelace");
  world.repo.commit({.files = {{".mailmap", "Countess <ada@example.org> <al@old.example>\n"}}});
  world.refresh();
  EXPECT_EQ(must(world.index->text("SELECT person FROM git_authors WHERE email_written = 'al@old.example'")),
            "countess");
}

TEST(HistoryIndexer, UnbornBranchIsEmptyWithoutError) {
  World world;
  world.repo.write("a.c", "1\n");
  EXPECT_EQ(world.refresh().added, 0);
  EXPECT_EQ(must(world.index->text("SELECT change_type FROM local_changes WHERE path = 'a.c'")), "added");
}

TEST(HistoryIndexer, PlainFolderIsSilent) {
  World world;
  std::filesystem::remove_all(world.repo.path(".git"));
  world.open(world.repo.root());
  EXPECT_FALSE(world.is_stale());
  auto report = world.refresh();
  EXPECT_EQ(report.added, 0);
  EXPECT_TRUE(report.notes.empty());
}

TEST(HistoryIndexer, ReadsSha256Repositories) {
  World world(support::FakeRepo::Objects::sha256);
  std::string id = world.repo.commit({.message = "first", .files = {{"a.c", "1\n"}}});
  world.refresh();
  EXPECT_EQ(must(world.index->text("SELECT hash FROM git_commits")), id);
  EXPECT_EQ(must(world.index->integer("SELECT count(*) FROM local_changes")), 0);
}

TEST(HistoryIndexer, ShallowCloneIsReadAndSaysSo) {
  World world;
  for (int i = 0; i < 4; ++i) world.repo.commit({.files = {{"a.c", std::to_string(i) + "\n"}}});
  auto clone = world.repo.root().parent_path() / "clone";
  world.repo.git({"clone", "-q", "--depth", "2", "file://" + world.repo.root().string(), clone.string()});
  world.open(clone);
  auto report = world.refresh();
  EXPECT_EQ(report.added, 2);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("shallow"), std::string::npos);
}

TEST(HistoryIndexer, LinkedWorkTreeHasItsOwnHead) {
  World world;
  world.repo.commit({.message = "one", .files = {{"a.c", "1\n"}}});
  auto linked = world.repo.root().parent_path() / "linked";
  world.repo.git({"worktree", "add", "-q", "-b", "side", linked.string()});
  world.repo.commit({.message = "two", .files = {{"a.c", "2\n"}}});
  world.open(linked);
  EXPECT_EQ(world.refresh().added, 1);
}

TEST(HistoryIndexer, PackedRefsAreRead) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.repo.git({"pack-refs", "--all"});
  EXPECT_EQ(world.refresh().added, 1);
}

TEST(HistoryIndexer, ReftableIsRefusedWithASentence) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  std::filesystem::create_directory(world.repo.path(".git/reftable"));
  auto report = world.refresh();
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("reftable"), std::string::npos);
  EXPECT_FALSE(world.is_stale());
}

TEST(HistoryIndexer, MissingObjectsLeaveTheRowsAndAreSaid) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.refresh();
  std::string lost = world.repo.commit({.files = {{"a.c", "2\n"}}});
  std::filesystem::remove(world.repo.path(".git/objects/" + lost.substr(0, 2) + "/" + lost.substr(2)));
  auto report = world.refresh();
  EXPECT_EQ(count(world), 1);
  ASSERT_FALSE(report.notes.empty());
  EXPECT_NE(report.notes.back().find("git could not read"), std::string::npos);
  EXPECT_FALSE(world.is_stale()) << "it is not tried again at once";
}

TEST(HistoryIndexer, OddNamesAndMessagesArriveAsTheyAre) {
  World world;
  std::string path = "dir with space/\xc3\xa4 \"q\"\ttab\nline.c";
  world.repo.commit({.message = "odd \x01 message\n\n:100644 100644 a b M\n", .files = {{path, "1\n"}}});
  world.refresh();
  EXPECT_EQ(must(world.index->text("SELECT path FROM git_paths")), path);
  EXPECT_EQ(must(world.index->text("SELECT body FROM git_commits")), ":100644 100644 a b M");
}

}  // namespace
}  // namespace mira::git
