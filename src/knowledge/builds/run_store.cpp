#include "knowledge/builds/run_store.h"

#include <nlohmann/json.hpp>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

using base::Result;
using base::Status;
using contracts::Session;
using nlohmann::json;
using store::Connection;
using store::Row;

constexpr std::int64_t greens_that_end_flaky = 20;
constexpr std::int64_t rekeyed_at_once = 500;
constexpr int returned_within_runs = 10;  // an error that is back this soon was not cured

std::string clean(std::string_view text) {
  return guard::neutralise(guard::mask_secrets(text));
}

std::string list(const std::vector<std::string>& lines) {
  json out = json::array();
  for (const std::string& line : lines) out.push_back(clean(line));
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view state_of(const Run& run) {
  if (run.ending.cancelled) return "cancelled";
  return run.verdict.failed ? "failed" : "passed";
}

std::string details_of(const Record& record) {
  std::string out;
  write_json(record, out);
  return out;
}

Status insert_run(Connection& main, const Session& session, const Run& run, std::int64_t& run_id) {
  const std::optional<int> exit_code = run.ending.exit_code;
  MIRA_TRY(main.run(
      "INSERT INTO build_runs(project_id, build_key, command, folder, trigger, state, exit_code, signal, "
      "started_ms,"
      " duration_ms, errors, warnings, tests_failed, reasons, mismatches, tree_hash, head_commit, log_file, "
      "log_bytes)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      session.project.id, build_key(run.command, run.folder), clean(run.command), run.folder, run.trigger,
      state_of(run), exit_code, run.ending.signal, run.started_ms, run.duration_ms, run.verdict.errors,
      run.verdict.warnings, run.verdict.tests_failed, list(run.verdict.reasons), list(run.verdict.mismatches),
      run.tree_hash, session.head_commit, run.log_file, run.log_bytes));
  run_id = main.last_insert_id();
  return {};
}

// A cure whose error is back soon did not hold.
Status note_return(Connection& main, std::int64_t error_id, std::int64_t resolved_run, std::int64_t run_id) {
  auto between =
      MIRA_TRY(main.integer("SELECT count(*) FROM build_runs WHERE run_id > ? AND run_id <= ? AND build_key "
                            "= (SELECT build_key FROM build_runs WHERE run_id = ?)",
                            resolved_run, run_id, run_id));
  if (between.value_or(0) > returned_within_runs) return {};
  return main.run(
      "UPDATE error_resolutions SET returned = returned + 1, state = 'failed' WHERE error_id = ? AND "
      "green_run = ?",
      error_id, resolved_run);
}

struct Known {
  std::int64_t error_id = 0;
  std::optional<std::int64_t> resolved_run;
};

Result<std::optional<Known>> find_error(Connection& main, const std::string& project, const Seen& seen) {
  std::optional<Known> known;
  MIRA_TRY(main.each(
      "SELECT e.error_id, e.resolved_run FROM build_error_keys k JOIN build_errors e USING (error_id) WHERE "
      "k.project_id = ? AND k.algorithm = ? AND k.instance_hash = ? ORDER BY e.last_run DESC LIMIT 1",
      [&](const Row& row) {
        known = Known{row.integer(0)};
        if (!row.is_null(1)) known->resolved_run = row.integer(1);
      },
      project, fingerprint_version, seen.keys.instance));
  return known;
}

Status save_keys(Connection& main, const std::string& project, std::int64_t error_id,
                 const Fingerprint& keys) {
  return main.run(
      "INSERT INTO build_error_keys(error_id, algorithm, project_id, instance_hash, error_hash, class_hash) "
      "VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
      error_id, fingerprint_version, project, keys.instance, keys.identity, keys.kind);
}

// Errors that an older program stored get today's keys beside theirs, some at each run.
Status add_missing_keys(Connection& main, const std::string& project) {
  std::vector<std::pair<std::int64_t, Record>> old;
  MIRA_TRY(main.each(
      "SELECT e.error_id, e.details FROM build_errors e WHERE e.project_id = ? AND e.algorithm < ? AND NOT "
      "EXISTS (SELECT 1 FROM build_error_keys k WHERE k.error_id = e.error_id AND k.algorithm = ?) ORDER BY "
      "e.error_id DESC LIMIT ?",
      [&](const Row& row) { old.emplace_back(row.integer(0), record_from_details(row.text(1))); }, project,
      fingerprint_version, fingerprint_version, rekeyed_at_once));
  for (const auto& [error_id, record] : old)
    MIRA_TRY(save_keys(main, project, error_id, fingerprint(record, record.file)));
  return {};
}

Status insert_error(Connection& main, const Session& session, const Seen& seen, std::int64_t run_id,
                    std::int64_t now_ms, std::int64_t& error_id) {
  const Record& record = seen.record;
  MIRA_TRY(main.run(
      "INSERT INTO build_errors(project_id, algorithm, instance_hash, error_hash, class_hash, tool, "
      "severity, code, message, file, line, column_number, test, details, first_seen_ms, last_seen_ms, "
      "first_run, last_run, occurrences) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)",
      session.project.id, fingerprint_version, seen.keys.instance, seen.keys.identity, seen.keys.kind,
      record.tool, severity_name(record.severity), record.code, clean(record.message), record.file,
      record.line, record.column, clean(record.test), details_of(record), now_ms, now_ms, run_id, run_id));
  error_id = main.last_insert_id();
  return save_keys(main, session.project.id, error_id, seen.keys);
}

Status save_seen(Connection& main, const Session& session, const Seen& seen, Saved& saved,
                 std::int64_t now_ms) {
  const std::int64_t run_id = saved.run_id;
  const auto position = static_cast<std::int64_t>(saved.error_ids.size());
  auto known = MIRA_TRY(find_error(main, session.project.id, seen));
  std::int64_t error_id = 0;
  if (known) {
    error_id = known->error_id;
    if (known->resolved_run) MIRA_TRY(note_return(main, error_id, *known->resolved_run, run_id));
    MIRA_TRY(
        main.run("UPDATE build_errors SET last_seen_ms = ?, last_run = ?, occurrences = occurrences + 1, "
                 "resolved_ms = NULL,"
                 " resolved_run = NULL, line = ?, column_number = ?, details = ? WHERE error_id = ?",
                 now_ms, run_id, seen.record.line, seen.record.column, details_of(seen.record), error_id));
  } else {
    MIRA_TRY(insert_error(main, session, seen, run_id, now_ms, error_id));
  }
  saved.error_ids.push_back(error_id);
  return main.run(
      "INSERT INTO build_run_errors(run_id, error_id, position, times, log_line, log_begin, log_end) "
      "VALUES(?,?,?,?,?,?,?)"
      " ON CONFLICT DO UPDATE SET times = times + excluded.times",
      run_id, error_id, position, seen.times, seen.record.log_line, seen.record.log_begin,
      seen.record.log_end);
}

// What was told about an error helped when a later run of its key passes without it, and did not when one
// shows it again. A run that fails elsewhere says nothing: it may not have come so far.
Status settle_injections(Connection& main, const Session& session, const Run& run, std::int64_t run_id) {
  const std::string key = build_key(run.command, run.folder);
  MIRA_TRY(
      main.run("UPDATE build_context_injections SET cured = 0 WHERE project_id = ? AND cured IS NULL AND "
               "run_id < ? AND "
               "run_id IN (SELECT run_id FROM build_runs WHERE build_key = ?) AND EXISTS (SELECT 1 FROM "
               "build_run_errors e WHERE e.run_id = ? AND e.error_id = build_context_injections.error_id)",
               session.project.id, run_id, key, run_id));
  if (state_of(run) != "passed") return {};
  return main.run(
      "UPDATE build_context_injections SET cured = 1 WHERE project_id = ? AND cured IS NULL AND run_id < ? "
      "AND "
      "run_id IN (SELECT run_id FROM build_runs WHERE build_key = ?)",
      session.project.id, run_id, key);
}

}  // namespace

