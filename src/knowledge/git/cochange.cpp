#include "knowledge/git/cochange.h"

#include <algorithm>
#include <cmath>

#include "knowledge/git/name_words.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

// The formula's constants; how they were chosen is told in docs/architecture.md.
constexpr double recency_half_life = 10;      // commits of the file
constexpr double smoothing = 0.5;             // alpha
constexpr double popularity_half_life = 500;  // kept commits of the repository
constexpr double popularity_weight = 0.3;
constexpr double name_weight = 0.03;
constexpr double folder_weight = 0.01;
constexpr double nearest_folder = 0.5;  // nearness below it says nothing
constexpr double own_weight = 0.1;
constexpr std::size_t own_commits = 40;
constexpr double own_half_life = 5;             // commits of the author
constexpr std::size_t common_word_files = 400;  // a word of more files says nothing
constexpr double largest_unit = 1e100;

std::size_t depth(std::string_view folder) {
  return folder.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(folder, '/'));
}

// Leading path components two folders share.
std::size_t common_depth(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t shared = 0, i = 0;
  for (; i < a.size() && i < b.size() && a[i] == b[i]; ++i) shared += a[i] == '/';
  bool a_ends = i == a.size() || a[i] == '/', b_ends = i == b.size() || b[i] == '/';
  return shared + (a_ends && b_ends && i > 0 && (i == a.size() || i == b.size()) ? 1 : 0);
}

double nearness(std::string_view a, std::string_view b) {
  double near =
      static_cast<double>(1 + common_depth(a, b)) / static_cast<double>(1 + std::max(depth(a), depth(b)));
  return near >= nearest_folder ? near : 0;
}

}  // namespace

struct Cochange::Question {
  std::vector<Asked> asked;
  std::vector<Tally> tally;           // by file
  std::vector<char> is_asked;         // by file
  std::vector<std::uint32_t> living;  // candidates
  std::vector<Joint> joint;           // by file, zero between asked files
  double times = 0;                   // asked files
};

Cochange::Cochange(std::shared_ptr<const Archive> archive) : archive_(std::move(archive)) {
  entries_by_.resize(archive_->people.size());
  number_folders();
}

void Cochange::number_folders() {
  folder_of_path_.resize(archive_->paths.size());
  folders_.emplace_back();  // the top is there even when no file is
  folder_ids_.emplace("", 0);
  for (std::uint32_t id = 0; id < archive_->paths.size(); ++id) {
    std::string_view folder = folder_of(archive_->paths[id]);
    auto [at, fresh] = folder_ids_.try_emplace(folder, folders_.size());
    if (fresh) folders_.push_back(folder);
    folder_of_path_[id] = at->second;
  }
}

void Cochange::move_to(std::size_t moment) {
  moment = std::min(moment, archive_->history.commits.size());
  if (moment < moment_) *this = Cochange(std::move(archive_));
  for (; moment_ < moment; ++moment_) learn(archive_->history.commits[moment_], moment_);
}

void Cochange::learn(const Commit& commit, std::size_t position) {
  auto ids = files_.apply(archive_->history, commit);
  if (ids.empty()) return;
  entries_of_.resize(files_.size());
  popularity_.resize(files_.size(), 0);
  words_of_.resize(files_.size());
  named_as_.resize(files_.size(), no_path);
  for (std::uint32_t file : ids) name_file(file);

  auto entry = static_cast<std::uint32_t>(entry_position_.size());
  bool teaches = ids.size() <= limits::cochange_commit_files;
  entries_by_[archive_->person_of(commit)].push_back(entry);
  entry_position_.push_back(position);
  auto kept = ids.first(std::min<std::size_t>(ids.size(), limits::cochange_commit_files));
  entry_files_.insert(entry_files_.end(), kept.begin(), kept.end());
  entry_start_.push_back(entry_files_.size());
  if (!teaches) return;
  popularity_unit_ *= std::exp2(1 / popularity_half_life);
  for (std::uint32_t file : ids) {
    entries_of_[file].push_back(entry);
    popularity_[file] += popularity_unit_;
  }
  if (popularity_unit_ < largest_unit) return;
  for (double& weight : popularity_) weight /= popularity_unit_;
  popularity_unit_ = 1;
}

