#include "knowledge/builds/recall.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::builds {
namespace {

using base::Result;
using contracts::Session;
using nlohmann::json;
using store::Row;

std::vector<std::string> texts(std::string_view list) {
  std::vector<std::string> out;
  const json read = json::parse(list, nullptr, false);
  if (!read.is_array()) return out;
  for (const json& one : read) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

RunRow run_row(const Row& row) {
  RunRow out{.run_id = row.integer(0),
             .exit_code = row.integer(1),
             .started_ms = row.integer(2),
             .duration_ms = row.integer(3),
             .errors = row.integer(4),
             .warnings = row.integer(5),
             .tests_failed = row.integer(6)};
  out.command = row.text(7);
  out.folder = row.text(8);
  out.state = row.text(9);
  out.build_key = row.text(10);
  out.log_file = row.text(11);
  out.tree_hash = row.text(12);
  out.head_commit = row.text(13);
  out.trigger = row.text(14);
  out.reasons = texts(row.text(15));
  out.mismatches = texts(row.text(16));
  out.has_exit_code = !row.is_null(1);
  return out;
}

ErrorRow error_row(const Row& row) {
  ErrorRow out{.error_id = row.integer(0),
               .first_seen_ms = row.integer(1),
               .last_seen_ms = row.integer(2),
               .first_run = row.integer(3),
               .last_run = row.integer(4),
               .occurrences = row.integer(5)};
  if (!row.is_null(6)) out.resolved_run = row.integer(6);
  out.error_hash = row.text(7);
  out.class_hash = row.text(8);
  out.details = row.text(9);
  out.command = row.text(10);
  out.same_tree_green = row.integer(11);
  out.record = record_from_details(out.details);
  return out;
}

// "12" or "#12"; 0 when it is no number.
std::int64_t number_of(std::string_view what) {
  if (what.starts_with('#')) what.remove_prefix(1);
  std::int64_t out = 0;
  const auto end = std::from_chars(what.data(), what.data() + what.size(), out).ptr;
  return !what.empty() && end == what.data() + what.size() ? out : 0;
}

}  // namespace

Result<std::vector<RunRow>> recent_runs(Session& session, std::int64_t limit) {
  std::vector<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT run_id, exit_code, started_ms, duration_ms, errors, warnings, tests_failed, command, folder, "
      "state, build_key, log_file,"
      " tree_hash, head_commit, trigger, reasons, mismatches FROM build_runs WHERE project_id = ? ORDER BY "
      "run_id DESC LIMIT ?",
      [&](const Row& row) { out.push_back(run_row(row)); }, session.project.id, limit));
  return out;
}

Result<std::optional<RunRow>> find_run(Session& session, std::int64_t run_id) {
  std::optional<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT run_id, exit_code, started_ms, duration_ms, errors, warnings, tests_failed, command, folder, "
      "state, build_key, log_file,"
      " tree_hash, head_commit, trigger, reasons, mismatches FROM build_runs WHERE project_id = ? AND run_id "
      "= ?",
      [&](const Row& row) { out = run_row(row); }, session.project.id, run_id));
  return out;
}

Result<std::optional<RunRow>> last_green(Session& session, const RunRow& run) {
  std::optional<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT run_id, exit_code, started_ms, duration_ms, errors, warnings, tests_failed, command, folder, "
      "state, build_key, log_file,"
      " tree_hash, head_commit, trigger, reasons, mismatches FROM build_runs WHERE project_id = ? AND "
      "build_key = ? AND state = 'passed'"
      " AND run_id < ? ORDER BY run_id DESC LIMIT 1",
      [&](const Row& row) { out = run_row(row); }, session.project.id, run.build_key, run.run_id));
  return out;
}

Result<std::vector<ErrorRow>> failing_now(Session& session, std::int64_t limit) {
  std::vector<ErrorRow> out;
  MIRA_TRY(session.main.each(
      "SELECT e.error_id, e.first_seen_ms, e.last_seen_ms, e.first_run, e.last_run, e.occurrences, "
      "e.resolved_run, e.error_hash,"
      " e.class_hash, e.details, r.command, (SELECT count(*) FROM build_runs f WHERE f.build_key = "
      "r.build_key AND f.tree_hash = r.tree_hash"
      " AND f.tree_hash <> '' AND f.state = 'passed') FROM build_runs r JOIN build_run_errors x ON x.run_id "
      "= r.run_id JOIN build_errors e"
      " USING (error_id) WHERE r.project_id = ? AND e.severity = 'error' AND r.state = 'failed' AND r.run_id "
      "= (SELECT max(n.run_id) FROM"
      " build_runs n WHERE n.project_id = r.project_id AND n.build_key = r.build_key AND n.state <> "
      "'cancelled')"
      " ORDER BY r.run_id DESC, x.position LIMIT ?",
      [&](const Row& row) { out.push_back(error_row(row)); }, session.project.id, limit));
  return out;
}

