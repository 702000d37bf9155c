#include "knowledge/git/stated_confidence.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "knowledge/git/cochange.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"

namespace mira::git {
namespace {

constexpr std::size_t window_commits = 200, windows_kept = 10;
constexpr std::size_t asked_of_a_commit = 3;  // questions of one file; one of all files but one beside
constexpr std::size_t answers_counted = 10;
constexpr double widest_log_odds = 5;  // of the bins; further ones are put into the outermost
constexpr double doubt = 300;          // answers that have to speak against what is stated to move it halfway

double log_odds(double p) {
  double held = std::clamp(p, 1e-6, 1 - 1e-6);
  return std::log(held / (1 - held));
}

std::size_t bin_of(double stated) {
  double share = (log_odds(stated) + widest_log_odds) / (2 * widest_log_odds);
  double bin = std::clamp(share * stated_bins, 0.0, stated_bins - 1.0);
  return static_cast<std::size_t>(bin);
}

// For each commit that ends a window: hash of all commits up to it.
std::map<std::int64_t, StatedWindow> windows_of(const Archive& archive) {
  std::map<std::int64_t, StatedWindow> out;
  std::vector<std::size_t> several = commits_of_several(archive);
  std::size_t next = window_commits;
  std::uint64_t chain = 0;
  for (std::size_t i = 0; i < archive.history.commits.size() && next <= several.size(); ++i) {
    const auto& bytes = archive.history.commits[i].hash.bytes;
    std::string link(reinterpret_cast<const char*>(&chain), sizeof chain);
    link.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    chain = base::hash64(link);
    if (several[next - 1] != i) continue;
    auto number = static_cast<std::int64_t>(next / window_commits - 1);
    out[number] = {.number = number, .chain = chain, .end = i + 1};
    next += window_commits;
  }
  while (out.size() > windows_kept) out.erase(out.begin());
  return out;
}

// The files of a commit as they were called before it.
struct Asked {
  std::vector<std::string> files;
  std::vector<char> can_be_named;
};

Asked files_of(Cochange& model, const Commit& commit) {
  Asked out;
  const Archive& archive = model.state().archive();
  for (const Change& change : archive.history.changes_of(commit)) {
    out.files.push_back(archive.paths[change.status == 'R' ? change.old_path : change.path]);
    std::uint32_t file = model.state().file_at(out.files.back());
    bool kept = change.status == 'M' || change.status == 'D' || change.status == 'T';
    out.can_be_named.push_back(kept && file != no_file && model.state().is_there(file) ? 1 : 0);
  }
  return out;
}

struct Counting {
  Cochange& model;
  StatedWindow& window;
  CochangeQuestion question;
  Asked asked;
  AskedKind kind;

  void ask(double weight) {
    question.limit = answers_counted;
    for (const Partner& partner : model.rank(question)) {
      auto at = std::ranges::find(asked.files, partner.path);
      bool asked_for = std::ranges::find(question.files, partner.path) != question.files.end();
      bool came_true = at != asked.files.end() && !asked_for &&
                       asked.can_be_named[static_cast<std::size_t>(at - asked.files.begin())] != 0;
      window.count(kind, partner.stated, came_true, weight);
    }
  }
};

// Files of the commit that some are drawn from: those with something to be found, or those to be found.
std::vector<std::size_t> drawn(const std::vector<std::size_t>& from, std::size_t most, std::uint8_t by) {
  std::vector<std::size_t> out;
  std::size_t count = std::min(most, from.size());
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(from[(by + i * from.size() / count) % from.size()]);
  }
  return out;
}

void count_commit(Cochange& model, std::size_t position, StatedWindow& window) {
  model.knows("", position);
  const Archive& archive = model.state().archive();
  const Commit& commit = archive.history.commits[position];
  CochangeQuestion question{{}, position, archive.person_of(commit), commit.author_time_s};
  Counting counting{model, window, question, files_of(model, commit), AskedKind::one};
  const Asked& asked = counting.asked;
  auto nameable = static_cast<std::size_t>(std::ranges::count(asked.can_be_named, 1));
  std::vector<std::size_t> with_others, hidden;
  for (std::size_t i = 0; i < asked.files.size(); ++i) {
    if (nameable > (asked.can_be_named[i] != 0 ? 1U : 0U)) with_others.push_back(i);
    if (asked.can_be_named[i] != 0) hidden.push_back(i);
  }
  auto some = drawn(with_others, asked_of_a_commit, commit.hash.bytes[1]);
  for (std::size_t i : some) {
    counting.question.files = {asked.files[i]};
    counting.ask(static_cast<double>(with_others.size()) / static_cast<double>(some.size()));
  }
  counting.kind = AskedKind::several;
  for (std::size_t i : drawn(hidden, 1, commit.hash.bytes[2])) {
    if (asked.files.size() < 3) continue;  // one file is left: asked above
    counting.question.files = asked.files;
    counting.question.files.erase(counting.question.files.begin() + static_cast<std::ptrdiff_t>(i));
    counting.ask(static_cast<double>(hidden.size()));
  }
}

base::Status write(store::Connection& index, const StatedWindow& window) {
  for (AskedKind kind : {AskedKind::one, AskedKind::several}) {
    const auto& bins = window.bins[static_cast<std::size_t>(kind)];
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      if (bins[bin].weight == 0 && bin > 0) continue;  // the first says that the window was counted
      MIRA_TRY(index.run(
          "INSERT INTO git_stated(window, asked, bin, chain, weight, stated, came_true) VALUES (?, ?, ?, ?, "
          "?, ?, ?)",
          window.number, static_cast<std::int64_t>(kind), static_cast<std::int64_t>(bin),
          static_cast<std::int64_t>(window.chain), bins[bin].weight, bins[bin].stated, bins[bin].came_true));
    }
  }
  return {};
}

}  // namespace

