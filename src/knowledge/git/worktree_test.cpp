#include "knowledge/git/worktree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "knowledge/git/world_for_tests.h"
#include "platform/base/hash.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;

// "modified a.c, added b.c": the local changes after a refresh.
std::string changes(World& world) {
  world.refresh();
  std::string out;
  for (const LocalChange& change : must(local_changes(*world.index))) {
    out += (out.empty() ? "" : ", ") + change.change_type + " " + change.path;
    if (!change.old_path.empty()) out += " from " + change.old_path;
  }
  return out;
}

TEST(Worktree, CleanCheckoutHasNoChanges) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}, {"src/b.c", "2\n"}}});
  EXPECT_EQ(changes(world), "");
}

TEST(Worktree, FindsModifiedAddedAndDeletedFiles) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}, {"b.c", "2\n"}, {"c.c", "3\n"}}});
  world.repo.write("a.c", "changed\n");
  world.repo.remove("b.c");
  world.repo.write("d.c", "new\n");
  EXPECT_EQ(changes(world), "modified a.c, deleted b.c, added d.c");
}

TEST(Worktree, AFileThatMovedUnchangedIsARename) {
  World world;
  world.repo.commit({.files = {{"old.c", "the same\n"}}});
  world.repo.rename("old.c", "new.c");
  EXPECT_EQ(changes(world), "renamed new.c from old.c");
}

TEST(Worktree, ChangeThatIsTakenBackIsNoChange) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.repo.write("a.c", "2\n");
  EXPECT_EQ(changes(world), "modified a.c");
  world.repo.write("a.c", "1\n");
  EXPECT_EQ(changes(world), "");
}

TEST(Worktree, EqualSizeAndTimeDoNotHideAChange) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  auto time = fs::last_write_time(world.repo.path("a.c"));
  EXPECT_EQ(changes(world), "");
  world.repo.write("a.c", "2\n");
  fs::last_write_time(world.repo.path("a.c"), time);
  EXPECT_EQ(changes(world), "modified a.c");
}

TEST(Worktree, SettledFilesAreNotReadAgain) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}, {"b.c", "1\n"}}});
  world.refresh();
  usleep(60'000);
  world.refresh();
  world.repo.write("b.c", "2\n");
  contracts::Session& session = world.fresh_session();
  Repository repository = must(read_repository(world.project));
  auto tree = must(HeadTree::load(*world.index, repository.tip));
  auto report = must(update_worktree(session, repository, *tree, base::Deadline::never()));
  EXPECT_EQ(report.hashed, 1);
}

TEST(Worktree, CommittingAChangeClearsIt) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.repo.write("a.c", "2\n");
  EXPECT_EQ(changes(world), "modified a.c");
  world.repo.commit("done");
  EXPECT_EQ(changes(world), "");
}

TEST(Worktree, WindowsLineEndsAreNoChange) {
  World world;
  world.repo.commit({.files = {{"a.c", "one\ntwo\n"}}});
  world.repo.write("a.c", "one\r\ntwo\r\n");
  EXPECT_EQ(changes(world), "");
  world.repo.write("a.c", "one\r\nthree\r\n");
  EXPECT_EQ(changes(world), "modified a.c");
}

TEST(Worktree, LfsContentEqualsItsPointer) {
  World world;
  std::string content = "large picture";
  world.repo.commit({.files = {{"a.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                                             base::sha256_hex(content) + "\nsize 13\n"}}});
  world.repo.write("a.bin", content);
  EXPECT_EQ(changes(world), "");
  world.repo.write("a.bin", "other picture");
  EXPECT_EQ(changes(world), "modified a.bin");
}

TEST(Worktree, LinksAreComparedByWhereTheyLead) {
  World world;
  fs::create_symlink("a.c", world.repo.path("link"));
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  EXPECT_EQ(changes(world), "");
  fs::remove(world.repo.path("link"));
  fs::create_symlink("b.c", world.repo.path("link"));
  EXPECT_EQ(changes(world), "modified link");
}

TEST(Worktree, TrackedFileThatIsIgnoredIsNotDeleted) {
  World world;
  world.repo.commit({.files = {{"made.c", "1\n"}}});
  world.repo.commit({.files = {{".gitignore", "made.c\n"}}});
  EXPECT_EQ(changes(world), "");
  world.repo.write("made.c", "2\n");
  EXPECT_EQ(changes(world), "modified made.c");
}

TEST(Worktree, SparseCheckoutIsNotDeletion) {
  World world;
  world.repo.commit({.files = {{"keep/a.c", "1\n"}, {"leave/b.c", "1\n"}}});
  world.repo.git({"sparse-checkout", "set", "keep"});
  EXPECT_EQ(changes(world), "");
}

TEST(Worktree, SubmodulesAreNotEntered) {
  World world;
  support::FakeRepo library;
  library.commit({.files = {{"lib.c", "1\n"}}});
  world.repo.commit({.files = {{"a.c", "1\n"}}});
  world.repo.git(
      {"-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root().string(), "lib"});
  world.repo.commit("add library");
  world.repo.write("lib/lib.c", "changed\n");
  EXPECT_EQ(changes(world), "");
}

TEST(Worktree, PathsAreBytes) {
  World world;
  std::string path = "caf\xe9 \"x\".c";
  world.repo.commit({.files = {{path, "1\n"}}});
  world.repo.write(path, "2\n");
  EXPECT_EQ(changes(world), "modified " + path);
}

}  // namespace
}  // namespace mira::git
