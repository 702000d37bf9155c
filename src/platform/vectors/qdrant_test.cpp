#include "platform/vectors/qdrant.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "platform/vectors/fill.h"
#include "platform/vectors/index_conformance.h"
#include "platform/vectors/open.h"
#include "platform/vectors/qdrant_for_tests.h"
#include "tests/support/temporary_folder.h"

namespace mira::vectors {
namespace {

class Qdrant : public IndexConformance {
 protected:
  std::unique_ptr<Index> reopen() override { return of("one"); }
  std::unique_ptr<QdrantIndex> of(const std::string& tenant) {
    return std::make_unique<QdrantIndex>(
        QdrantOptions{.base = server.base(), .key = "k-9", .tenant = tenant, .first_wait_ms = 1});
  }
  void TearDown() override {
    for (const std::string& fault : server.faults()) ADD_FAILURE() << fault;
  }
  FakeQdrant server;
};

TEST_F(Qdrant, DoesWhatEveryStoreDoes) {
  check_all();
  EXPECT_EQ(server.collections(), 0U) << "a collection goes with its last points";
}

// The same over a real server, wherever one is named.
class RealQdrant : public IndexConformance {
 protected:
  std::unique_ptr<Index> reopen() override {
    const char* key = std::getenv("MIRA_TEST_QDRANT_KEY");
    return std::make_unique<QdrantIndex>(QdrantOptions{.base = std::getenv("MIRA_TEST_QDRANT_URL"),
                                                       .key = key == nullptr ? "" : key,
                                                       .tenant = "conformance",
                                                       .prefix = "miratest"});
  }
};

TEST_F(RealQdrant, DoesWhatEveryStoreDoes) {
  if (std::getenv("MIRA_TEST_QDRANT_URL") == nullptr) GTEST_SKIP() << "MIRA_TEST_QDRANT_URL names no server";
  check_all();
}

TEST_F(Qdrant, KeepsOwnersOfPointsApart) {
  ASSERT_TRUE(of("one")->upsert(plane, std::vector{point(1, {1, 0})}));
  ASSERT_TRUE(of("two")->upsert(plane, std::vector{point(1, {0, 1}), point(2, {1, 0})}));
  EXPECT_EQ(owners_of(near(*of("one"), plane, {1, 0}).best), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(of("two")->count(plane).value_or(0), 2);
  ASSERT_TRUE(of("two")->drop(plane));
  EXPECT_EQ(of("two")->spaces("places")->size(), 0U);
  EXPECT_EQ(of("one")->spaces("places")->size(), 1U);
}

TEST_F(Qdrant, TellsMeanAndDeviationOfWhatPassed) {
  auto index = of("one");
  ASSERT_TRUE(index->upsert(
      plane, std::vector{point(1, {1, 0}), point(2, {-1, 0}), point(3, {0, 1}), point(4, {1, 0}, {"no"})}));
  auto found = near(*index, plane, {1, 0}, 1);
  EXPECT_EQ(found.looked_at, 4U);
  EXPECT_NEAR(found.mean, 0.25, 1e-5);
  EXPECT_NEAR(found.deviation, std::sqrt(0.6875), 1e-5);
}

TEST_F(Qdrant, ReadsAllPagesOfOwnersAndWritesInBatches) {
  auto index = of("one");
  std::vector<Point> points;
  for (std::int64_t owner = 0; owner < 300; ++owner) points.push_back(point(owner, {1, 1}));
  ASSERT_TRUE(index->upsert(plane, points));
  EXPECT_EQ(index->owners(plane)->size(), 300U);
}

TEST_F(Qdrant, SwitchesTheAliasWhenTheNewModelHasAllAndDropsTheOld) {
  auto index = of("one");
  base::QuietProgress progress;
  auto embed = [](std::span<const std::string> texts, base::Deadline) {
    return base::Result<std::vector<std::vector<float>>>(std::vector(texts.size(), std::vector<float>{1, 1}));
  };
  for (const char* model : {"text-embedding-3-large", "other/model:v2"}) {
    Space space{"code", model, 2};
    ASSERT_TRUE(
        fill(*index, space, {{1, "a", "h"}}, embed, {.unit = "texts"}, progress, base::Deadline::never()));
    ASSERT_EQ(server.aliases().size(), 1U);
    EXPECT_EQ(index->spaces("code").value_or(std::vector<Space>()), (std::vector<Space>{space}));
  }
  EXPECT_TRUE(server.aliases().at("mira_code").starts_with("mira_code_other-model-v2-"))
      << server.aliases().at("mira_code");
  EXPECT_EQ(server.collections(), 1U);
}

// A new collection is filled without a request for each of its texts.
TEST_F(Qdrant, IsFilledInBatchesAndAskedByTextOnlyWhereItHasOne) {
  auto index = of("one");
  auto bring = [&](int first, int count) {
    std::vector<Waiting> texts;
    for (int i = first; i < first + count; ++i) {
      std::string text = std::to_string(i % 300);
      texts.push_back({i, text, "hash of " + text, {}});
    }
    base::QuietProgress progress;
    int before = server.asked();
    auto done = fill(
        *index, {"code", "m", 2}, std::move(texts),
        [](std::span<const std::string> some, base::Deadline) {
          return base::Result<std::vector<std::vector<float>>>(
              std::vector<std::vector<float>>(some.size(), {1, 2}));
        },
        {.batch = 50, .unit = "texts"}, progress, base::Deadline::never());
    EXPECT_TRUE(done);
    return std::pair(done.value_or(Filled{}), server.asked() - before);
  };
  auto [first, requests] = bring(0, 300);
  EXPECT_EQ(first.embedded, 300);
  EXPECT_LT(requests, 30);
  int pages = bring(0, 300).second;    // what asking for the owners takes
  auto [again, more] = bring(0, 310);  // ten texts that ten others have already
  EXPECT_EQ(again.embedded, 0);
  EXPECT_EQ(again.reused, 10);
  EXPECT_LT(more, pages + 20);
}

TEST_F(Qdrant, TriesAgainWhatIsBusyOrOnlyAcknowledged) {
  auto index = of("one");
  server.busy = 2;
  ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {1, 0})}));
  server.acknowledged = 1;
  ASSERT_TRUE(index->upsert(plane, std::vector{point(2, {1, 0})}));
  server.acknowledged = 9;
  EXPECT_EQ(index->upsert(plane, std::vector{point(3, {1, 0})}).error().code, base::ErrorCode::provider);
  server.acknowledged = 0;
  server.busy = 99;
  EXPECT_EQ(index->count(plane).error().code, base::ErrorCode::provider);
  server.busy = 0;
}

