#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>

#include "knowledge/builds/action_build.h"
#include "knowledge/builds/command_line.h"
#include "knowledge/builds/cures.h"
#include "knowledge/builds/run_build.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"

namespace mira::builds {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;
using contracts::Session;

constexpr std::size_t cures_told = 3;

Json json_of(const Record& record) {
  std::string line;
  write_json(record, line);
  return Json::parse(line, nullptr, false);
}

struct Told {
  std::string text;
  std::int64_t error_id = 0, resolution_id = 0;
};

Result<bool> was_told(Session& session, const ResolutionRow& cure, std::string_view conversation) {
  if (conversation.empty()) return false;
  return MIRA_TRY(
             session.main.integer(
                 "SELECT 1 FROM build_context_injections i JOIN build_error_keys k USING (error_id) WHERE "
                 "i.project_id = ? AND i.resolution_id = ? AND i.conversation = ? LIMIT 1",
                 session.project.id, cure.resolution_id, conversation))
      .has_value();
}

// Cures that are known of what fails now; each is told once a run, and once a conversation where there is
// one.
Result<std::vector<Told>> tell_cures(Session& session, const BuildResult& result,
                                     std::string_view conversation) {
  std::vector<Told> out;
  std::set<std::string> told;
  for (std::size_t i = 0; i < result.error_ids.size() && out.size() < cures_told; ++i) {
    const Seen& seen = result.run.seen[i];
    if (seen.record.severity != Severity::error || !told.insert(seen.keys.identity).second) continue;
    auto cure = MIRA_TRY(sharp_cure(session, seen.keys.identity));
    if (!cure || MIRA_TRY(was_told(session, *cure, conversation))) continue;
    out.push_back({tell_cure(seen.record, *cure), result.error_ids[i], cure->resolution_id});
  }
  return out;
}

Json data_of(const BuildResult& result, const std::vector<Told>& told, double told_ms) {
  const Run& run = result.run;
  Json errors = Json::array(), cures = Json::array();
  for (const Told& cure : told) cures.push_back(cure.text);
  for (std::size_t i = 0; i < result.error_ids.size(); ++i) {
    if (run.seen[i].record.severity != Severity::error) continue;
    Json one = json_of(run.seen[i].record);
    one["id"] = result.error_ids[i];
    one["times"] = run.seen[i].times;
    errors.push_back(std::move(one));
  }
  return {{"run", result.run_id > 0 ? Json(result.run_id) : Json(nullptr)},
          {"command", run.command},
          {"state", run.ending.cancelled ? "cancelled"
                    : run.verdict.failed ? "failed"
                                         : "passed"},
          {"exit_code", result.exit_code},
          {"duration_ms", run.duration_ms},
          {"reasons", run.verdict.reasons},
          {"mismatches", run.verdict.mismatches},
          {"error_count", run.verdict.errors},
          {"warning_count", run.verdict.warnings},
          {"tests_failed", run.verdict.tests_failed},
          {"errors", errors},
          {"gone", result.resolved},
          {"known_cures", cures},
          {"known_cures_ms", told_ms}};
}

std::string numbers(const std::vector<std::int64_t>& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < 8; ++i) out += (i > 0 ? ", #" : "#") + std::to_string(ids[i]);
  return out + (ids.size() > 8 ? ", ..." : "");
}

std::string passed_text(const BuildResult& result) {
  const Run& run = result.run;
  std::string out = fmt::format("passed: {} ({}, {} warning{}, run {})\n", base::display_line(run.command),
                                short_length(run.duration_ms), run.verdict.warnings,
                                run.verdict.warnings == 1 ? "" : "s", result.run_id);
  if (run.verdict.errors > 0) out += result.digest.text();
  for (const std::string& mismatch : run.verdict.mismatches)
    out += "attention: " + base::display_line(mismatch) + "\n";
  if (!result.resolved.empty())
    out += fmt::format("gone: {}; what cured them: mira build explain {}\n", numbers(result.resolved),
                       result.resolved[0]);
  return out;
}

