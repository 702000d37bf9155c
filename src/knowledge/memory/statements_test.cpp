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
  EXPECT_EQ(said("We no longer use Redis."), "environment != redis");
}
TEST(Statements, Decisions) {
  EXPECT_EQ(said("Let's go with SQLite for the cache."), "cache = sqlite");
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
struct Said {
  const char *text, *says;
};
void expect_all(std::initializer_list<Said> all) {
  for (const Said& one : all) EXPECT_EQ(said(one.text), one.says) << one.text;
}

TEST(Statements, WhenAndHowSomethingIsDone) {
  expect_all({{"We deploy on Fridays.", "deploy day = friday"},
              {"Actually we deploy on Tuesdays now", "deploy day = tuesday"},
              {"we now deploy every Monday", "deploy day = monday"},
              {"Deploys happen on Thursday afternoons.", "deploy day = thursday afternoons"},
              {"We release every two weeks.", "release rhythm = two weeks"},
              {"We deploy to Fly.io", "deploy to = fly.io"},
              {"We now deploy to Hetzner", "deploy to = hetzner"},
              {"We store sessions in Redis.", "store sessions in = redis"},
              {"We run the tests with `ctest --preset release`.", "test command = ctest --preset release"},
              {"Tests run with pnpm test", "test command = pnpm test"},
              {"We test with pytest.", "test framework = pytest"},
              {"We build with CMake.", "build tool = cmake"},
              {"We merge into develop", "merge into = develop"}});
}
TEST(Statements, VersionsAndAddresses) {
  expect_all(
      {{"We're on Python 3.12.", "python version = 3.12"},
       {"We use Node 20", "node version = 20"},
       {"The project targets C++23", "c++ version = 23"},
       {"We support Node.js 18 and up.", "node version = 18"},
       {"The minimum supported Go version is 1.21.", "go version = 1.21"},
       {"We upgraded to Python 3.13", "python version = 3.13"},
       {"We upgraded from Python 3.12 to Python 3.13", "python version = 3.13"},
       {"The API runs on port 8080.", "api = port 8080"},
       {"Our staging server is at staging.example.org", "staging server = at staging.example.org"},
       {"The dashboard is served under https://dash.example.org/x", "dashboard = https://dash.example.org/x"},
       {"The parser runs on two cores at once", ""}});
}
TEST(Statements, AToolIsWhatItIsUsedFor) {
  expect_all({{"We use PostgreSQL 16.", "database = postgresql 16"},
              {"We use postgres.", "database = postgresql"},
              {"We use Redis for caching.", "caching = redis"},
              {"We use SQLite for the cache.", "cache = sqlite"},
              {"We use MySQL as our database.", "database = mysql"},
              {"We use pytest for testing", "test framework = pytest"},
              {"I'm using JavaScript for this", "preference = javascript"},
              {"I use VS Code", "editor = visual studio code"},
              {"We replaced Jest with Vitest", "test framework = vitest"},
              {"We dropped webpack.", "build tool != webpack"},
              {"I replaced the loop with a range", ""},
              {"We removed the login page", ""}});
}
TEST(Statements, RulesOfTheHouse) {
  expect_all({{"We never force-push.", "rule != force-push"},
              {"We always squash before merging.", "rule = squash before merging"},
              {"Keep your answers short.", "rule = your answers short"},
              {"Please answer in German.", "answer language = german"},
              {"In this repo we never commit generated files", "rule != commit generated files"},
              {"We never saw this error before", ""},
              {"We always get a timeout there", ""}});
}
TEST(Statements, AttributesWithADefiniteValue) {
  expect_all({{"The port is 8080.", "port = 8080"},
              {"The API timeout is 30 seconds.", "api timeout = 30 seconds"},
              {"The retry limit of the uploader is 3.", "retry limit of the uploader = 3"},
              {"The sprint is now three weeks long.", "sprint = three weeks long"},
              {"The budget is $500.", "budget = $500"},
              {"The deploy day is Fridays", "deploy day = friday"},
              {"The team lead is Grace Hopper now.", "team lead = grace hopper"},
              {"Main branch is called trunk", "main branch = trunk"},
              {"The release date is May 20", "release date = may 20"},
              {"Ada owns the parser.", "owner of parser = ada"},
              {"We dropped Python 3.10", "python version != 3.10"},
              {"Don't squash commits anymore.", "rule != squash commits"},
              {"I want the answers in English from now on.", "answer language = english"},
              {"The parser is slow on long lines.", ""},
              {"The error is 404.", ""},
              {"The result is 3 failed tests.", ""},
              {"The next step is Docker", ""},
              {"The exit code is 1", ""},
              {"It is 9", ""},
              {"everybody owns the parser", ""},
              {"The fix is in main.cpp", ""},
              {"The cache is shared by both", ""}});
}
TEST(Statements, AStateThatPassesIsNoFact) {
  for (const char* text :
       {"Our build is broken.", "my code is not working", "My problem is that the test hangs.",
        "our test suite is slow", "My guess is the cache", "Our pipeline is red again",
        "My question is how the index is made", "our coverage is now better", "My change is ready",
        "I want to make sure I'm using the parameter correctly", "Can you check if we use Redis"})
    EXPECT_THAT(statements_in(text), IsEmpty()) << text;
}
TEST(Statements, TwoClausesOfASentenceAreTwo) {
  auto found = statements_in("I prefer tabs and we deploy on Fridays, but I use vim.");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].subject + "|" + found[1].subject + "|" + found[2].subject,
            "indentation|deploy day|editor");
  EXPECT_EQ(found[0].value + "|" + found[1].value + "|" + found[2].value, "tabs|friday|vim");
}
TEST(Statements, WhatIsUsedBesideReplacesNothing) {
  EXPECT_FALSE(statements_in("We now also deploy to Hetzner").at(0).is_update);
  EXPECT_TRUE(statements_in("We now deploy to Hetzner").at(0).is_update);
}
TEST(Statements, OrdinaryTalkSaysNothing) {
  for (const char* text :
       {"The parser is slow on long lines.", "fix the login bug", "Thanks, that works now.",
        "Here is the log of the failed build", "add a test for the empty file"})
    EXPECT_THAT(statements_in(text), IsEmpty()) << text;
}

}  // namespace
}  // namespace mira::memory
