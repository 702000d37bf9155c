// Every change that a walk would see is seen by the next question, whatever made it; where nothing changed
// the files are not looked at again.
#include "platform/workspace/current_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text, std::ios::openmode mode = std::ios::trunc) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary | mode) << text;
}

// Paths with what they are, as the stamps say it.
std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::uint64_t, bool, bool>> seen(
    const Tree& tree) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::uint64_t, bool, bool>> out;
  for (const File& file : tree.files)
    out.emplace_back(file.path, file.stamp.size, file.stamp.ctime_ns, file.stamp.inode, file.executable,
                     file.symlink);
  return out;
}

class World {
 public:
  World() {
    write(root() / "src/a.c", "int a;\n");
    write(root() / "src/b.c", "int b;\n");
    write(root() / "src/deep/er/c.c", "int c;\n");
    write(root() / "docs/a.md", "# a\n");
    write(root() / "out/made.o", "o");
    write(root() / ".gitignore", "out/\n");
    fs::create_directories(root() / "empty/inside");
    fs::create_directories(root() / ".git/objects");
    fs::create_directories(root() / ".git/refs/heads");
    fs::create_directories(root() / ".git/info");
    write(root() / ".git/HEAD", "ref: refs/heads/main\n");
    write(root() / ".git/info/exclude", "");
    base::Home home{folder_.path(), folder_.path(), folder_.path()};
    project = *find_project(root(), home);
  }
  fs::path root() const { return folder_ / "project"; }

  support::TemporaryFolder folder_;
  Project project;
};

// Until the file system's clock has gone on since a file was written: two changes of one tick look alike.
void next_tick(const World& world) {
  struct stat file{}, probe{};
  do {
    write(world.folder_ / "probe", "x");
    ::stat((world.root() / "src/a.c").c_str(), &file);
    ::stat((world.folder_ / "probe").c_str(), &probe);
  } while (probe.st_ctim.tv_sec == file.st_ctim.tv_sec && probe.st_ctim.tv_nsec == file.st_ctim.tv_nsec);
}

constexpr CurrentTreeOptions no_age{.most_age_ms = 3'600'000};  // only what the kernel tells counts

// Asks until nothing new is looked at: folders are watched from their first walk on.
void settle(CurrentTree& current, const Project& project) {
  for (std::int64_t before = -1; before != current.walks();) {
    before = current.walks();
    ASSERT_TRUE(current.of(project, base::Deadline::never()));
  }
}

struct Case {
  const char* name;
  std::function<void(const fs::path&)> change;
  std::function<void(const fs::path&)> before = nullptr;
};

class CurrentTreeSees : public testing::TestWithParam<Case> {};

TEST_P(CurrentTreeSees, WhatAWalkSees) {
  World world;
  ASSERT_TRUE(world.project.is_git);
  if (GetParam().before) GetParam().before(world.root());
  CurrentTree current(no_age);
  settle(current, world.project);
  std::int64_t walks = current.walks();
  auto old = seen(*current.of(world.project, base::Deadline::never()));
  ASSERT_EQ(current.walks(), walks) << "nothing changed, and it walked";
  next_tick(world);
  GetParam().change(world.root());
  auto now = seen(*current.of(world.project, base::Deadline::never()));
  EXPECT_EQ(now, seen(*walk(world.project, base::Deadline::never())));
  EXPECT_NE(now, old) << "the case changes nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Each, CurrentTreeSees,
    testing::Values(
        Case{"AFileWritten", [](const fs::path& root) { write(root / "src/a.c", "int aa;\n"); }},
        Case{"SameSize", [](const fs::path& root) { write(root / "src/a.c", "int z;\n"); }},
        Case{"SameSizeAndTimePutBack",
             [](const fs::path& root) {
               auto time = fs::last_write_time(root / "src/a.c");
               write(root / "src/a.c", "int z;\n");
               fs::last_write_time(root / "src/a.c", time);
             }},
        Case{"Appended", [](const fs::path& root) { write(root / "src/a.c", "x", std::ios::app); }},
        Case{"Emptied", [](const fs::path& root) { fs::resize_file(root / "src/a.c", 0); }},
        Case{"StillOpen",
             [](const fs::path& root) {
               static std::ofstream open;
               open.open(root / "src/a.c");
               open << "longer than before" << std::flush;
             }},
        Case{"Removed", [](const fs::path& root) { fs::remove(root / "src/b.c"); }},
        Case{"Renamed", [](const fs::path& root) { fs::rename(root / "src/b.c", root / "src/z.c"); }},
        Case{"PutInPlaceOfAnother",
             [](const fs::path& root) {
               write(root / "src/a.tmp", "int z;\n");
               fs::rename(root / "src/a.tmp", root / "src/a.c");
             }},
        Case{"MovedIn",
             [](const fs::path& root) { fs::rename(root.parent_path() / "out.c", root / "src/out.c"); },
             [](const fs::path& root) { write(root.parent_path() / "out.c", "int o;\n"); }},
        Case{"MadeExecutable",
             [](const fs::path& root) { fs::permissions(root / "src/a.c", fs::perms::owner_all); }},
        Case{"ALink", [](const fs::path& root) { fs::create_symlink("a.c", root / "src/l.c"); }},
        Case{"InANewFolder", [](const fs::path& root) { write(root / "fresh/deep/n.c", "int n;\n"); }},
        Case{"InAnEmptyFolder", [](const fs::path& root) { write(root / "empty/inside/n.c", "int n;\n"); }},
        Case{"DeepDown", [](const fs::path& root) { write(root / "src/deep/er/c.c", "int cc;\n"); }},
        Case{"AFolderRenamed",
             [](const fs::path& root) { fs::rename(root / "src/deep", root / "src/deeper"); }},
        Case{"AFolderRemoved", [](const fs::path& root) { fs::remove_all(root / "src/deep"); }},
        Case{"IgnoreRules", [](const fs::path& root) { write(root / ".gitignore", "docs/\n"); }},
        Case{"NewIgnoreRulesBelow", [](const fs::path& root) { write(root / "src/.gitignore", "b.c\n"); }},
        Case{"GitsExclude", [](const fs::path& root) { write(root / ".git/info/exclude", "docs/\n"); }}),
    [](const auto& one) { return one.param.name; });

