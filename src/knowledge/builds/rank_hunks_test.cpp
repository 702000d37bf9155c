#include "knowledge/builds/rank_hunks.h"

#include <gmock/gmock.h>

namespace mira::builds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Hunk hunk(std::string path, int line, std::string body, std::string within = "") {
  return {.path = std::move(path),
          .old_start = line,
          .old_lines = 1,
          .new_start = line,
          .new_lines = 1,
          .body = std::move(body),
          .within = std::move(within)};
}

TEST(RankHunks, TheErrorsOwnPlaceIsFirst) {
  const Record record{.tool = "gcc", .message = "'gone' undeclared", .file = "src/a.c", .line = 10};
  const auto ranked = rank_hunks(record, {hunk("src/b.c", 10, "-x\n+y\n"), hunk("src/a.c", 90, "-x\n+y\n"),
                                          hunk("src/a.c", 10, "-return gone;\n+return 1;\n")});
  EXPECT_EQ(ranked[0].hunk.old_start, 10);
  EXPECT_EQ(ranked[0].hunk.path, "src/a.c");
  EXPECT_TRUE(ranked[0].own_place);
  EXPECT_EQ(ranked[0].why, why_own_place);
  EXPECT_EQ(ranked[2].hunk.path, "src/b.c");
}

TEST(RankHunks, ADefinitionElsewhereOfTheNameThatIsMissing) {
  const Record record{.tool = "ld", .message = "undefined reference to `price_of'", .file = "main.c"};
  const auto ranked =
      rank_hunks(record, {hunk("other.c", 3, "-a\n+b\n"), hunk("price.c", 3, "+int price_of(int a) {\n")});
  EXPECT_EQ(ranked[0].hunk.path, "price.c");
  EXPECT_THAT(ranked[0].why, HasSubstr("price_of"));
}

TEST(RankHunks, TheFunctionThatATestIsNamedAfter) {
  const Record record{.tool = "unittest",
                      .message = "AssertionError: 5 != 4",
                      .file = "test_cart.py",
                      .line = 6,
                      .test = "test_total_price (test_cart.TestCart)"};
  const auto ranked =
      rank_hunks(record, {hunk("cart.py", 2, "-    b = 1\n+    b = 2\n", "def other(a):\n"),
                          hunk("cart.py", 9, "-    b = 4\n+    b = 3\n", "def total_price(a):\n"),
                          hunk("test_help.py", 6, "-    x = 1\n+    x = 2\n", "def total():\n")});
  EXPECT_EQ(ranked[0].hunk.old_start, 9) << ranked[0].why;
}

TEST(RankHunks, TheFunctionThatTheFailingLineCalls) {
  const Record record{
      .tool = "node",
      .message = "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n5 !== 4",
      .file = "test.js",
      .line = 3,
      .snippet = "assert.strictEqual(m.totalPrice(1), 4);"};
  const auto ranked = rank_hunks(
      record,
      {hunk("a.js", 2, "-  const b = 1;\n+  const b = 2;\n", "exports.other = function (a) {\n"),
       hunk("b.js", 2, "-  const b = 4;\n+  const b = 3;\n", "exports.totalPrice = function (a) {\n")});
  EXPECT_EQ(ranked[0].hunk.path, "b.js") << ranked[0].why;
}

TEST(RankHunks, ACommentIsNoCure) {
  const Record record{.tool = "gcc", .message = "expected ';'", .file = "a.c", .line = 10};
  const auto ranked =
      rank_hunks(record, {hunk("a.c", 10, "-// one\n+// two\n"), hunk("a.c", 14, "-return 1\n+return 1;\n")});
  EXPECT_EQ(ranked[0].hunk.old_start, 14);
}

TEST(RankHunks, WhatSaysWhatIsBuiltIsBeforeTheRest) {
  const Record record{.tool = "cargo", .message = "no matching package named `serdee` found"};
  const auto ranked =
      rank_hunks(record, {hunk("src/a.rs", 1, "-a\n+b\n"), hunk("Cargo.toml", 4, "-x\n+y\n")});
  EXPECT_EQ(ranked[0].hunk.path, "Cargo.toml");
}

TEST(RankHunks, NothingKnownKeepsTheOrder) {
  const auto ranked = rank_hunks({}, {hunk("b", 1, "-x\n+y\n"), hunk("a", 1, "-x\n+y\n")});
  EXPECT_EQ(ranked[0].hunk.path, "b");
  EXPECT_EQ(ranked[0].why, "changed in between");
  EXPECT_TRUE(rank_hunks({}, {}).empty());
}

TEST(NamesIn, AreTheQuotedOnesAndThoseThatLookLikeCode) {
  EXPECT_THAT(names_in("'gone' undeclared (first use in this function)"), ElementsAre("gone"));
  EXPECT_THAT(names_in("undefined: total"), ElementsAre("total"));
  EXPECT_THAT(names_in("cannot find fooBar or foo_bar here"), ElementsAre("fooBar", "foo_bar"));
  EXPECT_TRUE(names_in("it is broken").empty());
}

TEST(SubjectOfATest, IsWhatItsFileIsNamedAfter) {
  for (const auto& [path, subject] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"tests/test_cart.py", "cart"},
                                                                  {"CartTest.java", "cart"},
                                                                  {"cart_test.go", "cart"},
                                                                  {"src/cart.c", "cart"}})
    EXPECT_EQ(subject_of_test(path), subject) << path;
}

}  // namespace
}  // namespace mira::builds
