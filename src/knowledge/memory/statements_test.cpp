#include "knowledge/memory/statements.h"

#include <gmock/gmock.h>

namespace mira::memory {
namespace {

using testing::IsEmpty;

// "subject = value", "subject != value" when it is refused; "" when the text says nothing.
std::string said(std::string_view text) {
  auto found = statements_in(text);
  if (found.empty()) return "";
  return found[0].subject + (found[0].refused ? " != " : " = ") + found[0].value;
}

TEST(Statements, Preferences) {
  EXPECT_EQ(said("I prefer tabs over spaces."), "indentation = tabs");
  EXPECT_EQ(said("Always run the linter before a commit."), "rule = run the linter before a commit");
  EXPECT_EQ(said("Never mock the clock in tests."), "rule != mock the clock in tests");
  EXPECT_EQ(said("Please use pnpm instead of npm."), "package manager = pnpm");
  EXPECT_EQ(said("I don't like long functions."), "preference != long functions");
}
TEST(Statements, Identity) {
  EXPECT_EQ(said("My name is Ada Lovelace."), "name = ada lovelace");
  EXPECT_EQ(said("call me Ada"), "name = ada");
  EXPECT_EQ(said("I'm a backend developer."), "occupation = backend developer");
}
TEST(Statements, Environment) {
  EXPECT_EQ(said("We use PostgreSQL."), "database = postgresql");
  EXPECT_EQ(said("Our deploy day is Thursday."), "deploy day = thursday");
  EXPECT_EQ(said("Tests run with ninja check."), "test command = ninja check");
  EXPECT_EQ(said("The deadline was extended to May 20."), "deadline = may 20");
  EXPECT_EQ(said("We no longer use Redis."), "database != redis");
}
TEST(Statements, Decisions) {
  EXPECT_EQ(said("Let's go with SQLite for the cache."), "database = sqlite");
  EXPECT_EQ(said("We decided to drop Python 3.8."), "decision = drop python 3.8");
}
TEST(Statements, AnUpdateNamesWhatItReplaces) {
  auto found = statements_in("We switched from MySQL to PostgreSQL.");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].is_update);
  EXPECT_EQ(found[0].replaces, "mysql");
  EXPECT_EQ(found[0].value, "postgresql");
}
TEST(Statements, WhatIsAskedSupposedHedgedOrQuotedSaysNothing) {
  for (const char* text :
       {"Should we use Redis?", "Do I prefer tabs?", "If we use Redis, the cache is shared.",
        "Maybe we use Redis.", "I wonder if we use Redis", "> we use Redis", "She said \"we use Redis\"",
        "```\nwe use Redis\n```", "They prefer tabs", "What if I'm a developer",
        "Could you always run the linter", "I am not sure we use Redis"})
    EXPECT_EQ(said(text), "") << text;
}
TEST(Statements, TheSpanHoldsTheWords) {
  std::string text = "Hello there. I prefer tabs! Thanks.";
  auto found = statements_in(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text.substr(found[0].first_byte, found[0].end_byte - found[0].first_byte), "I prefer tabs");
}
TEST(Statements, OrdinaryTalkSaysNothing) {
  for (const char* text :
       {"The parser is slow on long lines.", "fix the login bug", "Thanks, that works now.",
        "Here is the log of the failed build", "add a test for the empty file"})
    EXPECT_THAT(statements_in(text), IsEmpty()) << text;
}

}  // namespace
}  // namespace mira::memory
