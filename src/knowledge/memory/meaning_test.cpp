#include "knowledge/memory/meaning.h"

#include <gtest/gtest.h>

#include <atomic>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/world_for_tests.h"
#include "platform/vectors/local.h"
#include "tests/support/thesaurus.h"

namespace mira::memory {
namespace {

using support::Thesaurus;

const Thesaurus::Rows rows = {
    {"database", "PostgreSQL", "tables"}, {"dog", "puppy", "pet"}, {"holiday", "beach", "vacation"}};

class MeaningOfMemory : public testing::Test {
 protected:
  MeaningOfMemory()
      : embedder(std::make_shared<Thesaurus>(rows)),
        meaning(std::make_shared<Meaning>(embedder)),
        feature(feature_with(meaning)) {
    for (contracts::Action& action : feature.actions) registry.add(action);
    say("We adopted a puppy on Monday");
    say("PostgreSQL keeps all our rows");
    say("The beach was crowded");
    say("Nothing of note happened");
  }
  void say(const std::string& text, const std::string& project = "one") {
    said("remember", {{"text", text}}, project);
  }
  base::Result<contracts::Reply> call(const std::string& verb, const Json& arguments,
                                      const std::string& project = "one") {
    const contracts::Action* action = registry.find(verb);
    auto checked = contracts::check_arguments(*action, arguments);
    if (!checked) return std::unexpected(checked.error());
    contracts::Session now = world.session(project);
    base::QuietProgress progress;
    contracts::Call call{.arguments = *checked, .session = &now, .progress = progress, .registry = registry};
    return action->handle(call);
  }
  Json said(const std::string& verb, const Json& arguments, const std::string& project = "one") {
    auto reply = call(verb, arguments, project);
    EXPECT_TRUE(reply) << verb << ": " << (reply ? "" : reply.error().message);
    return reply ? reply->data : Json();
  }
  std::vector<std::string> recalled(const std::string& query, const std::string& project = "one") {
    std::vector<std::string> out;
    Json found = said("recall", {{"query", query}}, project);
    for (const Json& one : found.at("results")) out.push_back(one.at("text"));
    return out;
  }
  std::string first(const std::string& query, const std::string& project = "one") {
    auto found = recalled(query, project);
    return found.empty() ? "" : found.front();
  }

  contracts::EmbedReport embed() {
    contracts::Session now = world.session();
    base::QuietProgress progress;
    auto done = meaning->bring_up_to_date(now, progress, base::Deadline::never());
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done ? *done : contracts::EmbedReport{};
  }

  std::shared_ptr<Thesaurus> embedder;
  std::shared_ptr<Meaning> meaning;
  contracts::Feature feature;
  contracts::Registry registry;
  World world;
};

TEST_F(MeaningOfMemory, FindsWhatWasSaidInOtherWords) {
  EXPECT_EQ(first("which pet do they own?"), "") << "no word in common";
  auto report = embed();
  EXPECT_EQ(report.embedded, 4);
  EXPECT_EQ(report.waiting, 0);
  EXPECT_EQ(first("which pet do they own?"), "We adopted a puppy on Monday");
  EXPECT_EQ(first("where did they go on vacation?"), "The beach was crowded");
}

TEST_F(MeaningOfMemory, KnowsHowFarItIsAndWhenThereIsMore) {
  auto session = world.session();
  auto state = meaning->state(session);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->texts, 4);
  EXPECT_EQ(state->embedded, 0);
  embed();
  EXPECT_EQ(meaning->state(session)->embedded, 4);
  auto version = meaning->version(session);
  EXPECT_EQ(*version, *meaning->version(session));
  say("A fifth");
  EXPECT_NE(*version, *meaning->version(session));
}

TEST_F(MeaningOfMemory, EmbedsATextOnce) {
  embed();
  EXPECT_EQ(embed().embedded, 0);
  say("The beach was crowded", "two");
  auto report = embed();
  EXPECT_EQ(report.reused, 1);
  EXPECT_EQ(report.present, 4);
  EXPECT_EQ(embedder->embedded.size(), 4U);
}

TEST_F(MeaningOfMemory, NeverLooksIntoAnotherScope) {
  say("Their puppy is called Rex", "two");
  say("The garden is large", "two");  // a message alone is neither near nor far
  embed();
  for (const std::string& text : recalled("which pet?", "one")) EXPECT_FALSE(text.contains("Rex")) << text;
  EXPECT_EQ(first("which pet?", "two"), "Their puppy is called Rex");
}

TEST_F(MeaningOfMemory, ForgetsTheVectorWithTheMessage) {
  embed();
  said("forget", {{"containing", "puppy"}});
  auto index = vectors::LocalIndex::open(world.session().home.data / "vectors", 1);
  ASSERT_TRUE(index);
  auto owners = (*index)->owners({"conversation", embedder->model(), embedder->dimensions()});
  ASSERT_TRUE(owners);
  EXPECT_EQ(owners->size(), 3U);
}

TEST_F(MeaningOfMemory, NeverMixesModelsAndDropsTheOldOneWhenTheNewHasAll) {
  embed();
  auto session = world.session();
  auto next = std::make_shared<Thesaurus>(rows, "thesaurus@2");
  Meaning newer(next);
  auto scopes = scopes_seen(session, "");
  ASSERT_TRUE(scopes);
  auto before = newer.near(session, "which pet?", *scopes, base::Deadline::never());
  ASSERT_TRUE(before);
  EXPECT_FALSE(*before) << "the vectors that are there are of another model";
  base::QuietProgress progress;
  const std::atomic<bool> cancelled = true;
  auto partly = newer.bring_up_to_date(session, progress, base::Deadline::never().with_cancel(&cancelled));
  ASSERT_TRUE(partly);
  EXPECT_EQ(partly->waiting, 4);
  EXPECT_NE(first("which pet?"), "") << "the old model answers until the new one has all";
  auto report = newer.bring_up_to_date(session, progress, base::Deadline::never());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->embedded, 4);
  auto index = vectors::LocalIndex::open(session.home.data / "vectors", 1);
  ASSERT_TRUE(index);
  auto spaces = (*index)->spaces("conversation");
  ASSERT_TRUE(spaces);
  ASSERT_EQ(spaces->size(), 1U);
  EXPECT_EQ(spaces->front().model, "thesaurus@2");
}

TEST_F(MeaningOfMemory, AnswersByWordsWhenTheModelFailsAndSaysSo) {
  embed();
  embedder->broken = true;
  auto reply = call("recall", {{"query", "PostgreSQL rows"}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data.at("results").at(0).at("text"), "PostgreSQL keeps all our rows");
  ASSERT_EQ(reply->notes.size(), 1U);
  EXPECT_EQ(reply->notes[0], "answered by words alone: the model is ill");
}

TEST(MeaningWithoutModel, ChangesNothing) {
  World world;
  world.said("remember", {{"text", "PostgreSQL keeps all our rows"}});
  EXPECT_EQ(world.recalled("PostgreSQL").size(), 1U);
  auto session = world.session();
  auto state = Meaning(nullptr).state(session);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->texts, 1);
  EXPECT_EQ(state->embedded, 0);
  EXPECT_FALSE(vectors::LocalIndex::exists(world.session().home.data / "vectors"));
}

}  // namespace
}  // namespace mira::memory
