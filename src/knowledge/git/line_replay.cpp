#include "knowledge/git/line_replay.h"

#include <algorithm>
#include <cstring>

namespace mira::git {
namespace {

constexpr std::size_t most_runs_kept = 8'000'000;  // of versions that may still be built on
constexpr std::uint16_t moved_weight = 8;          // letters a line needs to be known again elsewhere

bool is_nothing(const std::string& blob) {
  return blob.find_first_not_of('0') == std::string::npos;
}

struct Positions {
  std::vector<std::uint32_t> at;
  std::size_t next = 0;
};

}  // namespace

struct LineReplay::Pending {
  const FilePatch* patch = nullptr;
  Runs old;
  std::vector<std::uint32_t> origins;  // of each of patch->lines that came: who wrote it; 0: this commit
};

std::size_t CommitHashOf::operator()(const CommitHash& hash) const {
  std::size_t out;  // an object id is a hash already
  std::memcpy(&out, hash.bytes.data(), sizeof out);
  return out;
}

std::size_t LineReplay::VersionKeyOf::operator()(const VersionKey& key) const {
  return CommitHashOf()(key.blob) ^ (std::size_t{key.path} * 0x9e3779b97f4a7c15);
}

LineReplay::LineReplay(const CommitIds& ids, Older older) : ids_(&ids), older_(std::move(older)) {}

std::uint32_t LineReplay::path_id(const std::string& path) {
  auto [at, fresh] = path_ids_.try_emplace(path, path_ids_.size());
  if (fresh) newest_.emplace_back();
  return at->second;
}

LineReplay::Runs LineReplay::find(const std::string& path, const std::string& blob) const {
  auto id = path_ids_.find(path);
  if (id == path_ids_.end()) return nullptr;
  auto at = versions_.find({id->second, hash_from_hex(blob)});
  return at == versions_.end() ? nullptr : at->second;
}

base::Result<LineReplay::Runs> LineReplay::version(const CommitPatch& commit, const FilePatch& file,
                                                   std::size_t parent) {
  static const Runs empty = std::make_shared<const LineRuns>();
  const std::string& blob = file.old_blobs[parent];
  if (is_nothing(blob)) return empty;
  const std::string& path = file.old_path.empty() ? file.path : file.old_path;
  if (Runs known = find(path, blob)) return known;
  auto same = by_blob_.find(hash_from_hex(blob));
  if (same != by_blob_.end()) {
    auto at = versions_.find(same->second);
    if (at != versions_.end()) return at->second;
  }
  if (parent >= commit.parents.size()) return empty;
  return older_(path, blob, commit.parents[parent]);
}

void LineReplay::keep(const std::string& path, const std::string& blob, LineRuns runs) {
  VersionKey key{path_id(path), hash_from_hex(blob)};
  newest_[key.path] = key.blob;
  by_blob_[key.blob] = key;
  runs_kept_ += runs.size();
  auto [at, fresh] = versions_.try_emplace(key);
  if (!fresh) runs_kept_ -= at->second->size();
  at->second = std::make_shared<const LineRuns>(std::move(runs));
  if (fresh) kept_.push_back(key);
  forget_old();
}

// The newest version of a path stays; an old one that is asked for again comes from `older`.
void LineReplay::forget_old() {
  for (std::size_t looked = kept_.size(); runs_kept_ > most_runs_kept && looked > 0; --looked) {
    VersionKey key = kept_.front();
    kept_.pop_front();
    if (newest_[key.path] == key.blob) {
      kept_.push_back(key);
      continue;
    }
    auto at = versions_.find(key);
    runs_kept_ -= at->second->size();
    versions_.erase(at);
    auto same = by_blob_.find(key.blob);
    if (same != by_blob_.end() && same->second == key) by_blob_.erase(same);
  }
}

base::Status LineReplay::apply(const CommitPatch& commit) {
  losses_.clear();
  lost_.clear();
  near_.clear();
  auto id = ids_->find(hash_from_hex(commit.hash));
  if (id == ids_->end()) return {};  // not of this history
  std::vector<Pending> files;
  for (const FilePatch& file : commit.files) {
    if (!file.text) continue;
    if (commit.parents.size() > 1) {
      MIRA_TRY(apply_merge(id->second, commit, file));
      continue;
    }
    bool anew = file.status == 't';
    files.push_back(
        {&file, anew ? std::make_shared<const LineRuns>() : MIRA_TRY(version(commit, file, 0)), {}});
    if (!files.back().old) files.pop_back();
  }
  collect_lost(files);
  match_in_hunks(files);
  match_moves(files);
  for (Pending& pending : files) build(id->second, pending);
  tell_losses(files);
  return {};
}

// Lines between two changes belong to the nearer one.
void LineReplay::collect_near(const Pending& pending, std::uint32_t file) {
  const auto& hunks = pending.patch->hunks;
  RunCursor cursor(*pending.old);
  std::uint64_t behind = 1, from_behind = beside_reach;  // first line behind the last change; its distance
  for (std::size_t h = 0; h <= hunks.size(); ++h) {
    bool last = h == hunks.size();
    bool only_came = !last && hunks[h].old_count == 0;
    std::uint64_t next =
        last ? behind + beside_reach : std::uint64_t{hunks[h].old_start} + (only_came ? 1 : 0);
    std::uint64_t from_next = last ? beside_reach : only_came ? 0 : 1;
    for (std::uint64_t line = behind; line < next;) {
      std::uint64_t distance = std::min(line - behind + from_behind, next - 1 - line + from_next);
      if (distance >= beside_reach) {  // on to where the next change is near
        line = std::max(line + 1, next - std::min<std::uint64_t>(next, beside_reach));
        continue;
      }
      if (line > cursor.line()) cursor.skip(line - cursor.line());
      const LineRun* run = cursor.peek();
      if (run == nullptr) return;
      near_.push_back({file, run->origin, static_cast<std::uint32_t>(distance)});
      ++line;
    }
    if (last) return;
    behind = std::max(behind, next + hunks[h].old_count);
    from_behind = only_came ? 0 : 1;
  }
}

void LineReplay::collect_lost(std::vector<Pending>& files) {
  for (std::uint32_t f = 0; f < files.size(); ++f) {
    Pending& pending = files[f];
    collect_near(pending, f);
    pending.origins.assign(pending.patch->lines.size(), 0);
    RunCursor cursor(*pending.old);
    for (std::uint32_t h = 0; h < pending.patch->hunks.size(); ++h) {
      const PatchHunk& hunk = pending.patch->hunks[h];
      if (hunk.old_count == 0) continue;
      if (hunk.old_start > cursor.line()) cursor.skip(hunk.old_start - cursor.line());
      for (std::uint32_t i = 0; i < hunk.old_count; ++i, cursor.skip(1)) {
        const LineRun* run = cursor.peek();
        if (run == nullptr) break;
        const LineSum& line = pending.patch->lines[hunk.first + i];
        lost_.push_back({line.hash, f, h, run->origin, line.weight, line.code});
      }
    }
  }
}

// A line that goes and comes back in the same place, but for its white space, keeps its writer.
void LineReplay::match_in_hunks(std::vector<Pending>& files) {
  std::unordered_map<std::uint64_t, Positions> here;
  for (std::size_t first = 0; first < lost_.size();) {
    std::size_t end = first;
    here.clear();
    while (end < lost_.size() && lost_[end].file == lost_[first].file &&
           lost_[end].hunk == lost_[first].hunk) {
      here[lost_[end].hash].at.push_back(static_cast<std::uint32_t>(end));
      ++end;
    }
    Pending& pending = files[lost_[first].file];
    const PatchHunk& hunk = pending.patch->hunks[lost_[first].hunk];
    for (std::uint32_t i = 0; i < hunk.new_count; ++i) {
      std::size_t line = hunk.first + hunk.old_count + i;
      auto same = here.find(pending.patch->lines[line].hash);
      if (same == here.end() || same->second.next == same->second.at.size()) continue;
      LostLine& lost = lost_[same->second.at[same->second.next++]];
      lost.found = true;
      pending.origins[line] = lost.origin;
    }
    first = end;
  }
}

// A line with something in it that comes back anywhere else in the commit was moved.
void LineReplay::match_moves(std::vector<Pending>& files) {
  std::unordered_map<std::uint64_t, Positions> anywhere;
  for (std::size_t i = 0; i < lost_.size(); ++i) {
    if (!lost_[i].found && lost_[i].weight >= moved_weight)
      anywhere[lost_[i].hash].at.push_back(static_cast<std::uint32_t>(i));
  }
  if (anywhere.empty()) return;
  for (Pending& pending : files) {
    for (const PatchHunk& hunk : pending.patch->hunks) {
      for (std::uint32_t i = 0; i < hunk.new_count; ++i) {
        std::size_t line = hunk.first + hunk.old_count + i;
        if (pending.origins[line] != 0) continue;
        auto same = anywhere.find(pending.patch->lines[line].hash);
        if (same == anywhere.end() || same->second.next == same->second.at.size()) continue;
        LostLine& lost = lost_[same->second.at[same->second.next++]];
        lost.found = true;
        pending.origins[line] = lost.origin;
      }
    }
  }
}

void LineReplay::build(std::uint32_t commit, Pending& pending) {
  const FilePatch& patch = *pending.patch;
  if (is_nothing(patch.blob)) return;
  LineRuns runs;
  RunCursor cursor(*pending.old);
  for (const PatchHunk& hunk : patch.hunks) {
    // With nothing taken, the new lines stand behind old_start.
    std::uint64_t first = hunk.old_count == 0 ? std::uint64_t{hunk.old_start} + 1 : hunk.old_start;
    if (first > cursor.line()) cursor.copy(first - cursor.line(), runs);
    cursor.skip(hunk.old_count);
    for (std::uint32_t i = 0; i < hunk.new_count; ++i) {
      std::uint32_t origin = pending.origins[hunk.first + hunk.old_count + i];
      add_lines(runs, 1, commit, origin == 0 ? commit : origin);
    }
  }
  cursor.copy(UINT64_MAX, runs);
  keep(patch.path, patch.blob, std::move(runs));
}

void LineReplay::tell_losses(const std::vector<Pending>& files) {
  // What happened to a line: 0 code went, 1 something else went, 2 it came back, from 3 on it stands beside.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;  // origin, what
  for (std::size_t lost = 0, near = 0, f = 0; f < files.size(); ++f) {
    seen.clear();
    for (; lost < lost_.size() && lost_[lost].file == f; ++lost) {
      const LostLine& line = lost_[lost];
      seen.emplace_back(line.origin, line.found ? 2 : line.code ? 0 : 1);
    }
    for (; near < near_.size() && near_[near].file == f; ++near) {
      seen.emplace_back(near_[near].origin, 3 + near_[near].distance);
    }
    std::ranges::sort(seen);
    const FilePatch& patch = *files[f].patch;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (i == 0 || seen[i].first != seen[i - 1].first)
        losses_.push_back({patch.old_path.empty() ? patch.path : patch.old_path, seen[i].first});
      LineLoss& loss = losses_.back();
      std::uint32_t what = seen[i].second;
      ++(what == 0 ? loss.code : what == 1 ? loss.other : what == 2 ? loss.back : loss.near[what - 3]);
    }
  }
}

