#include "knowledge/memory/cues.h"

#include <gtest/gtest.h>

namespace mira::memory {
namespace {

TEST(Cues, Acknowledgements) {
  EXPECT_TRUE(acknowledges("Thanks for the plan! I'll start on Monday."));
  EXPECT_TRUE(acknowledges("  Sounds good"));
  EXPECT_FALSE(acknowledges("I'm working on a parser, thanks to you"));
}
TEST(Cues, StandingOrders) {
  EXPECT_TRUE(instructs("Always include the file name when I ask about errors."));
  EXPECT_TRUE(instructs("Fine. Never push to main."));
  EXPECT_FALSE(instructs("It is always slow"));
}
TEST(Cues, Preferences) {
  EXPECT_TRUE(states_preference("I prefer tabs"));
  EXPECT_TRUE(states_preference("I've decided on PostgreSQL"));
  EXPECT_FALSE(states_preference("The team has preferences"));
}
TEST(Cues, Changes) {
  EXPECT_TRUE(announces_change("the deadline was extended to May 20"));
  EXPECT_FALSE(announces_change("the deadline is May 10"));
}
TEST(Cues, QuestionsOfAValueAskForOneThing) {
  EXPECT_TRUE(asks_for_a_value("What is the deadline?"));
  EXPECT_FALSE(asks_for_a_value("How many days are between the two?"));
  EXPECT_FALSE(asks_for_a_value("Fix the parser"));
}

}  // namespace
}  // namespace mira::memory