std::vector<std::size_t> commits_of_several(const Archive& archive) {
  std::vector<std::size_t> out;
  const auto& commits = archive.history.commits;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    bool several = commits[i].change_count >= 2 && commits[i].change_count <= limits::cochange_commit_files;
    if (!commits[i].merge && several) out.push_back(i);
  }
  return out;
}

void StatedWindow::count(AskedKind kind, double stated, bool came_true, double weight) {
  StatedBin& bin = bins[static_cast<std::size_t>(kind)][bin_of(stated)];
  bin.weight += weight;
  bin.stated += weight * stated;
  bin.came_true += came_true ? weight : 0;
}

StatedMap::StatedMap(std::span<const StatedWindow> windows, AskedKind kind) {
  struct Block {
    double weight, stated, corrected;
  };
  std::vector<Block> blocks;
  for (std::size_t bin = 0; bin < stated_bins; ++bin) {
    StatedBin sum;
    for (const StatedWindow& window : windows) {
      const StatedBin& one = window.bins[static_cast<std::size_t>(kind)][bin];
      sum.weight += one.weight, sum.stated += one.stated, sum.came_true += one.came_true;
    }
    if (sum.weight == 0) continue;
    double stated = sum.stated / sum.weight;
    Block block{sum.weight + doubt, stated, (sum.came_true + doubt * stated) / (sum.weight + doubt)};
    // Neighbours that would fall are taken together, so that the map rises.
    while (!blocks.empty() && blocks.back().corrected >= block.corrected) {
      const Block& low = blocks.back();
      double weight = low.weight + block.weight;
      block = {weight, (low.weight * low.stated + block.weight * block.stated) / weight,
               (low.weight * low.corrected + block.weight * block.corrected) / weight};
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  for (const Block& block : blocks) knots_.emplace_back(log_odds(block.stated), log_odds(block.corrected));
}

double StatedMap::operator()(double stated) const {
  if (knots_.empty()) return stated;
  double at = log_odds(stated);
  auto above = std::ranges::lower_bound(knots_, at, {}, [](const auto& knot) { return knot.first; });
  double corrected = 0;
  if (above == knots_.begin() || above == knots_.end()) {
    const auto& edge = above == knots_.begin() ? knots_.front() : knots_.back();
    corrected = at + edge.second - edge.first;  // beyond what was counted: moved as the edge is
  } else {
    const auto &low = *std::prev(above), &high = *above;
    double share = (at - low.first) / (high.first - low.first);
    corrected = low.second + share * (high.second - low.second);
  }
  return 1 / (1 + std::exp(-corrected));
}

base::Result<std::vector<StatedWindow>> load_stated(store::Connection& index, const Archive& archive) {
  std::map<std::int64_t, StatedWindow> wanted = windows_of(archive), found;
  MIRA_TRY(index.each(
      "SELECT window, asked, bin, chain, weight, stated, came_true FROM git_stated ORDER BY window",
      [&](const store::Row& row) {
        auto window = wanted.find(row.integer(0));
        if (window == wanted.end() || static_cast<std::int64_t>(window->second.chain) != row.integer(3))
          return;
        StatedWindow& into = found.try_emplace(row.integer(0), window->second).first->second;
        auto kind = static_cast<std::size_t>(row.integer(1)), bin = static_cast<std::size_t>(row.integer(2));
        if (kind < into.bins.size() && bin < stated_bins)
          into.bins[kind][bin] = {row.real(4), row.real(5), row.real(6)};
      }));
  std::vector<StatedWindow> out;
  for (auto& [number, window] : found) out.push_back(window);
  return out;
}

std::vector<StatedWindow> count_stated(const std::shared_ptr<const Archive>& archive,
                                       std::span<const StatedWindow> known, base::Progress& progress) {
  std::map<std::int64_t, StatedWindow> missing = windows_of(*archive);
  std::vector<std::size_t> several = commits_of_several(*archive);
  for (const StatedWindow& window : known) missing.erase(window.number);
  std::vector<StatedWindow> out;
  Cochange model(archive);
  for (auto& [number, window] : missing) {
    progress.update("measuring what confidence is worth", static_cast<std::int64_t>(out.size()),
                    static_cast<std::int64_t>(missing.size()), "windows");
    auto first = static_cast<std::size_t>(number) * window_commits;
    for (std::size_t i = first; i < first + window_commits; ++i) count_commit(model, several[i], window);
    out.push_back(window);
  }
  return out;
}

base::Status update_stated(store::Connection& index, const std::shared_ptr<const Archive>& archive,
                           base::Progress& progress) {
  std::vector<StatedWindow> known = MIRA_TRY(load_stated(index, *archive));
  std::vector<StatedWindow> counted = count_stated(archive, known, progress);
  std::map<std::int64_t, StatedWindow> kept = windows_of(*archive);
  return index.transaction([&]() -> base::Status {
    MIRA_TRY(index.run("DELETE FROM git_stated WHERE window < ? OR window > ?",
                       kept.empty() ? 0 : kept.begin()->first, kept.empty() ? -1 : kept.rbegin()->first));
    for (const StatedWindow& window : counted) {
      MIRA_TRY(index.run("DELETE FROM git_stated WHERE window = ?", window.number));
      MIRA_TRY(write(index, window));
    }
    return {};
  });
}

}  // namespace mira::git
