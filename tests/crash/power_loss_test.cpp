// The power fails at every sync of a story of 200 changes, with the unsynced writes
// lost, kept, or lost in part. Each time the database must be sound, hold a whole
// number of changes, and hold every one that was acknowledged.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include "platform/store/backup.h"
#include "tests/crash/diary.h"
#include "tests/support/power_cuts.h"

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
using support::PowerCuts;

constexpr const char* file = "mira.db";

OpenOptions options_on(const FaultyDisk& disk) {
  return {.durability = Durability::full, .secure_delete = true, .vfs = disk.vfs_name()};
}

// Opens, and lets the log be moved into the database often, so that cuts fall there too.
Connection open_on(const FaultyDisk& disk, int steps) {
  Connection connection = Connection::open(file, options_on(disk)).value();
  auto schema = diary_schema(steps);
  auto migrated = store::migrate(connection, file, schema, store::Which::main, "backups", 1);
  if (!migrated) ADD_FAILURE() << migrated.error().message;
  EXPECT_TRUE(connection.script("PRAGMA wal_autocheckpoint=40"));
  return connection;
}

// `check` looks at the database after the cut.
template <class Check>
void cut_everywhere(const DiskImage& start, const FaultyDisk& disk, Check check) {
  PowerCuts cuts(start, disk.log());
  int count = 0;
  while (cuts.next() && !testing::Test::HasFailure()) {
    auto look = [&](PowerCuts::Survives survives, std::uint32_t seed) {
      SCOPED_TRACE("cut after event " + std::to_string(cuts.at()) + ", way " +
                   std::to_string(static_cast<int>(survives)) + ", seed " + std::to_string(seed));
      FaultyDisk after(cuts.image(survives, seed));
      auto connection = Connection::open(file, options_on(after));
      ASSERT_TRUE(connection) << connection.error().message;
      Status sound = store::integrity_check(*connection);
      ASSERT_TRUE(sound) << sound.error().message;
      check(*connection, cuts.at());
      ++count;
    };
    look(PowerCuts::Survives::nothing, 0);
    look(PowerCuts::Survives::everything, 0);
    for (std::uint32_t seed = 1; seed <= 3; ++seed) look(PowerCuts::Survives::random_sectors, seed);
  }
  EXPECT_GT(count, 0);
  testing::Test::RecordProperty("cuts", count);
}

// A disk with a diary of so many changes, every file closed.
DiskImage diary_of(int changes) {
  FaultyDisk disk;
  auto writer = Writer::start(open_on(disk, 1));
  for (int number = 1; number <= changes; ++number) {
    EXPECT_TRUE(writer->submit(diary_change(number), Deadline::never()));
  }
  writer.reset();
  return disk.image();
}

TEST(PowerLoss, KeepsEveryAcknowledgedChangeWhole) {
  DiskImage start = diary_of(0);
  FaultyDisk disk(start);
  auto writer = Writer::start(open_on(disk, 1));
  std::vector<std::size_t> acknowledged;  // events that had happened when each change was
  for (int number = 1; number <= 200; ++number) {
    ASSERT_TRUE(writer->submit(diary_change(number), Deadline::never()));
    acknowledged.push_back(disk.log_size());
  }
  writer.reset();
  cut_everywhere(start, disk, [&](Connection& connection, std::size_t at) {
    auto found = read_diary(connection);
    ASSERT_TRUE(found) << found.error().message;
    auto promised = std::upper_bound(acknowledged.begin(), acknowledged.end(), at) - acknowledged.begin();
    EXPECT_GE(found->changes, promised);
    EXPECT_LE(found->changes, promised + 1);
    EXPECT_EQ(found->entries, diary_after(found->changes));
  });
}

TEST(PowerLoss, KeepsWhatManyThreadsWereToldIsWritten) {
  DiskImage start = diary_of(0);
  FaultyDisk disk(start);
  auto writer = Writer::start(open_on(disk, 1));
  std::mutex mutex;
  std::map<int, std::size_t> acknowledged;  // entry to events that had happened
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 15; ++i) {
        int entry = thread * 1000 + i;
        auto insert = [entry](Connection& c) {
          return c.run("INSERT INTO entries (entry_id, text) VALUES (?1, 'x')", entry);
        };
        if (!writer->submit(insert, Deadline::never())) continue;
        std::lock_guard lock(mutex);
        acknowledged[entry] = disk.log_size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  writer.reset();
  ASSERT_EQ(acknowledged.size(), 120u);
  cut_everywhere(start, disk, [&](Connection& connection, std::size_t at) {
    std::set<std::int64_t> there;
    ASSERT_TRUE(connection.each("SELECT entry_id FROM entries",
                                [&](const store::Row& row) { there.insert(row.integer(0)); }));
    for (auto [entry, event] : acknowledged) {
      EXPECT_TRUE(event > at || there.contains(entry)) << entry;
    }
  });
}

TEST(PowerLoss, AMigrationIsOldOrNewNeverBetween) {
  DiskImage start = diary_of(40);
  FaultyDisk disk(start);
  {
    open_on(disk, 2);
  }
  int old_ones = 0;
  int new_ones = 0;
  cut_everywhere(start, disk, [&](Connection& connection, std::size_t) {
    auto found = read_diary(connection);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->entries, diary_after(40));
    bool is_new = connection.integer("SELECT count(mood) FROM entries").has_value();
    ++(is_new ? new_ones : old_ones);
    auto schema = diary_schema(2);
    auto migrated = store::migrate(connection, file, schema, store::Which::main, "backups", 2);
    ASSERT_TRUE(migrated) << migrated.error().message;
    EXPECT_EQ(migrated->applied, is_new ? 0 : 1);
  });
  EXPECT_GT(old_ones, 0);
  EXPECT_GT(new_ones, 0);
}

// The check of the checker: without syncs, acknowledged changes are lost.
TEST(PowerLoss, WithoutSyncsChangesAreLost) {
  DiskImage start = diary_of(0);
  FaultyDisk disk(start);
  Connection connection = open_on(disk, 1);
  ASSERT_TRUE(connection.script("PRAGMA synchronous=NORMAL"));
  for (int number = 1; number <= 5; ++number) {
    ASSERT_TRUE(connection.transaction([&] { return diary_change(number)(connection); }));
  }
  PowerCuts cuts(start, disk.log());
  while (cuts.next()) {
  }
  FaultyDisk after(cuts.image(PowerCuts::Survives::nothing, 0));
  Connection later = Connection::open(file, options_on(after)).value();
  EXPECT_EQ(read_diary(later).value().changes, 0);
}

}  // namespace
}  // namespace mira::crash
