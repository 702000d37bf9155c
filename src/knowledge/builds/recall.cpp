#include "knowledge/builds/recall.h"

#include <algorithm>
#include <charconv>
#include <cmath>
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
      "SELECT * FROM build_run_view WHERE project_id = ? ORDER BY run_id DESC LIMIT ?",
      [&](const Row& row) { out.push_back(run_row(row)); }, session.project.id, limit));
  return out;
}

Result<std::optional<RunRow>> find_run(Session& session, std::int64_t run_id) {
  std::optional<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT * FROM build_run_view WHERE project_id = ? AND run_id = ?",
      [&](const Row& row) { out = run_row(row); }, session.project.id, run_id));
  return out;
}

Result<std::optional<RunRow>> last_green(Session& session, const RunRow& run) {
  std::optional<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT * FROM build_run_view WHERE project_id = ? AND build_key = ? AND state = 'passed' AND run_id < "
      "? "
      "ORDER BY run_id DESC LIMIT 1",
      [&](const Row& row) { out = run_row(row); }, session.project.id, run.build_key, run.run_id));
  return out;
}

Result<std::vector<ErrorRow>> failing_now(Session& session, std::int64_t limit) {
  std::vector<ErrorRow> out;
  MIRA_TRY(session.main.each(
      "SELECT v.* FROM build_runs r JOIN build_run_errors x ON x.run_id = r.run_id JOIN build_error_view v "
      "USING (error_id) WHERE r.project_id = ? AND v.algorithm = ? AND v.severity = 'error' AND r.state = "
      "'failed' AND r.run_id = (SELECT max(n.run_id) FROM build_runs n WHERE n.project_id = r.project_id AND "
      "n.build_key = r.build_key AND n.state <> 'cancelled') ORDER BY r.run_id DESC, x.position LIMIT ?",
      [&](const Row& row) { out.push_back(error_row(row)); }, session.project.id, fingerprint_version,
      limit));
  return out;
}

Result<ErrorRow> find_error(Session& session, const std::string& what) {
  std::optional<ErrorRow> out;
  const std::int64_t number = number_of(what);
  MIRA_TRY(session.main.each(
      "SELECT * FROM build_error_view WHERE project_id = ? AND algorithm = ? AND (error_id = ? OR (? = 0 AND "
      "(instr(message, ?) > 0 OR code = ? OR file = ? OR test = ? OR file || ':' || line = ? OR error_hash = "
      "?))) ORDER BY last_run DESC, error_id LIMIT 1",
      [&](const Row& row) { out = error_row(row); }, session.project.id, fingerprint_version, number, number,
      what, what, what, what, what, what));
  if (out) return *std::move(out);
  return base::fail(base::ErrorCode::not_found,
                    "No error \"" + base::display_line(what) + "\" is known in this project.",
                    "Give its number, its file:line, its code or words of its message; `mira build failing` "
                    "lists what fails now.");
}

Result<std::vector<RunRow>> runs_of_error(Session& session, std::int64_t error_id, std::int64_t limit) {
  std::vector<RunRow> out;
  MIRA_TRY(session.main.each(
      "SELECT v.* FROM build_run_view v JOIN build_run_errors e USING (run_id) WHERE v.project_id = ? AND "
      "e.error_id = ? ORDER BY v.run_id DESC LIMIT ?",
      [&](const Row& row) { out.push_back(run_row(row)); }, session.project.id, error_id, limit));
  return out;
}

Result<Outcomes> outcomes_of(Session& session, const ErrorRow& error) {
  Outcomes out;
  MIRA_TRY(session.main.each(
      "SELECT EXISTS (SELECT 1 FROM build_run_errors x WHERE x.run_id = r.run_id AND x.error_id = ?) FROM "
      "build_runs r WHERE r.project_id = ? AND r.run_id >= ? AND r.state <> 'cancelled' AND r.build_key = "
      "(SELECT build_key FROM build_runs WHERE run_id = ?) ORDER BY r.run_id DESC LIMIT ?",
      [&](const Row& row) {
        out.marks.insert(out.marks.begin(), row.integer(0) != 0 ? 'F' : '.');
        out.failed += row.integer(0);
      },
      error.error_id, session.project.id, error.first_run, error.last_run, outcomes_kept));
  const auto [low, high] = wilson_interval(out.failed, static_cast<std::int64_t>(out.marks.size()));
  out.low = low;
  out.high = high;
  return out;
}

