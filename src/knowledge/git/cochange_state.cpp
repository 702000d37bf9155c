#include "knowledge/git/cochange_state.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "knowledge/git/name_words.h"
#include "platform/base/limits.h"

namespace mira::git {
namespace {

constexpr double steady_half_life = 500, weeks_half_life = 50, days_half_life = 10;  // taught entries

std::string_view ending_of(std::string_view path) {
  std::string_view base = path.substr(path.rfind('/') + 1);
  std::size_t dot = base.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : base.substr(dot);
}

void add_once(Entries& entries, std::uint32_t entry) {
  if (entries.empty() || entries.back() != entry) entries.push_back(entry);
}

// A sum of 0.5^(age/half_life) as a share of what it is for a file in every entry.
double as_share(double sum, double half_life) {
  return sum * std::numbers::ln2 / half_life;
}

}  // namespace

std::uint32_t CochangeState::Names::id(std::string_view name) {
  auto [at, fresh] = ids.try_emplace(std::string(name), static_cast<std::uint32_t>(names.size()));
  if (fresh) names.push_back(at->first);
  return at->second;
}

CochangeState::CochangeState(std::shared_ptr<const Archive> archive) : archive_(std::move(archive)) {
  entries_by_.resize(archive_->people.size());
  place_of("");  // the top is there even when no file is
  place_of_path_.reserve(archive_->paths.size());
  for (const std::string& path : archive_->paths) place_of_path_.push_back(place_of(path));
}

CochangeState::Place CochangeState::place_of(std::string_view path) {
  std::string_view folder = folder_of(path), ending = ending_of(path);
  Place out{folders_.id(folder), endings_.id(ending), 0};
  out.kind = kinds_.id(std::string(folder) + '\0' + std::string(ending));
  in_folder_.resize(folders_.names.size());
  births_in_.resize(folders_.names.size());
  of_kind_.resize(kinds_.names.size());
  of_ending_.resize(endings_.names.size());
  return out;
}

void CochangeState::move_to(std::size_t moment) {
  moment = std::min(moment, archive_->history.commits.size());
  if (moment < moment_) *this = CochangeState(std::move(archive_));
  for (; moment_ < moment; ++moment_) learn(archive_->history.commits[moment_], moment_);
}

void CochangeState::learn(const Commit& commit, std::size_t position) {
  auto ids = files_.apply(archive_->history, commit);
  if (ids.empty()) return;
  entries_of_.resize(files_.size());
  busyness_.resize(files_.size());
  words_of_.resize(files_.size());
  named_as_.resize(files_.size(), no_path);
  for (std::uint32_t file : ids) name_file(file);

  auto entry = static_cast<std::uint32_t>(entry_position_.size());
  entries_by_[archive_->person_of(commit)].push_back(entry);
  entry_position_.push_back(position);
  auto kept = ids.first(std::min<std::size_t>(ids.size(), limits::cochange_commit_files));
  entry_files_.insert(entry_files_.end(), kept.begin(), kept.end());
  entry_start_.push_back(entry_files_.size());
  if (ids.size() > limits::cochange_commit_files) return;
  ++taught_;
  teach(entry, ids, archive_->history.changes_of(commit));
}

void CochangeState::teach(std::uint32_t entry, std::span<const std::uint32_t> ids,
                          std::span<const Change> changes) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Decayed& busy = busyness_[ids[i]];
    double age = static_cast<double>(taught_ - busy.at);
    busy = {busy.steady * std::exp2(-age / steady_half_life) + 1,
            busy.weeks * std::exp2(-age / weeks_half_life) + 1,
            busy.days * std::exp2(-age / days_half_life) + 1, taught_};
    entries_of_[ids[i]].push_back(entry);
    Place place = place_of_file(ids[i]);
    add_once(in_folder_[place.folder], entry);
    add_once(of_kind_[place.kind], entry);
    add_once(of_ending_[place.ending], entry);
    bool born = changes[i].status == 'A' || changes[i].status == 'C';
    if (born) add_once(births_in_[place.folder], entry);
  }
}

double CochangeState::steady_busyness(std::uint32_t file) const {
  const Decayed& busy = busyness_[file];
  return busy.steady * std::exp2(-static_cast<double>(taught_ - busy.at) / steady_half_life);
}

Busyness CochangeState::busyness(std::uint32_t file) const {
  const Decayed& busy = busyness_[file];
  double age = static_cast<double>(taught_ - busy.at);
  return {as_share(busy.steady * std::exp2(-age / steady_half_life), steady_half_life),
          as_share(busy.weeks * std::exp2(-age / weeks_half_life), weeks_half_life),
          as_share(busy.days * std::exp2(-age / days_half_life), days_half_life)};
}

std::uint32_t CochangeState::word_id(const std::string& word) {
  auto [at, fresh] = word_ids_.try_emplace(word, static_cast<std::uint32_t>(files_with_.size()));
  if (fresh) files_with_.emplace_back();
  return at->second;
}

void CochangeState::name_file(std::uint32_t file) {
  std::uint32_t path = files_.path_of(file);
  if (named_as_[file] == path) return;
  for (std::uint32_t word : words_of_[file]) std::erase(files_with_[word], file);
  words_of_[file].clear();
  for (const std::string& word : name_words(archive_->paths[path])) {
    words_of_[file].push_back(word_id(word));
    files_with_[words_of_[file].back()].push_back(file);
  }
  named_as_[file] = path;
}

std::uint32_t CochangeState::file_at(std::string_view path) const {
  std::uint32_t id = archive_->find_path(path);
  return id == no_path ? no_file : files_.at_path(id);
}

bool CochangeState::is_there(std::uint32_t file) const {
  if (!at_end() || archive_->at_head.empty()) return files_.alive(file);
  return archive_->at_head[files_.path_of(file)] != 0 && files_.at_path(files_.path_of(file)) == file;
}

}  // namespace mira::git
