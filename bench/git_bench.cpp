// Rows that the trees of co-change are fitted on (cochange_fit.py), made by the
// program's own code, and how long questions take. Walks the history of an indexed
// repository; each commit of 2 to 30 files in a window is asked about with only what
// was known before it: each of its files for the others, and all but one for that one.
// usage: mira_git_bench rows INDEX.DB OUT SKIP COUNT EACH CANDIDATES
//        mira_git_bench speak INDEX.DB
//          the threshold of "what did I forget?", chosen on the thousand commits of several files before the
//          last thousand, and how it does on these
//        mira_git_bench trials INDEX.DB SKIP COUNT
//          what that threshold is chosen from, a line each: commit confidence missing complete
//        mira_git_bench stated INDEX.DB [SKIP]
//          how true the stated confidence is over the ten best of questions about one file (the last thousand
//          commits but SKIP): as the trees say it, and as what came true before corrects it
//        mira_git_bench latency INDEX.DB
//          CPU time of a question at HEAD, the history loaded
//   OUT.rows   candidates x features, 32-bit floats    OUT.groups   one line a question:
//   commit kind candidates expected asked questions-of-that-commit sampled labels (0/1 a candidate)
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "knowledge/git/cochange.h"
#include "knowledge/git/experts.h"
#include "knowledge/git/speak_up.h"
#include "platform/base/limits.h"

namespace {

using namespace mira;

struct Asked {
  std::vector<std::string> files;
  std::vector<std::uint32_t> expected;
  int kind = 0;  // 0: one file, 1: all but one
};

struct Touched {
  std::string path;
  std::uint32_t file = git::no_file;
  bool can_be_named = false;
};

std::vector<Touched> touched_by(git::Cochange& model, const git::Archive& archive,
                                const git::Commit& commit) {
  std::vector<Touched> out;
  for (const git::Change& change : archive.history.changes_of(commit)) {
    const std::string& path = archive.paths[change.status == 'R' ? change.old_path : change.path];
    std::uint32_t file = model.state().file_at(path);
    bool kept = change.status == 'M' || change.status == 'D' || change.status == 'T';
    out.push_back({path, file, kept && file != git::no_file && model.state().is_there(file)});
  }
  return out;
}

std::vector<Asked> questions_of(const std::vector<Touched>& touched) {
  std::vector<Asked> out;
  for (std::size_t i = 0; i < touched.size(); ++i) {
    Asked one{{touched[i].path}, {}, 0}, rest{{}, {touched[i].file}, 1};
    for (std::size_t j = 0; j < touched.size(); ++j) {
      if (j == i) continue;
      if (touched[j].can_be_named) one.expected.push_back(touched[j].file);
      rest.files.push_back(touched[j].path);
    }
    if (!one.expected.empty()) out.push_back(std::move(one));
    if (touched[i].can_be_named) out.push_back(std::move(rest));
  }
  return out;
}

// At most `each` of a kind, drawn without regard to order.
std::vector<Asked> sample(std::vector<Asked> all, int kind, std::size_t each, std::mt19937& random) {
  std::erase_if(all, [&](const Asked& asked) { return asked.kind != kind; });
  std::ranges::shuffle(all, random);
  if (all.size() > each) all.resize(each);
  return all;
}

struct Output {
  std::ofstream rows, groups;
  std::vector<double> micros;
};

void write(git::Cochange& model, const git::Commit& commit, const git::Archive& archive, const Asked& asked,
           std::size_t moment, std::size_t most, std::size_t all, std::size_t sampled, Output& out) {
  git::CochangeQuestion question{asked.files, moment, archive.person_of(commit), commit.author_time_s, 10};
  auto start = std::chrono::steady_clock::now();
  auto candidates = model.candidates(question);
  out.micros.push_back(
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  if (candidates.size() > most) candidates.resize(most);
  std::string labels;
  for (const git::Candidate& c : candidates) {
    labels += std::ranges::find(asked.expected, c.file) != asked.expected.end() ? '1' : '0';
    out.rows.write(reinterpret_cast<const char*>(c.features.data()), sizeof(c.features));
  }
  out.groups << fmt::format("{} {} {} {} {} {} {} {}\n", moment, asked.kind, candidates.size(),
                            asked.expected.size(), asked.files.size(), all, sampled, labels);
}

base::Result<std::shared_ptr<const git::Archive>> open(const char* file) {
  auto index = MIRA_TRY(store::Connection::open(file, {.access = store::Access::read_only}));
  return git::load_archive(index);
}

std::vector<std::size_t> commits_of_several(const git::Archive& archive, std::size_t skip,
                                            std::size_t count) {
  std::vector<std::size_t> several;
  const auto& commits = archive.history.commits;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    bool fits = commits[i].change_count >= 2 && commits[i].change_count <= limits::cochange_commit_files;
    if (!commits[i].merge && fits) several.push_back(i);
  }
  several.resize(several.size() - std::min(skip, several.size()));
  if (several.size() > count)
    several.erase(several.begin(), several.end() - static_cast<std::ptrdiff_t>(count));
  return several;
}

int speak(char** argv) {
  auto archive = open(argv[2]);
  if (!archive) return fmt::print(stderr, "{}\n", archive.error().message), 1;
  auto before = commits_of_several(**archive, 1000, 1000), after = commits_of_several(**archive, 0, 1000);
  git::Cochange model(*archive);
  auto chosen = git::choose_threshold(git::speak_up_trials(model, before), before.size(), 0.05);
  auto trials = git::speak_up_trials(model, after);
  auto found = git::judge_threshold(trials, after.size(), chosen.threshold);
  for (double threshold : {0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9}) {
    auto then = git::judge_threshold(trials, after.size(), threshold);
    fmt::print("would speak from {:.2f}: precision {:.3f}, coverage {:.3f}, false alarms {:.3f}\n", threshold,
               then.precision, then.coverage, then.false_alarms);
  }
  fmt::print(
      "from {:.3f}: precision {:.3f}, coverage {:.3f}, false alarms {:.3f} (chosen on: {:.3f}, {:.3f}, "
      "{:.3f})\n",
      chosen.threshold, found.precision, found.coverage, found.false_alarms, chosen.precision,
      chosen.coverage, chosen.false_alarms);
  return 0;
}

int trials(char** argv) {
  auto archive = open(argv[2]);
  if (!archive) return fmt::print(stderr, "{}\n", archive.error().message), 1;
  git::Cochange model(*archive);
  auto window =
      commits_of_several(**archive, std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10));
  for (const git::Trial& trial : git::speak_up_trials(model, window)) {
    fmt::print("{} {:.4f} {:d} {:d}\n", trial.commit, trial.confidence, trial.missing, trial.complete);
  }
  return 0;
}

