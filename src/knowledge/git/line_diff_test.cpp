#include "knowledge/git/line_diff.h"

#include <gtest/gtest.h>

#include <random>

#include "platform/base/text.h"

namespace mira::git {
namespace {

TEST(LineDiff, ShowsAChangedLineWithItsSurroundings) {
  LineDiff diff = diff_lines("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nD\ne\nf\n", 1);
  ASSERT_EQ(diff.hunks.size(), 1u);
  EXPECT_EQ(diff.hunks[0].text, " c\n-d\n+D\n e\n");
  EXPECT_EQ(diff.hunks[0].old_start, 3);
  EXPECT_EQ(diff.hunks[0].new_lines, 3);
  EXPECT_EQ(diff.inserted, 1);
  EXPECT_EQ(diff.deleted, 1);
}

TEST(LineDiff, EqualTextsHaveNoHunks) {
  EXPECT_TRUE(diff_lines("a\nb\n", "a\nb\n", 3).hunks.empty());
}

TEST(LineDiff, FromNothingAndToNothing) {
  EXPECT_EQ(diff_lines("", "x\ny\n", 3).hunks[0].text, "+x\n+y\n");
  EXPECT_EQ(diff_lines("", "x\n", 3).hunks[0].old_start, 0);
  EXPECT_EQ(diff_lines("x\n", "", 3).hunks[0].text, "-x\n");
}

TEST(LineDiff, ChangesFarApartAreSeparateHunksAndNearOnesAreOne) {
  EXPECT_EQ(diff_lines("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n", 1).hunks.size(), 2u);
  EXPECT_EQ(diff_lines("1\n2\n3\n4\n", "x\n2\n3\ny\n", 1).hunks.size(), 1u);
}

TEST(LineDiff, TextsWithNothingInCommonAreOneReplacement) {
  std::string a, b;
  for (int i = 0; i < 3000; ++i) {
    a += "a" + std::to_string(i) + "\n";
    b += "b" + std::to_string(i) + "\n";
  }
  LineDiff diff = diff_lines(a, b, 3);
  EXPECT_EQ(diff.deleted, 3000);
  EXPECT_EQ(diff.inserted, 3000);
  std::string shown = show_hunks(diff, 200);
  EXPECT_LE(shown.size(), 260u);
  EXPECT_NE(shown.find("longer"), std::string::npos);
}

// The new text follows from the old one and the hunks, and no diff is longer than it must be.
TEST(LineDiff, HunksRebuildTheNewText) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string a, b;
    for (int i = 0; i < 12; ++i) {
      a += static_cast<char>('a' + random() % 4);
      b += static_cast<char>('a' + random() % 4);
      a += '\n';
      b += '\n';
    }
    LineDiff diff = diff_lines(a, b, 0);
    auto old_lines = base::split(a, '\n');
    std::string rebuilt;
    std::size_t next = 0;
    for (const Hunk& hunk : diff.hunks) {
      std::size_t start = static_cast<std::size_t>(hunk.old_start - (hunk.old_lines > 0 ? 1 : 0));
      while (next < start) rebuilt += std::string(old_lines[next++]) + "\n";
      for (std::string_view line : base::split(hunk.text, '\n')) {
        if (line.starts_with('+')) rebuilt += std::string(line.substr(1)) + "\n";
        if (line.starts_with('-')) {
          EXPECT_EQ(old_lines[next++], line.substr(1));
        }
      }
    }
    while (next < 12) rebuilt += std::string(old_lines[next++]) + "\n";
    EXPECT_EQ(rebuilt, b) << a;
  }
}

}  // namespace
}  // namespace mira::git
