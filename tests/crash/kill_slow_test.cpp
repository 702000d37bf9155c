// The long drills: 1,000 kills, or as many as MIRA_KILLS says.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "platform/store/backup.h"
#include "tests/crash/drill_process.h"
#include "tests/crash/kill_drill_run.h"
#include "tests/support/temporary_folder.h"

namespace mira::crash {
namespace {

int wanted_kills() {
  const char* said = std::getenv("MIRA_KILLS");
  std::string_view text = said != nullptr ? said : "";
  int kills = 1000;
  std::from_chars(text.data(), text.data() + text.size(), kills);
  return kills;
}

TEST(KillDrill, LosesNothingAcknowledged) {
  DrillResult result = run_kill_drill(wanted_kills(), 20260101);
  EXPECT_GE(result.kills, wanted_kills());
  EXPECT_EQ(result.lost, 0);
  RecordProperty("kills", result.kills);
  RecordProperty("acknowledged", std::to_string(result.acknowledged));
}

// Eight programs write 2,000 rows each while another writer beside them is killed
// and started again; none of the eight is ever told that the database is locked.
TEST(ManyProcesses, WriteOnWhileNeighboursAreKilled) {
  support::TemporaryFolder folder;
  std::string file = folder / "mira.db";
  std::vector<std::unique_ptr<DrillProcess>> running;
  for (int program = 0; program < 8; ++program) {
    running.push_back(std::make_unique<DrillProcess>(
        std::vector<std::string>{"write", file, std::to_string(program * 10'000 + 1), "2000", "4"}));
  }
  std::vector<std::int64_t> ids;
  for (int kill = 0; kill < 20; ++kill) {
    std::string first = std::to_string(1'000'000 + kill * 100'000);
    DrillProcess victim({"write", file, first, "0", "2"});
    victim.wait_for_output();
    victim.kill();
    std::vector<std::int64_t> told = victim.acknowledged();
    ids.insert(ids.end(), told.begin(), told.end());
  }
  EXPECT_GE(ids.size(), 20u);
  for (auto& program : running) {
    std::vector<std::int64_t> told = program->acknowledged();
    ids.insert(ids.end(), told.begin(), told.end());
    EXPECT_EQ(program->wait(), 0);
  }
  EXPECT_GE(ids.size(), 16'020u);
  auto connection = store::Connection::open(file, {}).value();
  for (std::int64_t id : ids) {
    ASSERT_EQ(connection.integer("SELECT count(*) FROM entries WHERE entry_id = ?1", id), 1) << id;
  }
  EXPECT_TRUE(store::integrity_check(connection));
}

}  // namespace
}  // namespace mira::crash