std::string build_key(std::string_view command, std::string_view folder) {
  return base::content_hash(std::string(command) + '\0' + std::string(folder));
}

Result<Saved> save_run(Session& session, const Run& run) {
  Saved saved;
  const std::int64_t now_ms = run.started_ms + run.duration_ms;
  const auto change = [&](Connection& main) -> Status {
    saved.error_ids.clear();
    MIRA_TRY(add_missing_keys(main, session.project.id));
    MIRA_TRY(insert_run(main, session, run, saved.run_id));
    for (const Seen& seen : run.seen) MIRA_TRY(save_seen(main, session, seen, saved, now_ms));
    return settle_injections(main, session, run, saved.run_id);
  };
  MIRA_TRY(session.main_writer.submit(change, base::Deadline::never()));
  return saved;
}

// A flaky one is not cured by one green run: it counts as gone after so many, and teaches no cure.
Result<std::vector<Gone>> gone_errors(Session& session, std::string_view key, std::int64_t run_id) {
  std::vector<Gone> out;
  MIRA_TRY(session.main.each(
      "SELECT v.error_id, v.error_hash, v.last_run, g.run_id, r.started_ms, g.started_ms, r.tree_hash, "
      "g.tree_hash, r.head_commit, g.head_commit, v.details, v.same_tree_green > 0 FROM build_error_view v "
      "JOIN "
      "build_runs r ON r.run_id = v.last_run JOIN build_runs g ON g.run_id = (SELECT min(n.run_id) FROM "
      "build_runs n WHERE n.project_id = r.project_id AND n.build_key = r.build_key AND n.run_id > r.run_id "
      "AND "
      "n.state <> 'cancelled') JOIN build_runs now ON now.run_id = ? WHERE v.project_id = ? AND v.algorithm "
      "= ? "
      "AND v.severity = 'error' AND v.resolved_run IS NULL AND r.build_key = ? AND v.last_run < ? AND "
      "now.state "
      "= 'passed' AND (v.same_tree_green = 0 OR ? <= (SELECT count(*) FROM build_runs p WHERE p.project_id = "
      "r.project_id AND p.build_key = r.build_key AND p.run_id > r.run_id AND p.state = 'passed'))",
      [&](const Row& row) {
        Gone gone{.error_id = row.integer(0),
                  .red_run = row.integer(2),
                  .green_run = row.integer(3),
                  .red_ms = row.integer(4),
                  .green_ms = row.integer(5)};
        gone.error_hash = row.text(1);
        gone.red_tree = row.text(6);
        gone.green_tree = row.text(7);
        gone.red_commit = row.text(8);
        gone.green_commit = row.text(9);
        gone.record = record_from_details(row.text(10));
        gone.flaky = row.integer(11) != 0;
        out.push_back(std::move(gone));
      },
      run_id, session.project.id, fingerprint_version, key, run_id, greens_that_end_flaky));
  return out;
}