Result<ErrorRow> find_error(Session& session, const std::string& what) {
  std::optional<ErrorRow> out;
  const std::int64_t number = number_of(what);
  MIRA_TRY(session.main.each(
      "SELECT e.error_id, e.first_seen_ms, e.last_seen_ms, e.first_run, e.last_run, e.occurrences, "
      "e.resolved_run, e.error_hash,"
      " e.class_hash, e.details, r.command, (SELECT count(*) FROM build_runs f WHERE f.build_key = "
      "r.build_key AND f.tree_hash = r.tree_hash"
      " AND f.tree_hash <> '' AND f.state = 'passed') FROM build_errors e JOIN build_runs r ON r.run_id = "
      "e.last_run WHERE e.project_id = ?"
      " AND (e.error_id = ? OR (? = 0 AND (instr(e.message, ?) > 0 OR e.code = ? OR e.file = ? OR e.test = ? "
      "OR e.file || ':' || e.line = ?"
      " OR e.error_hash = ?))) ORDER BY e.last_run DESC, e.error_id LIMIT 1",
      [&](const Row& row) { out = error_row(row); }, session.project.id, number, number, what, what, what,
      what, what, what));
  if (out) return *std::move(out);
  return base::fail(base::ErrorCode::not_found,
                    "No error \"" + base::display_line(what) + "\" is known in this project.",
                    "Give its number, its file:line, its code or words of its message; `mira build failing` "
                    "lists what fails now.");
}

Result<std::vector<RunRow>> runs_of_error(Session& session, std::int64_t error_id, std::int64_t limit) {
  std::vector<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT r.run_id, exit_code, started_ms, duration_ms, errors, warnings, tests_failed, command, folder, "
      "state, build_key, log_file,"
      " tree_hash, head_commit, trigger, reasons, mismatches FROM build_runs r JOIN build_run_errors e ON "
      "e.run_id = r.run_id"
      " WHERE r.project_id = ? AND e.error_id = ? ORDER BY r.run_id DESC LIMIT ?",
      [&](const Row& row) { out.push_back(run_row(row)); }, session.project.id, error_id, limit));
  return out;
}

Result<std::vector<ResolutionRow>> resolutions_of(Session& session, const std::string& error_hash,
                                                  std::size_t hunks) {
  std::vector<ResolutionRow> out;
  MIRA_TRY(session.main.each(
      "SELECT r.resolution_id, r.red_run, r.green_run, r.time_to_fix_ms, r.cured, r.returned, r.kind, "
      "r.state, r.head_commit, g.started_ms"
      " FROM error_resolutions r JOIN build_runs g ON g.run_id = r.green_run WHERE r.project_id = ? AND "
      "r.error_hash = ?"
      " ORDER BY CASE r.state WHEN 'verified' THEN 0 WHEN 'confirmed' THEN 1 WHEN 'observed' THEN 2 ELSE 3 "
      "END, r.resolution_id DESC LIMIT 20",
      [&](const Row& row) {
        ResolutionRow one{.resolution_id = row.integer(0),
                          .red_run = row.integer(1),
                          .green_run = row.integer(2),
                          .time_to_fix_ms = row.integer(3),
                          .cured = row.integer(4),
                          .returned = row.integer(5),
                          .green_ms = row.integer(9)};
        one.kind = row.text(6);
        one.state = row.text(7);
        one.commit = row.text(8);
        out.push_back(std::move(one));
      },
      session.project.id, error_hash));
  for (ResolutionRow& one : out) {
    MIRA_TRY(session.main.each(
        "SELECT path, old_start, old_lines, new_start, new_lines, score, why, body FROM resolution_hunks "
        "WHERE resolution_id = ?"
        " ORDER BY position LIMIT ?",
        [&](const Row& row) {
          RankedHunk& ranked = one.hunks.emplace_back();
          ranked.hunk.path = std::string(row.text(0));
          ranked.hunk.old_start = static_cast<int>(row.integer(1));
          ranked.hunk.old_lines = static_cast<int>(row.integer(2));
          ranked.hunk.new_start = static_cast<int>(row.integer(3));
          ranked.hunk.new_lines = static_cast<int>(row.integer(4));
          ranked.hunk.body = std::string(row.text(7));
          ranked.score = row.real(5);
          ranked.why = std::string(row.text(6));
        },
        one.resolution_id, static_cast<std::int64_t>(hunks)));
  }
  return out;
}

Result<std::vector<ErrorRow>> cured_of_kind(Session& session, const ErrorRow& error, std::int64_t limit) {
  std::vector<ErrorRow> out;
  MIRA_TRY(session.main.each(
      "SELECT e.error_id, e.first_seen_ms, e.last_seen_ms, e.first_run, e.last_run, e.occurrences, "
      "e.resolved_run, e.error_hash, e.class_hash,"
      " e.details, r.command, 0 FROM build_errors e JOIN build_runs r ON r.run_id = e.last_run WHERE "
      "e.project_id = ? AND e.class_hash = ?"
      " AND e.error_hash <> ? AND e.resolved_run IS NOT NULL ORDER BY e.last_run DESC LIMIT ?",
      [&](const Row& row) { out.push_back(error_row(row)); }, session.project.id, error.class_hash,
      error.error_hash, limit));
  return out;
}

Result<Told> told_so_far(Session& session) {
  Told out;
  MIRA_TRY(session.main.each(
      "SELECT count(*), count(cured), coalesce(sum(cured), 0) FROM build_context_injections WHERE project_id "
      "= ?",
      [&](const Row& row) { out = {row.integer(0), row.integer(1), row.integer(2)}; }, session.project.id));
  return out;
}

}  // namespace mira::builds