std::pair<double, double> wilson_interval(std::int64_t hits, std::int64_t tries) {
  if (tries == 0) return {0, 1};
  constexpr double z = 1.959964;  // 95 %
  const auto n = static_cast<double>(tries);
  const double share = static_cast<double>(hits) / n;
  const double middle = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale)};
}

namespace {

RankedHunk hunk_row(const Row& row, int first) {
  RankedHunk out;
  out.hunk.path = std::string(row.text(first));
  out.hunk.old_start = static_cast<int>(row.integer(first + 1));
  out.hunk.old_lines = static_cast<int>(row.integer(first + 2));
  out.hunk.new_start = static_cast<int>(row.integer(first + 3));
  out.hunk.new_lines = static_cast<int>(row.integer(first + 4));
  out.score = row.real(first + 5);
  out.why = std::string(row.text(first + 6));
  out.hunk.body = std::string(row.text(first + 7));
  out.own_place = out.why == why_own_place;
  return out;
}

ResolutionRow resolution_row(const Row& row) {
  ResolutionRow out{.resolution_id = row.integer(0),
                    .error_id = row.integer(1),
                    .red_run = row.integer(2),
                    .green_run = row.integer(3),
                    .time_to_fix_ms = row.integer(4),
                    .cured = row.integer(5),
                    .returned = row.integer(6)};
  out.kind = row.text(7);
  out.state = row.text(8);
  out.commit = row.text(9);
  out.green_ms = row.integer(10);
  return out;
}

}  // namespace

Result<std::vector<ResolutionRow>> resolutions_of(Session& session, const std::string& error_hash,
                                                  std::size_t hunks) {
  std::vector<ResolutionRow> out;
  MIRA_TRY(session.main.each(
      "SELECT r.resolution_id, r.error_id, r.red_run, r.green_run, r.time_to_fix_ms, r.cured, r.returned, "
      "r.kind, r.state, r.head_commit, g.started_ms FROM build_error_keys k JOIN error_resolutions r USING "
      "(error_id) JOIN build_runs g ON g.run_id = r.green_run WHERE k.project_id = ? AND k.algorithm = ? AND "
      "k.error_hash = ? ORDER BY CASE r.state WHEN 'verified' THEN 0 WHEN 'confirmed' THEN 1 WHEN 'observed' "
      "THEN 2 ELSE 3 END, r.resolution_id DESC LIMIT 20",
      [&](const Row& row) { out.push_back(resolution_row(row)); }, session.project.id, fingerprint_version,
      error_hash));
  for (ResolutionRow& one : out) {
    MIRA_TRY(session.main.each(
        "SELECT path, old_start, old_lines, new_start, new_lines, score, why, body FROM resolution_hunks "
        "WHERE resolution_id = ? ORDER BY position LIMIT ?",
        [&](const Row& row) { one.hunks.push_back(hunk_row(row, 0)); }, one.resolution_id,
        static_cast<std::int64_t>(hunks)));
  }
  return out;
}

Result<std::vector<ErrorRow>> cured_of_kind(Session& session, const ErrorRow& error, std::int64_t limit) {
  std::vector<ErrorRow> out;
  MIRA_TRY(session.main.each(
      "SELECT * FROM build_error_view WHERE project_id = ? AND algorithm = ? AND class_hash = ? AND "
      "error_hash "
      "<> ? AND resolved_run IS NOT NULL ORDER BY last_run DESC LIMIT ?",
      [&](const Row& row) { out.push_back(error_row(row)); }, session.project.id, fingerprint_version,
      error.class_hash, error.error_hash, limit));
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