std::uint32_t Cochange::word_id(const std::string& word) {
  auto [at, fresh] = word_ids_.try_emplace(word, files_with_.size());
  if (fresh) files_with_.emplace_back();
  return at->second;
}

void Cochange::name_file(std::uint32_t file) {
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

Cochange::Asked Cochange::open(std::string_view path) {
  Asked asked;
  std::uint32_t id = archive_->find_path(path);
  if (id != no_path) asked.file = files_.at_path(id);
  for (const std::string& word : name_words(path)) asked.words.push_back(word_id(word));
  std::string_view folder = folder_of(path);
  while (!folder_ids_.contains(folder)) folder = folder_of(folder);  // ends at the top
  asked.folder = folder_ids_.at(folder);
  return asked;
}

bool Cochange::knows(std::string_view path, std::size_t moment) {
  move_to(moment);
  std::uint32_t id = archive_->find_path(path);
  std::uint32_t file = id == no_path ? no_file : files_.at_path(id);
  return file != no_file && is_there(file);
}

// At the end of the history HEAD's own tree knows best: merges delete and rename too.
bool Cochange::is_there(std::uint32_t file) const {
  bool at_end = moment_ == archive_->history.commits.size() && !archive_->at_head.empty();
  return at_end ? archive_->at_head[files_.path_of(file)] != 0 && files_.at_path(files_.path_of(file)) == file
                : files_.alive(file);
}

std::vector<Partner> Cochange::rank(const CochangeQuestion& asked_question) {
  move_to(asked_question.moment);
  Question question;
  question.tally.resize(files_.size());
  question.joint.resize(files_.size());
  question.is_asked.resize(files_.size(), 0);
  question.times = static_cast<double>(asked_question.files.size());
  for (const std::string& path : asked_question.files) {
    question.asked.push_back(open(path));
    if (question.asked.back().file != no_file) question.is_asked[question.asked.back().file] = 1;
  }
  for (std::uint32_t file = 0; file < files_.size(); ++file) {
    if (!question.is_asked[file] && is_there(file)) question.living.push_back(file);
  }
  for (const Asked& asked : question.asked) {
    add_joint(asked, question);
    add_names(asked, question);
  }
  add_everywhere(question);
  if (asked_question.person) add_own_files(*asked_question.person, question);
  return best(question, asked_question.limit);
}

void Cochange::add_joint(const Asked& asked, Question& question) {
  if (asked.file == no_file) return;
  const auto& entries = entries_of_[asked.file];
  double total = 0;
  std::vector<std::uint32_t> met;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    double recency = std::exp2(-static_cast<double>(entries.size() - 1 - i) / recency_half_life);
    std::size_t first = entry_start_[entries[i]], end = entry_start_[entries[i] + 1];
    double sized = recency / static_cast<double>(std::max<std::size_t>(1, end - first - 1));
    total += recency;
    for (std::size_t at = first; at < end; ++at) {
      Joint& joint = question.joint[entry_files_[at]];
      if (joint.count == 0) met.push_back(entry_files_[at]);
      joint.recency += recency;
      joint.sized += sized;
      ++joint.count;
      joint.last_entry = entries[i];
    }
  }
  for (std::uint32_t file : met) {
    Joint& joint = question.joint[file];
    Tally& tally = question.tally[file];
    tally.score += joint.sized / (total + smoothing);
    double confidence = joint.recency / (total + smoothing);
    if (confidence > tally.confidence) {
      tally.confidence = confidence;
      tally.own = static_cast<std::int64_t>(entries.size());
      tally.joint = joint.count;
      tally.last_entry = joint.last_entry;
    }
    joint = {};
  }
}