// A watch follows a folder, not its name.
TEST(CurrentTree, SeesWhatIsWrittenIntoAFolderMadeAnewUnderAnOldName) {
  World world;
  CurrentTree current(no_age);
  settle(current, world.project);
  fs::rename(world.root() / "src", world.root() / "old");
  write(world.root() / "src/a.c", "int a;\n");
  write(world.root() / "src/deep/er/c.c", "int c;\n");
  settle(current, world.project);
  for (const char* file : {"src/a.c", "src/deep/er/c.c", "old/a.c", "old/deep/er/c.c"}) {
    write(world.root() / file, "int changed;\n");
    EXPECT_EQ(seen(*current.of(world.project, base::Deadline::never())),
              seen(*walk(world.project, base::Deadline::never())))
        << file;
    settle(current, world.project);
  }
}

TEST(CurrentTree, WhatIsIgnoredMayChangeWithoutAWalkOfMoreThanItsFolder) {
  World world;
  CurrentTree current(no_age);
  settle(current, world.project);
  std::int64_t walks = current.walks();
  write(world.root() / "out/made.o", "another");  // its folder is not looked into
  ASSERT_TRUE(current.of(world.project, base::Deadline::never()));
  EXPECT_EQ(current.walks(), walks);
}

TEST(CurrentTree, IsNeverOlderThanItMayBe) {
  World world;
  CurrentTree current({.most_age_ms = 0});
  for (int i = 1; i <= 4; ++i) {
    ASSERT_TRUE(current.of(world.project, base::Deadline::never()));
    EXPECT_EQ(current.walks(), i);
  }
}

TEST(CurrentTree, WalksEachTimeWhereWatchesRunOut) {
  World world;
  CurrentTree current({.most_age_ms = 3'600'000, .watch = {.most_folders = 2}});
  for (int i = 1; i <= 4; ++i) {
    write(world.root() / "src/a.c", std::string(static_cast<std::size_t>(i), 'x'));
    EXPECT_EQ(seen(*current.of(world.project, base::Deadline::never())),
              seen(*walk(world.project, base::Deadline::never())));
    EXPECT_EQ(current.walks(), i);
  }
}

TEST(CurrentTree, AWalkThatWasCutShortIsNotKept) {
  World world;
  for (int i = 0; i < 2000; ++i) write(world.root() / "many" / (std::to_string(i) + ".c"), "x");
  CurrentTree current(no_age);
  settle(current, world.project);
  write(world.root() / "many/new.c", "x");
  auto cut = current.of(world.project, base::Deadline::after_ms(0));
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->partial);
  EXPECT_FALSE(current.of(world.project, base::Deadline::never())->partial);
}

// Writers and askers at once: who wrote before asking finds it.
TEST(CurrentTree, ThreadsSeeWhatTheyWroteThemselves) {
  World world;
  CurrentTree current(no_age);
  std::vector<std::thread> threads;
  std::atomic<int> missed = 0;
  for (int which = 0; which < 4; ++which) {
    threads.emplace_back([&, which] {
      for (int i = 0; i < 50; ++i) {
        std::string name = "src/t" + std::to_string(which) + "_" + std::to_string(i) + ".c";
        write(world.root() / name, "x");
        auto tree = current.of(world.project, base::Deadline::never());
        if (!tree || std::ranges::find(tree->files, name, &File::path) == tree->files.end()) ++missed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(missed, 0);
  EXPECT_LE(current.walks(), 200 + 8);
}

TEST(CurrentTree, ProjectsAreKeptApartAndTheOldestGivesWay) {
  std::vector<std::unique_ptr<World>> worlds;
  CurrentTree current(no_age);
  for (int i = 0; i < 10; ++i) {
    worlds.push_back(std::make_unique<World>());
    write(worlds.back()->root() / "own.c", std::string(static_cast<std::size_t>(i), 'x'));
    settle(current, worlds.back()->project);
  }
  for (const auto& world : worlds) {
    EXPECT_EQ(seen(*current.of(world->project, base::Deadline::never())),
              seen(*walk(world->project, base::Deadline::never())));
  }
}

TEST(CurrentTree, AFolderThatIsGoneIsSaid) {
  World world;
  CurrentTree current(no_age);
  settle(current, world.project);
  fs::remove_all(world.root());
  auto gone = current.of(world.project, base::Deadline::never());
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, base::ErrorCode::unavailable);
}

}  // namespace
}  // namespace mira::workspace