std::string text_of(const BuildResult& result, const std::vector<Told>& cures) {
  const Run& run = result.run;
  if (!run.verdict.failed) return passed_text(result);
  std::string out = result.digest.text();
  for (const Told& cure : cures) out += "\n" + cure.text;
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < result.error_ids.size(); ++i) {
    if (run.seen[i].record.severity == Severity::error) ids.push_back(result.error_ids[i]);
  }
  out += fmt::format("failed: {} ({}, run {})", base::display_line(run.command),
                     short_length(run.duration_ms), result.run_id);
  for (const std::string& reason : run.verdict.reasons) out += "; " + base::display_line(reason);
  out += fmt::format("\nmore of one error: mira build explain NUMBER ({})\n", numbers(ids));
  return out;
}

enum class Shown { nothing, output };  // of the command, before the summary

// What was told is counted once it is told.
base::Status count_told(Session& session, const BuildResult& result, const std::vector<Told>& cures,
                        std::string_view conversation) {
  std::vector<Injection> told;
  told.reserve(cures.size());
  for (const Told& cure : cures)
    told.push_back({result.run_id, cure.error_id, cure.resolution_id, std::string(conversation)});
  return save_injections(session, told);
}

Result<Reply> reply_of(Call& call, const BuildResult& result, Shown shown, std::string_view conversation) {
  const auto started = std::chrono::steady_clock::now();
  const auto cures = MIRA_TRY(tell_cures(*call.session, result, conversation));
  const double told_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  Reply reply{.data = data_of(result, cures, std::round(told_ms * 100) / 100), .exit_code = result.exit_code};
  if (call.streams != nullptr && !call.streams->json()) {
    const std::string text = text_of(result, cures);
    if (shown == Shown::output)
      call.streams->write_error(text);
    else
      call.streams->write(text);
    reply.streamed = true;
  }
  MIRA_TRY(count_told(*call.session, result, cures, conversation));
  return reply;
}

std::int64_t milliseconds(const Json& seconds) {
  return seconds.is_number() ? static_cast<std::int64_t>(seconds.get<double>() * 1000) : 0;
}

Result<Reply> run(Call& call) {
  if (call.streams == nullptr)
    return base::fail(ErrorCode::usage, "This way of calling Mira cannot run a build.",
                      "Run `mira build run -- COMMAND` on the command line.");
  BuildRequest request;
  for (const Json& word : call.arguments.at("command")) request.argv.push_back(word.get<std::string>());
  std::error_code error;
  request.folder = std::filesystem::current_path(error).string();
  if (error) request.folder = call.session->project.root.string();
  request.wall_ms = milliseconds(call.arguments.at("wall"));
  request.silence_ms = milliseconds(call.arguments.at("silence"));
  request.show_output = !call.arguments.at("summary").get<bool>();
  const BuildResult result = MIRA_TRY(run_build(*call.session, request, *call.streams, call.deadline));
  return reply_of(call, result, request.show_output ? Shown::output : Shown::nothing, "");
}

// Where the typed command ran: the folder that was told, or the project's, then what `cd` says.
std::string typed_folder(const Call& call, const TypedCommand& typed) {
  const Json& told = call.arguments.at("folder");
  std::filesystem::path folder = told.is_string() && !told.get<std::string>().empty()
                                     ? std::filesystem::path(told.get<std::string>())
                                     : call.session->project.root;
  return (folder / typed.folder).lexically_normal().string();
}

// What was typed, as far as it tells: a hook sees `cd app && make 2>&1 | tail`, and means `make` in `app`.
SeenCommand seen_command(const Call& call) {
  SeenCommand seen;
  seen.command = call.arguments.at("command").get<std::string>();
  seen.trigger = call.arguments.at("trigger").get<std::string>();
  seen.only_builds = call.arguments.at("only_builds").get<bool>();
  if (const Json& code = call.arguments.at("exit_code"); code.is_number_integer())
    seen.ending.exit_code = code.get<int>();
  if (seen.trigger != "hook") return seen;
  const TypedCommand typed = read_command(seen.command);
  seen.command = typed.command;
  seen.folder = relative_folder(*call.session, typed_folder(call, typed));
  if (!typed.own_exit_code && seen.ending.exit_code.value_or(0) == 0) seen.ending.exit_code.reset();
  return seen;
}

