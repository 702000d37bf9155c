// Commits by meaning, over real repositories and a model whose meanings a test can see.
#include "knowledge/git/meaning.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "contracts/question.h"
#include "knowledge/git/feature_ports.h"
#include "knowledge/git/world_for_tests.h"
#include "tests/support/thesaurus.h"

namespace mira::git {
namespace {

using contracts::Json;
using Subjects = std::vector<std::string>;

using support::Thesaurus;

const Thesaurus::Rows rows = {{"queue", "backlog"}, {"colour", "paint"}};

class MeaningOfCommits : public testing::Test {
 protected:
  MeaningOfCommits()
      : embedder(std::make_shared<Thesaurus>(rows)), meaning(std::make_shared<CommitMeaning>(embedder)) {
    world.feature = git::feature(nullptr, meaning);
    for (int i = 0; i < 24; ++i)
      world.repo.commit(
          {.message = fmt::format("Step {}", i), .files = {{"src/a.c", fmt::format("{}\n", i)}}});
    world.repo.commit({.message = "Drain the backlog\n\nOldest first.\n\nSigned-off-by: Ada <a@x.org>",
                       .files = {{"src/b.c", "1\n"}},
                       .author = "Bob <bob@x.org>"});
    world.refresh();
  }
  contracts::EmbedReport embed() {
    base::QuietProgress quiet;
    return must(meaning->bring_up_to_date(world.fresh_session(), quiet, base::Deadline::never()));
  }
  Subjects found(const Json& arguments) {
    Json data = must(world.act("history", arguments));
    Subjects out;
    for (const Json& commit : data["commits"]) out.push_back(commit["subject"]);
    return out;
  }
  World world;
  std::shared_ptr<Thesaurus> embedder;
  std::shared_ptr<CommitMeaning> meaning;
};

TEST_F(MeaningOfCommits, FindsACommitThatIsWordedOtherwise) {
  EXPECT_EQ(found({{"query", "empty queue"}}), Subjects{}) << "no word in common";
  auto report = embed();
  EXPECT_EQ(report.embedded, 25);
  EXPECT_EQ(embedder->embedded.front(), "Drain the backlog\nOldest first.") << "the newest first, unsigned";
  EXPECT_EQ(found({{"query", "empty queue"}}), Subjects{"Drain the backlog"});
  auto state = must(meaning->state(world.fresh_session()));
  EXPECT_EQ(state.texts, 25);
  EXPECT_EQ(state.embedded, 25);
}

TEST_F(MeaningOfCommits, KeepsToWhatWasAskedFor) {
  embed();
  struct Row {
    Json arguments;
    std::size_t commits;
  };
  for (const Row& row : {Row{{{"query", "empty queue"}, {"author", "BOB"}}, 1},
                         {{{"query", "empty queue"}, {"author", "nobody"}}, 0},
                         {{{"query", "empty queue"}, {"path", "src/b.c"}}, 1},
                         {{{"query", "empty queue"}, {"path", "src"}}, 1},
                         {{{"query", "empty queue"}, {"path", "src/a.c"}}, 0},
                         {{{"query", "empty queue"}, {"until", "2001-01-01"}}, 0},
                         {{{"query", "paint it"}}, 0}})  // as far from all
    EXPECT_EQ(found(row.arguments).size(), row.commits) << row.arguments.dump();
}

TEST_F(MeaningOfCommits, ReadsOnlyWhatIsNewAndForgetsWhatIsGone) {
  embed();
  embedder->embedded.clear();
  world.repo.commit({.message = "Choose a colour", .files = {{"src/c.c", "1\n"}}});
  world.refresh();
  auto report = embed();
  EXPECT_EQ(embedder->embedded, Subjects{"Choose a colour"});
  EXPECT_EQ(report.present, 25);
  world.forget();  // the index is made anew: the same commits have the same vectors
  world.refresh();
  embedder->embedded.clear();
  EXPECT_EQ(embed().present, 26);
  EXPECT_EQ(embedder->embedded, Subjects{});
  EXPECT_EQ(found({{"query", "empty queue"}}), Subjects{"Drain the backlog"});
}

TEST_F(MeaningOfCommits, AModelThatFailsCostsItsOwnPartAlone) {
  embed();
  embedder->broken = true;
  EXPECT_EQ(found({{"query", "drain"}}), Subjects{"Drain the backlog"});
}

TEST_F(MeaningOfCommits, IsEvidenceBehindWhatWordsFind) {
  embed();
  contracts::Question question{.text = "how is the queue emptied", .words = {"queue", "emptied"}};
  std::vector<contracts::Evidence> pieces;
  for (const auto& source : world.feature.sources)
    if (source->name() == "git.commits")
      pieces = must(source->gather(world.fresh_session(), question, base::Deadline::never()));
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].title, "Drain the backlog");
  EXPECT_EQ(pieces[0].why, "its message is close to the question in meaning");
}

TEST(PassageOfMessage, SaysWhatWasSaidAndNotWhoSigned) {
  struct Row {
    const char *subject, *body, *passage;
  };
  for (const Row& row : {Row{"Fix it", "", "Fix it"},
                         {"Fix it", "Because: it broke.\n\nReviewed-by: Ada <a@x.org>\nChange-Id: I84",
                          "Fix it\nBecause: it broke."},
                         {"Fix it", "well-known: a lower case name is prose",
                          "Fix it\nwell-known: a lower case name is prose"},
                         {"Fix it", "\r\n  indented\r\n", "Fix it\nindented"}})
    EXPECT_EQ(passage_of_message(row.subject, row.body), row.passage);
  EXPECT_LE(passage_of_message("x", std::string(100'000, 'y')).size(), 1000U);
}

}  // namespace
}  // namespace mira::git
