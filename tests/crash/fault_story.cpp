#include "tests/crash/fault_story.h"

#include <gtest/gtest.h>

#include "platform/store/backup.h"
#include "tests/crash/diary.h"

namespace mira::crash {
namespace {

using base::Deadline;
using store::Connection;
using store::Durability;
using store::OpenOptions;
using store::Status;
using store::Writer;
using support::DiskImage;
using support::FaultyDisk;

constexpr const char* file = fault_story_file;
constexpr int changes_during = 6;

// Every error tells a person what happened and what to do.
void expect_said(const Status& status) {
  if (status) return;
  EXPECT_EQ(status.error().code, base::ErrorCode::unavailable) << status.error().message;
  EXPECT_FALSE(status.error().hint.empty()) << status.error().message;
}

// What the program does while something fails, and after it is healed.
class Story {
 public:
  Story(FaultyDisk& disk, const std::function<void()>& heal) : disk_(disk), heal_(heal) {}

  void run() {
    auto connection = open_diary_on(disk_, 2, 2);
    if (!connection) {
      expect_said(std::unexpected(connection.error()));
      heal_();
      connection = open_diary_on(disk_, 2, 3);
      ASSERT_TRUE(connection) << connection.error().message;
    }
    auto writer = Writer::start(std::move(connection).value());
    for (int i = 0; i < changes_during; ++i) expect_said(submit(*writer));
    heal_();
    Status next = submit(*writer);
    ASSERT_TRUE(next) << next.error().message;
  }

  void check() const {
    auto connection = Connection::open(file, durable_on(disk_));
    ASSERT_TRUE(connection) << connection.error().message;
    Status sound = store::integrity_check(*connection);
    ASSERT_TRUE(sound) << sound.error().message;
    auto found = read_diary(*connection);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->changes, changes_);
    EXPECT_EQ(found->entries, diary_after(changes_));
  }

 private:
  // The next change of the story; when it is refused, the same one is tried next.
  // A refused change may still be there (its commit was written, its answer was
  // not): then the story has gone on by one.
  Status submit(Writer& writer) {
    auto change = [this](Connection& connection) -> Status {
      auto there = MIRA_TRY(connection.integer("SELECT changes FROM totals"));
      changes_seen_ = static_cast<int>(there.value_or(-1));
      return diary_change(changes_seen_ + 1)(connection);
    };
    Status done = writer.submit(change, Deadline::never());
    if (!done) {
      ++refused_since_;
      return done;
    }
    EXPECT_GE(changes_seen_, changes_);
    EXPECT_LE(changes_seen_, changes_ + refused_since_);
    changes_ = changes_seen_ + 1;
    refused_since_ = 0;
    return done;
  }

  FaultyDisk& disk_;
  const std::function<void()>& heal_;
  int changes_ = changes_before_fault;
  int changes_seen_ = changes_before_fault;
  int refused_since_ = 0;
};

}  // namespace

OpenOptions durable_on(const FaultyDisk& disk) {
  return {.durability = Durability::full, .secure_delete = true, .vfs = disk.vfs_name()};
}

store::Result<Connection> open_diary_on(const FaultyDisk& disk, int steps, std::int64_t now_ms) {
  Connection connection = MIRA_TRY(Connection::open(file, durable_on(disk)));
  auto schema = diary_schema(steps);
  MIRA_TRY(store::migrate(connection, file, schema, store::Which::main, "backups", now_ms));
  MIRA_TRY(connection.script("PRAGMA wal_autocheckpoint=10"));
  return connection;
}

DiskImage old_diary() {
  FaultyDisk disk;
  auto writer = Writer::start(open_diary_on(disk, 1, 1).value());
  for (int number = 1; number <= changes_before_fault; ++number) {
    EXPECT_TRUE(writer->submit(diary_change(number), Deadline::never()));
  }
  writer.reset();
  return disk.image();
}

void tell_fault_story(FaultyDisk& disk, const std::function<void()>& heal) {
  Story story(disk, heal);
  story.run();
  heal();
  if (!testing::Test::HasFatalFailure()) story.check();
}

}  // namespace mira::crash
