#include <fmt/format.h>

#include <algorithm>

#include "operations/spending/actions.h"
#include "platform/budget/history.h"
#include "platform/budget/ledger.h"
#include "platform/models/money.h"

namespace mira::spending {
namespace {

using base::ErrorCode;
using base::Result;
using budget::Scope;
using budget::Standing;
using budget::Sum;
using contracts::Call;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;
using contracts::Reply;
using models::dollars;

constexpr std::int64_t write_wall_ms = 30'000;
constexpr std::int64_t day_ms = 86'400'000;

std::string amount(const Json& nano) {
  return dollars(nano.get<std::int64_t>());
}

Json standing_json(const Standing& one) {
  Json out{{"scope", budget::scope_name(one.cap.scope)},
           {"subject", one.cap.subject},
           {"cap_nano", one.cap.cap_nano},
           {"is_default", one.cap.is_default},
           {"counted_nano", one.counted_nano},
           {"left_nano", one.left_nano()},
           {"share", one.share()}};
  if (one.window.end_ms != 0)
    out["window"] = {{"start_ms", one.window.start_ms}, {"end_ms", one.window.end_ms}};
  return out;
}

Json sum_json(const Sum& sum) {
  return {{"name", sum.name},
          {"requests", sum.requests},
          {"failed", sum.failed},
          {"from_cache", sum.from_cache},
          {"unpriced", sum.unpriced},
          {"spent_nano", sum.spent_nano},
          {"estimated_nano", sum.estimated_nano},
          {"reserved_nano", sum.reserved_nano},
          {"unknown_nano", sum.unknown_nano},
          {"avoided_nano", sum.avoided_nano},
          {"avoided_tokens", sum.avoided_tokens},
          {"input_tokens", sum.input_tokens},
          {"cached_tokens", sum.cached_tokens},
          {"output_tokens", sum.output_tokens}};
}

Json forecast_json(const std::vector<Standing>& standings, std::int64_t now_ms) {
  auto month = std::ranges::find(standings, Scope::month, [](const Standing& one) { return one.cap.scope; });
  if (month == standings.end()) return nullptr;
  auto pace = budget::forecast(*month, now_ms);
  if (!pace) return nullptr;
  Json out{{"month_nano", pace->month_nano}, {"cap_reached", nullptr}};
  if (pace->cap_reached_ms) out["cap_reached"] = budget::local_date(*pace->cap_reached_ms);
  return out;
}

Result<Json> request_caps(store::Connection& main) {
  Json out = Json::array();
  for (const budget::Cap& cap : MIRA_TRY(budget::caps(main))) {
    if (cap.scope == Scope::request) out.push_back(cap.cap_nano);
  }
  return out;
}

Result<Reply> handle_status(Call& call) {
  contracts::Session& session = *call.session;
  std::int64_t now_ms = session.clock.now_ms();
  auto standings = MIRA_TRY(
      budget::standings(session.main, {.project_id = session.project.id, .every_operation = true}, now_ms));
  Json rows = Json::array();
  for (const Standing& one : standings) rows.push_back(standing_json(one));
  budget::Window month = MIRA_TRY(budget::current_window(session.main, budget::Span::month, now_ms));
  Reply reply{.data = {{"zone", budget::zone_name()},
                       {"caps", std::move(rows)},
                       {"request_caps_nano", MIRA_TRY(request_caps(session.main))},
                       {"month", sum_json(MIRA_TRY(budget::total(session.main, month)))},
                       {"forecast", forecast_json(standings, now_ms)}}};
  reply.notes = budget::warnings(standings);
  return reply;
}

std::string sum_lines(const Json& sum) {
  std::string out =
      fmt::format("this month: {} spent in {} requests ({} input, {} output tokens)\n",
                  amount(sum["spent_nano"]), sum["requests"].get<std::int64_t>(),
                  sum["input_tokens"].get<std::int64_t>(), sum["output_tokens"].get<std::int64_t>());
  auto line = [&](const char* name, std::string_view what) {
    if (sum[name].get<std::int64_t>() > 0) out += fmt::format("  {} {}\n", amount(sum[name]), what);
  };
  line("reserved_nano", "reserved by calls that run now");
  line("unknown_nano", "counted for calls whose process died: the most they can have cost");
  line("estimated_nano", "of what is spent is estimated");
  if (sum["from_cache"].get<std::int64_t>() > 0)
    out += fmt::format("  {} and {} tokens saved by {} answers from the cache\n", amount(sum["avoided_nano"]),
                       sum["avoided_tokens"].get<std::int64_t>(), sum["from_cache"].get<std::int64_t>());
  if (sum["unpriced"].get<std::int64_t>() > 0)
    out += fmt::format("  {} requests are unpriced: what they cost is not known\n",
                       sum["unpriced"].get<std::int64_t>());
  return out;
}

std::string render_status(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data["caps"]) {
    std::string subject = one["subject"].get<std::string>();
    out += fmt::format("{:<10} {} of {} ({:.0f} %), {} left{}{}\n", one["scope"].get<std::string>(),
                       amount(one["counted_nano"]), amount(one["cap_nano"]), one["share"].get<double>() * 100,
                       amount(one["left_nano"]), one["is_default"].get<bool>() ? ", the default" : "",
                       subject.empty() ? "" : " (" + subject + ")");
  }
  for (const Json& cap : reply.data["request_caps_nano"])
    out += fmt::format("{:<10} at most {}\n", "request", amount(cap));
  if (out.empty()) out = "no cap is set\n";
  out += sum_lines(reply.data["month"]);
  const Json& forecast = reply.data["forecast"];
  if (!forecast.is_null()) {
    out += fmt::format("at this pace the month comes to {}", amount(forecast["month_nano"]));
    if (!forecast["cap_reached"].is_null())
      out += fmt::format("; its cap is reached on {}", forecast["cap_reached"].get<std::string>());
    out += "\n";
  }
  return out + fmt::format("days and months are those of {}\n", reply.data["zone"].get<std::string>());
}

Result<Reply> handle_history(Call& call) {
  contracts::Session& session = *call.session;
  std::int64_t now_ms = session.clock.now_ms();
  auto by = budget::group_named(call.arguments.at("by").get<std::string>());
  if (!by)
    return base::fail(ErrorCode::usage, "history is grouped by purpose, model, project, operation or day");
  std::int64_t from = now_ms - call.arguments.at("days").get<std::int64_t>() * day_ms;
  budget::Window span{budget::window_of(budget::Span::day, from).start_ms, now_ms + 1};
  Json rows = Json::array();
  for (const Sum& sum : MIRA_TRY(budget::history(session.main, span, *by))) rows.push_back(sum_json(sum));
  return Reply{.data = {{"by", call.arguments.at("by")}, {"groups", std::move(rows)}}};
}

std::string render_history(const Reply& reply, const contracts::Style&) {
  if (reply.data["groups"].empty()) return "nothing was asked of a model in that time\n";
  std::string out = fmt::format("{:<28} {:>8} {:>10} {:>10}  {}\n", reply.data["by"].get<std::string>(),
                                "requests", "input", "output", "spent");
  for (const Json& sum : reply.data["groups"]) {
    std::string more;
    if (sum["avoided_nano"].get<std::int64_t>() > 0) more += ", " + amount(sum["avoided_nano"]) + " saved";
    if (sum["unknown_nano"].get<std::int64_t>() > 0) more += ", " + amount(sum["unknown_nano"]) + " unknown";
    if (sum["unpriced"].get<std::int64_t>() > 0)
      more += fmt::format(", {} unpriced", sum["unpriced"].get<std::int64_t>());
    std::string name = sum["name"].get<std::string>();
    out += fmt::format("{:<28} {:>8} {:>10} {:>10}  {}{}\n", name.empty() ? "(none)" : name,
                       sum["requests"].get<std::int64_t>(), sum["input_tokens"].get<std::int64_t>(),
                       sum["output_tokens"].get<std::int64_t>(), amount(sum["spent_nano"]), more);
  }
  return out;
}

// Whose cap it is: this project's, or the operation that is named.
Result<std::string> subject_of(const Call& call, Scope scope) {
  if (scope == Scope::project) return call.session->project.id;
  if (scope != Scope::operation) return std::string();
  const Json& name = call.arguments.at("operation");
  if (!name.is_string() || name.get<std::string>().empty())
    return base::fail(ErrorCode::usage, "whose cap is it?", "name it with --operation");
  return name.get<std::string>();
}

Result<Reply> change(Call& call, std::optional<std::int64_t> cap_nano, bool back_to_default) {
  auto scope = budget::scope_named(call.arguments.at("scope").get<std::string>());
  if (!scope) return base::fail(ErrorCode::usage, "a cap is for a request, operation, project, day or month");
  std::string subject = MIRA_TRY(subject_of(call, *scope));
  std::int64_t now_ms = call.session->clock.now_ms();
  MIRA_TRY(call.session->main_writer.submit(
      [&](store::Connection& main) {
        return back_to_default ? budget::reset_cap(main, *scope, subject)
                               : budget::set_cap(main, *scope, subject, cap_nano, now_ms);
      },
      call.deadline.within_ms(write_wall_ms)));
  return handle_status(call);
}

Result<Reply> handle_set(Call& call) {
  auto text = call.arguments.at("amount").get<std::string>();
  auto nano = models::nano_of_dollars(text);
  if (!nano) return base::fail(ErrorCode::usage, "the amount is not one in dollars", "give it like 2.50");
  return change(call, *nano, false);
}

Result<Reply> handle_remove(Call& call) {
  return change(call, std::nullopt, call.arguments.at("default").get<bool>());
}

Param scope_param() {
  return {.name = "scope",
          .kind = ParamKind::choice,
          .help = "what the cap is for; a project's and this month's",
          .required = true,
          .positional = true,
          .choices = {"request", "operation", "project", "day", "month"}};
}

Param operation_param() {
  return {.name = "operation", .help = "the operation whose cap it is: what ask is given by that name"};
}

constexpr const char* status_shape =
    R"({"zone": "Europe/Berlin", "caps": [{"scope": "day", "subject": "", "cap_nano": 5000000000, "is_default": true,
  "counted_nano": 17750000, "left_nano": 4982250000, "share": 0.00355, "window": {"start_ms": 1, "end_ms": 2}}],
  "request_caps_nano": [], "month": {"requests": 3, "failed": 0, "from_cache": 1, "unpriced": 0, "spent_nano": 17750000,
  "estimated_nano": 0, "reserved_nano": 0, "unknown_nano": 0, "avoided_nano": 0, "avoided_tokens": 0,
  "input_tokens": 12000, "cached_tokens": 2000, "output_tokens": 500},
  "forecast": {"month_nano": 21000000, "cap_reached": null}})";

