#include "platform/store/word_hits.h"

#include <gtest/gtest.h>

#include "platform/store/connection.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

class WordHitsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Connection::open(folder_ / "test.db", {});
    ASSERT_TRUE(opened) << opened.error().message;
    connection_ = std::move(*opened);
    ASSERT_TRUE(connection_->script(
        "CREATE VIRTUAL TABLE words USING fts5(name, body, content='', contentless_delete=1);"
        "INSERT INTO words(rowid, name, body) VALUES (7, 'open file', 'open the file, then close the "
        "file');"));
  }

  std::string blob_of(std::string_view match) {
    std::string blob;
    EXPECT_TRUE(connection_->each(
        "SELECT word_hits(words) FROM words WHERE words MATCH ?", [&](const Row& row) { blob = row.blob(0); },
        match));
    return blob;
  }

  support::TemporaryFolder folder_;
  std::optional<Connection> connection_;
};

TEST_F(WordHitsTest, CountsEachWordByColumn) {
  std::string blob = blob_of("\"file\" OR \"missing\" OR \"close\"");
  WordHits hits(blob);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits.word(0), 0);
  EXPECT_EQ(hits.count(0, 0), 1);
  EXPECT_EQ(hits.count(0, 1), 2);
  EXPECT_EQ(hits.word(1), 2);
  EXPECT_EQ(hits.count(1, 0), 0);
  EXPECT_EQ(hits.count(1, 1), 1);
}

TEST_F(WordHitsTest, TellsTheLengthOfEachColumn) {
  std::string blob = blob_of("\"open\"");
  WordHits hits(blob);
  ASSERT_EQ(hits.columns(), 2u);
  EXPECT_EQ(hits.words_in(0), 2u);
  EXPECT_EQ(hits.words_in(1), 7u);
}

TEST_F(WordHitsTest, KeptLengthsAreThoseOfTheRowsAsTheyAre) {
  auto kept_blob = [&] {
    EXPECT_TRUE(connection_->run("BEGIN"));
    std::string blob;
    {
      auto kept = KeptLengths::of(*connection_, "words");
      EXPECT_TRUE(kept);
      blob = blob_of("\"open\" OR \"file\"");
    }
    EXPECT_TRUE(connection_->run("COMMIT"));
    return blob;
  };
  std::string plain = blob_of("\"open\" OR \"file\"");
  EXPECT_EQ(kept_blob(), plain);
  EXPECT_EQ(kept_blob(), plain);  // the second time they are not looked up
  ASSERT_TRUE(connection_->run("DELETE FROM words WHERE rowid = 7"));
  ASSERT_TRUE(connection_->run("INSERT INTO words(rowid, name, body) VALUES (7, 'open', 'a b c')"));
  std::string changed = blob_of("\"open\" OR \"file\"");
  EXPECT_NE(changed, plain);
  EXPECT_EQ(kept_blob(), changed);
  EXPECT_EQ(WordHits(kept_blob()).words_in(1), 3u);
}

TEST_F(WordHitsTest, KeptLengthsOfTwoTablesDoNotMix) {
  ASSERT_TRUE(
      connection_->script("CREATE VIRTUAL TABLE others USING fts5(name, body, content='', "
                          "contentless_delete=1);"
                          "INSERT INTO others(rowid, name, body) VALUES (7, 'open', 'open it');"));
  ASSERT_TRUE(connection_->run("BEGIN"));
  std::string first, second;
  {
    auto kept = KeptLengths::of(*connection_, "words");
    first = blob_of("\"open\"");
  }
  {
    auto kept = KeptLengths::of(*connection_, "others");
    ASSERT_TRUE(connection_->each("SELECT word_hits(others) FROM others WHERE others MATCH 'open'",
                                  [&](const Row& row) { second = row.blob(0); }));
  }
  ASSERT_TRUE(connection_->run("COMMIT"));
  EXPECT_EQ(WordHits(first).words_in(1), 7u);
  EXPECT_EQ(WordHits(second).words_in(1), 2u);
}

TEST_F(WordHitsTest, TotalsFollowTheWholeTable) {
  ASSERT_TRUE(connection_->run("INSERT INTO words(rowid, name, body) VALUES (8, 'shut', 'shut it')"));
  std::string blob;
  ASSERT_TRUE(connection_->each("SELECT word_totals(words) FROM words WHERE words MATCH 'open' LIMIT 1",
                                [&](const Row& row) { blob = row.blob(0); }));
  WordTotals totals = read_word_totals(blob);
  EXPECT_EQ(totals.rows, 2);
  EXPECT_EQ(totals.words_in, (std::vector<std::int64_t>{3, 9}));
}

TEST_F(WordHitsTest, ReadsForeignBytesAsNothing) {
  EXPECT_EQ(WordHits("").size(), 0u);
  EXPECT_EQ(WordHits("\x05zz").columns(), 0u);
  EXPECT_EQ(read_word_totals("zz").rows, 0);
}

}  // namespace
}  // namespace mira::store
