#include "knowledge/builds/line_diff.h"

#include <gmock/gmock.h>

#include <random>

namespace mira::builds {
namespace {

TEST(LineDiff, FindsEachPlaceThatChanged) {
  const auto hunks = changed_lines("a", "one\ntwo\nthree\nfour\n", "one\n2\nthree\nfour\nfive\n");
  ASSERT_EQ(hunks.size(), 2U);
  EXPECT_EQ(hunks[0].body, "-two\n+2\n");
  EXPECT_EQ(hunks[0].old_start, 2);
  EXPECT_EQ(hunks[1].body, "+five\n");
  EXPECT_EQ(hunks[1].new_start, 5);
}

TEST(LineDiff, SaysWhatBlocksAreAroundAChange) {
  const auto hunks = changed_lines(
      "a.py",
      "class Cart:\n    def total(self):\n        a = 1\n\n        b = 2\n\n\ndef other():\n    c = 3\n",
      "class Cart:\n    def total(self):\n        a = 1\n\n        b = 9\n\n\ndef other():\n    c = 3\n    d "
      "= 4\n");
  ASSERT_EQ(hunks.size(), 2U);
  EXPECT_EQ(hunks[0].within, "def total(self):\nclass Cart:\n");
  EXPECT_EQ(hunks[1].within, "def other():\n");
  EXPECT_EQ(changed_lines("a.c", "int f(int a)\n{\n  return a;\n}\n", "int f(int a)\n{\n  return 1;\n}\n")[0]
                .within,
            "int f(int a)\n");
  EXPECT_EQ(changed_lines("a.c", "x\n", "y\n")[0].within, "");
}

TEST(LineDiff, TheSameTextHasNone) {
  EXPECT_TRUE(changed_lines("a", "x\ny\n", "x\ny\n").empty());
}

TEST(LineDiff, AFileThatIsNewOrGoneIsOneHunk) {
  EXPECT_EQ(changed_lines("a", "", "x\ny\n")[0].body, "+x\n+y\n");
  EXPECT_EQ(changed_lines("a", "x\n", "")[0].body, "-x\n");
}

TEST(LineDiff, UndoingEveryHunkGivesTheOldText) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string before, after;
    for (int i = 0; i < 30; ++i) {
      const std::string line = std::to_string(random() % 6) + "\n";
      if (random() % 4 != 0) before += line;
      if (random() % 4 != 0) after += line;
    }
    std::string text = after;
    auto hunks = changed_lines("a", before, after);
    for (auto hunk = hunks.rbegin(); hunk != hunks.rend(); ++hunk) ASSERT_TRUE(undo_hunk(*hunk, text));
    ASSERT_EQ(text, before);
  }
}

TEST(LineDiff, AHunkThatIsNotThereIsNotUndone) {
  std::string text = "something else\n";
  EXPECT_FALSE(undo_hunk({.path = "a", .new_start = 1, .new_lines = 1, .body = "-old\n+new\n"}, text));
  EXPECT_EQ(text, "something else\n");
}

TEST(LineDiff, AVeryLargeDifferenceIsStillWhole) {
  std::string before, after;
  for (int i = 0; i < 3000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  auto hunks = changed_lines("a", before, after);
  ASSERT_EQ(hunks.size(), 1U);
  EXPECT_TRUE(undo_hunk(hunks[0], after));
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace mira::builds
