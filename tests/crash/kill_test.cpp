// Programs that share a database are killed, or simply crowd it.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "platform/base/hash.h"
#include "platform/store/backup.h"
#include "tests/crash/diary.h"
#include "tests/crash/drill_process.h"
#include "tests/crash/kill_drill_run.h"
#include "tests/support/temporary_folder.h"

namespace mira::crash {
namespace {

using store::Connection;
using support::TemporaryFolder;

TEST(Kill, LosesNothingAcknowledged) {
  DrillResult result = run_kill_drill(30, 1);
  EXPECT_GE(result.kills, 30);
  EXPECT_GT(result.acknowledged, 0);
  EXPECT_EQ(result.lost, 0);
}

// Also a start of eight programs at once on a database that does not exist yet.
TEST(ManyProcesses, WriteAtOnceAndNoneIsTurnedAway) {
  TemporaryFolder folder;
  std::string file = folder / "mira.db";
  std::vector<std::unique_ptr<DrillProcess>> running;
  for (int program = 0; program < 8; ++program) {
    running.push_back(std::make_unique<DrillProcess>(
        std::vector<std::string>{"write", file, std::to_string(program * 1000 + 1), "200", "4"}));
  }
  for (auto& program : running) {
    EXPECT_EQ(program->acknowledged().size(), 200u);
    EXPECT_EQ(program->wait(), 0);
  }
  Connection connection = Connection::open(file, {}).value();
  EXPECT_EQ(connection.integer("SELECT count(*) FROM entries"), 1600);
  EXPECT_TRUE(store::integrity_check(connection));
}

// An old diary of many rows, so that its migration takes a while.
void make_old_diary(const std::string& file, int entries) {
  ASSERT_EQ(DrillProcess({"migrate", file, "1", "/nowhere"}).wait(), 0);
  Connection connection = Connection::open(file, {}).value();
  ASSERT_TRUE(connection.transaction([&]() -> store::Status {
    for (int id = 1; id <= entries; ++id) {
      MIRA_TRY(
          connection.run("INSERT INTO entries (entry_id, text) VALUES (?1, ?2)", id, std::string(200, 'x')));
    }
    return {};
  }));
}

TEST(Kill, DuringAMigrationLeavesOldOrNew) {
  TemporaryFolder folder;
  std::string old_file = folder / "old.db";
  constexpr int entries = 3000;
  make_old_diary(old_file, entries);
  using Clock = std::chrono::steady_clock;
  auto copy_to = [&](int round) {
    std::string file = folder / ("mira-" + std::to_string(round) + ".db");
    std::filesystem::copy_file(old_file, file);
    return file;
  };
  auto started = Clock::now();
  ASSERT_EQ(DrillProcess({"migrate", copy_to(0), "2", folder / "backups"}).wait(), 0);
  auto longest_us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started).count();
  std::minstd_rand random(2);
  for (int round = 1; round <= 30 && !HasFailure(); ++round) {
    std::string file = copy_to(round);
    {
      DrillProcess migrating({"migrate", file, "2", folder / "backups"});
      std::this_thread::sleep_for(std::chrono::microseconds(random() % static_cast<unsigned>(longest_us)));
      migrating.kill();
    }
    Connection connection = Connection::open(file, {}).value();
    ASSERT_TRUE(store::integrity_check(connection));
    EXPECT_EQ(connection.integer("SELECT count(*) FROM entries"), entries);
    auto steps = connection.integer("SELECT count(*) FROM schema_migrations").value().value_or(0);
    bool has_mood = connection.integer("SELECT count(mood) FROM entries").has_value();
    EXPECT_EQ(has_mood, steps == 2);
    EXPECT_EQ(DrillProcess({"migrate", file, "2", folder / "backups"}).wait(), 0);
  }
}

std::string hash_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return base::sha256_hex(std::string(std::istreambuf_iterator<char>(in), {}));
}

// Killed, the newer program leaves its last changes in the log, where they must stay.
TEST(Kill, ANewerDatabaseWithALogIsRefusedUnchanged) {
  TemporaryFolder folder;
  std::string file = folder / "mira.db";
  ASSERT_EQ(DrillProcess({"migrate", file, "2", folder / "backups"}).wait(), 0);
  pid_t child = ::fork();
  if (child == 0) {
    Connection connection = Connection::open(file, {.durability = store::Durability::full}).value();
    bool done = connection.run("INSERT INTO entries (text) VALUES ('new')").has_value();
    ::_exit(done ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_GT(std::filesystem::file_size(file + "-wal"), 0u);
  std::string database = hash_of(file);
  std::string log = hash_of(file + "-wal");
  EXPECT_EQ(DrillProcess({"migrate", file, "1", folder / "backups"}).wait(), 1);
  EXPECT_EQ(hash_of(file), database);
  EXPECT_EQ(hash_of(file + "-wal"), log);
  EXPECT_EQ(Connection::open(file, {}).value().text("SELECT text FROM entries"), "new");
}

}  // namespace
}  // namespace mira::crash
