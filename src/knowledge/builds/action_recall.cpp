#include <fmt/format.h>

#include <algorithm>

#include "knowledge/builds/action_build.h"
#include "knowledge/builds/cures.h"
#include "knowledge/builds/digest.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/related.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"

namespace mira::builds {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t hunks_shown = 3;
constexpr std::size_t fixes_shown = 3;
constexpr std::size_t turns_shown = 5;
constexpr std::size_t turn_bytes = 240;

Json run_json(const RunRow& run) {
  return {{"run", run.run_id},
          {"command", run.command},
          {"folder", run.folder},
          {"state", run.state},
          {"trigger", run.trigger},
          {"exit_code", run.has_exit_code ? Json(run.exit_code) : Json(nullptr)},
          {"started_ms", run.started_ms},
          {"duration_ms", run.duration_ms},
          {"errors", run.errors},
          {"warnings", run.warnings},
          {"tests_failed", run.tests_failed},
          {"reasons", run.reasons},
          {"mismatches", run.mismatches},
          {"commit", run.head_commit.empty() ? Json(nullptr) : Json(run.head_commit)}};
}

Json hunk_json(const RankedHunk& ranked) {
  return {{"path", base::display_line(ranked.hunk.path)},
          {"line", ranked.hunk.old_start},
          {"why", ranked.why},
          {"score", ranked.score},
          {"body", guard::neutralise(ranked.hunk.body)}};
}

Json resolution_json(const ResolutionRow& one) {
  Json hunks = Json::array();
  for (const RankedHunk& ranked : one.hunks) hunks.push_back(hunk_json(ranked));
  return {{"state", one.state},
          {"kind", one.kind},
          {"red_run", one.red_run},
          {"green_run", one.green_run},
          {"cured", one.cured},
          {"returned", one.returned},
          {"time_to_fix_ms", one.time_to_fix_ms},
          {"commit", one.commit.empty() ? Json(nullptr) : Json(one.commit)},
          {"hunks", hunks}};
}

std::string run_line(const Json& run) {
  return fmt::format(
      "{:>5}  {:<9} {}  {:>8}  {} errors, {} warnings  {}\n", run.at("run").get<std::int64_t>(),
      run.at("state").get<std::string>(), short_time(run.at("started_ms").get<std::int64_t>()),
      short_length(run.at("duration_ms").get<std::int64_t>()), run.at("errors").get<std::int64_t>(),
      run.at("warnings").get<std::int64_t>(), base::display_line(run.at("command").get<std::string>()));
}

std::string error_line(const Json& error) {
  const Json& record = error.at("record");
  const Record plain = record_from_details(record.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::string out = fmt::format("#{} {}", error.at("id").get<std::int64_t>(), describe(plain, 1));
  if (error.at("flaky").get<bool>()) out += "    flaky: the very same tree passed in another run\n";
  return out;
}

// ---- runs

Result<Reply> runs(Call& call) {
  Json list = Json::array();
  for (const RunRow& run :
       MIRA_TRY(recent_runs(*call.session, call.arguments.at("limit").get<std::int64_t>())))
    list.push_back(run_json(run));
  return Reply{.data = {{"runs", list}}};
}

std::string render_runs(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& run : reply.data.at("runs")) out += run_line(run);
  return out.empty() ? "No run is known: mira build run -- COMMAND\n" : out;
}

// ---- failing

Result<Reply> failing(Call& call) {
  Json list = Json::array();
  for (const ErrorRow& error :
       MIRA_TRY(failing_now(*call.session, call.arguments.at("limit").get<std::int64_t>())))
    list.push_back(error_json(error));
  return Reply{.data = {{"errors", list}}};
}

std::string render_failing(const Reply& reply, const contracts::Style&) {
  std::string out, command;
  for (const Json& error : reply.data.at("errors")) {
    const auto now = error.at("command").get<std::string>();
    if (now != command)
      out += fmt::format("{} (run {}):\n", base::display_line(now), error.at("last_run").get<std::int64_t>());
    command = now;
    out += error_line(error);
  }
  return out.empty() ? "Nothing that was run fails now.\n" : out;
}

// ---- explain

// Where no cure of this very one is known: cures of its kind, then commits that say they fixed something
// there.
Result<Json> similar_cures(Call& call, const ErrorRow& error) {
  Json out = Json::array();
  for (const ErrorRow& other : MIRA_TRY(cured_of_kind(*call.session, error, 3))) {
    Json one = error_json(other);
    one["cures"] = Json::array();
    for (const ResolutionRow& cure : MIRA_TRY(resolutions_of(*call.session, other.error_hash, 1)))
      one["cures"].push_back(resolution_json(cure));
    out.push_back(std::move(one));
  }
  return out;
}

Json fixes_json(Call& call, const ErrorRow& error) {
  Json out = Json::array();
  for (const PastFix& fix : past_fixes(call, error.record, fixes_shown))
    out.push_back({{"commit", fix.commit},
                   {"subject", base::display_line(fix.subject)},
                   {"date", fix.date},
                   {"path", base::display_line(fix.path)},
                   {"why", base::display_line(fix.why)},
                   {"evidence", "git"}});
  return out;
}

Json quoted_json(Call& call, const ErrorRow& error) {
  Json out = Json::array();
  for (const Quoting& turn : quoting_turns(call, error.record, turns_shown))
    out.push_back({{"entry", turn.entry},
                   {"session", turn.session},
                   {"role", turn.role},
                   {"time", turn.time.empty() ? Json(nullptr) : Json(turn.time)},
                   {"text", guard::neutralise(base::truncate_utf8(turn.text, turn_bytes))}});
  return out;
}

Result<Reply> explain(Call& call) {
  const ErrorRow error = MIRA_TRY(find_error(*call.session, call.arguments.at("error").get<std::string>()));
  const Outcomes outcomes = MIRA_TRY(outcomes_of(*call.session, error));
  Json cures = Json::array(), similar = Json::array(), fixes = Json::array();
  for (const ResolutionRow& one : MIRA_TRY(resolutions_of(*call.session, error.error_hash, hunks_shown)))
    cures.push_back(resolution_json(one));
  if (cures.empty()) {
    similar = MIRA_TRY(similar_cures(call, error));
    fixes = fixes_json(call, error);
  }
  return Reply{.data = {{"error", error_json(error)},
                        {"outcomes",
                         {{"last", outcomes.marks},
                          {"failed", outcomes.failed},
                          {"failure_rate_95", Json::array({outcomes.low, outcomes.high})}}},
                        {"cures", cures},
                        {"similar", similar},
                        {"past_fixes", fixes},
                        {"quoted_in", quoted_json(call, error)}}};
}

std::string cure_text(const Json& cure) {
  std::string out = fmt::format(
      "{} cure ({}), red in run {}, gone in run {}, {} later; cured {} of {} times{}\n",
      cure.at("state").get<std::string>(), cure.at("kind").get<std::string>(),
      cure.at("red_run").get<std::int64_t>(), cure.at("green_run").get<std::int64_t>(),
      short_length(cure.at("time_to_fix_ms").get<std::int64_t>()), cure.at("cured").get<std::int64_t>(),
      cure.at("cured").get<std::int64_t>() + cure.at("returned").get<std::int64_t>(),
      cure.at("commit").is_string() ? ", at commit " + cure.at("commit").get<std::string>().substr(0, 12)
                                    : "");
  for (const Json& hunk : cure.at("hunks")) {
    out += fmt::format("@@ {}:{}  ({})\n{}", hunk.at("path").get<std::string>(), hunk.at("line").get<int>(),
                       hunk.at("why").get<std::string>(), hunk.at("body").get<std::string>());
  }
  return out;
}

std::string seen_text(const Json& error, const Json& outcomes) {
  const auto occurrences = error.at("occurrences").get<std::int64_t>();
  std::string out =
      fmt::format("first seen {}, last seen {} (run {}), in {} run{}; {}\n",
                  short_time(error.at("first_seen_ms").get<std::int64_t>()),
                  short_time(error.at("last_seen_ms").get<std::int64_t>()),
                  error.at("last_run").get<std::int64_t>(), occurrences, occurrences == 1 ? "" : "s",
                  error.at("resolved_run").is_null()
                      ? "not resolved"
                      : fmt::format("gone since run {}", error.at("resolved_run").get<std::int64_t>()));
  if (error.at("flaky").get<bool>()) {
    const Json& rate = outcomes.at("failure_rate_95");
    out += fmt::format("last runs {} ({} failed; it fails in {:.0f} to {:.0f} % of runs, 95 % sure)\n",
                       outcomes.at("last").get<std::string>(), outcomes.at("failed").get<std::int64_t>(),
                       100 * rate[0].get<double>(), 100 * rate[1].get<double>());
  }
  return out;
}

std::string related_text(const Json& data) {
  std::string out;
  for (const Json& other : data.at("similar")) {
    out += "not this one, but of its kind, and cured: " + error_line(other);
    for (const Json& cure : other.at("cures")) out += cure_text(cure);
  }
  if (!data.at("past_fixes").empty())
    out += "weaker, from git alone (commits that say they mend something; no run was seen to turn green):\n";
  for (const Json& fix : data.at("past_fixes"))
    out += fmt::format("  {}  {}  {}  ({})\n", fix.at("commit").get<std::string>().substr(0, 12),
                       fix.at("date").get<std::string>(), fix.at("subject").get<std::string>(),
                       fix.at("why").get<std::string>());
  for (const Json& turn : data.at("quoted_in"))
    out += fmt::format("quoted in a conversation: [{}] {} {}: {}\n", turn.at("entry").get<std::int64_t>(),
                       turn.at("role").get<std::string>(),
                       turn.at("time").is_string() ? turn.at("time").get<std::string>().substr(0, 10) : "",
                       base::display_line(turn.at("text").get<std::string>()));
  return out;
}

std::string render_explain(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  const Json& error = data.at("error");
  std::string out = error_line(error);
  if (const auto snippet = error.at("record").value("snippet", std::string()); !snippet.empty())
    out += base::display_text(snippet);
  out += seen_text(error, data.at("outcomes"));
  for (const Json& cure : data.at("cures")) out += cure_text(cure);
  if (data.at("cures").empty() && data.at("similar").empty())
    out += data.at("past_fixes").empty() ? "No cure is known.\n" : "No cure was seen.\n";
  return out + related_text(data);
}

// ---- history

Result<Reply> history(Call& call) {
  const ErrorRow error = MIRA_TRY(find_error(*call.session, call.arguments.at("error").get<std::string>()));
  Json list = Json::array(), cures = Json::array();
  for (const RunRow& run :
       MIRA_TRY(runs_of_error(*call.session, error.error_id, call.arguments.at("limit").get<std::int64_t>())))
    list.push_back(run_json(run));
  for (const ResolutionRow& one : MIRA_TRY(resolutions_of(*call.session, error.error_hash, hunks_shown)))
    cures.push_back(resolution_json(one));
  return Reply{.data = {{"error", error_json(error)}, {"runs", list}, {"cures", cures}}};
}

std::string render_history(const Reply& reply, const contracts::Style&) {
  std::string out = error_line(reply.data.at("error"));
  for (const Json& run : reply.data.at("runs")) out += run_line(run);
  for (const Json& cure : reply.data.at("cures")) out += cure_text(cure);
  return out;
}

contracts::Param error_param() {
  return {.name = "error",
          .help = "its number, its file:line, its code or words of its message",
          .required = true,
          .positional = true};
}

contracts::Param limit_param(int fallback) {
  return {.name = "limit",
          .kind = ParamKind::integer,
          .help = "how many at most",
          .fallback = fallback,
          .minimum = 1,
          .maximum = 10'000};
}

Action verb(std::string name, std::string summary, std::vector<contracts::Param> params) {
  Action action;
  action.name = std::move(name);
  action.group = "builds";
  action.summary = std::move(summary);
  action.params = std::move(params);
  action.needs = contracts::Needs::project;
  return action;
}

}  // namespace

Json error_json(const ErrorRow& error) {
  return {{"id", error.error_id},
          {"record", Json::parse(error.details, nullptr, false)},
          {"command", error.command},
          {"first_seen_ms", error.first_seen_ms},
          {"last_seen_ms", error.last_seen_ms},
          {"first_run", error.first_run},
          {"last_run", error.last_run},
          {"occurrences", error.occurrences},
          {"flaky", error.same_tree_green > 0},
          {"resolved_run", error.resolved_run ? Json(*error.resolved_run) : Json(nullptr)}};
}

Action build_runs_action() {
  Action action = verb("build runs", "Builds and tests that were run, newest first", {limit_param(20)});
  action.examples = {{"mira build runs", "the last twenty"}};
  action.data_shape =
      R"({"runs": [{"run": 17, "command": "make", "state": "failed", "exit_code": 2, "errors": 1, "mismatches": [], ...}]})";
  action.handle = runs;
  action.render = render_runs;
  return action;
}

Action build_failing_action() {
  Action action = verb("build failing", "What the last run of each command left failing", {limit_param(50)});
  action.description =
      "Errors of the last run of each command that is not green now. A failure that the very same tree did "
      "not show in another run is told as flaky.";
  action.examples = {{"mira build failing", "what is broken now"}};
  action.data_shape =
      R"({"errors": [{"id": 12, "record": {...}, "command": "make", "first_run": 3, "last_run": 17, "occurrences": 4, "flaky": false}]})";
  action.handle = failing;
  action.render = render_failing;
  return action;
}

Action build_explain_action() {
  Action action = verb("build explain", "An error whole, and what cured it before", {error_param()});
  action.description =
      "The record as the tool told it, when it was seen, the changes that made it go away (the likeliest "
      "hunk first, and why), or, when there are none, cures of other errors of its kind and commits that say "
      "they "
      "mended something where it is, each named as such; and the turns of conversations that quote it.";
  action.examples = {{"mira build explain 12", "by its number"},
                     {"mira build explain src/a.c:3", "by its place"}};
  action.data_shape =
      R"({"error": {...}, "cures": [{"state": "observed", "kind": "code_change", "hunks": [{"path": "src/a.c", "line": 3, "why": "...", "body": "..."}]}], "similar": [],
  "outcomes": {"last": "FF.F", "failed": 3, "failure_rate_95": [0.3, 0.95]},
  "past_fixes": [{"commit": "<id>", "subject": "...", "date": "2026-01-31", "path": "src/a.c", "why": "...", "evidence": "git"}],
  "quoted_in": [{"entry": 17, "session": "4f1c", "role": "user", "time": "..."|null, "text": "..."}]})";
  action.handle = explain;
  action.render = render_explain;
  return action;
}

Action build_history_action() {
  Action action = verb("build history", "Runs that showed an error, and how it ended each time",
                       {error_param(), limit_param(20)});
  action.examples = {{"mira build history 12", "by its number"}};
  action.data_shape = R"({"error": {...}, "runs": [...], "cures": [...]})";
  action.handle = history;
  action.render = render_history;
  return action;
}

}  // namespace mira::builds
