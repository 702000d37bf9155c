#include "platform/budget/history.h"

#include <algorithm>
#include <map>

namespace mira::budget {
namespace {

using base::Result;
using store::Row;

constexpr std::int64_t least_elapsed_ms = std::int64_t{6} * 3'600'000;

std::string group_of(const Row& row, GroupBy by) {
  switch (by) {
    case GroupBy::purpose:
      return std::string(row.text(1));
    case GroupBy::model:
      return std::string(row.text(2));
    case GroupBy::project:
      return std::string(row.text(3));
    case GroupBy::operation:
      return std::string(row.text(14));
    case GroupBy::day:
      break;
  }
  return local_date(row.integer(0));
}

void add(Sum& sum, const Row& row) {
  std::string_view state = row.text(4);
  ++sum.requests;
  if (state == "failed") ++sum.failed;
  if (state == "reserved") sum.reserved_nano += row.integer(8);
  if (state == "unknown") sum.unknown_nano += row.integer(8);
  if (state != "settled") return;
  std::int64_t input = row.integer(10) + row.integer(11) + row.integer(12);
  if (row.integer(5) != 0) {
    ++sum.from_cache;
    sum.avoided_nano += row.integer(9);
    sum.avoided_tokens += input + row.integer(13);
    return;
  }
  sum.input_tokens += input;
  sum.cached_tokens += row.integer(11);
  sum.output_tokens += row.integer(13);
  if (row.is_null(7)) {
    ++sum.unpriced;
    return;
  }
  sum.spent_nano += row.integer(7);
  if (row.integer(6) != 0) sum.estimated_nano += row.integer(7);
}

template <class F>
base::Status each_row(store::Connection& main, Window window, F&& visit) {
  return main.each(
      "SELECT started_ms, purpose, model, project_id, state, from_cache, estimated, cost_nano, counted_nano,"
      " avoided_nano, fresh_tokens, cached_tokens, written_tokens, output_tokens, operation FROM "
      "budget_tracking"
      " WHERE started_ms >= ? AND started_ms < ?",
      visit, window.start_ms, window.end_ms);
}

}  // namespace

std::optional<GroupBy> group_named(std::string_view name) {
  if (name == "purpose") return GroupBy::purpose;
  if (name == "model") return GroupBy::model;
  if (name == "project") return GroupBy::project;
  if (name == "operation") return GroupBy::operation;
  if (name == "day") return GroupBy::day;
  return std::nullopt;
}

Result<std::vector<Sum>> history(store::Connection& main, Window window, GroupBy by) {
  std::map<std::string, Sum> groups;
  MIRA_TRY(each_row(main, window, [&](const Row& row) {
    std::string name = group_of(row, by);
    Sum& sum = groups[name];
    sum.name = name;
    add(sum, row);
  }));
  std::vector<Sum> out;
  for (auto& [name, sum] : groups) out.push_back(std::move(sum));
  if (by == GroupBy::day)
    std::ranges::reverse(out);
  else
    std::ranges::stable_sort(out, std::greater(), &Sum::spent_nano);
  return out;
}

Result<Sum> total(store::Connection& main, Window window) {
  Sum out;
  MIRA_TRY(each_row(main, window, [&](const Row& row) { add(out, row); }));
  return out;
}

std::optional<Forecast> forecast(const Standing& month, std::int64_t now_ms) {
  std::int64_t elapsed = now_ms - month.window.start_ms;
  std::int64_t whole = month.window.end_ms - month.window.start_ms;
  if (elapsed < least_elapsed_ms || whole <= 0) return std::nullopt;
  double pace = static_cast<double>(month.counted_nano) / static_cast<double>(elapsed);
  Forecast out{.month_nano = static_cast<std::int64_t>(pace * static_cast<double>(whole))};
  if (out.month_nano > month.cap.cap_nano && pace > 0)
    out.cap_reached_ms =
        std::max(now_ms, month.window.start_ms +
                             static_cast<std::int64_t>(static_cast<double>(month.cap.cap_nano) / pace));
  return out;
}

}  // namespace mira::budget