contracts::Action status_action() {
  return {
      .name = "budget",
      .group = "money",
      .summary = "What is spent, reserved and left of the caps, and where the pace leads",
      .description =
          "Amounts are nano-dollars in JSON. A day and a month are those of your time zone. What a call may "
          "cost at most is reserved before it and freed after it; a call whose process died keeps it "
          "counted.",
      .params = {},
      .examples = {{"mira budget", "day, month and forecast"}, {"mira budget --json", "for a program"}},
      .data_shape = status_shape,
      .needs = contracts::Needs::project,
      .handle = handle_status,
      .render = render_status};
}

contracts::Action history_action() {
  return {.name = "budget history",
          .group = "money",
          .summary = "What was spent by purpose, model, project, operation or day",
          .description = "Every request to a model is there, cached answers and failed ones too.",
          .params = {{.name = "by",
                      .kind = ParamKind::choice,
                      .help = "how to group",
                      .fallback = "purpose",
                      .choices = {"purpose", "model", "project", "operation", "day"}},
                     {.name = "days",
                      .kind = ParamKind::integer,
                      .help = "how far back",
                      .fallback = 30,
                      .minimum = 0,
                      .maximum = 3650}},
          .examples = {{"mira budget history", "the last 30 days by purpose"},
                       {"mira budget history --by day --days 7", "a week, day by day"}},
          .data_shape =
              R"({"by": "purpose", "groups": [{"name": "context", "requests": 3, "spent_nano": 17750000}]})",
          .needs = contracts::Needs::project,
          .handle = handle_history,
          .render = render_history};
}

