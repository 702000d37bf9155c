#include "platform/store/remembered.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

struct Notes {
  static constexpr const char* remembered_as = "notes of a test";
  int number = 0;
};

class RememberedTest : public testing::Test {
 protected:
  void SetUp() override {
    reader_ = open();
    writer_ = open();
    ASSERT_TRUE(writer_->script("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2);"));
  }
  std::optional<Connection> open() {
    auto opened = Connection::open(folder_ / "test.db", {});
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  static int number(Connection& connection) {
    auto notes = remembered<Notes>(connection);
    EXPECT_TRUE(notes);
    return (*notes)->number;
  }
  // Puts 5 into what is remembered, in a transaction of its own.
  void note_five() {
    ASSERT_TRUE(reader_->run("BEGIN"));
    (*remembered<Notes>(*reader_))->number = 5;
    ASSERT_TRUE(reader_->run("COMMIT"));
  }
  int number_later() {
    EXPECT_TRUE(reader_->run("BEGIN"));
    int out = number(*reader_);
    EXPECT_TRUE(reader_->run("COMMIT"));
    return out;
  }

  support::TemporaryFolder folder_;
  std::optional<Connection> reader_, writer_;
};

TEST_F(RememberedTest, HoldsWhileNothingChanges) {
  note_five();
  EXPECT_EQ(number_later(), 5);
  EXPECT_EQ(number_later(), 5);
}

TEST_F(RememberedTest, IsGoneAfterAnyChange) {
  struct {
    const char* what;
    std::function<void()> change;
  } table[] = {
      {"another connection inserts", [&] { ASSERT_TRUE(writer_->run("INSERT INTO t VALUES (3)")); }},
      {"another connection updates", [&] { ASSERT_TRUE(writer_->run("UPDATE t SET a = 9 WHERE a = 1")); }},
      {"another connection deletes all", [&] { ASSERT_TRUE(writer_->run("DELETE FROM t")); }},
      {"another connection changes the schema", [&] { ASSERT_TRUE(writer_->script("CREATE TABLE u(a)")); }},
      {"its own connection inserts", [&] { ASSERT_TRUE(reader_->run("INSERT INTO t VALUES (4)")); }},
      {"its own connection deletes all", [&] { ASSERT_TRUE(reader_->run("DELETE FROM t")); }},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    note_five();
    row.change();
    EXPECT_EQ(number_later(), 0);
  }
}

TEST_F(RememberedTest, BelongsToTheStateThatTheTransactionSees) {
  note_five();
  ASSERT_TRUE(reader_->run("BEGIN"));
  EXPECT_EQ(number(*reader_), 5);
  ASSERT_TRUE(writer_->run("INSERT INTO t VALUES (3)"));
  EXPECT_EQ(number(*reader_), 5);  // the transaction began before
  EXPECT_EQ(*reader_->integer("SELECT count(*) FROM t"), 2);
  ASSERT_TRUE(reader_->run("COMMIT"));
  EXPECT_EQ(number_later(), 0);
}

TEST_F(RememberedTest, KeepsNothingOutsideOfATransactionOrInOneThatWrites) {
  (*remembered<Notes>(*reader_))->number = 5;
  EXPECT_EQ(number(*reader_), 0);
  ASSERT_TRUE(reader_->run("BEGIN IMMEDIATE"));
  ASSERT_TRUE(reader_->run("INSERT INTO t VALUES (3)"));
  (*remembered<Notes>(*reader_))->number = 5;
  EXPECT_EQ(number(*reader_), 0);
  reader_->roll_back();
  EXPECT_EQ(number_later(), 0);
}

TEST_F(RememberedTest, BelongsToOneConnection) {
  note_five();
  ASSERT_TRUE(writer_->run("BEGIN"));
  EXPECT_EQ(number(*writer_), 0);
  ASSERT_TRUE(writer_->run("COMMIT"));
}

TEST_F(RememberedTest, LivesOnWithWhoHoldsIt) {
  ASSERT_TRUE(reader_->run("BEGIN"));
  std::shared_ptr<Notes> notes = *remembered<Notes>(*reader_);
  notes->number = 5;
  ASSERT_TRUE(reader_->run("COMMIT"));
  reader_.reset();
  EXPECT_EQ(notes->number, 5);
}

}  // namespace
}  // namespace mira::store
