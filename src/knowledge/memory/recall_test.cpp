#include <gmock/gmock.h>

#include <random>

#include "knowledge/memory/moments.h"
#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Recall, FindsByTheWordsOfTheText) {
  World world;
  world.said("record", {{"text", "We chose PostgreSQL as our database"}, {"session", "a"}});
  world.said("record", {{"text", "The office plants need water"}, {"session", "a"}});
  EXPECT_THAT(world.recalled("which database was chosen?"), Contains("We chose PostgreSQL as our database"));
  EXPECT_EQ(world.recalled("which database was chosen?").at(0), "We chose PostgreSQL as our database");
}

TEST(Recall, NeighboursHelp) {
  World world;
  world.said("record", {{"text", "Which deploy day do you want?"}, {"role", "assistant"}, {"session", "a"}});
  world.said("record", {{"text", "Thursday"}, {"session", "a"}});
  EXPECT_THAT(world.recalled("deploy day"), Contains("Thursday"));
}

TEST(Recall, WhatBelongsToAProjectStaysThere) {
  World world;
  world.said("record", {{"text", "the staging password rotates weekly"}}, "one");
  EXPECT_THAT(world.recalled("staging password", "two"), IsEmpty());
  EXPECT_THAT(world.recalled("staging password", "one"), Not(IsEmpty()));
}

TEST(Recall, WhatBelongsToTheUserIsSeenEverywhere) {
  World world;
  world.said("remember", {{"text", "I prefer tabs over spaces"}, {"scope", "user"}}, "one");
  EXPECT_THAT(world.recalled("tabs or spaces", "two"), ElementsAre("I prefer tabs over spaces"));
}

TEST(Recall, ANamedScopeIsSeenOnlyWhenAsked) {
  World world;
  world.import(R"({"scope":"conv-1","session":"S1","id":"1","role":"user","text":"my cat is called Ada"})");
  EXPECT_THAT(world.recalled("cat"), IsEmpty());
  EXPECT_THAT(world.recalled("cat", "one", "conv-1"), ElementsAre("my cat is called Ada"));
  EXPECT_THAT(world.recalled("cat", "one", "conv-2"), IsEmpty());
}

TEST(Recall, OneConversationOnly) {
  World world;
  world.said("record", {{"text", "the parser is slow"}, {"session", "a"}});
  world.said("record", {{"text", "the parser is fast"}, {"session", "b"}});
  auto results = world.said("recall", {{"query", "parser"}, {"session", "b"}}).at("results");
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].at("text"), "the parser is fast");
}

TEST(Recall, TakesAnythingAsWords) {
  World world;
  world.said("record", {{"text", "C++ and std::vector, don't \"NEAR(\" col:val"}});
  for (const char* query : {"C++", "don't", "\"", "NEAR(", "col:val", "-", "*", "the", "std::vector"})
    EXPECT_TRUE(world.call("recall", {{"query", query}}).has_value()) << query;
}

TEST(Recall, AnswersAreTheSameBeforeAndAfterIndexing) {
  World world;
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    std::string n = std::to_string(i);
    lines += R"({"scope":"s","session":"1","id":")" + n + R"(","role":"user","text":"note )" + n +
             " about topic " + std::to_string(i % 7) + "\"}\n";
  }
  world.import(lines);
  for (int i = 300; i < 340; ++i)  // these wait
    world.said("record",
               {{"text", "note " + std::to_string(i) + " about topic 3"}, {"scope", "s"}, {"session", "1"}});
  auto results = world.recalled("note 317 topic", "one", "s");
  EXPECT_EQ(results.at(0), "note 317 about topic 3");
  EXPECT_EQ(world.recalled("note 42 topic", "one", "s").at(0), "note 42 about topic 0");
}

TEST(Recall, ManySmallSegmentsAreMergedAndStillFound) {
  World world;
  for (int i = 0; i < 700; ++i)
    world.said("record", {{"text", "entry number " + std::to_string(i)}, {"session", "1"}});
  EXPECT_LE(*world.main().integer("SELECT count(*) FROM memory_segments").value(), 8);
  EXPECT_EQ(world.recalled("number 3").at(0), "entry number 3");
  EXPECT_EQ(world.recalled("number 699").at(0), "entry number 699");
}

TEST(Recall, TellsWhereEachArmHasIt) {
  World world;
  world.said("record", {{"text", "the build uses ninja"}});
  auto results = world.said("recall", {{"query", "ninja"}, {"explain", true}}).at("results");
  EXPECT_EQ(results.at(0).at("arms").at("turn"), 1);
}

TEST(Recall, WhatReplacesStandsBeforeWhatItReplaces) {
  World world;
  auto say = [&](const char* role, const char* text) {
    world.said("record", {{"text", text}, {"role", role}, {"session", "1"}});
  };
  say("user", "The deadline of the beta release is May 10, help me plan it");
  say("assistant", "Let us plan the release step by step.");
  say("user", "The deadline of the beta release was extended to May 20");
  say("assistant", "Good, that leaves more time.");
  say("user", "The deadline of the tax form is May 12");
  std::vector<std::string> found = world.recalled("What is the deadline of the beta release?");
  EXPECT_THAT(found.at(0), HasSubstr("May 20"));
  EXPECT_THAT(found.at(1), HasSubstr("May 10"));
}

