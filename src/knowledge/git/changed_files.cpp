#include "knowledge/git/changed_files.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "knowledge/git/commit_search.h"
#include "knowledge/git/models.h"
#include "knowledge/git/staged.h"
#include "knowledge/git/worktree.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

// Each file once, in the order they come: a change may be of a hundred thousand.
class Collected {
 public:
  explicit Collected(std::size_t moment) { out_.moment = moment; }
  void add(const std::string& now, const std::string& known) {
    if (seen_now_.insert(now).second) out_.now.push_back(now);
    if (seen_known_.insert(known).second) out_.known.push_back(known);
  }
  ChangedFiles files() && { return std::move(out_); }

 private:
  ChangedFiles out_;
  std::unordered_set<std::string> seen_now_, seen_known_;
};

// What was edited says more than what is new and may be a passing note: it comes first.
ChangedFiles of_changes(const std::vector<LocalChange>& changes, const Archive& archive) {
  Collected out(archive.history.commits.size());
  for (bool born : {false, true}) {
    for (const LocalChange& change : changes) {
      if ((change.change_type == "added") != born) continue;
      out.add(change.path, change.old_path.empty() ? change.path : change.old_path);
    }
  }
  return std::move(out).files();
}

void pair_renames(std::vector<LocalChange>& changes) {
  std::unordered_map<std::string, std::size_t> deleted;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].change_type == "deleted") deleted.emplace(changes[i].old_blob, i);
  }
  std::vector<char> used(changes.size(), 0);
  for (LocalChange& change : changes) {
    auto from = change.change_type == "added" ? deleted.find(change.new_blob) : deleted.end();
    if (from == deleted.end() || used[from->second] != 0) continue;
    used[from->second] = 1;
    change = {change.path, "renamed", changes[from->second].path, from->first, from->first};
  }
  std::size_t at = 0;
  std::erase_if(changes, [&](const LocalChange&) { return used[at++] != 0; });
}

// How the staged files differ from HEAD's; a path in conflict counts as deleted.
std::vector<LocalChange> staged_changes(std::vector<StagedEntry> staged, const HeadTree& head) {
  std::ranges::sort(staged, {}, &StagedEntry::path);
  std::vector<LocalChange> changes;
  std::size_t s = 0;
  for (const TreeEntry& entry : head.entries()) {
    for (; s < staged.size() && staged[s].path < entry.path; ++s) {
      changes.push_back({staged[s].path, "added", "", "", staged[s].id});
    }
    bool there = s < staged.size() && staged[s].path == entry.path;
    std::string id = to_hex(entry.id);
    if (there && staged[s].id != id) {
      changes.push_back({staged[s].path, "modified", "", id, staged[s].id});
    } else if (!there && entry.kind != EntryKind::submodule) {
      changes.push_back({std::string(entry.path), "deleted", "", id, ""});
    }
    s += there ? 1 : 0;
  }
  for (; s < staged.size(); ++s) changes.push_back({staged[s].path, "added", "", "", staged[s].id});
  pair_renames(changes);
  return changes;
}

base::Result<std::size_t> position_of(contracts::Session& session, const Archive& archive,
                                      std::string_view revision) {
  std::string id = MIRA_TRY(expand_revision(session.index, revision));
  return moment_of(archive, "", id);
}

std::string id_at(const Archive& archive, std::size_t position) {
  return hash_to_hex(archive.history.commits[position].hash, archive.history.hash_digits);
}

// Positions of the commits that `last` leads to and `first` does not, by git's own walk.
base::Result<std::vector<std::size_t>> commits_between(contracts::Session& session, const Archive& archive,
                                                       std::size_t first, std::size_t last,
                                                       base::Deadline deadline) {
  Repository repository = MIRA_TRY(read_repository(session.project));
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  std::string ids = MIRA_TRY(shadow.run({"rev-list", id_at(archive, last), "^" + id_at(archive, first)},
                                        deadline.within_ms(limits::git_short_wall_ms)));
  std::vector<std::size_t> out;
  for (std::string_view id : base::split(ids, '\n')) {
    auto position = is_full_id(id) ? archive.history.find(id) : std::nullopt;
    if (position) out.push_back(*position);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

base::Result<ChangedFiles> files_on_disk(contracts::Session& session, const Archive& archive) {
  return of_changes(MIRA_TRY(local_changes(session.index)), archive);
}

base::Result<ChangedFiles> files_staged(contracts::Session& session, const Archive& archive,
                                        base::Deadline deadline) {
  Repository repository = MIRA_TRY(read_repository(session.project));
  std::size_t id_bytes = repository.object_hash == base::GitHash::sha1 ? 20 : 32;
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  auto stored = MIRA_TRY(HeadTree::load(session.index, shadow.repository().tip));
  if (!stored) stored = MIRA_TRY(HeadTree::read(shadow, deadline.within_ms(limits::git_short_wall_ms)));
  auto staged = MIRA_TRY(staged_entries(session.project, id_bytes));
  return of_changes(staged_changes(std::move(staged), *stored), archive);
}

base::Result<ChangedFiles> files_of_range(contracts::Session& session, const Archive& archive,
                                          std::string_view range, base::Deadline deadline) {
  std::size_t dots = range.find("..");
  std::vector<std::size_t> positions;
  if (dots == std::string_view::npos) {
    positions = {MIRA_TRY(position_of(session, archive, range))};
  } else {
    std::string_view from = range.substr(0, dots), to = range.substr(dots + 2);
    std::size_t first = MIRA_TRY(position_of(session, archive, from.empty() ? "HEAD" : from));
    std::size_t last = MIRA_TRY(position_of(session, archive, to.empty() ? "HEAD" : to));
    positions = MIRA_TRY(commits_between(session, archive, first, last, deadline));
  }
  Collected out(positions.empty() ? archive.history.commits.size() : positions.front());
  for (std::size_t position : positions) {
    const Commit& commit = archive.history.commits[position];
    if (commit.merge) continue;
    for (const Change& change : archive.history.changes_of(commit)) {
      const std::string& now = archive.paths[change.path];
      out.add(now, change.status == 'R' ? archive.paths[change.old_path] : now);
    }
  }
  return std::move(out).files();
}

}  // namespace mira::git