namespace {

// A hunk without what differs from place to place: its lines, trimmed.
std::string shape_of(std::string_view body) {
  std::string out;
  for (std::string_view line : base::split(body, '\n')) {
    if (line.empty()) continue;
    out += line[0];
    line.remove_prefix(1);
    out += base::trim(line);
    out += '\n';
  }
  return out;
}

// The same change that cured this problem before, there or elsewhere, confirms both.
Status confirm(Connection& main, const std::string& project, const Cure& cure, std::string& state,
               std::int64_t& cured) {
  if (cure.hunks.empty()) return {};
  const std::string shape = shape_of(guard::mask_secrets(cure.hunks[0].hunk.body));
  std::optional<std::int64_t> earlier;
  MIRA_TRY(main.each(
      "SELECT r.resolution_id, r.cured, h.body FROM build_error_keys k JOIN error_resolutions r USING "
      "(error_id) "
      "JOIN resolution_hunks h USING (resolution_id) WHERE k.project_id = ? AND k.algorithm = ? AND "
      "k.error_hash "
      "= ? AND r.state <> 'failed' AND h.position = 0 ORDER BY r.resolution_id DESC LIMIT 50",
      [&](const Row& row) {
        if (earlier || shape_of(row.text(2)) != shape) return;
        earlier = row.integer(0);
        cured = row.integer(1) + 1;
      },
      project, fingerprint_version, cure.gone.error_hash));
  if (!earlier) return {};
  state = "confirmed";
  MIRA_TRY(main.run("UPDATE error_resolutions SET cured = cured + 1 WHERE resolution_id = ?", *earlier));
  return main.run(
      "UPDATE error_resolutions SET state = 'confirmed' WHERE resolution_id = ? AND state = 'observed'",
      *earlier);
}

Status mark_gone(Connection& main, const Gone& gone) {
  return main.run("UPDATE build_errors SET resolved_run = ?, resolved_ms = ? WHERE error_id = ?",
                  gone.green_run, gone.green_ms, gone.error_id);
}

Status save_cure(Connection& main, const std::string& project, const Cure& cure) {
  if (cure.gone.flaky) return mark_gone(main, cure.gone);
  std::string state = "observed";
  std::int64_t cured = 1;
  MIRA_TRY(confirm(main, project, cure, state, cured));
  MIRA_TRY(
      main.run("INSERT INTO error_resolutions(project_id, error_id, error_hash, kind, state, red_run, "
               "green_run, head_commit,"
               " time_to_fix_ms, cured, returned) VALUES(?,?,?,?,?,?,?,?,?,?,0) ON CONFLICT DO NOTHING",
               project, cure.gone.error_id, cure.gone.error_hash, cure.kind, state, cure.gone.red_run,
               cure.gone.green_run, cure.gone.green_commit, cure.gone.green_ms - cure.gone.red_ms, cured));
  const std::int64_t id = main.last_insert_id();
  std::int64_t position = 0;
  for (const RankedHunk& ranked : cure.hunks) {
    const Hunk& hunk = ranked.hunk;
    MIRA_TRY(
        main.run("INSERT INTO resolution_hunks(resolution_id, position, path, old_start, old_lines, "
                 "new_start, new_lines, score, why, body)"
                 " VALUES(?,?,?,?,?,?,?,?,?,?)",
                 id, position++, hunk.path, hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines,
                 ranked.score, ranked.why, guard::mask_secrets(hunk.body)));
  }
  return mark_gone(main, cure.gone);
}

}  // namespace