TEST(Recall, TheNewValueOfTheSameThingStandsFirstWithoutAWordOfChange) {
  World world;
  auto say = [&](const char* text) { world.said("record", {{"text", text}, {"session", "1"}}); };
  say("I have a Zoom meeting with the creative director on March 22 at 3 PM, what should I ask?");
  say("I secured 3 interviews for roles as a producer, is that good?");
  say("How do I prepare my Zoom meeting with the creative director at 4:30 PM?");
  say("I secured 5 interviews for roles as a producer, what now?");
  EXPECT_THAT(world.recalled("What time is the Zoom meeting with the creative director?").at(0),
              HasSubstr("4:30 PM"));
  EXPECT_THAT(world.recalled("How many interviews have I secured for roles as a producer?").at(0),
              HasSubstr("5 inter"));
}

TEST(Recall, TheNewNameStandsBeforeTheOldOne) {
  World world;
  auto say = [&](const char* text) { world.said("record", {{"text", text}, {"session", "1"}}); };
  say("The database of the ledger is SQLite, it needs no server.");
  say("We switched the ledger from SQLite to PostgreSQL, operations asked for it.");
  say("The database of the planner is DuckDB.");
  std::vector<std::string> found = world.recalled("Which database does the ledger use?");
  EXPECT_THAT(found.at(0), HasSubstr("PostgreSQL"));
  EXPECT_THAT(found, Contains("The database of the ledger is SQLite, it needs no server."));
}

// Seeded pairs of one saying and a later one that is about another thing, denies another thing, only asks, or
// counts something else: the first answers the question and stays first. Of updates the later one is first.
struct SaidPair {
  std::string first, second, question;
  bool replaces;
};
std::vector<SaidPair> said_pairs(int count) {
  const std::vector<std::string> things{"beta release", "tax form", "grant proposal", "garden fence",
                                        "annual report"};
  const std::vector<std::string> who{"Ada", "Grace", "Linus", "Barbara", "Dennis"};
  const std::vector<std::string> months{"March", "April", "May", "June"};
  std::mt19937_64 random(11);
  std::vector<SaidPair> out;
  for (int i = 0; i < count; ++i) {
    auto number = [&](int from, int to) {
      return std::to_string(from + static_cast<int>(random() % (to - from)));
    };
    std::size_t a = random() % things.size(), b = (a + 1 + random() % (things.size() - 1)) % things.size();
    std::string thing = things[a], other = things[b], name = who[random() % who.size()];
    std::string month = months[random() % months.size()], early = number(1, 14), late = number(15, 28);
    std::string small = number(20, 90), large = number(91, 400);
    switch (i % 8) {
      case 0:
        out.push_back({"The deadline of the " + thing + " is " + month + " " + early + ".",
                       "The deadline of the " + thing + " was extended to " + month + " " + late + ".",
                       "What is the deadline of the " + thing + "?", true});
        break;
      case 1:
        out.push_back({"My budget for the " + thing + " is $" + small + ", how do I split it?",
                       "I want to plan the " + thing + " with my increased budget of $" + large + ".",
                       "What is my budget for the " + thing + "?", true});
        break;
      case 2:
        out.push_back({"The deadline of the " + thing + " is " + month + " " + early + ".",
                       "The deadline of the " + other + " was moved to " + month + " " + late + ".",
                       "What is the deadline of the " + thing + "?", false});
        break;
      case 3:
        out.push_back({"My budget for the " + thing + " is $" + small + ".",
                       "My budget for the " + other + " is now $" + large + ".",
                       "What is my budget for the " + thing + "?", false});
        break;
      case 4:
        out.push_back({"My budget for the " + thing + " is $" + small + ".",
                       "I never asked " + name + " about the " + thing + ".",
                       "What is my budget for the " + thing + "?", false});
        break;
      case 5:
        out.push_back({"There are " + small + " pages in the " + thing + ".",
                       "It took " + large + " minutes to print the " + thing + ".",
                       "How many pages are in the " + thing + "?", false});
        break;
      case 6:
        out.push_back({"The deadline of the " + thing + " is " + month + " " + early + ".",
                       name + " wants to see the " + thing + " before lunch.",
                       "What is the deadline of the " + thing + "?", false});
        break;
      default:
        out.push_back({"The review of the " + thing + " starts at 3 PM.",
                       "The review of the " + other + " was rescheduled to 5 PM.",
                       "What time does the review of the " + thing + " start?", false});
    }
  }
  return out;
}