Result<Reply> record(Call& call) {
  const Json& log = call.arguments.at("log");
  if (call.streams == nullptr && !log.is_string())
    return base::fail(ErrorCode::usage, "This way of calling Mira has no standard input for a log.",
                      "Give the text as `log`, or run `mira build record` on the command line.");
  Session& session = *call.session;
  std::string text = log.is_string() ? log.get<std::string>() : std::string();
  const SeenCommand seen = seen_command(call);
  Reply nothing_kept{.data = data_of({.run = {.command = seen.command}}, {}, 0)};
  if (seen.trigger == "hook" && read_command(seen.command).only_shows) return nothing_kept;
  // Most of what an agent runs is no build: that is told before the tree is looked at.
  if (seen.only_builds && log.is_string() && !MIRA_TRY(would_be_kept(session, seen, text)))
    return nothing_kept;
  if (session.tree.files.empty()) {  // a hook's session was not walked
    auto tree = workspace::walk(session.project, call.deadline);
    if (tree) session.tree = *std::move(tree);
  }
  std::string_view rest = text;
  const auto read_some = [&](char* buffer, std::size_t bytes) -> std::ptrdiff_t {
    if (!log.is_string()) return call.streams->read(buffer, bytes);
    const std::size_t count = rest.copy(buffer, bytes);
    rest.remove_prefix(count);
    return static_cast<std::ptrdiff_t>(count);
  };
  const BuildResult result = MIRA_TRY(read_build(session, seen, read_some, call.deadline));
  Reply reply =
      MIRA_TRY(reply_of(call, result, Shown::nothing, call.arguments.at("conversation").get<std::string>()));
  reply.exit_code = 0;
  return reply;
}

constexpr const char* run_shape =
    R"({"run": 17, "command": "make -j3", "state": "failed"|"passed"|"cancelled", "exit_code": 2, "duration_ms": 3120,
 "reasons": ["exit code 2"], "mismatches": [], "error_count": 2, "warning_count": 1, "tests_failed": 0,
 "errors": [{"id": 12, "times": 1, "tool": "gcc", "message": "...", ...}], "gone": [9], "known_cures": ["..."], "known_cures_ms": 0.8})";

}  // namespace

Action build_run_action() {
  Action action;
  action.name = "build run";
  action.group = "builds";
  action.summary = "Run a build or test command, and remember what it said and what cured it";
  action.description =
      "Runs the command as it is given (no shell), passes its output and its exit code on, stops it and "
      "everything it started "
      "when it takes too long, and ends with the distinct errors, first cause first. Exit code, the tools' "
      "own summaries and the "
      "records are held against each other before anything is said: green is said only when all agree. When "
      "an error was "
      "cured before, the change that cured it is told; when a run turns green, what changed since the red "
      "one is kept as the cure.";
  action.params = {{.name = "command",
                    .kind = ParamKind::text_list,
                    .help = "the program and its arguments, after --",
                    .required = true,
                    .positional = true},
                   {.name = "wall", .kind = ParamKind::number, .help = "seconds it may take in all"},
                   {.name = "silence", .kind = ParamKind::number, .help = "seconds it may say nothing"},
                   {.name = "summary",
                    .kind = ParamKind::boolean,
                    .help = "only the summary, not the command's own output",
                    .fallback = false}};
  action.examples = {
      {"mira build run -- make -j3", "a build, remembered"},
      {"mira build run --summary --silence 300 -- npm test", "only what failed, for an agent"}};
  action.data_shape = run_shape;
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = run;
  return action;
}

Action build_record_action() {
  Action action;
  action.name = "build record";
  action.group = "builds";
  action.summary = "Remember a run that somebody else made, from its log on standard input";
  action.description =
      "For hooks and for logs of a CI: the same reading, judging and remembering as `mira build run`, "
      "without running anything.";
  action.params = {
      {.name = "command",
       .help = "the command line that wrote the log",
       .required = true,
       .positional = true},
      {.name = "exit_code",
       .kind = ParamKind::integer,
       .help = "its exit code, where it is known",
       .minimum = 0,
       .maximum = 255},
      {.name = "trigger",
       .kind = ParamKind::choice,
       .help = "who saw it",
       .fallback = "log",
       .choices = {"log", "hook"}},
      {.name = "log", .help = "the log itself; without it standard input is read"},
      {.name = "folder", .help = "where the command ran; the project's root where it is not told"},
      {.name = "conversation", .help = "the agent's conversation: a cure is told once in it", .fallback = ""},
      {.name = "only_builds",
       .kind = ParamKind::boolean,
       .help = "keep it only when it is the log of a build or a test",
       .fallback = false}};
  action.examples = {{"mira build record \"make -j3\" --exit-code 2 < build.log", "a run that a CI made"}};
  action.data_shape = run_shape;
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = record;
  return action;
}

}  // namespace mira::builds