Status save_cures(Session& session, const std::vector<Cure>& cures) {
  if (cures.empty()) return {};
  const auto change = [&](Connection& main) -> Status {
    for (const Cure& cure : cures) MIRA_TRY(save_cure(main, session.project.id, cure));
    return {};
  };
  return session.main_writer.submit(change, base::Deadline::never());
}

Status save_injections(Session& session, const std::vector<Injection>& told) {
  if (told.empty()) return {};
  const auto change = [&](Connection& main) -> Status {
    for (const Injection& one : told) {
      MIRA_TRY(main.run(
          "INSERT INTO build_context_injections(project_id, run_id, error_id, resolution_id, told_ms, "
          "conversation) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
          session.project.id, one.run_id, one.error_id, one.resolution_id, session.clock.now_ms(),
          one.conversation));
    }
    return {};
  };
  return session.main_writer.submit(change, base::Deadline::never());
}

Status save_injection(Session& session, std::int64_t run_id, std::int64_t error_id,
                      std::int64_t resolution_id) {
  return save_injections(session, {{run_id, error_id, resolution_id}});
}

Record record_from_details(std::string_view details) {
  Record out;
  const json read = json::parse(details, nullptr, false);
  if (!read.is_object()) return out;
  const auto text = [](const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto number = [](const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_number_integer() ? found->get<int>() : 0;
  };
  out.tool = text(read, "tool");
  out.severity = text(read, "severity") == "warning" ? Severity::warning : Severity::error;
  out.code = text(read, "code");
  out.message = text(read, "message");
  out.file = text(read, "file");
  out.line = number(read, "line");
  out.column = number(read, "column");
  out.symbol = text(read, "symbol");
  out.test = text(read, "test");
  out.expected = text(read, "expected");
  out.actual = text(read, "actual");
  out.snippet = text(read, "snippet");
  out.log_line = number(read, "log_line");
  for (const json& note : read.value("notes", json::array()))
    out.notes.push_back(
        {text(note, "message"), text(note, "file"), number(note, "line"), number(note, "column")});
  for (const json& frame : read.value("frames", json::array()))
    out.frames.push_back({text(frame, "file"), number(frame, "line"), text(frame, "function"),
                          frame.value("in_project", false)});
  for (const json& frame : read.value("includes", json::array()))
    out.includes.push_back({text(frame, "file"), number(frame, "line"), text(frame, "function"), false});
  return out;
}

}  // namespace mira::builds
