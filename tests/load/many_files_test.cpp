// Trees of many files: a branch switch that replaces all of them is one update, and what
// is too much is said. MIRA_FILES: 2,000 in the normal suite, 50,000 in the slow one.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"
#include "tests/support/temporary_folder.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;
using support::Ran;

// A branch whose commit holds MIRA_FILES files, each with one function named after the branch.
std::string branch_stream(const std::string& branch) {
  std::string stream = fmt::format(
      "commit refs/heads/{}\ncommitter Ada <ada@example.org> 1704110400 +0000\ndata 4\nmany\n", branch);
  for (int i = 0; i < MIRA_FILES; ++i) {
    std::string text =
        fmt::format("def {}_{}():\n    return {}_{}()\n", branch, i, branch, (i + 1) % MIRA_FILES);
    stream += fmt::format("M 100644 inline part{}/file{}.py\ndata {}\n{}\n", i % 100, i, text.size(), text);
  }
  return stream;
}

TEST(ManyFiles, ABranchSwitchOfAllOfThemIsOneUpdate) {
  FakeRepo repo;
  repo.import(branch_stream("main") + branch_stream("other"));
  Mira mira(repo.root().parent_path());
  mira.in(repo.root());
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  ASSERT_EQ(mira.run({"callers", "main_7"}).exit_code, 0);
  repo.checkout("other");
  EXPECT_EQ(mira.run({"status", "--json"}).data()["stale"], true);
  Ran moved = mira.run({"callers", "other_7"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_THAT(moved.out, testing::HasSubstr("other_6"));
  EXPECT_NE(mira.run({"symbols", "main_7"}).exit_code, 0) << "a function of the branch that was left";
  EXPECT_EQ(mira.run({"status", "--json"}).data()["stale"], false);
}

#ifdef MIRA_TREE_FILES  // more files than a walk takes (limits::tree_files)
TEST(ManyFiles, MoreThanTheWalkTakesAreSaidToBeLeftOut) {
  support::TemporaryFolder folder;
  std::filesystem::path root = folder / "project";
  for (int i = 0; i < MIRA_TREE_FILES; ++i) {
    std::filesystem::path part = root / fmt::format("part{}", i / 1000);
    if (i % 1000 == 0) std::filesystem::create_directories(part);
    std::ofstream(part / fmt::format("{}.dat", i));
  }
  Mira mira(folder / "");
  mira.in(root);
  Ran ran = mira.run({"status", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, testing::HasSubstr("over 1000000 files"));
}
#endif

}  // namespace
}  // namespace mira
