// What is remembered of builds, read back: runs, what fails now, one error with its
// history and its cure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/builds/run_store.h"

namespace mira::builds {

struct RunRow {
  std::int64_t run_id = 0, exit_code = 0, started_ms = 0, duration_ms = 0, errors = 0, warnings = 0,
               tests_failed = 0;
  std::string command, folder, state, build_key, log_file, tree_hash, head_commit, trigger;
  std::vector<std::string> reasons, mismatches;
  bool has_exit_code = false;
};
base::Result<std::vector<RunRow>> recent_runs(contracts::Session& session, std::int64_t limit);
base::Result<std::optional<RunRow>> find_run(contracts::Session& session, std::int64_t run_id);
// The last run of the key that passed before `run_id`.
base::Result<std::optional<RunRow>> last_green(contracts::Session& session, const RunRow& run);

struct ErrorRow {
  std::int64_t error_id = 0, first_seen_ms = 0, last_seen_ms = 0, first_run = 0, last_run = 0,
               occurrences = 0;
  std::optional<std::int64_t> resolved_run;
  std::string error_hash, class_hash, details, command;
  Record record;
  std::int64_t same_tree_green = 0;  // runs of a tree that showed it in which it did not show: it is flaky
};
// Errors of the last run of each build key that is not green now, newest run first, in the order of the log.
base::Result<std::vector<ErrorRow>> failing_now(contracts::Session& session, std::int64_t limit);
// An error by its number ("12", "#12") or by words of its place, code or message; the newest that fits.
// not_found says what to try.
base::Result<ErrorRow> find_error(contracts::Session& session, const std::string& what);
base::Result<std::vector<RunRow>> runs_of_error(contracts::Session& session, std::int64_t error_id,
                                                std::int64_t limit);

// The last runs of an error's command since it was first seen, oldest first: 'F' showed it, '.' did not.
inline constexpr int outcomes_kept = 20;
struct Outcomes {
  std::string marks;
  std::int64_t failed = 0;
  double low = 0, high = 1;  // of its failure rate, 95 %
};
base::Result<Outcomes> outcomes_of(contracts::Session& session, const ErrorRow& error);
// E. B. Wilson's score interval of a share (1927), 95 %.
std::pair<double, double> wilson_interval(std::int64_t hits, std::int64_t tries);

struct ResolutionRow {
  std::int64_t resolution_id = 0, error_id = 0, red_run = 0, green_run = 0, time_to_fix_ms = 0, cured = 0,
               returned = 0, green_ms = 0;
  std::string kind, state, commit;
  std::vector<RankedHunk> hunks;  // the likeliest first
};
// Cures of an identity, the surest first.
base::Result<std::vector<ResolutionRow>> resolutions_of(contracts::Session& session,
                                                        const std::string& error_hash, std::size_t hunks);
// Cured errors of the same kind elsewhere, newest first.
base::Result<std::vector<ErrorRow>> cured_of_kind(contracts::Session& session, const ErrorRow& error,
                                                  std::int64_t limit);

// Of what was told so far: how often, and how often the next run was cured.
struct Told {
  std::int64_t times = 0, known = 0, cured = 0;
};
base::Result<Told> told_so_far(contracts::Session& session);

}  // namespace mira::builds
