// A memory past the bound from which a quick recall reads only what its words name.
#include "knowledge/memory/quick.h"

#include <gmock/gmock.h>

#include "knowledge/memory/world_for_tests.h"

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int many = 5200;

std::string line(const std::string& id, const std::string& text) {
  return Json{{"session", "S" + std::to_string(std::hash<std::string>()(id) % 40)},
              {"id", id},
              {"role", "user"},
              {"text", text}}
             .dump() +
         "\n";
}

// Built once: thousands of messages of small talk, and what the tests ask for among them.
class QuickRecall : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world = new World;
    std::string lines;
    for (int i = 0; i < many; ++i)
      lines += line("m" + std::to_string(i), "small talk number " + std::to_string(i) +
                                                 " about the weather of week " + std::to_string(i % 53));
    lines += line("old", "The invoice exporter rounds by the ocelot rule.");
    lines += line("new", "The invoice exporter rounds by the lynx rule.");
    lines += line("other", "The photo exporter writes thumbnails.");
    world->import(lines);
  }
  static void TearDownTestSuite() {
    delete world;
    world = nullptr;
  }

  static Json quick(const std::string& query) {
    return world->said("recall", {{"query", query}, {"quick", true}});
  }
  static std::vector<std::string> texts(const Json& answer) {
    std::vector<std::string> out;
    for (const Json& one : answer.at("results")) out.push_back(one.at("text"));
    return out;
  }

  static World* world;
};
World* QuickRecall::world = nullptr;

TEST_F(QuickRecall, FindsWhatHoldsTheWordsAndTheLaterFirst) {
  EXPECT_THAT(texts(quick("by which rule does the invoice exporter round?")),
              ElementsAre("The invoice exporter rounds by the lynx rule.",
                          "The invoice exporter rounds by the ocelot rule."));
}

TEST_F(QuickRecall, TheWholeRecallFindsItToo) {
  const std::string query = "by which rule does the invoice exporter round?";
  const std::vector<std::string> whole = world->recalled(query);
  for (const std::string& text : texts(quick(query))) EXPECT_THAT(whole, testing::Contains(text));
}

TEST_F(QuickRecall, LeavesOutWhatHoldsTooFewOfTheWords) {
  EXPECT_THAT(texts(quick("does the photo importer write any rule for the printer?")), IsEmpty());
  EXPECT_THAT(texts(quick("zebra quagga okapi")), IsEmpty());
}

TEST_F(QuickRecall, FindsOneAmongThousandsByItsNumber) {
  EXPECT_EQ(texts(quick("small talk number 4711")).at(0),
            "small talk number 4711 about the weather of week 47");
}

TEST_F(QuickRecall, SaysThatItIsNotSureAndHowManyThereAre) {
  Json answer = quick("the invoice exporter");
  EXPECT_TRUE(answer.at("confidence").is_null());
  EXPECT_GE(answer.at("looked_at").get<int>(), many);
}

TEST_F(QuickRecall, TakesAnythingAsWords) {
  for (const char* query : {"C++", "don't", "\"", "NEAR(", "col:val", "-", "*", "the", "std::vector", "?"})
    EXPECT_TRUE(world->call("recall", {{"query", query}, {"quick", true}}).has_value()) << query;
}

TEST_F(QuickRecall, FindsWhatIsInNoSegmentYet) {
  world->said("record", {{"text", "The ferret cage is cleaned on Tuesdays."}, {"session", "f"}});
  EXPECT_THAT(texts(quick("when is the ferret cage cleaned?")),
              ElementsAre("The ferret cage is cleaned on Tuesdays."));
}

TEST_F(QuickRecall, WhatIsForgottenIsGone) {
  world->import(line("gone", "The gazelle server listens on port 7171."));
  Json found = quick("the gazelle server listens on which port");
  ASSERT_EQ(found.at("results").size(), 1U);
  world->said("forget", {{"entry", found.at("results").at(0).at("entry")}});
  EXPECT_THAT(texts(quick("the gazelle server listens on which port")), IsEmpty());
}

TEST_F(QuickRecall, ConditionsAreAnsweredByTheWholeRecall) {
  Json answer =
      world->said("recall", {{"query", "invoice exporter rule"}, {"quick", true}, {"explain", true}});
  EXPECT_TRUE(answer.at("confidence").is_number());
  EXPECT_FALSE(answer.at("results").at(0).at("arms").empty());
}

TEST(QuickRecallOfFew, IsTheWholeRecall) {
  World small;
  small.said("record", {{"text", "We decided that Python is used for the scripts"}, {"session", "a"}});
  small.said("record", {{"text", "The cat sleeps on the keyboard"}, {"session", "b"}});
  Json quick = small.said("recall", {{"query", "which language are scripts in"}, {"quick", true}});
  Json whole = small.said("recall", {{"query", "which language are scripts in"}});
  EXPECT_EQ(quick, whole);
  EXPECT_THAT(quick.at("results").at(0).at("text").get<std::string>(), HasSubstr("Python"));
}

// What was stored before there were blocks is cut into them, none is lost and the order is kept.
TEST(QuickRecallMigration, RecordsStayInTheirPlaces) {
  World world;
  std::string lines;
  for (int i = 0; i < 700; ++i) lines += line("m" + std::to_string(i), "entry number " + std::to_string(i));
  world.import(lines);
  store::Connection& main = world.main();
  std::vector<std::int64_t> entries;
  ASSERT_TRUE(main.each("SELECT d.documents FROM memory_documents d ORDER BY d.segment_id, d.first_place",
                        [&](const store::Row& row) {
                          std::vector<Document> block = unpack_documents(row.blob(0));
                          EXPECT_LE(block.size(), block_documents);
                          for (const Document& one : block) entries.push_back(one.entry);
                        }));
  EXPECT_EQ(entries.size(), 700U);
  auto segment = main.integer("SELECT max(segment_id) FROM memory_segments");
  ASSERT_TRUE(segment.has_value());
  for (std::uint32_t place : {0U, 239U, 240U, 699U}) {
    auto one = document_at(main, **segment, place);
    ASSERT_TRUE(one.has_value() && one->has_value()) << place;
    EXPECT_EQ((*one)->entry, entries[place]);
  }
  auto beyond = document_at(main, **segment, 700);
  EXPECT_TRUE(beyond.has_value() && !beyond->has_value());
}

}  // namespace
}  // namespace mira::memory
