#include "platform/budget/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mira::budget {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using models::dollars;
using store::Connection;

// Settling must not be lost to a deadline that has passed: the money is spent.
constexpr std::int64_t settle_wall_ms = 60'000;

std::int64_t worst_case(const Draft& draft) {
  return draft.price ? models::worst_case_nano(draft.input_bound, draft.output_bound, *draft.price) : 0;
}

std::string limit_of(const Cap& cap) {
  std::string_view name = scope_name(cap.scope);
  return fmt::format("the cap of {} for {} {}", dollars(cap.cap_nano),
                     cap.scope == Scope::day || cap.scope == Scope::month ? "a" : "this", name);
}

std::unexpected<base::Error> over(const Cap& cap, std::int64_t counted, std::int64_t worst) {
  std::string hint = "see mira budget; mira budget set changes a cap";
  if (cap.scope == Scope::request)
    return base::fail(ErrorCode::over_budget,
                      fmt::format("this request may cost {}, over {}", dollars(worst), limit_of(cap)), hint);
  return base::fail(ErrorCode::over_budget,
                    fmt::format("this request may cost {}; with {} spent or reserved that is over {}",
                                dollars(worst), dollars(counted), limit_of(cap)),
                    hint);
}

std::unexpected<base::Error> no_price(const Draft& draft, const Cap& cap) {
  return base::fail(
      ErrorCode::over_budget,
      fmt::format("the price of {} at {} is not known, and there is {}", draft.model, draft.host,
                  limit_of(cap)),
      "give its price in models.json (\"local\": true for a host that costs nothing): see mira models");
}

// A call that costs nothing passes every cap.
bool is_free(const Draft& draft) {
  return draft.price && worst_case(draft) == 0;
}

Result<std::int64_t> background_today(Connection& main, Window day) {
  return MIRA_TRY(main.integer("SELECT sum(counted_nano) FROM budget_tracking"
                               " WHERE started_ms >= ? AND started_ms < ? AND background = 1",
                               day.start_ms, day.end_ms))
      .value_or(0);
}

// Indexing may not use up what a person needs for the rest of the day.
Status check_background(Connection& main, const Standing& day, std::int64_t worst) {
  auto most = static_cast<std::int64_t>(static_cast<double>(day.cap.cap_nano) * background_share);
  std::int64_t counted = MIRA_TRY(background_today(main, day.window));
  if (day.share() < least_pack_share && counted + worst <= most) return {};
  return base::fail(ErrorCode::over_budget, "background work has used its share of the day's cap",
                    "it goes on tomorrow; see mira budget");
}

Status check_caps(Connection& main, const Draft& draft, std::int64_t now_ms) {
  if (is_free(draft)) return {};
  std::int64_t worst = worst_case(draft);
  for (const Cap& cap : MIRA_TRY(caps(main))) {
    if (cap.scope != Scope::request) continue;
    if (!draft.price) return no_price(draft, cap);
    if (worst > cap.cap_nano) return over(cap, 0, worst);
  }
  for (const Standing& one : MIRA_TRY(standings(main, {draft.project_id, draft.operation}, now_ms))) {
    if (!draft.price) return no_price(draft, one.cap);
    if (worst > one.cap.cap_nano || one.counted_nano > one.cap.cap_nano - worst)
      return over(one.cap, one.counted_nano, worst);
    if (draft.background && one.cap.scope == Scope::day) MIRA_TRY(check_background(main, one, worst));
  }
  return {};
}

Status insert(Connection& main, const Draft& draft, const char* state, std::int64_t reserved) {
  return main.run(
      "INSERT INTO budget_tracking (call_id, project_id, operation, purpose, background, host, model, effort,"
      " tier, state, reserved_nano, counted_nano, started_ms, deadline_ms)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      draft.call_id, draft.project_id, draft.operation, models::purpose_name(draft.purpose),
      draft.background ? 1 : 0, draft.host, draft.model, draft.effort, draft.tier, state, reserved, reserved,
      draft.started_ms, draft.deadline_ms);
}

Status write_rates(Connection& main, std::int64_t row, const models::Rates& rates) {
  return main.run(
      "UPDATE budget_tracking SET input_pico = ?, cached_pico = ?, cache_write_pico = ?, output_pico = ?"
      " WHERE request_id = ?",
      rates.input, rates.cached, rates.cache_write, rates.output, row);
}

