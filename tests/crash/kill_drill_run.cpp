#include "tests/crash/kill_drill_run.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <thread>

#include "platform/store/backup.h"
#include "tests/crash/drill_process.h"
#include "tests/support/temporary_folder.h"

namespace mira::crash {
namespace {

using store::Connection;

constexpr int programs = 2;
constexpr int longest_life_ms = 50;
constexpr std::int64_t ids_of_a_program = 1'000'000;

// How many of these ids are not in both tables.
std::int64_t count_missing(Connection& connection, const std::vector<std::int64_t>& ids) {
  std::int64_t missing = 0;
  for (std::int64_t id : ids) {
    auto there = connection.integer(
        "SELECT (SELECT count(*) FROM entries WHERE entry_id = ?1) + (SELECT count(*) FROM parts WHERE "
        "entry_id = ?1)",
        id);
    if (!there || *there != 2) ++missing;
  }
  return missing;
}

void check_whole(Connection& connection, std::int64_t acknowledged) {
  store::Status sound = store::integrity_check(connection);
  ASSERT_TRUE(sound) << sound.error().message;
  auto entries = connection.integer("SELECT count(*) FROM entries");
  auto parts = connection.integer("SELECT count(*) FROM parts");
  ASSERT_TRUE(entries && parts);
  EXPECT_EQ(*entries, *parts);
  EXPECT_GE(entries->value_or(0), acknowledged);
}

}  // namespace

DrillResult run_kill_drill(int kills, std::uint32_t seed) {
  support::TemporaryFolder folder;
  std::string file = folder / "mira.db";
  std::minstd_rand random(seed);
  DrillResult result;
  DrillProcess({"migrate", file, "1", folder / "backups"}).wait();
  while (result.kills < kills && !testing::Test::HasFailure()) {
    std::vector<std::unique_ptr<DrillProcess>> running;
    for (int program = 0; program < programs; ++program) {
      std::int64_t first = (std::int64_t{result.kills} + program) * ids_of_a_program + 1;
      running.push_back(std::make_unique<DrillProcess>(
          std::vector<std::string>{"write", file, std::to_string(first), "0", "4"}));
    }
    // Every other time while they start, else while they write.
    if (result.kills / programs % 2 == 1) running[random() % programs]->wait_for_output();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % longest_life_ms));
    std::vector<std::int64_t> ids;
    for (auto& program : running) program->kill();
    for (auto& program : running) {
      EXPECT_EQ(program->wait(), 128 + SIGKILL);
      for (std::int64_t id : program->acknowledged()) ids.push_back(id);
      ++result.kills;
    }
    auto connection = Connection::open(file, {.durability = store::Durability::full});
    if (!connection) {
      ADD_FAILURE() << connection.error().message;
      break;
    }
    result.acknowledged += static_cast<std::int64_t>(ids.size());
    result.lost += count_missing(*connection, ids);
    EXPECT_EQ(result.lost, 0);
    check_whole(*connection, result.acknowledged);
  }
  return result;
}

}  // namespace mira::crash
