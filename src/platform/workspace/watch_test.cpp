#include "platform/workspace/watch.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;

class WatchTest : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root() / path).parent_path());
    std::ofstream(root() / path, std::ios::binary) << text;
  }
  fs::path root() const { return folder_ / "project"; }
  Project project() {
    fs::create_directories(root());
    base::Home home{folder_.path(), folder_.path(), folder_.path()};
    return *find_project(root(), home);
  }
  Tree tree() { return *walk(project(), base::Deadline::never()); }
  static base::Deadline soon() { return base::Deadline::after_ms(30'000); }  // only a hang is this long

  support::TemporaryFolder folder_;
};

TEST_F(WatchTest, WakesWhenAFileIsWrittenMadeMovedOrRemoved) {
  write("src/a.c", "1");
  auto watch = Watch::start();
  ASSERT_TRUE(watch);
  EXPECT_TRUE((*watch)->follow(project(), tree()));
  EXPECT_FALSE((*watch)->polling());
  EXPECT_EQ((*watch)->folders(), 2U);
  write("src/a.c", "2");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  write("src/b.c", "1");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  fs::rename(root() / "src/b.c", root() / "src/c.c");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  fs::remove(root() / "src/c.c");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
}

TEST_F(WatchTest, SaysWhenNothingCameBeforeTheDeadline) {
  write("a.c", "1");
  auto watch = Watch::start();
  (*watch)->follow(project(), tree());
  EXPECT_EQ((*watch)->wait(base::Deadline::after_ms(0)), Wake::ended);
}

TEST_F(WatchTest, FollowsNewFoldersAndForgetsGoneOnes) {
  write("a.c", "1");
  auto watch = Watch::start();
  (*watch)->follow(project(), tree());
  write("deep/er/b.c", "1");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  EXPECT_TRUE((*watch)->follow(project(), tree()));
  EXPECT_EQ((*watch)->folders(), 3U);
  EXPECT_FALSE((*watch)->follow(project(), tree()));
  write("deep/er/b.c", "2");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  fs::remove_all(root() / "deep");
  EXPECT_EQ((*watch)->wait(soon()), Wake::changed);
  (*watch)->follow(project(), tree());
  EXPECT_EQ((*watch)->folders(), 1U);
}

TEST_F(WatchTest, PollsWhereWatchesRunOut) {
  write("a/a.c", "1");
  write("b/b.c", "1");
  auto watch = Watch::start({.poll_ms = 1, .most_folders = 2});
  (*watch)->follow(project(), tree());
  EXPECT_TRUE((*watch)->polling());
  EXPECT_EQ((*watch)->wait(soon()), Wake::poll);
}

TEST_F(WatchTest, LostEventsAreSaid) {
  write("a.c", "1");
  auto watch = Watch::start();
  (*watch)->follow(project(), tree());
  std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
  int events = 16384;
  limit >> events;
  for (int i = 0; i < events; ++i)
    fs::rename(root() / (i % 2 == 0 ? "a.c" : "b.c"), root() / (i % 2 == 0 ? "b.c" : "a.c"));
  EXPECT_EQ((*watch)->wait(soon()), Wake::overflow);
}

}  // namespace
}  // namespace mira::workspace
