#include "knowledge/code/meaning.h"

#include <gtest/gtest.h>

#include "knowledge/code/code_world.h"
#include "knowledge/code/meaning_passage.h"
#include "knowledge/code/search.h"
#include "knowledge/code/search_action.h"
#include "tests/support/thesaurus.h"

namespace mira::code {
namespace {

using support::Thesaurus;

const Thesaurus::Rows rows = {{"queue", "backlog"}, {"colour", "paint"}};

class MeaningOfCode : public testing::Test {
 protected:
  MeaningOfCode()
      : world{{"src/backlog.py",
               "def take_next(items):\n    \"\"\"Oldest first.\"\"\"\n    return items[0]\n"},
              {"src/shapes.py", "def area(width, height):\n    return width * height\n"},
              {"src/net.py", "def connect(host):\n    return host\n"},
              {"tests/test_net.py", "def test_connect():\n    assert True\n"}},
        embedder(std::make_shared<Thesaurus>(rows)),
        meaning(std::make_shared<MeaningSearch>(embedder)) {}

  contracts::EmbedReport embed(base::Deadline deadline = base::Deadline::never()) {
    base::QuietProgress progress;
    auto done = meaning->bring_up_to_date(world.session(), progress, deadline);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return done.value_or(contracts::EmbedReport{});
  }
  std::vector<std::string> found(const std::string& text) {
    TypedQuery query = type_query(text);
    notes.clear();
    Closeness close = close_to(*meaning, world.session(), query, text, base::Deadline::never(), notes);
    auto answer = search(world.index(), query, {.close = &close});
    EXPECT_TRUE(answer);
    std::vector<std::string> paths;
    for (const SearchHit& hit : answer->hits) paths.push_back(hit.path);
    return paths;
  }
  std::string first(const std::string& text) {
    auto paths = found(text);
    return paths.empty() ? "" : paths.front();
  }

  CodeWorld world;
  std::shared_ptr<Thesaurus> embedder;
  std::shared_ptr<MeaningSearch> meaning;
  std::vector<std::string> notes;
};

TEST_F(MeaningOfCode, FindsWhatIsCalledOtherwise) {
  EXPECT_EQ(first("where does the queue live"), "") << "no word in common";
  auto report = embed();
  EXPECT_EQ(report.embedded, 4);
  EXPECT_EQ(first("where does the queue live"), "src/backlog.py");
  auto state = meaning->state(world.session());
  ASSERT_TRUE(state);
  EXPECT_EQ(state->texts, 4);
  EXPECT_EQ(state->embedded, 4);
}

// Two files hold the word that is asked for; which of them is meant is known by meaning alone.
TEST_F(MeaningOfCode, MovesTheRanksOfWhatWordsFind) {
  world.write("src/pipes.py",
              "def drain(pipe):\n    \"\"\"Drain a pipe, drain it all.\"\"\"\n    pipe.drain()\n");
  world.write("src/backlog.py", "def empty(items):\n    \"\"\"Drain the backlog.\"\"\"\n    items.clear()\n");
  world.refresh();
  const std::string question = "what will drain the queue";
  EXPECT_EQ(found(question), (std::vector<std::string>{"src/pipes.py", "src/backlog.py"}));
  embed();
  EXPECT_EQ(found(question), (std::vector<std::string>{"src/backlog.py", "src/pipes.py"}));
  // A name is found by its word whatever is close in meaning.
  EXPECT_EQ(first("drain"), "src/pipes.py");
}

TEST_F(MeaningOfCode, LeavesNamesToTheirWords) {
  embed();
  found("area");
  found("src/net.py:1");
  EXPECT_EQ(embedder->questions, 0);
}

TEST_F(MeaningOfCode, EmbedsOnlyWhatChangedAndNeverAnswersWithWhatIsGone) {
  embed();
  embedder->embedded.clear();
  auto version = meaning->version(world.session());
  world.write("src/backlog.py", "def paint(wall):\n    return wall\n");
  world.refresh();
  EXPECT_NE(*version, *meaning->version(world.session()));
  EXPECT_EQ(first("where does the queue of today live"), "") << "its text is another one now";
  auto report = embed();
  EXPECT_EQ(report.removed, 1);
  ASSERT_EQ(embedder->embedded.size(), 1U);
  EXPECT_EQ(first("what has a colour"), "src/backlog.py");
}

TEST_F(MeaningOfCode, BeginsWithSourcesThatAreCalled) {
  world.write("src/use.py",
              "from src.net import connect\n\n\ndef go():\n    connect('a')\n    connect('b')\n");
  world.refresh();
  embed();
  ASSERT_EQ(embedder->embedded.size(), 5U);
  EXPECT_TRUE(embedder->embedded.front().starts_with("src net:")) << embedder->embedded.front();
  EXPECT_TRUE(embedder->embedded.back().starts_with("tests test net:")) << embedder->embedded.back();
}

TEST_F(MeaningOfCode, AnswersByWordsWhenTheModelFailsAndSaysSo) {
  embed();
  embedder->broken = true;
  EXPECT_EQ(first("width and height"), "src/shapes.py");
  EXPECT_EQ(notes, (std::vector<std::string>{"answered by words alone: the model is ill"}));
}

TEST_F(MeaningOfCode, SaysNothingWithoutVectorsOrWithoutAModel) {
  EXPECT_EQ(first("width and height"), "src/shapes.py");
  EXPECT_EQ(embedder->questions, 0);
  MeaningSearch none(nullptr);
  auto close = none.near(world.session(), "anything", base::Deadline::never());
  ASSERT_TRUE(close);
  EXPECT_TRUE(close->empty());
}

TEST(Passage, TellsPathNameDocumentationAndHowItBegins) {
  CodeWorld world{{"lib/http_client.py",
                   "class Client:\n    def send_request(self, url):\n        \"\"\"Sends it.\"\"\"\n"
                   "        return self.pool.take(url)\n"}};
  std::string text;
  ASSERT_TRUE(world.index().each("SELECT text, owner FROM code_passages", [&](const store::Row& row) {
    text = row.text(0);
    EXPECT_EQ(row.integer(1), passage_owner(text));
  }));
  for (const char* part : {"lib http client:", "Sends it.", "send_request(self, url)", "pool.take"})
    EXPECT_TRUE(text.contains(part)) << part << " in: " << text;
}

}  // namespace
}  // namespace mira::code
