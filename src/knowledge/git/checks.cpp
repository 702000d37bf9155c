#include "knowledge/git/checks.h"

#include "knowledge/git/line_counts.h"
#include "knowledge/git/shadow.h"
#include "knowledge/git/state.h"

namespace mira::git {
namespace {

using contracts::Finding;
using contracts::Health;
using contracts::Session;

void check_repository(const Repository& repository, std::vector<Finding>& out) {
  if (!repository.shallow.empty()) {
    out.push_back({Health::warning, "history", "This is a shallow clone: older history is missing.",
                   "Run `git fetch --unshallow`."});
  }
  if (repository.partial_clone) {
    out.push_back({Health::warning, "history",
                   "This is a partial clone: only exact renames are followed, lines are not counted.",
                   "Clone it whole to have all of it; Mira never fetches."});
  }
  for (const std::string& folder : repository.outside_alternates) {
    out.push_back({Health::warning, "history",
                   "Objects are also read from " + folder + ", outside this project.",
                   "If you do not trust that folder, clone without --shared or --reference."});
  }
}

void check_state(const State& state, std::vector<Finding>& out) {
  if (!state.failed_tip.empty()) {
    out.push_back({Health::fault, "history", state.failure, "Run `git fsck`, then `mira index`."});
  } else if (state.revision > 0) {
    out.push_back({Health::ok, "history",
                   state.tip.empty() ? "no commits yet" : "read up to commit " + state.tip.substr(0, 12),
                   ""});
  }
}

}  // namespace

std::vector<Finding> check_history(Session& session) {
  std::vector<Finding> out;
  if (!git_is_installed()) {
    out.push_back({Health::warning, "git", "git is not installed, so history is left out.",
                   "Install git and run `mira index`."});
  }
  if (!session.project.is_git) return out;
  auto repository = read_repository(session.project);
  if (!repository) {
    out.push_back({Health::warning, "history", repository.error().message, repository.error().hint});
    return out;
  }
  check_repository(*repository, out);
  auto state = load_state(session.index);
  if (!state) {
    out.push_back({Health::fault, "history", state.error().message, state.error().hint});
  } else {
    check_state(*state, out);
  }
  return out;
}

base::Result<contracts::Json> history_facts(Session& session) {
  contracts::Json out = contracts::Json::object();
  if (!session.project.is_git) return out;
  State state = MIRA_TRY(load_state(session.index));
  out["head"] = state.tip;
  out["commits"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM git_commits")).value_or(0);
  out["people"] =
      MIRA_TRY(session.index.integer("SELECT count(DISTINCT person) FROM git_authors")).value_or(0);
  out["commits_without_line_counts"] = MIRA_TRY(uncounted_commits(session.index));
  out["local_changes"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM local_changes")).value_or(0);
  return out;
}

}  // namespace mira::git
