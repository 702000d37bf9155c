// Repositories in every odd state, homes that cannot be used, and a machine without git.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/hostile/civil.h"
#include "tests/hostile/hostile_trees.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"
#include "tests/support/temporary_folder.h"

namespace mira::hostile {
namespace {

namespace fs = std::filesystem;
using support::FakeRepo;
using support::Mira;
using support::Ran;
using testing::HasSubstr;

class Repository : public testing::Test {
 protected:
  Repository() : mira_(folder_.path()) { write_good_file(repo_.root()); }

  // The index is made, and the code is found whatever the history is like.
  Ran expect_sound(const fs::path& root) {
    mira_.in(root);
    Ran index = mira_.run({"index"});
    expect_civil(index);
    EXPECT_EQ(index.exit_code, 0) << index.err;
    Ran context = mira_.run({"context", "what does good_function do?"});
    expect_civil(context);
    EXPECT_EQ(context.exit_code, 0) << context.err;
    EXPECT_THAT(context.out, HasSubstr("good.c:1"));
    return index;
  }
  // What a person is told when something cannot be done: exit code 4 and a hint.
  static void expect_refusal(const Ran& ran) {
    expect_civil(ran);
    EXPECT_EQ(ran.exit_code, 4) << ran.out << ran.err;
    nlohmann::json said = ran.json();
    ASSERT_TRUE(said.contains("error")) << ran.out << ran.err;
    EXPECT_NE(said["error"].value("message", ""), "");
    EXPECT_NE(said["error"].value("hint", ""), "");
  }

