#include "platform/workspace/tree.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>

#include "platform/base/limits.h"
#include "tests/support/as_nobody.h"
#include "tests/support/fake_repo.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WalkTest : public ::testing::Test {
 protected:
  Tree walked(base::Deadline deadline = base::Deadline::never()) {
    auto tree = walk(find_project(repo_.root(), home_).value(), deadline);
    EXPECT_TRUE(tree.has_value());
    return std::move(tree).value_or(Tree{});
  }
  std::vector<std::string> paths() {
    Tree tree = walked();
    std::vector<std::string> out;
    for (const File& file : tree.files) out.push_back(file.path);
    return out;
  }
  // "path: reason" of everything left out.
  std::vector<std::string> left_out() {
    Tree tree = walked();
    std::vector<std::string> out;
    for (const LeftOut& left : tree.left_out) out.push_back(left.path + ": " + left.reason);
    return out;
  }

  support::FakeRepo repo_;
  base::Home home_{"/nonexistent/data", "/nonexistent/state", "/nonexistent/cache"};
};

TEST_F(WalkTest, ListsFilesInByteOrderOfTheirPaths) {
  for (const char* path : {"b.c", "a/z.c", "a.c", "a-b.c", "a/b/c.c"}) repo_.write(path, "x");
  std::vector<std::string> found = paths();
  EXPECT_THAT(found, ElementsAre("a-b.c", "a.c", "a/b/c.c", "a/z.c", "b.c"));
  EXPECT_TRUE(std::ranges::is_sorted(found));
}

