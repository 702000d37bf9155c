#include "knowledge/git/ownership.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "knowledge/git/blame.h"
#include "knowledge/git/line_counts.h"
#include "knowledge/git/ownership_rows.h"
#include "knowledge/git/state.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::int64_t progress_step = 500;
constexpr std::int64_t most_blamed = 200;  // files asked of git one by one before all is replayed

// What following works with.
struct Following {
  store::Connection& index;
  const Shadow& shadow;
  const HeadTree& tree;
  base::Progress& progress;
  base::Deadline deadline;
  const CommitIds& ids;
  std::vector<char> known_ids = {};  // by commit_id: still in the history
  std::int64_t blamed = 0;
  bool afresh = false;
  OwnershipReport report = {};

  const std::string& tip() const { return shadow.repository().tip; }
};

bool all_known(const Following& following, const LineRuns& runs) {
  return std::ranges::all_of(runs, [&](const LineRun& run) {
    return run.commit < following.known_ids.size() && following.known_ids[run.commit] != 0 &&
           run.origin < following.known_ids.size() && following.known_ids[run.origin] != 0;
  });
}

// A version that was not replayed just now: from the rows, else from git.
base::Result<LineReplay::Runs> older_version(Following& following, const std::string& path,
                                             const std::string& blob, const std::string& commit) {
  if (!following.afresh) {
    auto row = MIRA_TRY(load_owners(following.index, path));
    if (row && row->blob == blob && all_known(following, row->runs))
      return std::make_shared<const LineRuns>(std::move(row->runs));
  }
  if (++following.blamed > most_blamed) {
    if (following.afresh) return LineReplay::Runs();
    return base::fail(base::ErrorCode::failed, "Too many files would have to be asked of git blame.");
  }
  auto runs = blame_file(following.shadow, following.ids, path, commit, following.deadline);
  if (runs) return std::make_shared<const LineRuns>(std::move(*runs));
  if (runs.error().code == base::ErrorCode::timeout) return std::unexpected(runs.error());
  return LineReplay::Runs();
}

base::Status replay_commits(Following& following, LineReplay& replay, const std::string& old_tip) {
  std::vector<std::string> arguments = patch_log_arguments();
  arguments.push_back(following.tip());
  if (!old_tip.empty()) arguments.push_back("^" + old_tip);
  arguments.emplace_back("--");
  auto total = static_cast<std::int64_t>(following.ids.size());
  PatchCounts counts = MIRA_TRY(PatchCounts::open(following.index));
  PatchParser parser([&](CommitPatch& commit) -> base::Status {
    std::int64_t count = ++following.report.commits;
    if (count % progress_step == 0) following.progress.update("replaying lines", count, total, "commits");
    MIRA_TRY(replay.apply(commit));
    auto id = following.ids.find(hash_from_hex(commit.hash));
    if (id == following.ids.end()) return {};
    MIRA_TRY(counts.store(id->second, commit));
    if (replay.losses().empty()) return {};
    return store_losses(following.index, id->second, replay.losses());
  });
  base::Status parsed;
  MIRA_TRY(following.shadow.stream(std::move(arguments), following.deadline, {}, [&](std::string_view chunk) {
    parsed = parser.feed(chunk);
    return parsed.has_value();
  }));
  MIRA_TRY(std::move(parsed));
  return parser.finish();
}

base::Status write_heads(Following& following, const LineReplay& replay) {
  std::unordered_map<std::string, std::string> stored = MIRA_TRY(stored_blobs(following.index));
  for (const TreeEntry& entry : following.tree.entries()) {
    if (entry.kind != EntryKind::file) continue;
    std::string path(entry.path), blob = to_hex(entry.id);
    auto row = stored.find(path);
    bool same = row != stored.end() && row->second == blob;
    if (row != stored.end()) stored.erase(row);
    LineReplay::Runs runs = replay.find(path, blob);
    if (!runs && same) {
      auto old = MIRA_TRY(load_owners(following.index, path));
      if (old && all_known(following, old->runs)) continue;
    }
    if (!runs && !following.afresh) runs = MIRA_TRY(older_version(following, path, blob, following.tip()));
    MIRA_TRY(runs && !runs->empty() ? store_owners(following.index, path, blob, *runs)
                                    : drop_owners(following.index, path));
  }
  for (const auto& [path, blob] : stored) MIRA_TRY(drop_owners(following.index, path));
  return {};
}

