// The kill drill, shared by its short and its long test: two programs of four
// threads write to one database, both are killed at a random moment, and what they
// had acknowledged is looked for; again and again on the same database.
#pragma once

#include <cstdint>

namespace mira::crash {

struct DrillResult {
  int kills = 0;
  std::int64_t acknowledged = 0;
  std::int64_t lost = 0;
};

// Stops at the first failed expectation (GoogleTest). The seed chooses the moments.
DrillResult run_kill_drill(int kills, std::uint32_t seed);

}  // namespace mira::crash
