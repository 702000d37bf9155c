#include "knowledge/memory/analysis.h"

#include <gmock/gmock.h>

#include <map>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Labelled {
  const char* intent;
  const char* text;
};
// Written by hand for this purpose, a few of each kind as people say them to an agent.
constexpr Labelled examples[] = {
    {"question", "Why does the login fail after a restart?"},
    {"question", "which database do we use?"},
    {"question", "Is there a test for the empty file?"},
    {"question", "How long does the nightly build take?"},
    {"question", "where is the retry limit set?"},
    {"request", "fix the login bug"},
    {"request", "Please add a test for the empty file."},
    {"request", "can you rename load_batch to load_all?"},
    {"request", "Refactor the parser so that it reads in one pass"},
    {"request", "help me write a migration for the users table"},
    {"request", "Now run the tests again"},
    {"report", "The build fails with an undefined reference to open_session."},
    {"report", "I get a segfault when the file is empty"},
    {"report", "The tests are failing since yesterday."},
    {"report", "It crashes on the second call"},
    {"report", "I ran the whole suite and two tests timed out"},
    {"decision", "Let's use PostgreSQL for the orders."},
    {"decision", "We decided to drop Python 3.8."},
    {"decision", "we'll go with Beast for the server"},
    {"decision", "We switched the queue from RabbitMQ to NATS."},
    {"decision", "I renamed open_db to open_store, it does more now."},
    {"preference", "I prefer tabs over spaces."},
    {"preference", "Always run the formatter before a commit."},
    {"preference", "never mock the clock in tests"},
    {"preference", "From now on write the failing test first."},
    {"correction", "No, the port is 8081."},
    {"correction", "Actually the cache lives in Redis."},
    {"correction", "That's wrong, the loop ends one too early."},
    {"correction", "I meant the other parser."},
    {"fact", "The exporter runs on port 9100."},
    {"fact", "Our deploy day is Thursday."},
    {"fact", "Grace looks after the scheduler from this week on."},
    {"fact", "parse_header() is called from two places."},
    {"acknowledgement", "Thanks, that works."},
    {"acknowledgement", "ok"},
    {"acknowledgement", "Sounds good!"},
    {"acknowledgement", "Got it."},
    {"plan", "Tomorrow I will look at the flaky test."},
    {"plan", "Next step: the importer."},
    {"plan", "we still need to document the flags"},
};

TEST(Analysis, EachLabelOfIntentIsPreciseOnTheExamples) {
  std::map<std::string, int> given, right;
  for (const Labelled& example : examples) {
    std::string said(intent_name(intent_of(example.text)));
    ++given[said];
    if (said == example.intent) {
      ++right[said];
    } else {
      std::printf("%s taken for %s: %s\n", example.intent, said.c_str(), example.text);
    }
  }
  for (const auto& [label, count] : given) {
    if (label == "other") continue;
    EXPECT_GE(right[label] * 10, count * 8) << label;
  }
  for (const Labelled& example : examples)
    EXPECT_GT(right[example.intent], 0) << example.intent << " is never seen";
}
TEST(Analysis, Moods) {
  EXPECT_EQ(mood_of("The parser reads a line."), Mood::neutral);
  EXPECT_EQ(mood_of("Great, it works now"), Mood::satisfied);
  EXPECT_EQ(mood_of("it STILL fails, for the third time!!"), Mood::frustrated);
  EXPECT_EQ(mood_of("I don't understand why this is needed"), Mood::confused);
  EXPECT_EQ(mood_of("production is down, we need this asap"), Mood::urgent);
}
TEST(Analysis, Salience) {
  auto salience = [](std::string_view text) { return analyse("user", text, {}).salience; };
  EXPECT_LT(salience("ok thanks"), 0.3);
  EXPECT_GE(salience("which port is it?"), 0.4);
  EXPECT_LE(salience("which port is it?"), 0.6);
  EXPECT_GE(salience("The exporter runs on port 9100."), 0.7);
  EXPECT_GE(salience("We decided to drop Python 3.8."), 0.9);
  EXPECT_GE(salience("a token leaked in production"), 0.9);
  EXPECT_LE(salience("We decided that production uses parse_header() with 3 retries."), 1.0);
}
TEST(Analysis, TopicsAreNamesOfCodeThenNamesThenWhatComesBack) {
  auto topics = topics_of(
      "In src/store/writer.cpp the function open_session uses Boost Beast; the cache is slow, so "
      "warm the cache first");
  EXPECT_THAT(topics, ElementsAre("src/store/writer.cpp", "open_session", "Boost Beast", "cache"));
  std::string many;
  for (int i = 0; i < 30; ++i) many += "name_" + std::to_string(i) + " ";
  EXPECT_THAT(topics_of(many), SizeIs(topics_of_a_text));
}
TEST(Analysis, Languages) {
  EXPECT_EQ(language_of("the parser is slow and it reads the file twice"), "en");
  EXPECT_EQ(language_of("Wir nutzen die Datenbank nicht mit dem Server"), "de");
  EXPECT_EQ(language_of("je ne sais pas, la base est dans le nuage et les tests"), "fr");
  EXPECT_EQ(language_of("мы используем эту базу данных"), "ru");
  EXPECT_EQ(language_of("我们使用这个数据库"), "zh");
  EXPECT_EQ(language_of("ok"), "");
  EXPECT_EQ(code_language_of("look:\n```py\nprint(1)\n```"), "python");
  EXPECT_EQ(code_language_of("in src/main.rs and lib.rs, not in build.py"), "rust");
  EXPECT_EQ(code_language_of("nothing of code"), "");
}

