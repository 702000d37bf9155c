#include <gmock/gmock.h>

#include <random>

#include "knowledge/memory/moments.h"
#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Facts : public testing::Test {
 protected:
  void say(const std::string& text, const std::string& session = "a", const std::string& time = "",
           const std::string& role = "user") {
    Json given = {{"text", text}, {"session", session}, {"role", role}};
    if (!time.empty()) given["time"] = time;
    world.said("record", given);
  }
  // "statement (state)" of what `memories` lists.
  std::vector<std::string> listed(const Json& arguments = Json::object(),
                                  const std::string& project = "one") {
    std::vector<std::string> out;
    const Json reply = world.said("memories", arguments, project);
    for (const Json& fact : reply.at("facts"))
      out.push_back(fact.at("statement").get<std::string>() + " (" + fact.at("state").get<std::string>() +
                    ")");
    return out;
  }
  World world;
};

TEST_F(Facts, WhatTheUserSaysIsACandidate) {
  say("We use PostgreSQL.");
  EXPECT_THAT(listed(), ElementsAre("We use PostgreSQL (candidate)"));
}
// A store as an older version left it: it read another value, and nothing in
// the second message.
TEST_F(Facts, AreReadAgainWhenTheRulesChanged) {
  say("We use PostgreSQL.", "a");
  say("My name is Ada.", "a");
  ASSERT_TRUE(
      world.main().run("UPDATE memory_facts SET rule_version = 1, "
                       "said_value = 'oracle' WHERE fact_id = 1"));
  ASSERT_TRUE(world.main().run("DELETE FROM memory_facts WHERE fact_id = 2"));
  ASSERT_TRUE(world.main().run("DELETE FROM memory_fact_reading"));
  say("Thanks.", "b");
  EXPECT_THAT(listed(), UnorderedElementsAre("We use PostgreSQL (candidate)", "My name is Ada (candidate)"));
  say("We use PostgreSQL.", "b");
  EXPECT_THAT(listed(), UnorderedElementsAre("We use PostgreSQL (confirmed)", "My name is Ada (candidate)"));
}
// Confirmed in an older reading of the same words: the reading goes, that it is confirmed stays.
TEST_F(Facts, WhatWasConfirmedStaysSoWhenTheRulesReadItOtherwise) {
  world.said("remember", {{"text", "we deploy on Fridays"}});
  say("I prefer tabs");
  world.said("memories confirm", {{"fact", 2}});
  ASSERT_TRUE(world.main().run(
      "UPDATE memory_facts SET rule_version = 1, subject = 'environment', said_value = 'old'"));
  ASSERT_TRUE(world.main().run("DELETE FROM memory_fact_reading"));
  say("Thanks.", "b");
  EXPECT_THAT(listed(),
              UnorderedElementsAre("we deploy on Fridays (confirmed)", "I prefer tabs (confirmed)"));
  world.said("remember", {{"text", "we deploy on Mondays now"}});
  EXPECT_THAT(listed(),
              UnorderedElementsAre("we deploy on Mondays now (confirmed)", "I prefer tabs (confirmed)"));
}
// What is said under these rules is read once, as it comes.
TEST_F(Facts, WhatComesUnderTheRulesIsNotReadAgain) {
  say("We use PostgreSQL.", "a");
  say("Thanks.", "a");
  EXPECT_EQ(*world.main().integer("SELECT until_entry FROM memory_fact_reading").value(), 0);
}
// Rules have many values: where one holds is no part of what it is about, and they still bear on the work.
TEST_F(Facts, AConditionOfARuleIsNoSubject) {
  say("Always run the linter when you commit.");
  const Json reply = world.said("memories", Json::object());
  EXPECT_EQ(reply.at("facts").at(0).at("subject"), "rule");
  EXPECT_EQ(reply.at("facts").at(0).at("value"), "run the linter");
}
TEST_F(Facts, WhatTheUserTookBackStaysSoWhenTheRulesChanged) {
  say("We use PostgreSQL.", "a");
  say("As I said. We use PostgreSQL.", "a");
  world.said("memories withdraw", {{"fact", 1}});
  ASSERT_TRUE(world.main().run("UPDATE memory_facts SET rule_version = 1"));
  ASSERT_TRUE(world.main().run("DELETE FROM memory_fact_reading"));
  say("Thanks.", "b");
  EXPECT_THAT(listed(), IsEmpty());
}
TEST_F(Facts, OthersGiveNone) {
  say("We use PostgreSQL.", "a", "", "assistant");
  say("We use PostgreSQL.", "a", "", "tool");
  EXPECT_THAT(listed(), IsEmpty());
}
TEST_F(Facts, SaidInTwoConversationsIsConfirmed) {
  say("We use PostgreSQL.", "a");
  say("As I said. We use PostgreSQL.", "a");
  EXPECT_THAT(listed(), ElementsAre("We use PostgreSQL (candidate)"));
  say("We use PostgreSQL!", "b");
  EXPECT_THAT(listed(), ElementsAre("We use PostgreSQL (confirmed)"));
}
TEST_F(Facts, WhatIsRememberedIsConfirmed) {
  world.said("remember", {{"text", "releases need two approvals"}});
  EXPECT_THAT(listed(), ElementsAre("releases need two approvals (confirmed)"));
}
TEST_F(Facts, TheUserConfirmsAndWithdraws) {
  say("We use PostgreSQL.");
  EXPECT_EQ(world.said("memories confirm", {{"fact", 1}}).at("state"), "confirmed");
  EXPECT_EQ(world.said("memories withdraw", {{"fact", 1}}).at("state"), "withdrawn");
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_THAT(listed({{"all", true}}), ElementsAre("We use PostgreSQL (withdrawn)"));
}
TEST_F(Facts, AnUpdateEndsTheOldOneAndKeepsIt) {
  say("We use MySQL.", "a", "2023-01-01T00:00:00Z");
  say("We switched from MySQL to PostgreSQL.", "a", "2023-06-01T00:00:00Z");
  EXPECT_THAT(listed(), ElementsAre("We switched from MySQL to PostgreSQL (candidate)"));
  EXPECT_THAT(listed({{"as_of", "2023-03-01"}}), ElementsAre("We use MySQL (superseded)"));
  const Json all = world.said("memories", {{"all", true}});
  EXPECT_EQ(all.at("facts").at(1).at("superseded_by"), 2);
  EXPECT_EQ(all.at("facts").at(1).at("valid_to"), "2023-06-01T00:00:00Z");
  EXPECT_NE(all.at("facts").at(1).at("reason"), "");
}
TEST_F(Facts, WhatWasSaidEarlierButLearnedLaterDoesNotReplace) {
  say("Our deploy day is Friday.", "a", "2023-06-01T00:00:00Z");
  say("Our deploy day is Monday.", "b", "2022-01-01T00:00:00Z");
  EXPECT_THAT(listed(), ElementsAre("Our deploy day is Friday (candidate)"));
}
TEST_F(Facts, WhatWasKnownAtATime) {
  world.clock.set_ms(*read_iso_ms("2023-01-01"));
  say("We use MySQL.");
  world.clock.set_ms(*read_iso_ms("2023-06-01"));
  say("We use PostgreSQL now.");
  EXPECT_THAT(listed({{"known_at", "2023-02-01"}}), ElementsAre("We use MySQL (superseded)"));
}
TEST_F(Facts, AContradictionWithoutAChangeIsShownOnBothSides) {
  say("Always squash commits.");
  say("Never squash commits.");
  const Json both = world.said("memories", Json::object());
  ASSERT_EQ(both.at("facts").size(), 2U);
  EXPECT_THAT(both.at("facts").at(0).at("conflicts"), ElementsAre(1));
  EXPECT_THAT(both.at("facts").at(1).at("conflicts"), ElementsAre(2));
}
TEST_F(Facts, ProjectsDoNotShareFacts) {
  say("We use PostgreSQL.");
  EXPECT_THAT(listed(Json::object(), "two"), IsEmpty());
}
TEST_F(Facts, EverySpanHoldsItsWords) {
  say("Hi. I prefer tabs. Our deploy day is Thursday; never push on Fridays!");
  const Json all = world.said("memories", Json::object());
  EXPECT_EQ(all.at("facts").size(), 3U);
  for (const Json& fact : all.at("facts")) {
    std::string content = *world.main()
                               .text("SELECT content FROM memory_entries WHERE entry_id = ?",
                                     fact.at("entry").get<std::int64_t>())
                               .value();
    std::size_t first = fact.at("span").at(0), end = fact.at("span").at(1);
    EXPECT_EQ(content.substr(first, end - first), fact.at("statement"));
  }
}