TEST_F(Qdrant, TellsOfAServerThatIsNewerThanTheTests) {
  ::setenv("MIRA_QDRANT_URL", server.base().c_str(), 1);
  ::setenv("MIRA_QDRANT_API_KEY", "k-9", 1);
  struct Row {
    const char* version;
    bool is_doubted;
  };
  for (const Row& row : {Row{"1.16.0", false}, {"1.19.3", false}, {"1.20.0", true}, {"2.0.1", true}}) {
    server.version = row.version;
    auto found = ask_server();
    ASSERT_TRUE(found && *found) << row.version;
    EXPECT_EQ((*found)->version, row.version);
    EXPECT_EQ((*found)->doubt.contains("is newer than what this was tested with (1.16 to 1.19)"),
              row.is_doubted)
        << (*found)->doubt;
  }
  server.version = "1.15.0";
  EXPECT_FALSE(ask_server());
  ::unsetenv("MIRA_QDRANT_URL");
  ::unsetenv("MIRA_QDRANT_API_KEY");
  auto none = ask_server();
  EXPECT_TRUE(none && !*none);
}

TEST_F(Qdrant, RefusesAServerThatIsTooOldOrTakesNoKeyOrIsNotThere) {
  struct Row {
    const char* version;
    bool works;
  };
  for (const Row& row :
       {Row{"1.15.4", false}, {"0.99.0", false}, {"", false}, {"1.16.0", true}, {"1.20.1", true}}) {
    server.version = row.version;
    auto count = of("one")->count(plane);
    EXPECT_EQ(count.has_value(), row.works) << row.version;
    if (!count) {
      EXPECT_EQ(count.error().code, base::ErrorCode::unavailable) << row.version;
    }
  }
  server.key = "another";
  auto refused = of("one")->count(plane);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::unavailable);
  EXPECT_TRUE(refused.error().message.contains("refuses the key"));
  QdrantIndex nobody({.base = "http://127.0.0.1:1", .tenant = "one", .first_wait_ms = 1});
  auto silent = nobody.count(plane);
  ASSERT_FALSE(silent);
  EXPECT_TRUE(silent.error().hint.contains("MIRA_QDRANT_URL"));
}

TEST_F(Qdrant, IsWhereVectorsAreKeptWhenItIsNamed) {
  support::TemporaryFolder folder;
  Place place{folder / "vectors", "person"};
  EXPECT_FALSE(has_index(place));
  ASSERT_TRUE(open_index(place, 1));
  EXPECT_TRUE(has_index(place));
  ::setenv("MIRA_QDRANT_URL", (server.base() + "/").c_str(), 1);
  auto index = open_index(place, 1);
  ASSERT_TRUE(index);
  EXPECT_TRUE((*index)->upsert(plane, std::vector{point(1, {1, 0})}));
  EXPECT_EQ(server.collections(), 1U);
  for (const char* wrong : {"localhost:6333", "ftp://x", "http://user@x"}) {
    ::setenv("MIRA_QDRANT_URL", wrong, 1);
    EXPECT_EQ(open_index(place, 1).error().code, base::ErrorCode::usage) << wrong;
  }
  ::setenv("MIRA_QDRANT_URL", "http://qdrant.example:6333", 1);
  ::setenv("MIRA_QDRANT_API_KEY", "secret", 1);
  EXPECT_EQ(open_index(place, 1).error().code, base::ErrorCode::usage) << "a key over plain http";
  ::unsetenv("MIRA_QDRANT_URL");
  ::unsetenv("MIRA_QDRANT_API_KEY");
}

}  // namespace
}  // namespace mira::vectors