  support::TemporaryFolder folder_;
  FakeRepo repo_;
  Mira mira_;
};

TEST_F(Repository, NoneAtAll) {
  fs::create_directories(folder_ / "plain");
  write_good_file(folder_ / "plain");
  expect_sound(folder_ / "plain");
}

TEST_F(Repository, AnEmptyFolder) {
  fs::create_directories(folder_ / "empty");
  mira_.in(folder_ / "empty");
  for (const char* verb : {"index", "status"}) {
    Ran ran = mira_.run({verb});
    expect_civil(ran);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
  Ran context = mira_.run({"context", "what is here?"});
  expect_civil(context);
  EXPECT_NE(context.out + context.err, "");
}

TEST_F(Repository, WithoutACommit) {
  expect_sound(repo_.root());
}

TEST_F(Repository, WithOnlyAnEmptyCommit) {
  fs::remove(repo_.path("good.c"));
  repo_.commit("Nothing");
  write_good_file(repo_.root());
  expect_sound(repo_.root());
}

TEST_F(Repository, OnAnUnbornBranchBesideOthers) {
  repo_.commit("First");
  repo_.git({"checkout", "-q", "--orphan", "empty"});
  expect_sound(repo_.root());
}

TEST_F(Repository, WithADetachedHead) {
  std::string first = repo_.commit("First");
  write_file(repo_.path("b.c"), "int b;\n");
  repo_.commit("Second");
  repo_.checkout(first);
  expect_sound(repo_.root());
}

TEST_F(Repository, Shallow) {
  for (int commit = 0; commit < 5; ++commit) {
    write_file(repo_.path("b.c"), "int b = " + std::to_string(commit) + ";\n");
    repo_.commit("Change " + std::to_string(commit));
  }
  repo_.git({"clone", "-q", "--depth=2", "file://" + repo_.root().string(), (folder_ / "clone").string()});
  expect_sound(folder_ / "clone");
}

TEST_F(Repository, PartialWithItsSourceGone) {
  for (int commit = 0; commit < 3; ++commit) {
    write_file(repo_.path("b.c"), "int b = " + std::to_string(commit) + ";\n");
    repo_.commit("Change " + std::to_string(commit));
  }
  repo_.git({"config", "uploadpack.allowFilter", "true"});
  repo_.git(
      {"clone", "-q", "--filter=blob:none", "file://" + repo_.root().string(), (folder_ / "clone").string()});
  fs::rename(repo_.root(), folder_ / "gone");
  expect_sound(folder_ / "clone");
  fs::rename(folder_ / "gone", repo_.root());
}

TEST_F(Repository, WithASubmodule) {
  FakeRepo library;
  write_file(library.path("lib.c"), "int lib_function(void) { return 1; }\n");
  library.commit("Library");
  repo_.git(
      {"-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root().string(), "deps/lib"});
  repo_.commit("Add the library");
  expect_sound(repo_.root());
  mira_.in(repo_.path("deps/lib"));
  Ran inside = mira_.run({"context", "lib_function"});
  expect_civil(inside);
  EXPECT_THAT(inside.out, HasSubstr("lib.c:1"));
}

TEST_F(Repository, AsALinkedWorkTree) {
  repo_.commit("First");
  repo_.git({"worktree", "add", "-q", (folder_ / "linked").string()});
  expect_sound(folder_ / "linked");
}

TEST_F(Repository, ALinkedWorkTreeWhoseRepositoryIsGone) {
  repo_.commit("First");
  repo_.git({"worktree", "add", "-q", (folder_ / "linked").string()});
  fs::rename(repo_.path(".git"), folder_ / "gone");
  EXPECT_THAT(expect_sound(folder_ / "linked").err, HasSubstr("names a git directory that is not there"));
  fs::rename(folder_ / "gone", repo_.path(".git"));
}

TEST_F(Repository, WithSha256Objects) {
  FakeRepo modern(FakeRepo::Objects::sha256);
  write_good_file(modern.root());
  modern.commit("First");
  expect_sound(modern.root());
}

TEST_F(Repository, WithABrokenHead) {
  repo_.commit("First");
  for (const char* head :
       {"", "nothing\n", "ref: refs/heads/../../../../etc/passwd\n", "ref: refs/heads/missing\n",
        "0123456789012345678901234567890123456789\n", "ref: refs/heads/\x1b[2J\n"}) {
    write_file(repo_.path(".git/HEAD"), head);
    SCOPED_TRACE(head);
    expect_sound(repo_.root());
  }
  write_file(repo_.path(".git/HEAD"), std::string(2'000'000, 'a'));
  expect_sound(repo_.root());
}

TEST_F(Repository, WithRefsThatGoInCircles) {
  repo_.commit("First");
  write_file(repo_.path(".git/HEAD"), "ref: refs/heads/a\n");
  write_file(repo_.path(".git/refs/heads/a"), "ref: refs/heads/b\n");
  write_file(repo_.path(".git/refs/heads/b"), "ref: refs/heads/a\n");
  write_file(repo_.path(".git/packed-refs"),
             "# pack-refs with: peeled \n" + std::string(300'000, '\n') + "x y z\n^\n");
  expect_sound(repo_.root());
}

TEST_F(Repository, WithObjectsThatAreMissingOrTorn) {
  for (int commit = 0; commit < 4; ++commit) {
    write_file(repo_.path("b.c"), "int b = " + std::to_string(commit) + ";\n");
    repo_.commit("Change " + std::to_string(commit));
  }
  int number = 0;
  for (const auto& entry : fs::recursive_directory_iterator(repo_.path(".git/objects"))) {
    if (!entry.is_regular_file()) continue;
    fs::permissions(entry.path(), fs::perms::owner_all);
    if (++number % 3 == 0) fs::resize_file(entry.path(), 5);
  }
  expect_sound(repo_.root());
  fs::remove_all(repo_.path(".git/objects"));
  fs::create_directories(repo_.path(".git/objects"));
  expect_sound(repo_.root());
}

// Trees of trees: a few objects that unfold to a hundred million files.
class TreeBomb : public Repository {
 protected:
  TreeBomb() {
    repo_.commit("First");
    std::string blob = repo_.git({"hash-object", "-w", "--stdin"}, "x");
    std::string entries;
    for (int file = 0; file < 10; ++file)
      entries += "100644 blob " + blob + "\tf" + std::to_string(file) + "\n";
    std::string tree = repo_.git({"mktree"}, entries);
    for (int level = 0; level < 7; ++level) {
      entries.clear();
      for (int folder = 0; folder < 10; ++folder)
        entries += "040000 tree " + tree + "\td" + std::to_string(folder) + "\n";
      tree = repo_.git({"mktree"}, entries);
    }
    tree_ = tree;
  }
  void commit_tree(const std::string& tree) {
    repo_.git({"update-ref", "HEAD", repo_.git({"commit-tree", "-p", "HEAD", "-m", "unfold", tree})});
  }

  std::string tree_;
};

TEST_F(TreeBomb, AtHead) {
  commit_tree(tree_);
  EXPECT_THAT(expect_sound(repo_.root()).err, HasSubstr("HEAD holds over"));
}

TEST_F(TreeBomb, InTheHistory) {
  std::string clean = repo_.id("HEAD^{tree}");
  commit_tree(tree_);
  commit_tree(clean);
  EXPECT_THAT(expect_sound(repo_.root()).err, HasSubstr("git could not read this repository"));
}

// A sentinel that plain git is shown to touch, and Mira is not.
TEST_F(Repository, WhoseConfigurationRunsPrograms) {
  fs::path sentinel = folder_ / "ran", program = folder_ / "program";
  write_file(program, "#!/bin/sh\ntouch '" + sentinel.string() + "'\ncat 2>/dev/null\n");
  fs::permissions(program, fs::perms{0755});
  write_file(repo_.path(".gitattributes"), "*.c diff=evil filter=evil\n");
  repo_.commit("First");
  for (const char* key :
       {"core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external",
        "diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge",
        "filter.evil.process", "gpg.program", "credential.helper", "core.askPass",
        "uploadpack.packObjectsHook", "core.gitProxy", "core.alternateRefsCommand"}) {
    repo_.git({"config", key, program.string()});
  }
  repo_.git({"config", "log.showSignature", "true"});
  repo_.git({"config", "core.hooksPath", folder_.path().string()});
  write_file(repo_.path("good.c"), "int good_function(int answer) {\n  return answer + 2;\n}\n");
  repo_.git({"status"});
  ASSERT_TRUE(fs::exists(sentinel)) << "the trap does not work";
  fs::remove(sentinel);
  expect_sound(repo_.root());
  expect_civil(mira_.run({"context", "what changed in good.c?"}));
  expect_civil(mira_.run({"status"}));
  EXPECT_FALSE(fs::exists(sentinel));
}

TEST_F(Repository, WithMessagesAuthorsAndNamesThatSteerATerminal) {
  write_file(repo_.path("esc\x1b[31m.c"), "int escaped_name(void) { return 1; }\n");
  support::FakeCommit commit;
  commit.message = "good_function \x1b[2J\x1b]0;owned\x07 \xe2\x80\xae\xf3\xa0\x81\x81 \xff\xfe\r hidden";
  commit.author = "Eve \x1b[31m\xe2\x80\xae <eve\x1b@example.org>";
  repo_.commit(commit);
  expect_sound(repo_.root());
  expect_civil(mira_.run({"context", "who changed good_function and why?"}));
  expect_civil(mira_.run({"context", "who changed good_function and why?", "--json"}));
}

TEST_F(Repository, OnAMachineWithoutGit) {
  repo_.commit("First");
  fs::create_directories(folder_ / "bin");
  mira_.with("PATH", (folder_ / "bin").string()).in(repo_.root());
  Ran index = mira_.run({"index"});
  expect_civil(index);
  EXPECT_EQ(index.exit_code, 0) << index.err;
  EXPECT_THAT(index.out + index.err, HasSubstr("git"));
  EXPECT_THAT(mira_.run({"context", "good_function"}).out, HasSubstr("good.c:1"));
}

TEST_F(Repository, NothingIsWrittenIntoIt) {
  repo_.commit("First");
  auto listing = [&] {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(repo_.root())) {
      struct stat status{};
      ::lstat(entry.path().c_str(), &status);
      all += entry.path().string() + " " + std::to_string(status.st_mtim.tv_nsec) + " " +
             std::to_string(status.st_size) + "\n";
    }
    return all;
  };
  std::string before = listing();
  expect_sound(repo_.root());
  EXPECT_EQ(listing(), before);
}

TEST_F(Repository, WithAHomeThatCannotBeMade) {
  mira_.in(repo_.root()).with("MIRA_HOME", "").with("HOME", "/proc/nowhere");
  expect_refusal(mira_.run({"index", "--json"}));
  mira_.with("HOME", "");
  expect_refusal(mira_.run({"index", "--json"}));
  write_file(folder_ / "file", "x");
  mira_.with("MIRA_HOME", (folder_ / "file").string());
  expect_refusal(mira_.run({"index", "--json"}));
}

TEST_F(Repository, WithAFullDisk) {
  fs::path small = folder_ / "small";
  fs::create_directories(small);
  for (int file = 0; file < 300; ++file) {
    std::string name = "full_" + std::to_string(file);
    write_file(repo_.path(name + ".c"),
               "int " + name + "(int a) {\n  return a + " + std::to_string(file) + ";\n}\n");
  }
  mira_.in(repo_.root()).with("MIRA_HOME", (small / "home").string());
  // Full before there is a database, before what processes share of it, and while it grows.
  for (const char* size :
       {"size=8k", "size=24k", "size=48k", "size=64k", "size=100k", "size=200k", "size=400k"}) {
    if (::mount("none", small.c_str(), "tmpfs", 0, size) != 0) GTEST_SKIP() << "mounting needs root";
    Ran full = mira_.run({"index", "--json"});
    ::umount2(small.c_str(), MNT_DETACH);
    SCOPED_TRACE(size);
    expect_refusal(full);
    EXPECT_THAT(full.out, AnyOf(HasSubstr("full"), HasSubstr("space")));
    EXPECT_THAT(full.out, Not(HasSubstr("disk errors")));
  }
  mira_.with("MIRA_HOME", (folder_ / "roomy").string());
  expect_sound(repo_.root());
}

}  // namespace
}  // namespace mira::hostile