TEST_F(WalkTest, StampsSizeTimeAndMode) {
  repo_.write("run.sh", "#!/bin/sh\n");
  fs::permissions(repo_.path("run.sh"), fs::perms::owner_all);
  File file = walked().files.at(0);
  struct stat status{};
  ASSERT_EQ(::stat(repo_.path("run.sh").c_str(), &status), 0);
  EXPECT_EQ(file.stamp.size, 10);
  EXPECT_EQ(file.stamp.inode, status.st_ino);
  EXPECT_EQ(file.stamp.mtime_ns / 1'000'000'000, status.st_mtim.tv_sec);
  EXPECT_TRUE(file.executable);
}

TEST_F(WalkTest, ObeysNestedIgnoreFilesAndExclude) {
  repo_.write(".gitignore", "*.log\n");
  repo_.write("sub/.gitignore", "!keep.log\n");
  repo_.write("sub/keep.log", "x");
  repo_.write("sub/drop.log", "x");
  repo_.write("private.txt", "x");
  std::ofstream(repo_.path(".git/info/exclude")) << "private.txt\n";
  EXPECT_THAT(paths(), ElementsAre(".gitignore", "sub/.gitignore", "sub/keep.log"));
  EXPECT_EQ(walked().ignored_count, 2);
}

TEST_F(WalkTest, MiraignoreOutweighsIgnoreWhichOutweighsGitignore) {
  repo_.write(".gitignore", "one\ntwo\n");
  repo_.write(".ignore", "!one\n!two\nthree\n");
  repo_.write(".miraignore", "two\n");
  for (const char* path : {"one", "two", "three"}) repo_.write(path, "x");
  EXPECT_THAT(paths(), ElementsAre(".gitignore", ".ignore", ".miraignore", "one"));
}

TEST_F(WalkTest, NeverReadsTheUsersOwnExcludesFile) {
  repo_.write("a.c", "x");
  std::ofstream(repo_.path(".git/mine")) << "*.c\n";
  repo_.git({"config", "core.excludesFile", repo_.path(".git/mine").string()});
  EXPECT_THAT(paths(), ElementsAre("a.c"));
}

TEST_F(WalkTest, ToolFoldersAreIgnoredUnlessBroughtBack) {
  repo_.write("node_modules/left-pad/index.js", "x");
  repo_.write("lib/__pycache__/a.pyc", "x");
  repo_.write("app/.gitignore", "!node_modules\n");
  repo_.write("app/node_modules/own.js", "x");
  EXPECT_THAT(paths(), ElementsAre("app/.gitignore", "app/node_modules/own.js"));
}

TEST_F(WalkTest, TaggedCachesAndVirtualEnvironmentsAreIgnoredByWhatTheyAre) {
  repo_.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# by cargo\n");
  repo_.write("target/debug/app.d", "x");
  repo_.write("env/pyvenv.cfg", "home = /usr/bin\n");
  repo_.write("env/lib/site.py", "x");
  repo_.write("src/target/mod.rs", "x");
  EXPECT_THAT(paths(), ElementsAre("src/target/mod.rs"));
}

TEST_F(WalkTest, LinksAreListedAndNeverFollowed) {
  repo_.write("a/file.c", "x");
  fs::create_directory_symlink(repo_.root(), repo_.path("a/loop"));
  fs::create_symlink("/etc/passwd", repo_.path("out"));
  fs::create_symlink("nowhere", repo_.path("dangling"));
  Tree tree = walked();
  ASSERT_EQ(tree.files.size(), 4u);
  EXPECT_FALSE(tree.files[0].symlink);
  EXPECT_EQ(tree.files[1].path, "a/loop");
  for (std::size_t at : {1u, 2u, 3u}) EXPECT_TRUE(tree.files[at].symlink);
}

TEST_F(WalkTest, FifosAndSocketsAreNamedAndNotOpened) {
  ASSERT_EQ(::mkfifo(repo_.path("pipe").c_str(), 0600), 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  repo_.path("socket").native().copy(address.sun_path, sizeof address.sun_path - 1);
  int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(left_out(), ElementsAre("pipe: not a regular file", "socket: not a regular file"));
  EXPECT_THAT(paths(), IsEmpty());
  ::close(server);
}

TEST_F(WalkTest, NestedAndBareRepositoriesAreNotEntered) {
  repo_.write("own.c", "x");
  repo_.git({"init", "-q", "nested"});
  repo_.write("nested/a.c", "x");
  repo_.git({"init", "-q", "--bare", "fixtures/bare"});
  repo_.write("pretender/.git", "gitdir: ../../elsewhere\n");
  repo_.write("pretender/b.c", "x");
  EXPECT_THAT(paths(), ElementsAre("own.c"));
  EXPECT_THAT(left_out(), ElementsAre("fixtures/bare: a bare repository",
                                      "nested: a nested repository (run Mira inside it)",
                                      "pretender: a nested repository (run Mira inside it)"));
}

TEST_F(WalkTest, AFolderNamedDotGitThatIsNoRepositoryIsOnlySkipped) {
  repo_.write("sub/.git/notes", "x");
  repo_.write("sub/a.c", "x");
  EXPECT_THAT(paths(), ElementsAre("sub/a.c"));
}

TEST_F(WalkTest, KeepsTheBytesOfOddNames) {
  std::vector<std::string> names = {"new\nline", "quo\"te'", "\xff\xfe.c", std::string(255, 'n'),
                                    "\xe2\x80\xae.c"};
  for (const std::string& name : names) repo_.write(name, "x");
  std::ranges::sort(names);
  EXPECT_EQ(paths(), names);
}

TEST_F(WalkTest, StopsAtTheDepthLimitAndSaysSo) {
  // Made step by step: the whole path is longer than the kernel takes at once.
  repo_.write("top.c", "x");
  int at = ::open(repo_.root().c_str(), O_RDONLY | O_DIRECTORY);
  for (int level = 0; level < 300; ++level) {
    ASSERT_EQ(::mkdirat(at, "deep", 0700), 0);
    int next = ::openat(at, "deep", O_RDONLY | O_DIRECTORY);
    ::close(at);
    at = next;
  }
  ::close(at);
  Tree tree = walked();
  ASSERT_EQ(tree.left_out.size(), 1u);
  EXPECT_EQ(tree.left_out[0].reason, "deeper than 128 folders");
  EXPECT_EQ(std::ranges::count(tree.left_out[0].path, '/'), limits::tree_depth);
  EXPECT_EQ(tree.files.size(), 1u);
}

TEST_F(WalkTest, AnUnreadableFolderIsNamedAndTheRestIsWalked) {
  repo_.write("closed/secret.c", "x");
  repo_.write("open.c", "x");
  for (const fs::path& folder : {repo_.root().parent_path(), repo_.root()}) {
    fs::permissions(folder, fs::perms{0755});
  }
  fs::permissions(repo_.path("closed"), fs::perms::none);
  {
    support::AsNobody nobody;
    if (!nobody.able()) GTEST_SKIP() << "root without the right to become another user";
    EXPECT_THAT(paths(), ElementsAre("open.c"));
    EXPECT_THAT(left_out(), ElementsAre("closed: no permission"));
  }
  fs::permissions(repo_.path("closed"), fs::perms::owner_all);
}

TEST_F(WalkTest, AnExpiredDeadlineGivesAPartialTree) {
  for (int file = 0; file < 2000; ++file) repo_.write("f" + std::to_string(file), "x");
  std::atomic<bool> over = true;
  Tree tree = walked(base::Deadline::never().with_cancel(&over));
  EXPECT_TRUE(tree.partial);
  EXPECT_LT(tree.files.size(), 2000u);
  EXPECT_THAT(tree.left_out.back().reason, HasSubstr("time"));
}

TEST_F(WalkTest, AnIgnoreFileOverTheLimitIsNamed) {
  repo_.write(".gitignore", std::string(limits::ignore_file_bytes, '#') + "\n*.c\n");
  repo_.write("a.c", "x");
  EXPECT_THAT(paths(), ElementsAre(".gitignore", "a.c"));
  EXPECT_THAT(left_out(), ElementsAre(HasSubstr(".gitignore: its rules are not obeyed")));
}

TEST_F(WalkTest, AnIgnoreFileThatIsALinkIsNotObeyed) {
  repo_.write("rules", "*.c\n");
  fs::create_symlink("rules", repo_.path(".gitignore"));
  repo_.write("a.c", "x");
  EXPECT_THAT(paths(), ElementsAre(".gitignore", "a.c", "rules"));
}

TEST_F(WalkTest, TellsTheFirstThousandLeftOutAndCountsAll) {
  for (int pipe = 0; pipe < 1200; ++pipe) {
    ASSERT_EQ(::mkfifo(repo_.path("p" + std::to_string(pipe)).c_str(), 0600), 0);
  }
  Tree tree = walked();
  EXPECT_EQ(tree.left_out.size(), 1000u);
  EXPECT_EQ(tree.left_out_count, 1200);
}

TEST_F(WalkTest, ARootThatIsGoneIsAnError) {
  Project project = find_project(repo_.root(), home_).value();
  project.root /= "gone";
  auto tree = walk(project, base::Deadline::never());
  ASSERT_FALSE(tree.has_value());
  EXPECT_EQ(tree.error().code, base::ErrorCode::unavailable);
}

}  // namespace
}  // namespace mira::workspace