// Seeded pairs: only an update of the same thing may end a fact.
struct Pair {
  std::string first, second;
  bool replaces;
};
std::vector<Pair> pairs(int count) {
  const std::vector<std::string> databases{"PostgreSQL", "MySQL", "SQLite", "MongoDB", "MariaDB"};
  const std::vector<std::string> editors{"Vim", "Emacs", "Helix", "Zed", "Neovim"};
  const std::vector<std::string> days{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"};
  const std::vector<std::string> things{"deploy day", "review day", "demo day", "planning day"};
  std::mt19937_64 random(7);
  auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  auto two = [&](const std::vector<std::string>& from) {
    std::size_t a = random() % from.size();
    return std::pair(from[a], from[(a + 1 + random() % (from.size() - 1)) % from.size()]);
  };
  std::vector<Pair> out;
  for (int i = 0; i < count; ++i) {
    auto [d1, d2] = two(databases);
    auto [e1, e2] = two(editors);
    auto [w1, w2] = two(days);
    auto [t1, t2] = two(things);
    switch (i % 8) {
      case 0:
        out.push_back({"We use " + d1 + ".", "We switched from " + d1 + " to " + d2 + ".", true});
        break;
      case 1:
        out.push_back({"Our " + t1 + " is " + w1 + ".", "Our " + t1 + " is now " + w2 + ".", true});
        break;
      case 2:
        out.push_back({"I prefer " + e1 + ".", "I've switched to " + e2 + ".", true});
        break;
      case 3:
        out.push_back({"Our " + t1 + " is " + w1 + ".", "Our " + t2 + " is " + w2 + ".", false});
        break;
      case 4:
        out.push_back({"We use " + d1 + ".", "I prefer " + e1 + ".", false});
        break;
      case 5:
        out.push_back({"We use " + d1 + ".", "We don't use " + d2 + ".", false});
        break;
      case 6:
        out.push_back({"We use " + d1 + ".", "Should we switch to " + d2 + "?", false});
        break;
      default:
        out.push_back({"Our " + t1 + " is " + w1 + ".",
                       "If our " + t1 + " is " + pick(days) + ", we lose a day.", false});
    }
  }
  return out;
}

TEST_F(Facts, OnTwoHundredSeededPairsNoFalseSupersession) {
  int number = 0, false_ones = 0, missed = 0;
  for (const Pair& pair : pairs(200)) {
    std::string project = "p" + std::to_string(++number);
    world.said("record", {{"text", pair.first}}, project);
    world.said("record", {{"text", pair.second}}, project);
    std::int64_t ended = 0;
    const Json all = world.said("memories", {{"all", true}}, project);
    for (const Json& fact : all.at("facts")) ended += fact.at("state") == "superseded" ? 1 : 0;
    if (ended > 0 && !pair.replaces) ++false_ones;
    if (ended == 0 && pair.replaces) ++missed;
  }
  EXPECT_EQ(false_ones, 0);
  EXPECT_LE(missed, 4);
}

// What people say of one thing and then of another, or of the same: told in this order, what still holds.
struct Course {
  std::vector<std::string> told, holds;
};
const std::vector<Course> courses{
    {{"We deploy on Fridays.", "Actually we deploy on Tuesdays now."},
     {"Actually we deploy on Tuesdays now"}},
    {{"We deploy on Fridays.", "Our deploy day is Monday."}, {"Our deploy day is Monday"}},
    {{"We deploy on Fridays.", "We deploy to Fly.io."}, {"We deploy on Fridays", "We deploy to Fly.io"}},
    {{"We deploy on Fridays.", "We release on Mondays."}, {"We deploy on Fridays", "We release on Mondays"}},
    {{"We deploy to Heroku.", "We deploy to Fly.io."}, {"We deploy to Heroku", "We deploy to Fly.io"}},
    {{"We deploy to Heroku.", "We now deploy to Fly.io."}, {"We now deploy to Fly.io"}},
    {{"We deploy to Heroku.", "We now also deploy to Fly.io."},
     {"We deploy to Heroku", "We now also deploy to Fly.io"}},
    {{"We use PostgreSQL.", "We use Redis for caching."}, {"We use PostgreSQL", "We use Redis for caching"}},
    {{"We use Redis for caching.", "We use Memcached for caching now."},
     {"We use Memcached for caching now"}},
    {{"We use Redis for caching.", "We use Redis for queues."},
     {"We use Redis for caching", "We use Redis for queues"}},
    {{"We use npm.", "We use pip."}, {"We use npm", "We use pip"}},
    {{"We use npm.", "We use pnpm."}, {"We use pnpm"}},
    {{"We use pytest.", "We use Vitest."}, {"We use pytest", "We use Vitest"}},
    {{"We use CMake.", "We use Gradle."}, {"We use CMake", "We use Gradle"}},
    {{"We use Jest.", "We replaced Jest with Vitest."}, {"We replaced Jest with Vitest"}},
    {{"We use PostgreSQL 15.", "We upgraded to PostgreSQL 16."}, {"We upgraded to PostgreSQL 16"}},
    {{"We're on Python 3.11.", "We're on Python 3.12 now."}, {"We're on Python 3.12 now"}},
    {{"We're on Python 3.11.", "We're on Node 20."}, {"We're on Python 3.11", "We're on Node 20"}},
    {{"We switched to Kubernetes.", "We moved to Rust."}, {"We switched to Kubernetes", "We moved to Rust"}},
    {{"I use vim.", "I use Emacs."}, {"I use Emacs"}},
    {{"My budget for the form is $20.", "My budget for the fence is now $90."},
     {"My budget for the form is $20", "My budget for the fence is now $90"}},
    {{"We deploy to Heroku for the staging server.", "We now deploy to Fly.io for the production server."},
     {"We deploy to Heroku for the staging server", "We now deploy to Fly.io for the production server"}},
    {{"I prefer tabs when writing Go.", "I prefer spaces when writing Python."},
     {"I prefer tabs when writing Go", "I prefer spaces when writing Python"}},
    {{"I prefer tabs in this project.", "I prefer spaces."}, {"I prefer spaces"}},
    {{"The deploy day is Friday.", "We moved the deploy day to Monday."},
     {"We moved the deploy day to Monday"}},
    {{"The API timeout is 30 seconds.", "The API timeout was raised to 60 seconds."},
     {"The API timeout was raised to 60 seconds"}},
    {{"The API timeout is 30 seconds.", "The upload timeout is 60 seconds."},
     {"The API timeout is 30 seconds", "The upload timeout is 60 seconds"}},
    {{"Ada owns the parser.", "Grace owns the parser now."}, {"Grace owns the parser now"}},
    {{"Ada owns the parser.", "Grace owns the lexer."}, {"Ada owns the parser", "Grace owns the lexer"}},
    {{"Always squash commits.", "Don't squash commits anymore."}, {"Don't squash commits anymore"}},
    {{"We target Python 3.10.", "We dropped Python 3.10."}, {"We dropped Python 3.10"}},
    {{"We use Jenkins for CI.", "We use GitHub Actions for releases."},
     {"We use Jenkins for CI", "We use GitHub Actions for releases"}},
    {{"We use Redis.", "We no longer use Redis."}, {"We no longer use Redis"}},
    {{"The API runs on port 8080.", "The API runs on port 9090 now."}, {"The API runs on port 9090 now"}},
    {{"The API runs on port 8080.", "The dashboard runs on port 9090."},
     {"The API runs on port 8080", "The dashboard runs on port 9090"}},
};

TEST_F(Facts, OnlyTheSameThingIsReplaced) {
  int number = 0;
  for (const Course& course : courses) {
    std::string project = "course" + std::to_string(++number);
    std::vector<std::string> holds;
    for (const std::string& text : course.told) world.said("record", {{"text", text}}, project);
    const Json reply = world.said("memories", Json::object(), project);
    for (const Json& fact : reply.at("facts")) holds.push_back(fact.at("statement"));
    EXPECT_THAT(holds, testing::UnorderedElementsAreArray(course.holds)) << course.told.back();
  }
}

TEST(Echo, WhatMiraToldIsNotSaidAnew) {
  World world;
  world.said("record", {{"text", "We use PostgreSQL for the orders and the customers, in one database"},
                        {"session", "a"}});
  for (int round = 0; round < 3; ++round) {
    std::string told = world.recalled("which database for the orders").at(0);
    world.said("record", {{"text", "> " + told}, {"session", "b" + std::to_string(round)}});
  }
  EXPECT_EQ(world.recalled("which database for the orders").size(), 1U);
  const Json facts = world.said("memories", Json::object());
  ASSERT_EQ(facts.at("facts").size(), 1U);
  EXPECT_EQ(facts.at("facts").at(0).at("mentions"), 1);
}

}  // namespace
}  // namespace mira::memory
