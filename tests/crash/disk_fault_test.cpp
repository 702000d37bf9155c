// The nth open, read, write and sync fails, once or from then on, for every n, and
// the disk is full after every few thousand bytes, while a database is migrated
// and written. Whatever fails says so; nothing acknowledged is lost, nothing is
// damaged, and as soon as the disk works again so does the same program.
#include <gtest/gtest.h>

#include "platform/store/writer.h"
#include "tests/crash/diary.h"
#include "tests/crash/fault_story.h"

namespace mira::crash {
namespace {

using base::Deadline;
using store::Connection;
using store::Status;
using store::Writer;
using support::DiskImage;
using support::FaultyDisk;
using Operation = FaultyDisk::Operation;
using Lasts = FaultyDisk::Lasts;

// False once there was nothing left to fail.
bool run_with_fault(const DiskImage& start, const std::function<void(FaultyDisk&)>& fault) {
  FaultyDisk disk(start);
  fault(disk);
  tell_fault_story(disk, [&] { disk.heal(); });
  return disk.failed();
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
  auto writer = Writer::start(open_diary_on(disk, 1, 2).value());
  disk.fill_after(0);
  Status refused = writer->submit(diary_change(changes_before_fault + 1), Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("disk is full"), std::string::npos) << refused.error().message;
  Connection reader =
      Connection::open(fault_story_file, {.access = store::Access::read_only, .vfs = disk.vfs_name()})
          .value();
  EXPECT_EQ(read_diary(reader).value().changes, changes_before_fault);
}

}  // namespace
}  // namespace mira::crash
