#include "knowledge/builds/retention.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "knowledge/builds/run_build.h"
#include "knowledge/builds/snapshot.h"

namespace mira::builds {
namespace {

namespace fs = std::filesystem;
using base::Result;
using contracts::Session;
using store::Row;

constexpr auto stray_age = std::chrono::hours(24);

struct LogOfRun {
  std::int64_t run_id = 0;
  std::string build_key, state, file, tree;
};

Result<std::vector<LogOfRun>> logs_of_runs(Session& session) {
  std::vector<LogOfRun> out;
  MIRA_TRY(session.main.each(
      "SELECT run_id, build_key, state, log_file, tree_hash FROM build_runs WHERE project_id = ? AND "
      "log_file "
      "<> '' ORDER BY run_id DESC",
      [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                       std::string(row.text(3)), std::string(row.text(4))});
      },
      session.project.id));
  return out;
}

std::uint64_t bytes_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

struct Split {
  std::vector<LogOfRun> kept, dropped;
};

// `runs`: the newest first.
Split split(std::vector<LogOfRun> runs, const fs::path& folder, std::uint64_t most_bytes) {
  Split out;
  std::map<std::string, std::size_t> of_command;
  std::set<std::string> has_green;
  std::uint64_t bytes = 0;
  for (LogOfRun& run : runs) {
    const bool newest = of_command[run.build_key]++ < logs_of_a_command;
    const bool last_green = run.state == "passed" && has_green.insert(run.build_key).second;
    bytes += bytes_of(folder / run.file);
    const bool keep = (newest || last_green) && bytes <= most_bytes;
    (keep ? out.kept : out.dropped).push_back(std::move(run));
  }
  return out;
}

// Trees that an open error will be compared with: of its last run, and of the run after it.
base::Status add_trees_of_open_errors(Session& session, std::set<std::string>& trees) {
  return session.main.each(
      "SELECT DISTINCT r.tree_hash, (SELECT n.tree_hash FROM build_runs n WHERE n.project_id = r.project_id "
      "AND "
      "n.build_key = r.build_key AND n.run_id > r.run_id AND n.state <> 'cancelled' ORDER BY n.run_id LIMIT "
      "1) "
      "FROM build_errors e JOIN build_runs r ON r.run_id = e.last_run WHERE e.project_id = ? AND e.severity "
      "= "
      "'error' AND e.resolved_run IS NULL",
      [&](const Row& row) {
        trees.insert(std::string(row.text(0)));
        trees.insert(std::string(row.text(1)));
      },
      session.project.id);
}

base::Status forget_logs(Session& session, const std::vector<LogOfRun>& runs) {
  if (runs.empty()) return {};
  return session.main_writer.submit(
      [&](store::Connection& main) -> base::Status {
        for (const LogOfRun& run : runs)
          MIRA_TRY(main.run("UPDATE build_runs SET log_file = '' WHERE run_id = ?", run.run_id));
        return {};
      },
      base::Deadline::never());
}

// Logs of runs that were killed before they had a row.
std::size_t remove_strays(const fs::path& folder, const std::set<std::string>& known) {
  std::size_t removed = 0;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const std::string name = at->path().filename().string();
    const bool old = fs::file_time_type::clock::now() - at->last_write_time(gone) > stray_age;
    if (gone || !name.ends_with(".log") || known.contains(name) || !old) continue;
    removed += fs::remove(at->path(), gone) ? 1 : 0;
  }
  return removed;
}

}  // namespace

Result<Pruned> prune(Session& session, std::uint64_t log_bytes) {
  const fs::path folder = builds_folder(session);
  Pruned out;
  const Split runs = split(MIRA_TRY(logs_of_runs(session)), folder, log_bytes);
  MIRA_TRY(forget_logs(session, runs.dropped));  // the row first: a file without a row is a stray
  std::error_code error;
  for (const LogOfRun& run : runs.dropped) out.logs += fs::remove(folder / run.file, error) ? 1 : 0;
  std::set<std::string> names, trees;
  for (const LogOfRun& run : runs.kept) {
    names.insert(run.file);
    trees.insert(run.tree);
  }
  out.logs += remove_strays(folder, names);
  if (out.logs == 0) return out;
  MIRA_TRY(add_trees_of_open_errors(session, trees));
  const Snapshots::Swept swept = Snapshots(folder).sweep(trees);
  out.trees = swept.trees;
  out.contents = swept.contents;
  return out;
}

KeptLogs kept_logs(const Session& session) {
  KeptLogs out;
  std::error_code error;
  for (fs::directory_iterator at(builds_folder(session), error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() != ".log") continue;
    ++out.logs;
    out.bytes += bytes_of(at->path());
  }
  return out;
}

std::vector<contracts::Finding> check_logs(Session& session) {
  const KeptLogs kept = kept_logs(session);
  return {
      {contracts::Health::ok, "build logs",
       fmt::format("{} kept, {:.1f} MB (the newest {} of each command and its last green one, {} MB in all)",
                   kept.logs, static_cast<double>(kept.bytes) / 1e6, logs_of_a_command, most_log_bytes >> 20),
       ""}};
}

}  // namespace mira::builds
