// The long kill drill: 1,000 kills, or as many as MIRA_KILLS says.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "tests/crash/kill_drill_run.h"

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

}  // namespace
}  // namespace mira::crash
