#include "contracts/evidence.h"

#include <gtest/gtest.h>

namespace mira::contracts {
namespace {

constexpr const char* commit = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

TEST(Citation, NamesLinesAndCommit) {
  EXPECT_EQ(citation({.path = "src/a.c", .start_line = 10, .end_line = 42, .commit = commit}),
            "src/a.c:10-42@1a2b3c4d5e6f");
  EXPECT_EQ(citation({.path = "src/a.c", .start_line = 10, .end_line = 10, .commit = commit}),
            "src/a.c:10@1a2b3c4d5e6f");
}

TEST(Citation, SaysThatAFileIsUncommitted) {
  EXPECT_EQ(citation({.path = "a.c", .start_line = 1, .end_line = 2, .commit = commit, .uncommitted = true}),
            "a.c:1-2 (uncommitted)");
}

TEST(Citation, OfACommitAndOfAPlainFolder) {
  EXPECT_EQ(citation({.commit = commit}), "commit 1a2b3c4d5e6f");
  EXPECT_EQ(citation({.path = "a.c"}), "a.c");
}

}  // namespace
}  // namespace mira::contracts