contracts::Action set_action() {
  return {.name = "budget set",
          .group = "money",
          .summary = "Set a cap in dollars",
          .description =
              "A cap holds for every process from the next request on. Under a cap a model whose price "
              "is not known is refused.",
          .params = {scope_param(),
                     {.name = "amount", .help = "dollars, as 2.50", .required = true, .positional = true},
                     operation_param()},
          .examples = {{"mira budget set day 2.50", "at most $2.50 a day"},
                       {"mira budget set project 20", "at most $20 a month for this project"},
                       {"mira budget set operation 0.50 --operation release-notes",
                        "at most $0.50 in all for what is asked with --operation release-notes"}},
          .data_shape = "as of mira budget",
          .needs = contracts::Needs::project,
          .read_only = false,
          .handle = handle_set,
          .render = render_status};
}

contracts::Action remove_action() {
  return {.name = "budget remove",
          .group = "money",
          .summary = "Take a cap away",
          .description =
              "Day and month have a default of $5 and $150; it is taken away as well, and --default "
              "brings it back.",
          .params = {scope_param(),
                     {.name = "default",
                      .kind = ParamKind::boolean,
                      .help = "back to the default",
                      .fallback = false},
                     operation_param()},
          .examples = {{"mira budget remove project", "no cap for this project"},
                       {"mira budget remove day --default", "the default for a day again"}},
          .data_shape = "as of mira budget",
          .needs = contracts::Needs::project,
          .read_only = false,
          .handle = handle_remove,
          .render = render_status};
}

}  // namespace

std::vector<contracts::Action> budget_actions() {
  return {status_action(), history_action(), set_action(), remove_action()};
}

}  // namespace mira::spending
