#include "knowledge/memory/profile.h"

#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Profile : public testing::Test {
 protected:
  void say(const std::string& text, const std::string& session, const std::string& day,
           const std::string& project = "one") {
    world.said("record", {{"text", text}, {"session", session}, {"time", day + "T10:00:00Z"}}, project);
  }
  Json profile(const std::string& project = "one") {
    return world.said("memories profile", Json::object(), project);
  }
  std::vector<std::string> lines(const std::string& section, const std::string& project = "one") {
    std::vector<std::string> out;
    const Json told = profile(project);
    for (const Json& line : told.at("profile")) {
      if (line.at("section") == section) out.push_back(line.at("line"));
    }
    return out;
  }
  std::vector<std::string> patterns(const std::string& project = "one") {
    std::vector<std::string> out;
    const Json told = profile(project);
    for (const Json& pattern : told.at("patterns")) out.push_back(pattern.at("description"));
    return out;
  }
  World world;
};

TEST_F(Profile, ConfirmedFactsStandUnderWhatTheyTell) {
  for (const char* text :
       {"My name is Ada", "I'm new to Rust", "I've been using Python for 10 years", "I prefer short answers",
        "I prefer tabs", "We use PostgreSQL", "I want to learn Haskell", "Never mock the clock"})
    world.said("remember", {{"text", text}});
  EXPECT_THAT(lines("identity"), ElementsAre("My name is Ada"));
  EXPECT_THAT(lines("experience_level"),
              ElementsAre("I've been using Python for 10 years", "I'm new to Rust"));
  EXPECT_THAT(lines("communication_style"), ElementsAre("I prefer short answers"));
  EXPECT_THAT(lines("coding_preferences"), ElementsAre("Never mock the clock", "I prefer tabs"));
  EXPECT_THAT(lines("tech_stack"), ElementsAre("We use PostgreSQL"));
  EXPECT_THAT(lines("learning_goals"), ElementsAre("I want to learn Haskell"));
}
TEST_F(Profile, ACandidateIsNotInItUntilItIsConfirmed) {
  say("I prefer tabs", "a", "2024-01-01");
  EXPECT_THAT(lines("coding_preferences"), IsEmpty());
  say("I prefer tabs", "b", "2024-01-02");
  EXPECT_THAT(lines("coding_preferences"), ElementsAre("I prefer tabs"));
}
TEST_F(Profile, WhatIsReplacedWithdrawnOrForgottenLeavesIt) {
  world.said("remember", {{"text", "We use MySQL"}});
  world.said("remember", {{"text", "We switched from MySQL to PostgreSQL"}});
  EXPECT_THAT(lines("tech_stack"), ElementsAre("We switched from MySQL to PostgreSQL"));
  world.said("remember", {{"text", "I prefer tabs"}});
  const Json told = profile();
  for (const Json& line : told.at("profile")) {
    if (line.at("line") == "I prefer tabs") world.said("memories withdraw", {{"fact", line.at("fact")}});
  }
  EXPECT_THAT(lines("coding_preferences"), IsEmpty());
  world.said("forget", {{"containing", "PostgreSQL"}});
  EXPECT_THAT(lines("tech_stack"), ElementsAre("We use MySQL"))
      << "what only the forgotten had ended holds again";
}
TEST_F(Profile, IsOfItsProjectAlone) {
  world.said("remember", {{"text", "We use PostgreSQL"}}, "one");
  world.said("remember", {{"text", "I prefer short answers"}, {"scope", "user"}}, "one");
  EXPECT_THAT(lines("tech_stack", "two"), IsEmpty());
  EXPECT_THAT(lines("communication_style", "two"), ElementsAre("I prefer short answers"));
}
TEST_F(Profile, ARequestThatComesBackIsAPattern) {
  say("please run the linter", "a", "2024-01-01");
  say("Run the linter again", "b", "2024-01-01");
  EXPECT_THAT(patterns(), IsEmpty());
  say("now run the linter, please.", "c", "2024-01-02");
  ASSERT_THAT(patterns(), SizeIs(1));
  Json pattern = profile().at("patterns").at(0);
  EXPECT_EQ(pattern.at("type"), "request");
  EXPECT_EQ(pattern.at("observed"), 3);
  EXPECT_EQ(pattern.at("days"), 2);
  EXPECT_EQ(pattern.at("entries"), (Json{3, 2, 1}));
}
TEST_F(Profile, ThreeTimesOnOneDayOrInOneConversationIsNone) {
  for (const char* session : {"a", "b", "c"}) say("run the linter", session, "2024-01-01");
  for (const char* day : {"2024-02-01", "2024-02-02", "2024-02-03"})
    say("update the changelog file", "long", day);
  EXPECT_THAT(patterns(), IsEmpty());
}
TEST_F(Profile, AContradictedFactIsNoPattern) {
  say("Always squash commits", "a", "2024-01-01");
  say("Always squash commits", "b", "2024-01-02");
  say("Always squash commits", "c", "2024-01-03");
  EXPECT_THAT(patterns(), ElementsAre("Always squash commits"));
  say("Never squash commits", "d", "2024-01-04");
  EXPECT_THAT(patterns(), IsEmpty());
}
TEST_F(Profile, APatternKeepsHowOftenItWasToldAndGoesWithItsMessages) {
  for (const char* day : {"2024-01-01", "2024-01-02", "2024-01-03"}) say("run the linter", day, day);
  Json start = world.said("session start", Json::object());
  EXPECT_THAT(start.at("comes_back").dump(), HasSubstr("run the linter"));
  EXPECT_EQ(profile().at("patterns").at(0).at("applied"), 1);
  say("run the linter", "d", "2024-01-04");
  Json pattern = profile().at("patterns").at(0);
  EXPECT_EQ(pattern.at("observed"), 4);
  EXPECT_EQ(pattern.at("applied"), 1);
  world.said("forget", {{"containing", "run the linter"}, {"verify", true}});
  EXPECT_THAT(patterns(), IsEmpty());
}
TEST_F(Profile, AnswersStyleComesFirstAtTheStartOfASession) {
  world.said("remember", {{"text", "I prefer short answers"}});
  world.said("remember", {{"text", "We use PostgreSQL"}});
  Json start = world.said("session start", Json::object());
  EXPECT_THAT(start.at("holds").at(0), HasSubstr("I prefer short answers"));
  EXPECT_LE(start.at("tokens"), 1200);
}
TEST_F(Profile, TheSourceTellsHowToAnswerAndWhatComesBackInWork) {
  world.said("remember", {{"text", "I prefer short answers"}});
  for (const char* day : {"2024-01-01", "2024-01-02", "2024-01-03"}) say("run the linter", day, day);
  auto told = [&](contracts::Intent intent) {
    contracts::Question question;
    question.text = "what is this";
    question.intent = intent;
    std::string out;
    for (auto& source : world.feature.sources) {
      if (source->name() != "memory.person") continue;
      contracts::Session session = world.session();
      auto pieces = source->gather(session, question, base::Deadline::never());
      EXPECT_TRUE(pieces.has_value());
      for (const contracts::Evidence& piece : *pieces) out += piece.text + "\n";
    }
    return out;
  };
  EXPECT_EQ(told(contracts::Intent::general), "I prefer short answers\n");
  EXPECT_THAT(told(contracts::Intent::change), HasSubstr("run the linter"));
}
TEST(RequestWords, AreWhatIsAskedWithoutPolitenessAndNames) {
  EXPECT_EQ(request_words("please run the linter"), request_words("Now run the linter again."));
  EXPECT_EQ(request_words("add a test for parse_header()"),
            request_words("add a test for src/store/writer.cpp"));
  EXPECT_NE(request_words("run the linter"), request_words("run the tests"));
  EXPECT_EQ(request_words("go on"), "");
  EXPECT_EQ(request_words(""), "");
}

}  // namespace
}  // namespace mira::memory
