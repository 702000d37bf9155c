// What a log of patches says, however it is cut into pieces and whatever the files hold.
#include "knowledge/git/patch_stream.h"

#include <gtest/gtest.h>

#include "tests/support/fake_repo.h"

namespace mira::git {
namespace {

std::vector<CommitPatch> parsed(const std::string& text, std::size_t piece) {
  std::vector<CommitPatch> out;
  PatchParser parser([&](CommitPatch& commit) -> base::Status {
    out.push_back(std::move(commit));
    return {};
  });
  for (std::size_t at = 0; at < text.size(); at += piece) {
    EXPECT_TRUE(parser.feed(std::string_view(text).substr(at, piece)));
  }
  EXPECT_TRUE(parser.finish());
  return out;
}

std::string log_of(support::FakeRepo& repo) {
  auto arguments = patch_log_arguments();
  arguments.emplace_back("HEAD");
  return repo.git(arguments) + "\n";
}

TEST(PatchStream, ReadsEveryShapeOfChange) {
  support::FakeRepo repo;
  repo.commit(
      {.files = {{"a", "1\n2\n3\n4\n5\n"}, {"odd \t\"name\n", "x"}, {"bin", std::string("\0\1", 2)}}});
  repo.commit({.renames = {{"a", "b"}}});
  repo.commit({.files = {{"b", "1\n2\n+++ b/x\n@@ -1 +1 @@\n5\n"}}, .removed = {"odd \t\"name\n"}});
  repo.git({"commit", "-q", "--allow-empty", "-m", "empty"});
  std::string log = log_of(repo);
  auto commits = parsed(log, log.size());
  ASSERT_EQ(commits.size(), 4u);
  ASSERT_EQ(commits[0].files.size(), 3u);
  EXPECT_FALSE(commits[0].files[1].text) << "bin";
  EXPECT_EQ(commits[0].files[2].path, "odd \t\"name\n");
  EXPECT_EQ(commits[1].files[0].old_path, "a");
  EXPECT_TRUE(commits[1].files[0].hunks.empty());
  ASSERT_EQ(commits[2].files[0].hunks.size(), 1u) << "what looks like a header is a line";
  EXPECT_EQ(commits[2].files[0].hunks[0].new_count, 2u);
  EXPECT_EQ(commits[2].files[1].status, 'D');
  EXPECT_TRUE(commits[3].files.empty());
}

TEST(PatchStream, PiecesOfAnySizeGiveTheSame) {
  support::FakeRepo repo;
  repo.commit({.files = {{"a", "1\n2\n"}, {"c", "no newline"}}});
  repo.branch("side");
  repo.commit({.files = {{"a", "1\nside\n"}}});
  repo.checkout("main");
  repo.commit({.files = {{"a", "main\n2\n"}}});
  repo.merge("side");
  std::string log = log_of(repo);
  auto whole = parsed(log, log.size());
  for (std::size_t piece : {1, 2, 7}) {
    auto cut = parsed(log, piece);
    ASSERT_EQ(cut.size(), whole.size());
    for (std::size_t i = 0; i < cut.size(); ++i) {
      ASSERT_EQ(cut[i].files.size(), whole[i].files.size());
      for (std::size_t f = 0; f < cut[i].files.size(); ++f)
        EXPECT_EQ(cut[i].files[f].lines, whole[i].files[f].lines);
    }
  }
}

TEST(PatchStream, AStreamThatEndsInsideAHunkIsNoAnswer) {
  support::FakeRepo repo;
  repo.commit({.files = {{"a", "1\n2\n"}}});
  std::string log = log_of(repo);
  PatchParser parser([](CommitPatch&) -> base::Status { return {}; });
  ASSERT_TRUE(parser.feed(std::string_view(log).substr(0, log.size() - 3)));
  EXPECT_FALSE(parser.finish());
}

TEST(LineSum, WhiteSpaceDoesNotCountAndCommentsAreNoCode) {
  EXPECT_EQ(sum_of_line("  a = b;").hash, sum_of_line("a=b;\r").hash);
  EXPECT_TRUE(sum_of_line("#include <x>").code);
  EXPECT_FALSE(sum_of_line("# remark").code);
  EXPECT_FALSE(sum_of_line("   ").code);
  EXPECT_FALSE(sum_of_line(" * remark").code);
}

}  // namespace
}  // namespace mira::git