TEST(Recall, OnTwoHundredSeededPairsNoFalseSuccessor) {
  World world;
  int number = 0, false_ones = 0, missed = 0;
  for (const SaidPair& pair : said_pairs(200)) {
    std::string project = "p" + std::to_string(++number);
    std::string lines;
    auto say = [&](const std::string& text) {
      lines += Json{{"session", "1"}, {"id", std::to_string(lines.size())}, {"role", "user"}, {"text", text}}
                   .dump() +
               "\n";
    };
    say(pair.first);
    for (int i = 0; i < 14; ++i)
      say("note " + std::to_string(i) + ": the weather was fine and we walked home");
    say(pair.second);
    world.import(lines, project);
    bool later_first = world.recalled(pair.question, project).at(0) == pair.second;
    if (later_first && !pair.replaces) ++false_ones;
    if (!later_first && pair.replaces) ++missed;
  }
  EXPECT_LE(false_ones, 4);  // 2 %
  EXPECT_LE(missed, 2);
}

TEST(Recall, WhatWasSaidAtTheMomentThatIsNamedComesFirst) {
  World world;
  world.clock.set_ms(*read_iso_ms("2024-06-20T12:00:00Z"));
  for (const char* day : {"2023-05-08", "2023-11-02", "2024-03-11", "2024-06-12"}) {
    world.said("record", {{"text", std::string("we worked on the parser, note of ") + day},
                          {"session", day},
                          {"time", std::string(day) + "T10:00:00Z"}});
  }
  auto first = [&](const char* question) { return world.recalled(question).at(0); };
  EXPECT_THAT(first("what about the parser in May 2023?"), HasSubstr("2023-05-08"));
  EXPECT_THAT(first("what about the parser on 2023-11-02?"), HasSubstr("2023-11-02"));
  EXPECT_THAT(first("what about the parser last week?"), HasSubstr("2024-06-12"));
  EXPECT_THAT(first("what about the parser this spring?"), HasSubstr("2024-03-11"));
  auto results = world.said("recall", {{"query", "the parser in May 2023"}, {"explain", true}}).at("results");
  EXPECT_EQ(results.at(0).at("arms").at("dates"), 1);
}

TEST(Recall, WordsThatStandNowhereLowerTheConfidence) {
  World world;
  world.said("record", {{"text", "we deploy the shop with ansible on Thursdays"}, {"session", "1"}});
  world.said("record", {{"text", "the shop runs on two servers"}, {"session", "1"}});
  auto sure = world.said("recall", {{"query", "when do we deploy the shop"}}).at("confidence").get<double>();
  auto unsure = world.said("recall", {{"query", "which kubernetes operator does the shop use"}})
                    .at("confidence")
                    .get<double>();
  EXPECT_GT(sure, unsure);
  EXPECT_EQ(world.said("recall", {{"query", "zebra crossing"}}).at("confidence"), 0);
}

TEST(Import, TheSameAgainChangesNothing) {
  World world;
  std::string line =
      R"({"scope":"s","session":"1","id":"7","role":"user","time":"2023-05-08T13:56:00Z","text":"hello there"})";
  EXPECT_EQ(world.import(line).at("added"), 1);
  Json again = world.import(line);
  EXPECT_EQ(again.at("added"), 0);
  EXPECT_EQ(again.at("known"), 1);
}

TEST(Import, MessagesWithoutIdsAreKnownAgainByTheirPlaceAndWords) {
  World world;
  auto line = [](const char* session, const char* text) {
    return Json{{"scope", "s"}, {"session", session}, {"role", "user"}, {"text", text}}.dump() + "\n";
  };
  std::string file = line("1", "ok") + line("2", "ok") + line("1", "go on") + line("1", "ok");
  EXPECT_EQ(world.import(file).at("added"), 4) << "the same words twice are two sayings";
  EXPECT_EQ(world.import(file).at("added"), 0);
  Json grown = world.import(file + line("2", "and then"));
  EXPECT_EQ(grown.at("added"), 1);
  EXPECT_EQ(grown.at("known"), 4);
}

TEST(Import, ABadLineIsToldAndStopsNothing) {
  World world;
  Json done = world.import(
      "not json\n{\"role\":\"user\",\"text\":\"kept\",\"session\":\"1\",\"scope\":\"s\"}\n"
      "{\"role\":\"king\",\"text\":\"x\"}\n{\"role\":\"user\"}\n");
  EXPECT_EQ(done.at("added"), 1);
  EXPECT_EQ(done.at("refused"), 3);
  EXPECT_THAT(done.at("faults").at(0).get<std::string>(), HasSubstr("line 1"));
  EXPECT_THAT(world.recalled("kept", "one", "s"), ElementsAre("kept"));
}

TEST(Record, SecretsAreMaskedBeforeTheyAreStored) {
  World world;
  std::string token = "ghp_" + std::string("aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4");
  world.said("record", {{"text", "use " + token + " for the release"}});
  std::string kept = world.recalled("release").at(0);
  EXPECT_THAT(kept, Not(HasSubstr(token)));
  EXPECT_THAT(kept, HasSubstr("[secret"));
}

TEST(Record, AnEmptyTextIsRefused) {
  World world;
  EXPECT_EQ(world.call("record", {{"text", "  \n"}}).error().code, base::ErrorCode::usage);
}

}  // namespace
}  // namespace mira::memory
