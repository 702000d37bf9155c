#include "knowledge/memory/replaced.h"

#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;

class Replaced : public testing::Test {
 protected:
  std::int64_t say(const std::string& text) {
    return world.said("record", {{"text", text}, {"session", "s"}}).at("entry");
  }
  World world;
};

TEST_F(Replaced, TheSuccessorStandsBeforeTheOldFactAndIsNamedThere) {
  say("We deploy on Fridays");
  std::int64_t fresh = say("Actually we deploy on Tuesdays now, the release train leaves then");
  EXPECT_THAT(world.recalled("on which day do we deploy"),
              ElementsAre("Actually we deploy on Tuesdays now, the release train leaves then",
                          "We deploy on Fridays"));
  const Json found = world.said("recall", {{"query", "when do we deploy"}}).at("results");
  EXPECT_TRUE(found.at(0).at("replaced_by").is_null());
  EXPECT_EQ(found.at(1).at("replaced_by").at("entry"), fresh);
  EXPECT_NE(found.at(1).at("replaced_by").at("reason"), "");
}
TEST_F(Replaced, TheEndOfAChainStandsFirst) {
  say("We deploy on Mondays");
  say("We deploy on Wednesdays now");
  say("We deploy on Thursdays now");
  const std::vector<std::string> recalled = world.recalled("when do we deploy");
  ASSERT_EQ(recalled.size(), 3U);
  EXPECT_EQ(recalled[0], "We deploy on Thursdays now");
}
TEST_F(Replaced, WhatHeldAtFirstIsLeftInItsPlace) {
  say("We deploy on Fridays");
  say("Actually we deploy on Tuesdays now, the release train leaves then");
  EXPECT_EQ(world.recalled("on which day did we originally deploy").at(0), "We deploy on Fridays");
}
// A saying of two things is moved only by a question about the one that was replaced.
TEST_F(Replaced, OnlyAQuestionAboutTheFactMovesIt) {
  say("We use MySQL. The invoices are exported at night by the billing robot.");
  say("We switched from MySQL to PostgreSQL.");
  EXPECT_EQ(world.recalled("how does the billing robot export invoices").at(0),
            "We use MySQL. The invoices are exported at night by the billing robot.");
  EXPECT_EQ(world.recalled("do we use MySQL").at(0), "We switched from MySQL to PostgreSQL.");
}
TEST_F(Replaced, ASuccessorThatSharesNoWordWithTheQuestionIsBroughtIn) {
  say("My editor is Vim, for all of the work");
  say("I've switched to Emacs");
  EXPECT_EQ(world.recalled("work Vim").at(0), "I've switched to Emacs");
}
TEST_F(Replaced, AForgottenSuccessorReplacesNothing) {
  say("We deploy on Fridays");
  std::int64_t fresh = say("We deploy on Tuesdays now");
  world.said("forget", {{"entry", fresh}});
  const Json found = world.said("recall", {{"query", "when do we deploy"}}).at("results");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found.at(0).at("replaced_by").is_null());
}

}  // namespace
}  // namespace mira::memory
