#include "platform/store/writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "platform/store/migrate.h"

#include "tests/support/faulty_disk.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

using base::Deadline;

class WriterTest : public testing::Test {
 protected:
  void SetUp() override {
    Connection connection = open();
    ASSERT_TRUE(connection.script(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
        "CREATE TABLE tags (note INTEGER NOT NULL REFERENCES notes(id) DEFERRABLE INITIALLY DEFERRED);"));
    writer_ = Writer::start(std::move(connection));
  }
  Connection open() { return Connection::open(folder_ / "a.db", {.durability = Durability::full}).value(); }
  std::int64_t count() { return open().integer("SELECT count(*) FROM notes").value().value(); }
  static Status add(Connection& connection, std::string_view text) {
    return connection.run("INSERT INTO notes (text) VALUES (?1)", text);
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, AnAcknowledgedChangeIsThere) {
  ASSERT_TRUE(writer_->submit([](Connection& c) { return add(c, "one"); }, Deadline::never()));
  EXPECT_EQ(count(), 1);
}

TEST_F(WriterTest, WritesNothingAfterANewerProgramMigratedTheFile) {
  std::vector<Schema> schemas{{"tests", {}, {{1, "first", "CREATE TABLE first (id INTEGER)"}}}};
  std::filesystem::path file = folder_ / "shared.db";
  auto migrate_it = [&]() {
    Connection connection = Connection::open(file, {.durability = Durability::full}).value();
    ASSERT_TRUE(migrate(connection, file, schemas, Which::main, folder_ / "backups", 1));
  };
  auto write = [&](Writer& writer) {
    return writer.submit([](Connection& c) { return c.run("INSERT INTO first (id) VALUES (1)"); },
                         Deadline::never());
  };
  migrate_it();
  auto old_process = Writer::start(Connection::open(file, {.durability = Durability::full}).value());
  ASSERT_TRUE(write(*old_process));
  schemas[0].main.push_back({2, "second", "ALTER TABLE first ADD COLUMN name TEXT"});
  migrate_it();
  Status refused = write(*old_process);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_NE(refused.error().hint.find("restart"), std::string::npos);
  auto new_process = Writer::start(Connection::open(file, {.durability = Durability::full}).value());
  EXPECT_TRUE(write(*new_process));
  EXPECT_EQ(Connection::open(file, {}).value().integer("SELECT count(*) FROM first"), 2);
}

TEST_F(WriterTest, AFailingChangeLeavesNothingAndHarmsNobody) {
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        Status done = writer_->submit(
            [&](Connection& c) -> Status {
              MIRA_TRY(add(c, "row"));
              if (t % 2 == 0) return base::fail(ErrorCode::usage, "no");
              return {};
            },
            Deadline::never());
        if (!done) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 40);
  EXPECT_EQ(count(), 40);
}

TEST_F(WriterTest, ABrokenReferenceIsItsOwnersFault) {
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Status done = writer_->submit(
          [&](Connection& c) -> Status {
            if (t == 3) return c.run("INSERT INTO tags VALUES (999)");
            return add(c, "row");
          },
          Deadline::never());
      if (!done) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(count(), 7);
}

TEST_F(WriterTest, AChangeThatEndsItsTransactionIsRefused) {
  Status done = writer_->submit([](Connection& c) { return c.run("ROLLBACK"); }, Deadline::never());
  ASSERT_FALSE(done);
  EXPECT_TRUE(writer_->submit([](Connection& c) { return add(c, "next"); }, Deadline::never()));
  EXPECT_EQ(count(), 1);
}

TEST_F(WriterTest, NothingRunsAfterItsDeadline) {
  Connection other = open();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  bool ran = false;
  Status done = writer_->submit(
      [&](Connection&) -> Status {
        ran = true;
        return {};
      },
      Deadline::after_ms(30));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::timeout);
  ASSERT_TRUE(other.run("ROLLBACK"));
  ASSERT_TRUE(writer_->submit([](Connection& c) { return add(c, "later"); }, Deadline::never()));
  EXPECT_FALSE(ran);
}

TEST_F(WriterTest, AShortDeadlineDoesNotShortenItsNeighbours) {
  Connection other = open();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  Status patient;
  std::thread waiting([&] {
    patient = writer_->submit([](Connection& c) { return add(c, "patient"); }, Deadline::after_ms(60'000));
  });
  Status hasty = writer_->submit([](Connection& c) { return add(c, "hasty"); }, Deadline::after_ms(20));
  ASSERT_TRUE(other.run("ROLLBACK"));
  waiting.join();
  EXPECT_FALSE(hasty);
  EXPECT_TRUE(patient);
  EXPECT_EQ(count(), 1);
}

TEST_F(WriterTest, WhatIsQueuedAtTheEndIsStillWritten) {
  std::vector<std::thread> threads;
  std::atomic<int> written = 0;
  for (int t = 0; t < 20; ++t) {
    threads.emplace_back([&] {
      if (writer_->submit([](Connection& c) { return add(c, "row"); }, Deadline::never())) ++written;
    });
  }
  for (std::thread& thread : threads) thread.join();
  writer_.reset();
  EXPECT_EQ(count(), written);
}

// A database whose table of notes has a page of nonsense.
support::DiskImage damaged_notes() {
  support::FaultyDisk disk;
  {
    Connection connection = Connection::open("a.db", {.vfs = disk.vfs_name()}).value();
    EXPECT_TRUE(connection.script(
        "CREATE TABLE tags (id INTEGER); CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"));
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(connection.run("INSERT INTO notes (text) VALUES (?1)", std::string(3000, 'x')));
    }
  }
  support::DiskImage image = disk.image();
  for (std::size_t page = 5; page < 10; ++page)
    image["a.db"].replace(page * 8192, 4000, std::string(4000, '\x7f'));
  return image;
}

TEST(WriterOnDamage, StopsWritingWhileWhatIsSoundIsRead) {
  support::FaultyDisk disk(damaged_notes());
  OpenOptions options = {.durability = Durability::full, .vfs = disk.vfs_name()};
  auto writer = Writer::start(Connection::open("a.db", options).value());
  auto add_tag = [](Connection& c) { return c.run("INSERT INTO tags VALUES (1)"); };
  ASSERT_TRUE(writer->submit(add_tag, Deadline::never()));  // nobody has seen the damage yet
  Status seen =
      writer->submit([](Connection& c) { return c.run("UPDATE notes SET text = 'y'"); }, Deadline::never());
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::unavailable);
  Status after = writer->submit(add_tag, Deadline::never());
  ASSERT_FALSE(after);
  EXPECT_NE(after.error().message.find("damaged"), std::string::npos);
  EXPECT_FALSE(after.error().hint.empty());
  Connection reader = Connection::open("a.db", options).value();
  EXPECT_EQ(reader.integer("SELECT count(*) FROM tags"), 1);
}

}  // namespace
}  // namespace mira::store
