#include "knowledge/git/indexer.h"

#include <algorithm>

#include "knowledge/git/ingest.h"
#include "knowledge/git/line_counts.h"
#include "knowledge/git/ownership.h"
#include "knowledge/git/speak_up.h"
#include "knowledge/git/stated_confidence.h"
#include "knowledge/git/worktree.h"
#include "platform/base/limits.h"

namespace mira::git {
namespace {

constexpr std::int64_t retry_after_ms = 60'000;  // a HEAD that could not be read is tried again
constexpr std::int64_t lines_followed = 20;      // new commits whose lines are followed before the answer

void add_repository_notes(const Repository& repository, std::vector<std::string>& notes) {
  if (!repository.shallow.empty()) {
    notes.push_back("This is a shallow clone: older history is missing. `git fetch --unshallow` brings it.");
  }
  if (repository.partial_clone) {
    notes.push_back("This is a partial clone: only exact renames are followed, and nothing is fetched.");
  }
  for (const std::string& folder : repository.outside_alternates) {
    notes.push_back("Objects are also read from " + folder + ", outside this project.");
  }
}

// Remembers why HEAD could not be read, so that the next command need not try at once.
base::Status remember_failure(contracts::Session& session, const std::string& tip, const std::string& why) {
  State state = MIRA_TRY(load_state(session.index));
  state.failed_tip = tip;
  state.failure = why;
  state.failed_at_ms = session.clock.now_ms();
  return session.index.transaction([&] { return save_state(session.index, state); });
}

// Errors that belong to the repository, not to Mira's store: said, and the rest goes on.
bool is_about_repository(const base::Error& error) {
  return error.code == base::ErrorCode::failed || error.code == base::ErrorCode::unavailable;
}

// Line owners brought to HEAD; what the repository keeps from it is said, and the rest goes on.
base::Status follow_lines(contracts::Session& session, const Shadow& shadow, base::Progress& progress,
                          base::Deadline deadline, std::int64_t most_commits,
                          contracts::UpdateReport& report) {
  HeadTree tree = MIRA_TRY(head_tree(session.index, shadow, deadline));
  auto followed = follow_ownership(session.index, shadow, tree, progress, deadline, most_commits);
  if (followed) {
    report.changed += followed->commits;
    return {};
  }
  if (followed.error().code == base::ErrorCode::timeout) return {};
  if (!is_about_repository(followed.error())) return std::unexpected(followed.error());
  report.notes.push_back("Lines were not followed: " + followed.error().message);
  return {};
}

base::Status count_rest(contracts::Session& session, const Shadow& shadow, base::Progress& progress,
                        base::Deadline deadline, contracts::UpdateReport& report) {
  auto counted = count_lines(session.index, shadow, progress, deadline);
  if (counted) {
    report.changed += *counted;
    return {};
  }
  if (!is_about_repository(counted.error())) return std::unexpected(counted.error());
  report.notes.push_back("Lines were not counted: " + counted.error().message);
  return {};
}

base::Status bring_up_to_date(contracts::Session& session, const Shadow& shadow, base::Progress& progress,
                              base::Deadline deadline, contracts::UpdateReport& report) {
  HeadTree tree = MIRA_TRY(head_tree(session.index, shadow, deadline));
  State state = MIRA_TRY(load_state(session.index));
  const Repository& repository = shadow.repository();
  if (state.tip != repository.tip || state.boundary != boundary_of(repository) || !state.failed_tip.empty()) {
    auto done = MIRA_TRY(ingest_history(session.index, shadow, tree, progress, deadline));
    report.added = done.added;
    report.removed = done.removed;
    report.unchanged = done.kept;
    report.notes.insert(report.notes.end(), done.notes.begin(), done.notes.end());
  }
  MIRA_TRY(follow_lines(session, shadow, progress, deadline, lines_followed, report));
  auto compared = MIRA_TRY(update_worktree(session, repository, tree, deadline));
  report.notes.insert(report.notes.end(), compared.notes.begin(), compared.notes.end());
  return {};
}

}  // namespace

base::Result<bool> HistoryIndexer::is_stale(contracts::Session& session, base::Deadline) {
  if (!session.project.is_git || !git_is_installed()) return false;
  auto repository = read_repository(session.project);
  if (!repository) return false;
  State state = MIRA_TRY(load_state(session.index));
  if (!state.failed_tip.empty() && state.failed_tip == repository->tip) {
    return session.clock.now_ms() - state.failed_at_ms > retry_after_ms;
  }
  if (state.revision == 0 || state.tip != repository->tip || state.boundary != boundary_of(*repository))
    return true;
  return worktree_is_stale(session, repository->tip);
}

base::Result<contracts::UpdateReport> HistoryIndexer::update(contracts::Session& session,
                                                             base::Progress& progress,
                                                             base::Deadline deadline) {
  contracts::UpdateReport report;
  report.unit = "commits";
  if (!session.project.is_git) return report;
  auto repository = read_repository(session.project);
  if (!repository) {
    report.notes.push_back(repository.error().message + " " + repository.error().hint);
    return report;
  }
  add_repository_notes(*repository, report.notes);
  std::string tip = repository->tip;
  auto shadow = Shadow::open(session.project, std::move(*repository));
  base::Status done = shadow ? bring_up_to_date(session, *shadow, progress,
                                                deadline.within_ms(limits::git_history_wall_ms), report)
                             : std::unexpected(shadow.error());
  if (done) return report;
  if (!is_about_repository(done.error())) return std::unexpected(done.error());
  MIRA_TRY(remember_failure(session, tip, done.error().message));
  report.notes.push_back(done.error().message + " " + done.error().hint);
  return report;
}

base::Result<contracts::UpdateReport> HistoryIndexer::update_later(contracts::Session& session,
                                                                   base::Progress& progress,
                                                                   base::Deadline deadline) {
  contracts::UpdateReport report;
  report.unit = "commits";
  if (!session.project.is_git) return report;
  State state = MIRA_TRY(load_state(session.index));
  std::string owned = MIRA_TRY(ownership_tip(session.index));
  bool counted = MIRA_TRY(uncounted_commits(session.index)) == 0;
  if (state.tip.empty() || !state.failed_tip.empty()) return report;
  bool window_moved = MIRA_TRY(speak_up_is_stale(session.index, state.tip));
  if (window_moved) {
    auto archive = MIRA_TRY(load_archive(session.index));
    MIRA_TRY(update_stated(session.index, archive, progress));
    archive = MIRA_TRY(load_archive(session.index));
    MIRA_TRY(update_speak_up(session.index, std::move(archive), progress));
  }
  if (counted && owned == state.tip) return report;
  Repository repository = MIRA_TRY(read_repository(session.project));
  // Both need contents that a partial clone lacks; a HEAD that moved meanwhile is read first.
  if (repository.partial_clone || repository.tip != state.tip) return report;
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  MIRA_TRY(follow_lines(session, shadow, progress, deadline, 0, report));
  if (!counted) MIRA_TRY(count_rest(session, shadow, progress, deadline, report));
  return report;
}

}  // namespace mira::git