// The archive with its windows of stated confidence, counted here when the index has none.
std::shared_ptr<const git::Archive> with_stated(const std::shared_ptr<const git::Archive>& archive) {
  base::QuietProgress quiet;
  auto more = std::make_shared<git::Archive>(*archive);
  auto counted = git::count_stated(archive, archive->stated, quiet);
  more->stated.insert(more->stated.end(), counted.begin(), counted.end());
  std::ranges::sort(more->stated, {}, &git::StatedWindow::number);
  more->path_ids.clear();
  for (std::uint32_t id = 0; id < more->paths.size(); ++id) {
    if (!more->paths[id].empty()) more->path_ids.emplace(more->paths[id], id);
  }
  return more;
}

// Expected calibration error over ten bins, and Brier score.
struct Calibration {
  std::array<double, 10> stated{}, came_true{};
  double weight = 0, squares = 0;

  void count(double p, bool hit, double w) {
    auto bin = std::min<std::size_t>(9, static_cast<std::size_t>(p * 10));
    stated[bin] += w * p;
    came_true[bin] += hit ? w : 0;
    weight += w;
    squares += w * (p - (hit ? 1 : 0)) * (p - (hit ? 1 : 0));
  }
  double error() const {
    double sum = 0;
    for (std::size_t i = 0; i < stated.size(); ++i) sum += std::abs(stated[i] - came_true[i]);
    return sum / weight;
  }
};

int stated(int argc, char** argv) {
  auto archive = open(argv[2]);
  if (!archive) return fmt::print(stderr, "{}\n", archive.error().message), 1;
  auto corrected = with_stated(*archive);
  git::Cochange model(corrected);
  Calibration before, after;
  std::mt19937 random(5);
  std::size_t skip = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 0;
  for (std::size_t moment : commits_of_several(*corrected, skip, 1000)) {
    model.knows("", moment);
    const git::Commit& commit = corrected->history.commits[moment];
    auto all = questions_of(touched_by(model, *corrected, commit));
    auto total = static_cast<double>(std::ranges::count(all, 0, &Asked::kind));
    auto some = sample(all, 0, 6, random);
    for (const Asked& asked : some) {
      double weight = total / static_cast<double>(some.size());
      for (const git::Partner& partner :
           model.rank({asked.files, moment, corrected->person_of(commit), commit.author_time_s, 10})) {
        bool hit =
            std::ranges::find(asked.expected, model.state().file_at(partner.path)) != asked.expected.end();
        before.count(partner.stated, hit, weight);
        after.count(partner.confidence, hit, weight);
      }
    }
  }
  fmt::print("as the trees say: ECE {:.4f} Brier {:.4f}; corrected: ECE {:.4f} Brier {:.4f}\n",
             before.error(), before.squares / before.weight, after.error(), after.squares / after.weight);
  return 0;
}