base::Status follow_into(Following& following, const std::string& old_tip) {
  if (following.afresh) MIRA_TRY(clear_ownership(following.index));
  LineReplay replay(following.ids,
                    [&](const std::string& path, const std::string& blob, const std::string& commit) {
                      return older_version(following, path, blob, commit);
                    });
  MIRA_TRY(replay_commits(following, replay, old_tip));
  MIRA_TRY(write_heads(following, replay));
  MIRA_TRY(following.index.run(
      "DELETE FROM git_line_losses WHERE commit_id NOT IN (SELECT commit_id FROM git_commits)"));
  return following.index.run(
      "INSERT OR REPLACE INTO git_ownership_state(state_id, tip, boundary, last_commit_id) VALUES (1, ?, ?, "
      "(SELECT max(commit_id) FROM git_commits))",
      following.tip(), boundary_of(following.shadow.repository()));
}

struct OwnershipState {
  std::string tip, boundary;
};

base::Result<OwnershipState> load_ownership_state(store::Connection& index) {
  OwnershipState out;
  MIRA_TRY(index.each("SELECT tip, boundary FROM git_ownership_state", [&](const store::Row& row) {
    out = {std::string(row.text(0)), std::string(row.text(1))};
  }));
  return out;
}

// Commits that HEAD has and `old_tip` has not.
base::Result<std::int64_t> commits_ahead(const Shadow& shadow, const std::string& old_tip,
                                         base::Deadline deadline) {
  std::string text =
      MIRA_TRY(shadow.run({"rev-list", "--count", shadow.repository().tip, "^" + old_tip, "--"}, deadline));
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

void mark_known(Following& following) {
  for (const auto& [hash, id] : following.ids) {
    if (id >= following.known_ids.size()) following.known_ids.resize(id + 1, 0);
    following.known_ids[id] = 1;
  }
}

}  // namespace

base::Result<std::string> ownership_tip(store::Connection& index) {
  return MIRA_TRY(load_ownership_state(index)).tip;
}

base::Result<OwnershipReport> follow_ownership(store::Connection& index, const Shadow& shadow,
                                               const HeadTree& tree, base::Progress& progress,
                                               base::Deadline deadline, std::int64_t most_commits) {
  const Repository& repository = shadow.repository();
  OwnershipState state = MIRA_TRY(load_ownership_state(index));
  if (repository.tip.empty() || repository.partial_clone || state.tip == repository.tip)
    return OwnershipReport{};
  bool afresh = state.tip.empty() || state.boundary != boundary_of(repository);
  if (most_commits > 0) {
    if (afresh) return OwnershipReport{};
    auto ahead = commits_ahead(shadow, state.tip, deadline);
    if (!ahead || *ahead > most_commits) return OwnershipReport{};
  }
  CommitIds ids = MIRA_TRY(commit_ids(index));
  Following following{index, shadow, tree, progress, deadline, ids};
  mark_known(following);
  if (!afresh) {
    base::Status done = index.transaction([&] { return follow_into(following, state.tip); });
    if (done) return following.report;
    // Too much is missing, or the old tip is gone: only a whole replay can tell.
    if (done.error().code != base::ErrorCode::failed || most_commits > 0)
      return std::unexpected(done.error());
  }
  following.afresh = true;
  following.blamed = 0;
  following.report = {};
  MIRA_TRY(index.transaction([&] { return follow_into(following, ""); }));
  return following.report;
}

}  // namespace mira::git