void Cochange::add_names(const Asked& asked, Question& question) {
  struct Shared {
    double rarity = 0;
    int words = 0;
  };
  std::unordered_map<std::uint32_t, Shared> shared;
  auto rarity = [&](std::uint32_t word) {
    double with = static_cast<double>(std::max<std::size_t>(1, files_with_[word].size()));
    return std::log(1 + static_cast<double>(question.living.size()) / with);
  };
  double total = 0;
  for (std::uint32_t word : asked.words) total += rarity(word);
  for (std::uint32_t word : asked.words) {
    if (files_with_[word].size() > common_word_files) continue;
    for (std::uint32_t file : files_with_[word]) {
      shared[file].rarity += rarity(word) / total;
      ++shared[file].words;
    }
  }
  for (const auto& [file, common] : shared) {
    double covered = static_cast<double>(common.words) / static_cast<double>(words_of_[file].size());
    question.tally[file].score += name_weight * common.rarity * covered;
  }
}

void Cochange::add_everywhere(Question& question) {
  std::vector<double> near(folders_.size(), 0);
  std::vector<double> times(folders_.size(), 0);
  for (const Asked& asked : question.asked) ++times[asked.folder];
  for (std::size_t asked = 0; asked < folders_.size(); ++asked) {
    if (times[asked] == 0) continue;
    for (std::size_t other = 0; other < folders_.size(); ++other) {
      near[other] += times[asked] * nearness(folders_[asked], folders_[other]);
    }
  }
  double popular = 0;
  for (std::uint32_t file : question.living) popular += popularity_[file];
  for (const Asked& asked : question.asked) {
    if (asked.file != no_file && is_there(asked.file)) popular += popularity_[asked.file];
  }
  for (std::uint32_t file : question.living) {
    double share = popular > 0 ? popularity_[file] / popular : 0;
    question.tally[file].score += popularity_weight * share * question.times +
                                  folder_weight * near[folder_of_path_[files_.path_of(file)]];
  }
}

void Cochange::add_own_files(std::uint32_t person, Question& question) {
  const auto& entries = entries_by_[person];
  std::size_t count = std::min(entries.size(), own_commits);
  double total = 0;
  for (std::size_t age = 0; age < count; ++age) total += std::exp2(-static_cast<double>(age) / own_half_life);
  for (std::size_t age = 0; age < count; ++age) {
    std::uint32_t entry = entries[entries.size() - 1 - age];
    std::size_t first = entry_start_[entry], end = entry_start_[entry + 1];
    double weight =
        std::exp2(-static_cast<double>(age) / own_half_life) / std::sqrt(static_cast<double>(end - first));
    for (std::size_t at = first; at < end; ++at) {
      question.tally[entry_files_[at]].score += own_weight * question.times * weight / total;
    }
  }
}

std::vector<Partner> Cochange::best(Question& question, std::size_t limit) const {
  struct Ranked {
    double score;
    std::uint64_t tie;
    std::uint32_t file;
  };
  std::vector<Ranked> ranked;
  for (std::uint32_t file : question.living) {
    double score = question.tally[file].score;
    if (score > 0) ranked.push_back({score, base::hash64(archive_->paths[files_.path_of(file)]), file});
  }
  limit = std::min(limit, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(limit),
                            [](const Ranked& a, const Ranked& b) {
                              return a.score != b.score ? a.score > b.score : a.tie < b.tie;
                            });
  std::vector<Partner> out;
  for (std::size_t i = 0; i < limit; ++i) {
    const Tally& tally = question.tally[ranked[i].file];
    Partner partner{archive_->paths[files_.path_of(ranked[i].file)], ranked[i].score, tally.confidence,
                    tally.joint, tally.own};
    if (tally.last_entry != SIZE_MAX) partner.last_commit = entry_position_[tally.last_entry];
    out.push_back(std::move(partner));
  }
  return out;
}

}  // namespace mira::git
