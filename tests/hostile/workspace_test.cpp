// Every hostile tree through the walk and the gate for files.
#include <gmock/gmock.h>

#include <algorithm>

#include "platform/base/limits.h"
#include "platform/workspace/read_file.h"
#include "platform/workspace/tree.h"
#include "tests/hostile/hostile_trees.h"
#include "tests/support/temporary_folder.h"

namespace mira::hostile {
namespace {

class Workspace : public testing::TestWithParam<HostileTree> {};

TEST_P(Workspace, WalksAndReadsWhatCanBeAndNamesTheRest) {
  support::TemporaryFolder folder;
  write_good_file(folder.path());
  GetParam().make(folder.path());

  auto project =
      workspace::find_project(folder.path(), {folder / "data", folder / "state", folder / "cache"});
  ASSERT_TRUE(project.has_value());
  auto tree = workspace::walk(*project, base::Deadline::never());
  ASSERT_TRUE(tree.has_value());

  bool good_seen = false;
  EXPECT_TRUE(std::ranges::is_sorted(tree->files, {}, &workspace::File::path));
  for (const workspace::File& file : tree->files) {
    auto read = workspace::read_file(project->root, file.path, limits::file_bytes);
    if (!read) {
      EXPECT_NE(read.error().message, "");
      EXPECT_TRUE(is_harmless(read.error().message)) << read.error().message;
      continue;
    }
    EXPECT_FALSE(file.symlink) << file.path;
    EXPECT_LE(read->bytes.size(), static_cast<std::size_t>(limits::file_bytes));
    EXPECT_EQ(read->stamp, file.stamp) << file.path;
    good_seen |= file.path == "good.c";
  }
  EXPECT_TRUE(good_seen);
  for (const workspace::LeftOut& left : tree->left_out) EXPECT_NE(left.reason, "") << left.path;
}

INSTANTIATE_TEST_SUITE_P(Hostile, Workspace,
                         testing::ValuesIn(hostile_trees().begin(), hostile_trees().end()),
                         [](const auto& tree) { return std::string(tree.param.name); });

}  // namespace
}  // namespace mira::hostile
