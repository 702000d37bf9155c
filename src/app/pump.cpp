#include "app/pump.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "app/stores.h"
#include "contracts/on_demand.h"
#include "platform/base/limits.h"
#include "platform/store/file_lock.h"
#include "platform/workspace/tree.h"

namespace mira::app {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using contracts::Feature;
using contracts::Indexer;
using contracts::Session;

constexpr std::int64_t short_lock_wait_ms = 1500;  // before an old index is answered from
constexpr std::int64_t lock_poll_ms = 500;

bool ends_everything(ErrorCode code) {
  return code == ErrorCode::timeout || code == ErrorCode::interrupted;
}

Status record(Session& session, const IndexerReport& done) {
  return session.index.run(
      "INSERT INTO index_updates (indexer, finished_ms, took_ms, unit, added, changed, removed, unchanged) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
      "ON CONFLICT (indexer) DO UPDATE SET finished_ms = ?2, took_ms = ?3, unit = ?4, added = ?5, changed = "
      "?6, "
      "removed = ?7, unchanged = ?8",
      done.indexer, session.clock.now_ms(), done.took_ms, done.report.unit, done.report.added,
      done.report.changed, done.report.removed, done.report.unchanged);
}

Result<bool> has_finished(Session& session, std::string_view indexer) {
  auto row = MIRA_TRY(session.index.integer("SELECT 1 FROM index_updates WHERE indexer = ?", indexer));
  return row.has_value();
}

// What this call has to bring up to date.
struct Wanted {
  Patience patience;
  std::string_view action;  // that it is done for
  bool wants(const Indexer& indexer) const {
    const auto* on_demand = dynamic_cast<const contracts::OnDemand*>(&indexer);
    if (on_demand == nullptr || patience == Patience::index) return true;
    return std::ranges::find(on_demand->wanted_by(), action) != on_demand->wanted_by().end();
  }
};

Result<bool> any_stale(Session& session, std::span<const Feature> features, const Wanted& wanted,
                       base::Deadline deadline) {
  for (const Feature& feature : features) {
    if (!feature.indexer) continue;
    if (!MIRA_TRY(has_finished(session, feature.indexer->name()))) return true;
    if (!wanted.wants(*feature.indexer)) continue;
    auto stale = feature.indexer->is_stale(session, deadline);
    if (!stale && ends_everything(stale.error().code)) return std::unexpected(stale.error());
    if (!stale || *stale) return true;  // what cannot be told is tried, and update() says why
  }
  return false;
}

// Waits for the lock, saying so; `patient` waits long, otherwise shortly.
Result<store::FileLock> wait_for_lock(Session& session, bool patient, base::Progress& progress,
                                      base::Deadline deadline) {
  auto limit = deadline.within_ms(patient ? limits::index_lock_wait_ms : short_lock_wait_ms);
  auto file = index_lock_file(session.project);
  auto lock = store::FileLock::acquire(file, "indexing", base::Deadline::after_ms(0));
  while (!lock && lock.error().code == ErrorCode::locked && !limit.expired()) {
    progress.update("waiting for another mira that is indexing this project", 0, 0, "");
    lock = store::FileLock::acquire(file, "indexing", limit.within_ms(lock_poll_ms));
  }
  return lock;
}

std::int64_t cpu_ms_so_far() {
  std::int64_t sum = 0;
  for (auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    sum += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000;
    sum += (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
  }
  return sum;
}

Status update_one(Session& session, Indexer& indexer, PumpReport& report, base::Progress& progress,
                  base::Deadline deadline) {
  IndexerReport done{.indexer = std::string(indexer.name()), .report = {}, .error = {}, .took_ms = 0};
  auto started = base::Deadline::SteadyClock::now();
  std::int64_t cpu_before = cpu_ms_so_far();
  auto updated = indexer.update(session, progress, deadline);
  auto took = base::Deadline::SteadyClock::now() - started;
  done.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  done.cpu_ms = cpu_ms_so_far() - cpu_before;
  if (updated) {
    done.report = std::move(*updated);
    MIRA_TRY(record(session, done));
  } else {
    if (ends_everything(updated.error().code)) return std::unexpected(updated.error());
    if (updated.error().code == ErrorCode::unavailable) return std::unexpected(updated.error());
    const base::Error& error = updated.error();
    done.error = error.hint.empty() ? error.message : error.message + ": " + error.hint;
  }
  report.indexers.push_back(std::move(done));
  return {};
}

void add_notes(Session& session, const PumpReport& report) {
  for (const IndexerReport& done : report.indexers) {
    for (const std::string& note : done.report.notes) session.notes.push_back(note);
    if (!done.error.empty()) session.notes.push_back(done.indexer + ": " + done.error);
  }
}

Status update_all(Session& session, std::span<const Feature> features, PumpReport& report,
                  const Wanted& wanted, base::Progress& progress, base::Deadline deadline) {
  for (const Feature& feature : features) {
    if (!feature.indexer) continue;
    bool wants = wanted.wants(*feature.indexer) || !MIRA_TRY(has_finished(session, feature.indexer->name()));
    if (wants) MIRA_TRY(update_one(session, *feature.indexer, report, progress, deadline));
  }
  if (wanted.patience != Patience::index) return {};
  for (const Feature& feature : features) {
    if (!feature.indexer) continue;
    auto later = MIRA_TRY(feature.indexer->update_later(session, progress, deadline));
    for (std::string& note : later.notes) session.notes.push_back(std::move(note));
  }
  return {};
}

void note_what_is_missing(Session& session) {
  if (!session.project.git_problem.empty()) session.notes.push_back(session.project.git_problem);
  if (session.tree.partial)
    session.notes.push_back("the folder was not read to its end: the index is partial");
}

// The update failed or could not start. An older index still answers, and says so.
Result<PumpReport> answer_from_old(Session& session, std::span<const Feature> features, Patience patience,
                                   const base::Error& error) {
  bool usable = patience == Patience::answer && !ends_everything(error.code) &&
                MIRA_TRY(was_indexed(session, features));
  if (!usable) return std::unexpected(error);
  session.notes.push_back(fmt::format("answered from the index as it was: {}", error.message));
  return PumpReport{.was_stale = true, .old = true, .indexers = {}};
}

}  // namespace

Result<bool> was_indexed(Session& session, std::span<const Feature> features) {
  for (const Feature& feature : features) {
    if (feature.indexer && !MIRA_TRY(has_finished(session, feature.indexer->name()))) return false;
  }
  return true;
}

Result<PumpReport> bring_up_to_date(Session& session, std::span<const Feature> features, Patience patience,
                                    base::Progress& progress, base::Deadline deadline,
                                    std::string_view action) {
  note_what_is_missing(session);
  PumpReport report;
  Wanted wanted{patience, action};
  bool stale = MIRA_TRY(any_stale(session, features, wanted, deadline));
  if (!stale && patience == Patience::answer) return report;
  bool patient = patience == Patience::index || !MIRA_TRY(was_indexed(session, features));
  auto lock = wait_for_lock(session, patient, progress, deadline);
  if (!lock) return answer_from_old(session, features, patience, lock.error());
  // Somebody may have indexed while we waited, and files may have changed.
  session.tree = MIRA_TRY(workspace::walk(session.project, deadline));
  report.was_stale = stale;
  Status updated = update_all(session, features, report, wanted, progress, deadline);
  if (!updated) return answer_from_old(session, features, patience, updated.error());
  add_notes(session, report);
  return report;
}

}  // namespace mira::app
