#include "platform/budget/caps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/models/money.h"

namespace mira::budget {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::array<Scope, 5> all_scopes{Scope::request, Scope::operation, Scope::day, Scope::month,
                                          Scope::project};

struct Kept {
  std::string zone;
  Window window;
};

Result<std::optional<Kept>> kept_window(Connection& main, Span span) {
  std::optional<Kept> out;
  MIRA_TRY(main.each(
      "SELECT zone, start_ms, end_ms FROM budget_windows WHERE span = ?",
      [&](const Row& row) { out = {std::string(row.text(0)), {row.integer(1), row.integer(2)}}; },
      span_name(span)));
  return out;
}

Result<std::int64_t> counted(Connection& main, Window window) {
  return MIRA_TRY(main.integer("SELECT sum(counted_nano) FROM budget_tracking"
                               " WHERE started_ms >= ? AND started_ms < ?",
                               window.start_ms, window.end_ms))
      .value_or(0);
}

Result<std::int64_t> counted_for_project(Connection& main, Window window, const std::string& project) {
  return MIRA_TRY(main.integer("SELECT sum(counted_nano) FROM budget_tracking"
                               " WHERE started_ms >= ? AND started_ms < ? AND project_id = ?",
                               window.start_ms, window.end_ms, project))
      .value_or(0);
}

Result<std::int64_t> counted_for_operation(Connection& main, const std::string& operation) {
  return MIRA_TRY(
             main.integer("SELECT sum(counted_nano) FROM budget_tracking WHERE operation = ?", operation))
      .value_or(0);
}

bool concerns(const Cap& cap, const Whose& whose) {
  if (cap.scope == Scope::request) return false;
  if (cap.scope == Scope::project) return cap.subject == whose.project_id;
  if (cap.scope == Scope::operation)
    return whose.every_operation || (!whose.operation.empty() && cap.subject == whose.operation);
  return true;
}

Result<Standing> standing_of(Connection& main, const Cap& cap, std::int64_t now_ms) {
  Standing out{.cap = cap};
  if (cap.scope == Scope::operation) {
    out.counted_nano = MIRA_TRY(counted_for_operation(main, cap.subject));
    return out;
  }
  out.window = MIRA_TRY(current_window(main, cap.scope == Scope::day ? Span::day : Span::month, now_ms));
  out.counted_nano = cap.scope == Scope::project
                         ? MIRA_TRY(counted_for_project(main, out.window, cap.subject))
                         : MIRA_TRY(counted(main, out.window));
  return out;
}

void add_default(std::vector<Cap>& out, const std::vector<Scope>& decided, Scope scope, std::int64_t nano) {
  if (std::ranges::find(decided, scope) == decided.end())
    out.push_back({.scope = scope, .cap_nano = nano, .is_default = true});
}

}  // namespace

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::request:
      return "request";
    case Scope::operation:
      return "operation";
    case Scope::day:
      return "day";
    case Scope::month:
      return "month";
    case Scope::project:
      return "project";
  }
  return "day";
}

std::optional<Scope> scope_named(std::string_view name) {
  for (Scope scope : all_scopes) {
    if (scope_name(scope) == name) return scope;
  }
  return std::nullopt;
}

double Standing::share() const {
  if (cap.cap_nano <= 0) return 1;
  return std::min(1.0, static_cast<double>(counted_nano) / static_cast<double>(cap.cap_nano));
}

Result<std::vector<Cap>> caps(Connection& main) {
  std::vector<Cap> out;
  std::vector<Scope> decided;
  MIRA_TRY(main.each("SELECT scope, subject, cap_nano FROM budget_caps ORDER BY scope, subject",
                     [&](const Row& row) {
                       auto scope = scope_named(row.text(0));
                       if (!scope) return;
                       decided.push_back(*scope);
                       if (!row.is_null(2)) out.push_back({*scope, std::string(row.text(1)), row.integer(2)});
                     }));
  add_default(out, decided, Scope::day, default_day_nano);
  add_default(out, decided, Scope::month, default_month_nano);
  std::ranges::stable_sort(out, {}, [](const Cap& cap) { return static_cast<int>(cap.scope); });
  return out;
}

Status set_cap(Connection& main, Scope scope, const std::string& subject,
               std::optional<std::int64_t> cap_nano, std::int64_t now_ms) {
  return main.run(
      "INSERT INTO budget_caps (scope, subject, cap_nano, set_ms) VALUES (?, ?, ?, ?)"
      " ON CONFLICT (scope, subject) DO UPDATE SET cap_nano = excluded.cap_nano, set_ms = excluded.set_ms",
      scope_name(scope), subject, cap_nano, now_ms);
}

Status reset_cap(Connection& main, Scope scope, const std::string& subject) {
  return main.run("DELETE FROM budget_caps WHERE scope = ? AND subject = ?", scope_name(scope), subject);
}

Result<Window> current_window(Connection& main, Span span, std::int64_t now_ms) {
  Window window = window_of(span, now_ms);
  auto kept = MIRA_TRY(kept_window(main, span));
  if (!kept || !kept->window.holds(now_ms)) return window;
  if (kept->zone == zone_name()) return kept->window;
  return Window{std::min(window.start_ms, kept->window.start_ms),
                std::max(window.end_ms, kept->window.end_ms)};
}

Result<Window> keep_window(Connection& main, Span span, std::int64_t now_ms) {
  Window window = MIRA_TRY(current_window(main, span, now_ms));
  auto kept = MIRA_TRY(kept_window(main, span));
  std::string zone = zone_name();
  if (kept && kept->window == window && kept->zone == zone) return window;
  MIRA_TRY(
      main.run("INSERT INTO budget_windows (span, zone, start_ms, end_ms) VALUES (?, ?, ?, ?)"
               " ON CONFLICT (span) DO UPDATE SET zone = excluded.zone, start_ms = excluded.start_ms,"
               " end_ms = excluded.end_ms",
               span_name(span), zone, window.start_ms, window.end_ms));
  return window;
}

Result<std::vector<Standing>> standings(Connection& main, const Whose& whose, std::int64_t now_ms) {
  std::vector<Standing> out;
  for (const Cap& cap : MIRA_TRY(caps(main))) {
    if (concerns(cap, whose)) out.push_back(MIRA_TRY(standing_of(main, cap, now_ms)));
  }
  return out;
}

std::optional<double> pressure(const std::vector<Standing>& standings) {
  std::optional<double> out;
  for (const Standing& one : standings) {
    if (one.cap.scope != Scope::day && one.cap.scope != Scope::month) continue;
    out = std::max(out.value_or(0), one.share());
  }
  return out;
}

std::vector<std::string> warnings(const std::vector<Standing>& standings) {
  std::vector<std::string> out;
  for (const Standing& one : standings) {
    if (one.share() < first_warning_share) continue;
    bool last = one.share() >= last_warning_share;
    out.push_back(fmt::format("{}{:.0f} % of the {}'s cap of {} is spent or reserved; {} is left",
                              last ? "nearly all is gone: " : "", one.share() * 100,
                              scope_name(one.cap.scope), models::dollars(one.cap.cap_nano),
                              models::dollars(one.left_nano())));
  }
  return out;
}

}  // namespace mira::budget
