#include "knowledge/memory/whether.h"

#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(Whether, QuestionsOfThePersonWhetherSomethingWas) {
  for (const char* text :
       {"Have I met Bryan?", "did we ever use Redis", "Do I usually squash?", "Was my call moved?"})
    EXPECT_TRUE(asks_whether(text)) << text;
  for (const char* text : {"What did I say?", "Have they met?", "I have met Bryan", "haveli", ""})
    EXPECT_FALSE(asks_whether(text)) << text;
}
TEST(Whether, TellingOfSomethingDone) {
  for (const char* text : {"I met Bryan at the festival", "we've been using Excel since March",
                           "I just placed an order", "I delegated the task to Greg", "my friend was there"})
    EXPECT_TRUE(tells_of_doing(text)) << text;
  for (const char* text :
       {"I've never met Bryan", "can you help me", "We don't use Redis", "the parser is slow"})
    EXPECT_FALSE(tells_of_doing(text)) << text;
}
TEST(Whether, WhatIsDeniedEndsWithItsSentence) {
  EXPECT_THAT(denied_part("I've never met Bryan. I like films."), HasSubstr("met Bryan"));
  EXPECT_THAT(denied_part("I've never met Bryan. I like films."), Not(HasSubstr("films")));
  EXPECT_EQ(denied_part("I met Bryan."), "");
  EXPECT_THAT(denied_part("we don't use Redis; I didn't try Kafka"), HasSubstr("Kafka"));
}
TEST(Whether, BothSidesComeBeforeTalkOfTheSame) {
  World world;
  std::string lines;
  int number = 0;
  auto say = [&](const char* role, const std::string& text) {
    lines += Json{{"scope", "s"},
                  {"session", "1"},
                  {"id", std::to_string(++number)},
                  {"role", role},
                  {"text", text}}
                 .dump() +
             "\n";
  };
  say("user", "I met Bryan at the film festival and he gave me advice");
  say("assistant", "Good to hear.");
  for (int i = 0; i < 14; ++i) {
    say("user", "Should Bryan review the storytelling advice in part " + std::to_string(i) + "?");
    say("assistant", "That depends on the part.");
  }
  say("user", "I've never met Bryan");
  world.import(lines);
  std::vector<std::string> found =
      world.recalled("Have I ever met Bryan and received storytelling advice from him?", "one", "s");
  EXPECT_THAT(found, Contains(HasSubstr("never met Bryan")));
  EXPECT_THAT(found, Contains(HasSubstr("at the film festival")));
}

}  // namespace
}  // namespace mira::memory