base::Status LineReplay::apply_merge(std::uint32_t commit, const CommitPatch& patch, const FilePatch& file) {
  if (is_nothing(file.blob)) return {};
  std::vector<Runs> parents;
  for (std::size_t i = 0; i < file.old_blobs.size(); ++i) {
    parents.push_back(MIRA_TRY(version(patch, file, i)));
    if (!parents.back()) return {};
  }
  std::vector<RunCursor> cursors;
  for (const Runs& parent : parents) cursors.emplace_back(*parent);
  LineRuns runs;
  std::uint64_t next = 1;  // line of the result
  for (const MergeHunk& hunk : file.merge_hunks) {
    std::uint64_t first = hunk.new_start;
    if (first > next) {
      cursors[0].copy(first - next, runs);
      for (std::size_t i = 1; i < cursors.size(); ++i) cursors[i].skip(first - next);
      next = first;
    }
    for (std::size_t l = hunk.first; l < hunk.first + hunk.count; ++l) {
      const LineSum& line = file.lines[l];
      bool owned = line.lost;
      for (std::size_t i = 0; i < cursors.size(); ++i) {
        if ((line.from >> i & 1) == 0) continue;
        if (owned) {
          cursors[i].skip(1);
        } else {
          cursors[i].copy(1, runs);
          owned = true;
        }
      }
      if (!owned) add_lines(runs, 1, commit, commit);
      next += line.lost ? 0 : 1;
    }
  }
  cursors[0].copy(UINT64_MAX, runs);
  keep(file.path, file.blob, std::move(runs));
  return {};
}

}  // namespace mira::git