struct Times {
  std::vector<double> micros;

  // CPU time of this thread: on a busy machine the clock on the wall measures the others.
  static double now_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
  }
  template <class Question>
  void take(Question question) {
    double start = now_us();
    question();
    micros.push_back(now_us() - start);
  }
  void print(const char* what) {
    std::ranges::sort(micros);
    if (micros.empty()) return;
    fmt::print("{}: {} questions, p50 {:.0f} us, p95 {:.0f} us, most {:.0f} us\n", what, micros.size(),
               micros[micros.size() / 2], micros[micros.size() * 95 / 100], micros.back());
  }
};

// Asked at HEAD about what the last thousand commits of several files touched, as often as they did.
int latency(char** argv) {
  auto archive = open(argv[2]);
  if (!archive) return fmt::print(stderr, "{}\n", archive.error().message), 1;
  git::Cochange model(*archive);
  git::Experts experts(*archive);
  const auto& history = (*archive)->history;
  std::size_t now = history.commits.size();
  Times one, several, people;
  for (std::size_t position : commits_of_several(**archive, 0, 1000)) {
    const git::Commit& commit = history.commits[position];
    git::CochangeQuestion question{
        {}, now, (*archive)->person_of(commit), history.commits.back().author_time_s};
    std::vector<std::string> files;
    for (const git::Change& change : history.changes_of(commit))
      files.push_back((*archive)->paths[change.path]);
    for (const std::string& file : files) {
      question.files = {file};
      one.take([&] { model.rank(question); });
      people.take([&] { experts.rank({file, now, question.now_s, 10}); });
    }
    question.files = files;
    several.take([&] { model.rank(question); });
  }
  one.print("co-change, one file");
  several.print("co-change, all files of a commit");
  people.print("next author");
  return 0;
}

int rows(char** argv) {
  auto archive = open(argv[2]);
  if (!archive) return fmt::print(stderr, "{}\n", archive.error().message), 1;
  std::size_t skip = std::strtoul(argv[4], nullptr, 10), count = std::strtoul(argv[5], nullptr, 10),
              each = std::strtoul(argv[6], nullptr, 10), most = std::strtoul(argv[7], nullptr, 10);
  const auto& commits = (*archive)->history.commits;
  std::vector<std::size_t> several = commits_of_several(**archive, skip, count);
  Output out{
      std::ofstream(std::string(argv[3]) + ".rows"), std::ofstream(std::string(argv[3]) + ".groups"), {}};
  git::Cochange model(*archive);
  std::mt19937 random(5);
  for (std::size_t moment : several) {
    model.knows("", moment);
    auto all = questions_of(touched_by(model, **archive, commits[moment]));
    for (int kind : {0, 1}) {
      auto total = static_cast<std::size_t>(std::ranges::count(all, kind, &Asked::kind));
      auto some = sample(all, kind, each, random);
      for (const Asked& asked : some) {
        write(model, commits[moment], **archive, asked, moment, most, total, some.size(), out);
      }
    }
  }
  std::ranges::sort(out.micros);
  if (out.micros.empty()) return 1;
  fmt::print("{} questions, p50 {:.0f} us, p95 {:.0f} us\n", out.micros.size(),
             out.micros[out.micros.size() / 2], out.micros[out.micros.size() * 95 / 100]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "rows" && argc == 8) return rows(argv);
  if (what == "speak" && argc == 3) return speak(argv);
  if (what == "trials" && argc == 5) return trials(argv);
  if (what == "stated" && (argc == 3 || argc == 4)) return stated(argc, argv);
  if (what == "latency" && argc == 3) return latency(argv);
  fmt::print(stderr,
             "usage: mira_git_bench rows INDEX.DB OUT SKIP COUNT EACH CANDIDATES | speak INDEX.DB | trials "
             "INDEX.DB SKIP COUNT | stated INDEX.DB [SKIP] | latency INDEX.DB\n");
  return 2;
}