// Reads one kind of line, as the parsers of builds do many.
std::vector<contracts::ErrorFound> read_gcc(std::string_view text) {
  std::vector<contracts::ErrorFound> out;
  if (text.contains("src/a.cpp:3:5: error:"))
    out.push_back({"gcc", "error", "", "expected ';'", "src/a.cpp", 3});
  return out;
}

class Shown : public testing::Test {
 protected:
  Shown() : world(read_gcc) {}
  Json show(std::int64_t entry, const std::string& project = "one") {
    return world.said("memories show", {{"entry", entry}}, project);
  }
  World world;
};

TEST_F(Shown, WhatWasReadStandsBesideTheWords) {
  world.said("record", {{"text", "We use PostgreSQL. No other database."}, {"session", "s"}});
  Json shown = show(1);
  EXPECT_EQ(shown.at("text"), "We use PostgreSQL. No other database.");
  EXPECT_EQ(shown.at("analysis").at("language"), nullptr);
  EXPECT_EQ(shown.at("analysis").at("mood"), "neutral");
  EXPECT_EQ(shown.at("facts").at(0).at("statement"), "We use PostgreSQL");
}
TEST_F(Shown, TheErrorOfAToolIsReadWithItsPlace) {
  world.said("record", {{"text", "the build says\nsrc/a.cpp:3:5: error: expected ';'"}});
  Json error = show(1).at("analysis").at("error");
  EXPECT_EQ(error.at("type"), "gcc");
  EXPECT_EQ(error.at("severity"), "error");
  EXPECT_EQ(error.at("file"), "src/a.cpp");
  EXPECT_EQ(error.at("line"), 3);
}
TEST_F(Shown, ImportedMessagesAreReadToo) {
  world.import(
      R"({"scope":"project","session":"1","id":"1","role":"user","text":"Why is the parser slow?"})");
  EXPECT_EQ(show(1).at("analysis").at("intent"), "question");
}
TEST_F(Shown, OthersProjectsAreNotShown) {
  world.said("record", {{"text", "We use PostgreSQL."}}, "one");
  auto reply = world.call("memories show", {{"entry", 1}}, "two");
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, base::ErrorCode::not_found);
}
TEST_F(Shown, AForgottenMessageLeavesNoAnalysis) {
  world.said("record", {{"text", "Always run the linter."}});
  world.said("forget", {{"entry", 1}});
  EXPECT_EQ(*world.main().integer("SELECT count(*) FROM message_analysis").value(), 0);
}
TEST_F(Shown, RecallTakesOnlyWhatIsAskedFor) {
  world.said("record", {{"text", "Why is the parser slow?"}, {"session", "a"}});
  world.said("record", {{"text", "Let's use a faster parser."}, {"session", "a"}});
  world.said("record", {{"text", "the parser: src/a.cpp:3:5: error: expected ';'"}, {"session", "a"}});
  auto texts = [&](const Json& arguments) {
    std::vector<std::string> out;
    const Json reply = world.said("recall", arguments);
    for (const Json& one : reply.at("results")) out.push_back(one.at("text"));
    return out;
  };
  EXPECT_THAT(texts({{"query", "parser"}}), SizeIs(3));
  EXPECT_THAT(texts({{"query", "parser"}, {"intent", "decision"}}),
              ElementsAre("Let's use a faster parser."));
  EXPECT_THAT(texts({{"query", "parser"}, {"errors", true}}), ElementsAre(HasSubstr("expected ';'")));
  EXPECT_THAT(texts({{"query", "parser"}, {"errors", true}, {"intent", "question"}}), SizeIs(0));
  EXPECT_THAT(texts({{"query", "parser"}, {"topic", "SRC/a.cpp"}}), SizeIs(0));
  world.said("record", {{"text", "look at src/store/writer.cpp for the parser"}, {"session", "a"}});
  EXPECT_THAT(texts({{"query", "parser"}, {"topic", "SRC/store/writer.cpp"}}),
              ElementsAre(HasSubstr("writer.cpp")));
}

}  // namespace
}  // namespace mira::memory