Status write_settlement(Connection& main, std::int64_t row, const Settlement& done,
                        std::optional<std::int64_t> cost, std::int64_t now_ms) {
  MIRA_TRY(
      main.run("UPDATE budget_tracking SET state = 'settled', tier = ?, fresh_tokens = ?, cached_tokens = ?,"
               " written_tokens = ?, output_tokens = ?, reasoning_tokens = ?, estimated = ?, cost_nano = ?,"
               " counted_nano = ?, settled_ms = ?, provider_request = ?"
               " WHERE request_id = ? AND state IN ('reserved', 'unknown')",
               done.tier, done.usage.fresh, done.usage.cached, done.usage.written, done.usage.output,
               done.usage.reasoning, done.estimated ? 1 : 0, cost, cost.value_or(0), now_ms,
               done.provider_request, row));
  if (main.changes() != 1)
    return base::fail(ErrorCode::failed, fmt::format("request {} of the ledger is not open", row));
  return done.rates ? write_rates(main, row, *done.rates) : Status();
}

}  // namespace

Status expire(Connection& main, std::int64_t now_ms) {
  return main.run("UPDATE budget_tracking SET state = 'unknown' WHERE state = 'reserved' AND deadline_ms < ?",
                  now_ms - unknown_after_ms);
}

Result<std::int64_t> Ledger::reserve(const Draft& draft, base::Deadline deadline) {
  std::int64_t row = 0;
  Status written = writer_.submit(
      [&](Connection& main) -> Status {
        std::int64_t now_ms = draft.started_ms;
        MIRA_TRY(expire(main, now_ms));
        MIRA_TRY(keep_window(main, Span::day, now_ms));
        MIRA_TRY(keep_window(main, Span::month, now_ms));
        MIRA_TRY(check_caps(main, draft, now_ms));
        MIRA_TRY(insert(main, draft, "reserved", worst_case(draft)));
        row = main.last_insert_id();
        return draft.price ? write_rates(main, row, draft.price->of_input(draft.input_bound)) : Status();
      },
      deadline);
  if (!written) return std::unexpected(std::move(written).error());
  return row;
}

Result<std::optional<std::int64_t>> Ledger::settle(std::int64_t row, const Settlement& settlement,
                                                   const store::Writer::Change& also) {
  std::optional<std::int64_t> cost;
  if (settlement.rates) cost = models::cost_nano(settlement.usage, *settlement.rates);
  Status written = writer_.submit(
      [&](Connection& main) -> Status {
        MIRA_TRY(write_settlement(main, row, settlement, cost, clock_.now_ms()));
        return also ? also(main) : Status();
      },
      base::Deadline::after_ms(settle_wall_ms));
  if (!written) return std::unexpected(std::move(written).error());
  return cost;
}

Status Ledger::release(std::int64_t row, const std::string& provider_request) {
  return writer_.submit(
      [&](Connection& main) {
        return main.run(
            "UPDATE budget_tracking SET state = 'failed', cost_nano = 0, counted_nano = 0,"
            " settled_ms = ?, provider_request = ? WHERE request_id = ?"
            " AND state IN ('reserved', 'unknown')",
            clock_.now_ms(), provider_request, row);
      },
      base::Deadline::after_ms(settle_wall_ms));
}

Status Ledger::record_hit(const Draft& draft, const models::Usage& usage, std::int64_t avoided_nano,
                          const store::Writer::Change& also) {
  return writer_.submit(
      [&](Connection& main) -> Status {
        MIRA_TRY(insert(main, draft, "settled", 0));
        MIRA_TRY(
            main.run("UPDATE budget_tracking SET from_cache = 1, cost_nano = 0, avoided_nano = ?,"
                     " fresh_tokens = ?, cached_tokens = ?, written_tokens = ?, output_tokens = ?,"
                     " settled_ms = ? WHERE request_id = ?",
                     avoided_nano, usage.fresh, usage.cached, usage.written, usage.output, clock_.now_ms(),
                     main.last_insert_id()));
        return also(main);
      },
      base::Deadline::after_ms(settle_wall_ms));
}

}  // namespace mira::budget
