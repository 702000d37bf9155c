#include "knowledge/git/speak_up.h"

#include <algorithm>
#include <set>

#include "platform/base/limits.h"

namespace mira::git {
namespace {

constexpr std::size_t window_commits = 1000, window_step = 200;
constexpr std::size_t complete_every = 4;
constexpr std::size_t least_named = 10;  // fewer say nothing about precision
constexpr double window_margin = 0.05;

// The files of a commit as they were called before it, and those of them that could have been named.
struct TouchedFiles {
  std::vector<std::string> files;
  std::vector<std::size_t> nameable;
};

TouchedFiles files_before(Cochange& model, const Commit& commit) {
  TouchedFiles out;
  const Archive& archive = model.state().archive();
  for (const Change& change : archive.history.changes_of(commit)) {
    out.files.push_back(archive.paths[change.status == 'R' ? change.old_path : change.path]);
    std::uint32_t file = model.state().file_at(out.files.back());
    bool kept = change.status == 'M' || change.status == 'T';
    if (kept && file != no_file && model.state().is_there(file)) out.nameable.push_back(out.files.size() - 1);
  }
  return out;
}

void ask(Cochange& model, CochangeQuestion question, const std::string& missing, std::vector<Trial>& out) {
  question.limit = most_named;
  for (const Partner& partner : model.rank(question)) {
    out.push_back({question.moment, partner.confidence, partner.path == missing, missing.empty()});
  }
}

struct Count {
  std::size_t named = 0, right = 0;
  std::set<std::size_t> spoke, alarmed;
};

void count(const Trial& trial, Count& into) {
  if (trial.complete) {
    into.alarmed.insert(trial.commit);
    return;
  }
  ++into.named;
  into.right += trial.missing ? 1 : 0;
  into.spoke.insert(trial.commit);
}

SpeakUp summary(const Count& counted, std::size_t commits, double threshold) {
  SpeakUp out;
  out.threshold = threshold;
  out.commits = static_cast<std::int64_t>(commits);
  auto all = static_cast<double>(std::max<std::size_t>(1, commits));
  auto complete = static_cast<double>(std::max<std::size_t>(1, commits / complete_every));
  out.precision =
      static_cast<double>(counted.right) / static_cast<double>(std::max<std::size_t>(1, counted.named));
  out.coverage = static_cast<double>(counted.spoke.size()) / all;
  out.false_alarms = std::min(1.0, static_cast<double>(counted.alarmed.size()) / complete);
  return out;
}

}  // namespace

std::vector<Trial> speak_up_trials(Cochange& model, const std::vector<std::size_t>& positions) {
  std::vector<Trial> out;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    std::size_t moment = positions[i];
    model.knows("", moment);
    const Archive& archive = model.state().archive();
    const Commit& commit = archive.history.commits[moment];
    TouchedFiles change = files_before(model, commit);
    CochangeQuestion question{change.files, moment, archive.person_of(commit), commit.author_time_s};
    if (i % complete_every == 0) ask(model, question, "", out);
    if (change.nameable.empty() || change.files.size() < 2) continue;
    std::size_t held_back = change.nameable[commit.hash.bytes[0] % change.nameable.size()];
    std::string missing = change.files[held_back];
    question.files.erase(question.files.begin() + static_cast<std::ptrdiff_t>(held_back));
    ask(model, question, missing, out);
  }
  return out;
}

SpeakUp judge_threshold(const std::vector<Trial>& trials, std::size_t commits, double threshold) {
  Count counted;
  for (const Trial& trial : trials) {
    if (trial.confidence >= threshold) count(trial, counted);
  }
  return summary(counted, commits, threshold);
}

SpeakUp choose_threshold(const std::vector<Trial>& trials, std::size_t commits, double margin) {
  std::vector<Trial> order = trials;
  std::erase_if(order, [](const Trial& trial) { return trial.complete; });
  std::ranges::sort(order, [](const Trial& a, const Trial& b) {
    return a.confidence != b.confidence ? a.confidence > b.confidence : a.commit < b.commit;
  });
  double chosen = SpeakUp{}.threshold;
  std::size_t named = 0, right = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ++named;
    right += order[i].missing ? 1 : 0;
    bool ends_tie = i + 1 == order.size() || order[i + 1].confidence < order[i].confidence;
    double precision = static_cast<double>(right) / static_cast<double>(named);
    if (ends_tie && named >= least_named && precision >= wanted_precision + margin)
      chosen = order[i].confidence;
  }
  return judge_threshold(trials, commits, chosen);
}

std::vector<std::size_t> speak_up_window(const Archive& archive) {
  std::vector<std::size_t> out = commits_of_several(archive);
  if (out.size() > window_step) out.resize(out.size() / window_step * window_step);
  if (out.size() > window_commits) out.erase(out.begin(), out.end() - window_commits);
  return out;
}

base::Result<SpeakUp> load_speak_up(store::Connection& index) {
  SpeakUp out;
  MIRA_TRY(index.each("SELECT threshold, precision, coverage, false_alarms, commits FROM git_speak_up",
                      [&](const store::Row& row) {
                        out = {row.real(0), row.real(1), row.real(2), row.real(3), row.integer(4)};
                      }));
  return out;
}

base::Result<bool> speak_up_is_stale(store::Connection& index, std::string_view tip) {
  auto known = MIRA_TRY(index.text("SELECT tip FROM git_speak_up"));
  return known != tip;
}

base::Status update_speak_up(store::Connection& index, std::shared_ptr<const Archive> archive,
                             base::Progress& progress) {
  std::vector<std::size_t> window = speak_up_window(*archive);
  std::string tip = archive->tip, end;
  if (!window.empty()) {
    end = hash_to_hex(archive->history.commits[window.back()].hash, archive->history.hash_digits);
  }
  auto known = MIRA_TRY(index.text("SELECT window_end FROM git_speak_up"));
  if (known == end) {
    return index.transaction([&] { return index.run("UPDATE git_speak_up SET tip = ?", tip); });
  }
  progress.update("measuring when to speak up", 0, 0, "commits");
  Cochange model(std::move(archive));
  SpeakUp found = choose_threshold(speak_up_trials(model, window), window.size(), window_margin);
  return index.transaction([&] {
    return index.run(
        "INSERT OR REPLACE INTO git_speak_up(row_id, tip, window_end, threshold, precision, coverage, "
        "false_alarms, commits) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        tip, end, found.threshold, found.precision, found.coverage, found.false_alarms, found.commits);
  });
}

}  // namespace mira::git
