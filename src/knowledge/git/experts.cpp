#include "knowledge/git/experts.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "knowledge/git/name_words.h"

namespace mira::git {
namespace {

// Weights chosen on the windows before the test windows of three histories: those of coordinate ascent on
// top-3, moved back from the repository to the file and its folder, which costs nothing there and keeps the
// first answer.
constexpr double file_half_life = 5, file_weight = 1.0;
constexpr double file_days[] = {365, 60}, file_days_weight[] = {0.3, 0.4};
constexpr double folder_half_life[] = {50, 10}, folder_weight[] = {0.3, 1.0};
constexpr double repository_half_life[] = {300, 80, 20}, repository_weight[] = {0.6, 0.3, 0.6};
constexpr double repository_days = 14, repository_days_weight = 0.3;
constexpr std::size_t repository_commits = 6000, repository_days_commits = 3000;
constexpr double day_s = 86400.0;
constexpr double forgotten_half_lives = 12;  // beyond, a change weighs nothing

using Shares = std::unordered_map<std::uint32_t, double>;

// Adds `weight` times each person's share of the weights to `out`.
void add_shares(const Shares& weights, double weight, Shares& out) {
  double total = 0;
  for (const auto& [person, value] : weights) total += value;
  if (total <= 0) return;
  for (const auto& [person, value] : weights) out[person] += weight * value / total;
}

Shares recent(std::span<const std::uint32_t> people, double half_life) {
  Shares out;
  auto reach = static_cast<std::size_t>(forgotten_half_lives * half_life);
  std::size_t count = std::min(people.size(), reach);
  for (std::size_t age = 0; age < count; ++age) {
    out[people[people.size() - 1 - age]] += std::exp2(-static_cast<double>(age) / half_life);
  }
  return out;
}

double since_days(std::int64_t now_s, std::int64_t then_s) {
  return static_cast<double>(std::max<std::int64_t>(0, now_s - then_s)) / day_s;
}

template <class T>
std::span<const T> last(const std::vector<T>& all, std::size_t count) {
  return std::span<const T>(all).last(std::min(all.size(), count));
}

}  // namespace

void Experts::move_to(std::size_t moment) {
  moment = std::min(moment, archive_->history.commits.size());
  if (moment < moment_) *this = Experts(std::move(archive_));
  for (; moment_ < moment; ++moment_) learn(archive_->history.commits[moment_], moment_);
}

void Experts::learn(const Commit& commit, std::size_t position) {
  if (commit.merge) return;
  std::uint32_t person = archive_->person_of(commit);
  people_.push_back(person);
  times_.push_back(commit.author_time_s);
  newest_author_[person] = commit.author_id;
  auto ids = files_.apply(archive_->history, commit);
  auto changes = archive_->history.changes_of(commit);
  commits_of_.resize(files_.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    commits_of_[ids[i]].push_back(static_cast<std::uint32_t>(position));
    people_in_[folder_of(archive_->paths[changes[i].path])].push_back(person);
  }
}

// What a file's own commits say.
struct Experts::OwnCommits {
  std::vector<std::uint32_t> people;  // of the commits, oldest first
  Shares by_days[2];
  std::unordered_map<std::uint32_t, std::int64_t> changes;
  std::unordered_map<std::uint32_t, std::size_t> last_commit;
};

Experts::OwnCommits Experts::own_commits(std::string_view path, std::int64_t now_s) const {
  OwnCommits out;
  std::uint32_t id = archive_->find_path(path);
  std::uint32_t file = id == no_path ? no_file : files_.at_path(id);
  if (file == no_file) return out;
  for (std::uint32_t position : commits_of_[file]) {
    const Commit& commit = archive_->history.commits[position];
    std::uint32_t person = archive_->person_of(commit);
    double days = since_days(now_s, commit.author_time_s);
    out.people.push_back(person);
    for (int i : {0, 1}) out.by_days[i][person] += std::exp2(-days / file_days[i]);
    ++out.changes[person];
    out.last_commit[person] = position;
  }
  return out;
}

Shares Experts::lately(std::int64_t now_s) const {
  Shares out;
  std::size_t count = std::min(people_.size(), repository_days_commits);
  for (std::size_t i = people_.size() - count; i < people_.size(); ++i) {
    out[people_[i]] += std::exp2(-since_days(now_s, times_[i]) / repository_days);
  }
  return out;
}

// People by score, then by activity in the repository; without bots.
std::vector<std::uint32_t> Experts::in_order(const Shares& scores, const Shares& activity) const {
  std::vector<std::uint32_t> order;
  for (const auto& [person, score] : scores) {
    if (!archive_->people[person].is_bot) order.push_back(person);
  }
  auto of = [](const Shares& shares, std::uint32_t person) {
    auto at = shares.find(person);
    return at == shares.end() ? 0 : at->second;
  };
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    if (of(scores, a) != of(scores, b)) return of(scores, a) > of(scores, b);
    if (of(activity, a) != of(activity, b)) return of(activity, a) > of(activity, b);
    return archive_->people[a].folded < archive_->people[b].folded;
  });
  return order;
}

std::vector<Expert> Experts::rank(const ExpertQuestion& question) {
  move_to(question.moment);
  OwnCommits own = own_commits(question.file, question.now_s);
  Shares activity, scores;
  auto everybody = last(people_, repository_commits);
  add_shares(recent(everybody, repository_half_life[0]), 1, activity);
  add_shares(activity, repository_weight[0], scores);
  for (int i : {1, 2}) add_shares(recent(everybody, repository_half_life[i]), repository_weight[i], scores);
  add_shares(lately(question.now_s), repository_days_weight, scores);
  add_shares(recent(own.people, file_half_life), file_weight, scores);
  for (int i : {0, 1}) add_shares(own.by_days[i], file_days_weight[i], scores);
  auto folder = people_in_.find(folder_of(question.file));
  for (int i : {0, 1}) {
    if (folder == people_in_.end()) break;
    add_shares(recent(folder->second, folder_half_life[i]), folder_weight[i], scores);
  }
  std::vector<Expert> out;
  for (std::uint32_t person : in_order(scores, activity)) {
    if (out.size() == question.limit) break;
    const Author& author = archive_->authors[newest_author_.at(person)];
    Expert expert{author.name, author.email, scores.at(person), own.changes[person]};
    auto at = own.last_commit.find(person);
    if (at != own.last_commit.end()) expert.last_commit = at->second;
    out.push_back(std::move(expert));
  }
  return out;
}

}  // namespace mira::git
