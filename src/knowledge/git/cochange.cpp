#include "knowledge/git/cochange.h"

#include <algorithm>

#include "knowledge/git/cochange_forest.h"
#include "knowledge/git/name_words.h"
#include "platform/base/hash.h"

namespace mira::git {
namespace {

constexpr std::size_t ordered_candidates = 120;
constexpr std::size_t recent_changes = 10;  // told of: "7 of its last 9 changes"

// What the trees say is stretched and moved so that it comes true as often as it says on the whole of the
// fitting windows, for one asked file and for several: a logistic fit over the ten best of their questions
// (bench/cochange_fit.py). What a repository does otherwise than those, StatedMap corrects.
struct Calibration {
  double slope, shift;
};
constexpr Calibration one_asked{0.919, 0.185}, several_asked{0.917, -0.436};

}  // namespace

AskedFile Cochange::open(const std::string& path) {
  AskedFile asked;
  asked.path = path;
  asked.file = state_.file_at(path);
  asked.is_there = asked.file != no_file && state_.is_there(asked.file);
  for (const std::string& word : name_words(path)) asked.words.push_back(state_.word_id(word));
  asked.place = state_.place_of(path);
  return asked;
}

bool Cochange::knows(std::string_view path, std::size_t moment) {
  state_.move_to(moment);
  std::uint32_t file = state_.file_at(path);
  return file != no_file && state_.is_there(file);
}

std::vector<Candidate> Cochange::candidates(const CochangeQuestion& question) {
  state_.move_to(question.moment);
  GatherQuestion gather;
  for (const std::string& path : question.files) gather.asked.push_back(open(path));
  for (const std::string& path : question.passed_over) {
    std::uint32_t file = state_.file_at(path);
    if (file != no_file) gather.passed_over.push_back(file);
  }
  gather.person = question.person;
  gather.now_s = question.now_s;
  gather.most = std::max(ordered_candidates, question.limit);
  return gatherer_.gather(state_, gather);
}

Partner Cochange::partner(const Candidate& candidate, double score) const {
  Partner out;
  out.path = state_.path_of(candidate.file);
  out.score = score;
  const Calibration& calibration = candidate[Feature::asked_count] > 1 ? several_asked : one_asked;
  double sum = Forest::confidence().sum(candidate.features);
  out.stated = logistic(calibration.slope * sum + calibration.shift);
  if (candidate.with == no_file) return out;
  const Entries& own = state_.entries_of(candidate.with);
  out.with = state_.path_of(candidate.with);
  out.joint = candidate.joint;
  out.own = static_cast<std::int64_t>(own.size());
  out.last_commit = state_.position_of(candidate.last_entry);
  std::size_t recent = std::min(recent_changes, own.size());
  out.recent_own = static_cast<std::int64_t>(recent);
  for (std::size_t i = own.size() - recent; i < own.size(); ++i) {
    out.recent_joint += std::ranges::count(state_.files_of(own[i]), candidate.file);
  }
  return out;
}

// The windows that end before a moment and are the last to do so.
const StatedMap& Cochange::map_at(std::size_t moment, AskedKind kind) {
  const auto& windows = state_.archive().stated;
  auto behind = std::ranges::upper_bound(windows, moment, {}, &StatedWindow::end);
  auto end = static_cast<std::size_t>(behind - windows.begin());
  if (maps_end_ != end) {
    std::size_t first = end - std::min(end, stated_windows_used);
    std::span used(windows.data() + first, end - first);
    maps_ = {StatedMap(used, AskedKind::one), StatedMap(used, AskedKind::several)};
    maps_end_ = end;
  }
  return maps_[static_cast<std::size_t>(kind)];
}

std::vector<Partner> Cochange::rank(const CochangeQuestion& question) {
  std::vector<Candidate> rows = candidates(question);
  struct Ranked {
    double score = 0, mixed = 0;
    std::uint64_t tie = 0;
    const Candidate* candidate = nullptr;
  };
  std::vector<const float*> features;
  for (const Candidate& row : rows) features.push_back(row.features.data());
  std::vector<double> scores = Forest::order().sums(features, feature_count);
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ranked.push_back(
        {scores[i], rows[i][Feature::mixed], base::hash64(state_.path_of(rows[i].file)), &rows[i]});
  }
  std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.mixed != b.mixed ? a.mixed > b.mixed : a.tie < b.tie;
  });
  const StatedMap& map =
      map_at(question.moment, question.files.size() > 1 ? AskedKind::several : AskedKind::one);
  std::vector<Partner> out;
  for (const Ranked& one : ranked) {
    if (out.size() == question.limit) break;
    out.push_back(partner(*one.candidate, one.score));
    out.back().confidence = map(out.back().stated);
  }
  return out;
}

}  // namespace mira::git
