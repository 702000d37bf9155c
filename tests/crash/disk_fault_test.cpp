// The nth open, read, write and sync fails, once or from then on, for every n, and
// the disk is full after every few thousand bytes, while a database is migrated
// and written. Whatever fails says so; nothing acknowledged is lost, nothing is
// damaged, and as soon as the disk works again so does the same program.
#include <gtest/gtest.h>

#include <functional>

#include "platform/store/backup.h"
#include "tests/crash/diary.h"
#include "tests/support/faulty_disk.h"

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
using Operation = FaultyDisk::Operation;
using Lasts = FaultyDisk::Lasts;

constexpr const char* file = "mira.db";
constexpr int changes_before = 12;
constexpr int changes_during = 6;

OpenOptions options_on(const FaultyDisk& disk) {
  return {.durability = Durability::full, .secure_delete = true, .vfs = disk.vfs_name()};
}

store::Result<Connection> open_and_migrate(const FaultyDisk& disk, int steps, std::int64_t now_ms) {
  Connection connection = MIRA_TRY(Connection::open(file, options_on(disk)));
  auto schema = diary_schema(steps);
  MIRA_TRY(store::migrate(connection, file, schema, store::Which::main, "backups", now_ms));
  MIRA_TRY(connection.script("PRAGMA wal_autocheckpoint=10"));
  return connection;
}

DiskImage old_diary() {
  FaultyDisk disk;
  auto writer = Writer::start(open_and_migrate(disk, 1, 1).value());
  for (int number = 1; number <= changes_before; ++number) {
    EXPECT_TRUE(writer->submit(diary_change(number), Deadline::never()));
  }
  writer.reset();
  return disk.image();
}

// Every error tells a person what happened and what to do.
void expect_said(const Status& status) {
  if (status) return;
  EXPECT_EQ(status.error().code, base::ErrorCode::unavailable) << status.error().message;
  EXPECT_FALSE(status.error().hint.empty()) << status.error().message;
}

// What the program does while the disk misbehaves, and after it is healed.
class Story {
 public:
  explicit Story(FaultyDisk& disk) : disk_(disk) {}

  void run() {
    auto connection = open_and_migrate(disk_, 2, 2);
    if (!connection) {
      expect_said(std::unexpected(connection.error()));
      disk_.heal();
      connection = open_and_migrate(disk_, 2, 3);
      ASSERT_TRUE(connection) << connection.error().message;
    }
    auto writer = Writer::start(std::move(connection).value());
    for (int i = 0; i < changes_during; ++i) expect_said(submit(*writer));
    disk_.heal();
    Status next = submit(*writer);
    ASSERT_TRUE(next) << next.error().message;
  }

  void check() const {
    auto connection = Connection::open(file, options_on(disk_));
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
  int changes_ = changes_before;
  int changes_seen_ = changes_before;
  int refused_since_ = 0;
};

// False once there was nothing left to fail.
bool run_with_fault(const DiskImage& start, const std::function<void(FaultyDisk&)>& fault) {
  FaultyDisk disk(start);
  fault(disk);
  Story story(disk);
  story.run();
  bool failed = disk.failed();
  if (!testing::Test::HasFatalFailure()) story.check();
  return failed;
}

class NthFault : public testing::TestWithParam<std::tuple<Operation, Lasts>> {};

TEST_P(NthFault, IsSaidAndSurvived) {
  auto [operation, lasts] = GetParam();
  DiskImage start = old_diary();
  int nth = 1;
  bool failed = true;
  for (; failed && !HasFailure(); ++nth) {
    SCOPED_TRACE("fault " + std::to_string(nth));
    failed = run_with_fault(start,
                            [&, op = operation, how = lasts](FaultyDisk& disk) { disk.fail(op, nth, how); });
  }
  EXPECT_GT(nth, 4);
  RecordProperty("faults", nth - 1);
}

INSTANTIATE_TEST_SUITE_P(Disk, NthFault,
                         testing::Combine(testing::Values(Operation::open, Operation::read, Operation::write,
                                                          Operation::sync),
                                          testing::Values(Lasts::once, Lasts::on)));

TEST(FullDisk, IsSaidAndSurvivedAtEverySize) {
  DiskImage start = old_diary();
  std::int64_t room = 0;
  for (bool failed = true; failed && !HasFailure(); room += 3000) {
    SCOPED_TRACE("room for " + std::to_string(room) + " bytes");
    failed = run_with_fault(start, [&](FaultyDisk& disk) { disk.fill_after(room); });
  }
  EXPECT_GT(room, 30'000);
}

TEST(FullDisk, StillAnswersQuestions) {
  FaultyDisk disk(old_diary());
  auto writer = Writer::start(open_and_migrate(disk, 1, 2).value());
  disk.fill_after(0);
  Status refused = writer->submit(diary_change(changes_before + 1), Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("disk is full"), std::string::npos) << refused.error().message;
  Connection reader =
      Connection::open(file, {.access = store::Access::read_only, .vfs = disk.vfs_name()}).value();
  EXPECT_EQ(read_diary(reader).value().changes, changes_before);
}

}  // namespace
}  // namespace mira::crash
