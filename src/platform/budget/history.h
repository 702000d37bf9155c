// What the ledger says when it is asked: sums of a time span by purpose, model, project,
// operation or day, and what the present pace leads to. Reads only.
#pragma once

#include <string>
#include <vector>

#include "platform/budget/caps.h"

namespace mira::budget {

enum class GroupBy { purpose, model, project, operation, day };
std::optional<GroupBy> group_named(std::string_view name);

struct Sum {
  std::string name;  // of the group
  std::int64_t requests = 0, failed = 0, from_cache = 0, unpriced = 0;
  std::int64_t spent_nano = 0;      // settled, estimates included
  std::int64_t estimated_nano = 0;  // part of spent
  std::int64_t reserved_nano = 0;   // of calls that run now
  std::int64_t unknown_nano = 0;    // of calls whose process died: the worst case
  std::int64_t avoided_nano = 0;    // what the cache saved
  std::int64_t avoided_tokens = 0;
  std::int64_t input_tokens = 0, cached_tokens = 0, output_tokens = 0;  // of answers that were paid for
};

// One group a name, the dearest first (days: the latest first).
base::Result<std::vector<Sum>> history(store::Connection& main, Window window, GroupBy by);
// The whole window as one.
base::Result<Sum> total(store::Connection& main, Window window);

struct Forecast {
  std::int64_t month_nano = 0;                      // spent by the end of the month at the pace so far
  std::optional<std::int64_t> cap_reached_ms = {};  // when the month's cap is, if it is before the end
};
// From what is counted in the month so far; nothing is said of its first hours.
std::optional<Forecast> forecast(const Standing& month, std::int64_t now_ms);

}  // namespace mira::budget
