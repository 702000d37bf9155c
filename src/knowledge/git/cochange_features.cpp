#include "knowledge/git/cochange_features.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "knowledge/git/name_words.h"

namespace mira::git {

class Decays {
 public:
  Decays(double half_life, std::size_t reach) {
    for (std::size_t age = 0; age < reach; ++age)
      by_age_.push_back(std::exp2(-static_cast<double>(age) / half_life));
  }
  double operator[](std::size_t age) const { return by_age_[age]; }
  std::size_t reach() const { return by_age_.size(); }

 private:
  std::vector<double> by_age_;
};

namespace {

constexpr std::size_t entries_read = 400;  // of one file, the newest
constexpr double smoothing = 0.5;
constexpr double overlap_half_life = 20;
constexpr std::size_t kind_half_life = 40, ending_half_life = 100, births_half_life = 20;
constexpr std::size_t half_lives_read = 6;
constexpr double half_lives_felt = 40;  // what is older weighs less than a float can tell
constexpr double group_smoothing = 1;
constexpr std::size_t own_entries_read = 120, own_recent_entries = 40;
constexpr double own_half_life = 5, own_steady_half_life = 40;
constexpr std::size_t common_word_files = 400;  // a word of more files says nothing
constexpr std::size_t busiest_files = 200;
constexpr double nearest_folder = 0.5;
constexpr double least_folder_share = 0.02;
constexpr std::size_t entries_sized = 20;
constexpr double week_s = 7 * 86400.0;

// The linear mix: its first four terms were chosen on other histories.
constexpr double busy_weight = 0.3, name_weight = 0.03, folder_weight = 0.01, own_weight = 0.1;
constexpr double kind_weight = 0.3, births_weight = 0.2, overlap_weight = 0.3;  // for choosing only

double decay(double age, double half_life) {
  return std::exp2(-age / half_life);
}

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
  return static_cast<double>(1 + common_depth(a, b)) / static_cast<double>(1 + std::max(depth(a), depth(b)));
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

Decays group_decays(std::size_t half_life) {
  return {static_cast<double>(half_life), half_lives_read * half_life};
}

// Share of the longer name that the two have in common at their ends.
double spelling(std::string_view a, std::string_view b) {
  std::size_t least = std::min(a.size(), b.size()), front = 0, back = 0;
  while (front < least && a[front] == b[front]) ++front;
  while (back < least - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  return static_cast<double>(front + back) /
         static_cast<double>(std::max<std::size_t>(1, std::max(a.size(), b.size())));
}

void raise(float& value, double to) {
  value = std::max(value, static_cast<float>(to));
}
void add(float& value, double more) {
  value += static_cast<float>(more);
}

double others_in(std::size_t files) {
  return static_cast<double>(std::max<std::size_t>(2, files) - 1);
}

// What the entries of an asked file add up to.
struct Strength {
  double t10, t40, t3;  // decayed by half-lives of 10, 40 and 3
  double size, read;    // entries; of them looked at
  double times;         // asked files
};

// Adds what one asked file gives a candidate that has `its` entries; returns how surely it comes with it.
template <class Joint>
double add_strength(Candidate& c, const Joint& joint, const Strength& of, double its) {
  auto count = static_cast<double>(joint.count);
  double r10 = joint.r10 / (of.t10 + smoothing), s10 = joint.s10 / (of.t10 + smoothing);
  add(c[Feature::mixed], s10);
  add(c[Feature::sized10_mean], s10 / of.times);
  raise(c[Feature::sized10_most], s10);
  add(c[Feature::sized_square], s10 * s10 / of.times);
  add(c[Feature::r10_mean], r10 / of.times);
  add(c[Feature::sized40_mean], joint.s40 / (of.t40 + smoothing) / of.times);
  raise(c[Feature::r40_most], joint.r40 / (of.t40 + smoothing));
  raise(c[Feature::r3_most], joint.r3 / (of.t3 + smoothing));
  add(c[Feature::count_mean], count / (of.read + 2) / of.times);
  raise(c[Feature::cosine_most], count / std::sqrt((of.size + 1) * (its + 1)));
  raise(c[Feature::reverse_most], count / (its + 2));
  add(c[Feature::asked_with], 1 / of.times);
  raise(c[Feature::joint_most], count);  // its logarithm is taken of the chosen ones
  return r10;
}

}  // namespace

Candidate* CochangeGatherer::row(std::uint32_t file) {
  if (is_asked_[file] != 0 || is_there_[file] == 0) return nullptr;
  Known& known = row_of_[file];
  if (known.round != round_) {
    known = {round_, static_cast<std::uint32_t>(rows_.size())};
    rows_.push_back({.file = file});
  }
  return &rows_[known.at];
}

void CochangeGatherer::count_crowd(const CochangeState& state) {
  if (crowd_of_ == &state && crowd_moment_ == state.moment()) return;
  crowd_of_ = &state;
  crowd_moment_ = state.moment();
  is_there_.assign(state.files(), 0);
  living_ = 0;
  busy_total_ = 0;
  std::vector<std::pair<double, std::uint32_t>> busy;
  for (std::uint32_t file = 0; file < state.files(); ++file) {
    if (!state.is_there(file)) continue;
    is_there_[file] = 1;
    ++living_;
    busy.emplace_back(-state.steady_busyness(file), file);
    busy_total_ -= busy.back().first;
  }
  std::size_t count = std::min(busiest_files, busy.size());
  std::ranges::partial_sort(busy, busy.begin() + static_cast<std::ptrdiff_t>(count));
  busiest_.clear();
  for (std::size_t i = 0; i < count; ++i) busiest_.push_back(busy[i].second);
}

void CochangeGatherer::start(CochangeState& state, const GatherQuestion& question) {
  count_crowd(state);
  state_ = &state;
  question_ = &question;
  times_ = static_cast<double>(std::max<std::size_t>(1, question.asked.size()));
  rows_.clear();
  ++round_;
  row_of_.resize(state.files());
  sum_.resize(state.files(), 0);
  words_shared_.resize(state.files(), 0);
  joint_of_.resize(state.files());
  folder_share_.assign(state.folders(), 0);
  folder_seen_.resize(state.folders(), 0);
  is_asked_.assign(state.files(), 0);
  asked_in_.resize(state.entries(), 0);
  met_entry_.resize(state.entries() / 64 + 1, 0);
  nearness_.resize(state.folders());
  least_entries_ = question.asked.empty() ? 0 : 1e9;
  mean_entries_ = new_share_ = entry_size_ = 0;
  asked_names_.clear();
  for (const AskedFile& asked : question.asked) {
    if (asked.file != no_file) is_asked_[asked.file] = 1;
    asked_names_.push_back(base_name(asked.path));
  }
  for (std::uint32_t file : question.passed_over) is_asked_[file] = 1;
}

void CochangeGatherer::add_joint(const AskedFile& asked) {
  static const Entries none;
  const Entries& entries = asked.file == no_file ? none : state_->entries_of(asked.file);
  std::size_t own = entries.size(), first = own - std::min(own, entries_read);
  static const Decays decays10(10, entries_read), decays40(40, entries_read), decays3(3, entries_read);
  ++joint_round_;
  joints_.clear();
  double t10 = 0, t40 = 0, t3 = 0, sizes = 0;
  for (std::size_t i = first; i < own; ++i) {
    std::size_t age = own - 1 - i;
    double r10 = decays10[age], r40 = decays40[age], r3 = decays3[age];
    auto files = state_->files_of(entries[i]);
    double others = others_in(files.size());
    t10 += r10, t40 += r40, t3 += r3;
    sizes += r10 * static_cast<double>(files.size());
    ++asked_in_[entries[i]];
    met_entry_[entries[i] / 64] |= std::uint64_t{1} << (entries[i] % 64);
    for (std::uint32_t file : files) {
      Known& known = joint_of_[file];
      if (known.round != joint_round_) {
        known = {joint_round_, static_cast<std::uint32_t>(joints_.size())};
        joints_.push_back({.file = file});
      }
      Joint& joint = joints_[known.at];
      joint.r10 += r10, joint.s10 += r10 / others, joint.r40 += r40, joint.s40 += r40 / others,
          joint.r3 += r3;
      if (i + 1 == own) joint.in_last = 1 / others;
      ++joint.count;
      joint.last_entry = entries[i];
    }
  }
  double size = static_cast<double>(own), read = static_cast<double>(own - first);
  least_entries_ = std::min(least_entries_, size);
  mean_entries_ += std::log1p(size) / times_;
  new_share_ += asked.is_there ? 0 : 1 / times_;
  entry_size_ += t10 > 0 ? sizes / t10 / times_ : 0;
  for (const Joint& joint : joints_) {
    std::uint32_t file = joint.file;
    Candidate* candidate = row(file);
    if (candidate == nullptr) continue;
    Candidate& c = *candidate;
    Strength strength{t10, t40, t3, size, read, times_};
    double r10 = add_strength(c, joint, strength, static_cast<double>(state_->entries_of(file).size()));
    raise(c[Feature::in_last_entry], joint.in_last);
    raise(c[Feature::last_joint_entries], joint.last_entry + 1);  // how long since: of the chosen ones
    double weeks = static_cast<double>(question_->now_s - state_->time_of(joint.last_entry)) / week_s;
    raise(c[Feature::last_joint_weeks], 1 / (1 + std::max(0.0, weeks)));
    if (r10 > c.surest)
      c.surest = r10, c.with = asked.file, c.joint = joint.count, c.last_entry = joint.last_entry;
  }
}

// Entries that touched several of the asked files say more than their sum.
void CochangeGatherer::add_overlap() {
  std::size_t left = 0;
  for (std::uint64_t bits : met_entry_) left += static_cast<std::size_t>(std::popcount(bits));
  double total = smoothing / times_ / times_, half_life = overlap_half_life * std::sqrt(times_);
  double felt = half_lives_felt * half_life, step = std::exp2(1 / half_life), decayed = 0;
  for (std::size_t word = 0; word < met_entry_.size(); ++word) {
    for (std::uint64_t bits = std::exchange(met_entry_[word], 0); bits != 0; bits &= bits - 1) {
      auto entry = static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      double share = std::exchange(asked_in_[entry], 0) / times_;
      auto age = static_cast<double>(--left);
      decayed = decayed > 0 ? decayed * step : age > felt ? 0 : decay(age, half_life);  // each is one younger
      double weight = decayed * share * share;
      total += weight;
      add_overlapping(entry, share, weight);
    }
  }
  for (std::uint32_t file : met_) {
    (*row(file))[Feature::overlap] = static_cast<float>(sum_[file] / total);
    sum_[file] = 0;
  }
  met_.clear();
}

void CochangeGatherer::add_overlapping(std::uint32_t entry, double share, double weight) {
  auto files = state_->files_of(entry);
  double more = weight / std::max(1.0, static_cast<double>(files.size()) - share * times_);
  for (std::uint32_t file : files) {
    Candidate* c = row(file);
    if (c == nullptr) continue;
    raise((*c)[Feature::best_overlap], share);
    if (more == 0) continue;
    if (sum_[file] == 0) met_.push_back(file);
    sum_[file] += more;
  }
}

void CochangeGatherer::add_names(const AskedFile& asked) {
  auto rarity = [&](std::uint32_t word) {
    double with = static_cast<double>(std::max<std::size_t>(1, state_->files_with(word).size()));
    return std::log(1 + static_cast<double>(living_) / with);
  };
  double total = 0;
  for (std::uint32_t word : asked.words) total += rarity(word);
  for (std::uint32_t word : asked.words) {
    const auto& files = state_->files_with(word);
    if (files.size() > common_word_files) continue;
    double more = rarity(word) / total;
    for (std::uint32_t file : files) {
      if (words_shared_[file]++ == 0) met_.push_back(file);
      sum_[file] += more;
    }
  }
  for (std::uint32_t file : met_) {
    double rare = std::exchange(sum_[file], 0), shared = std::exchange(words_shared_[file], 0);
    Candidate* c = row(file);
    if (c == nullptr) continue;
    double covered = shared / static_cast<double>(state_->words_of(file).size());
    add((*c)[Feature::name_mean], rare * covered / times_);
    add((*c)[Feature::mixed], name_weight * rare * covered);
  }
  met_.clear();
}

void CochangeGatherer::add_group(const Entries& entries, const Decays& decays, double times,
                                 Feature feature) {
  std::size_t count = std::min(entries.size(), decays.reach());
  double total = group_smoothing;
  for (std::size_t age = 0; age < count; ++age) {
    double weight = decays[age];
    total += weight;
    for (std::uint32_t file : state_->files_of(entries[entries.size() - 1 - age])) {
      if (sum_[file] == 0) met_.push_back(file);
      sum_[file] += weight;
    }
  }
  for (std::uint32_t file : met_) {
    Candidate* c = row(file);
    if (c != nullptr) add((*c)[feature], times * sum_[file] / total / times_);
    sum_[file] = 0;
  }
  met_.clear();
}

void CochangeGatherer::add_folders(const Entries& entries, double times) {
  static const Decays decays = group_decays(kind_half_life);
  std::size_t count = std::min(entries.size(), decays.reach());
  double total = group_smoothing;
  for (std::size_t age = 0; age < count; ++age) total += decays[age];
  for (std::size_t age = 0; age < count; ++age) {
    double weight = decays[age];
    ++folder_round_;
    for (std::uint32_t file : state_->files_of(entries[entries.size() - 1 - age])) {
      std::uint32_t folder = state_->place_of_file(file).folder;
      if (folder_seen_[folder] == folder_round_) continue;
      folder_seen_[folder] = folder_round_;
      folder_share_[folder] += times * weight / total / times_;
    }
  }
}

void CochangeGatherer::add_groups() {
  static const Decays of_kind = group_decays(kind_half_life), of_ending = group_decays(ending_half_life),
                      of_births = group_decays(births_half_life);
  std::map<std::uint32_t, double> folders, kinds, endings, births;
  for (const AskedFile& asked : question_->asked) {
    ++folders[asked.place.folder];
    ++kinds[asked.place.kind];
    ++endings[asked.place.ending];
    if (!asked.is_there) ++births[asked.place.folder];
  }
  for (auto [folder, times] : folders) {
    add_group(state_->entries_in(folder), of_kind, times, Feature::from_folder);
    add_folders(state_->entries_in(folder), times);
  }
  for (auto [kind, times] : kinds) {
    add_group(state_->entries_of_kind(kind), of_kind, times, Feature::from_kind);
  }
  for (auto [ending, times] : endings) {
    add_group(state_->entries_of_ending(ending), of_ending, times, Feature::from_ending);
  }
  for (auto [folder, times] : births) {
    add_group(state_->births_in(folder), of_births, times, Feature::from_births);
  }
}

void CochangeGatherer::add_person(std::uint32_t person) {
  const Entries& entries = state_->entries_by(person);
  std::size_t count = std::min(entries.size(), own_entries_read);
  static const Decays recently(own_half_life, own_entries_read),
      steadily(own_steady_half_life, own_entries_read);
  double recent_total = 0, steady_total = 2;
  for (std::size_t age = 0; age < count; ++age) {
    if (age < own_recent_entries) recent_total += recently[age];
    steady_total += steadily[age];
  }
  for (std::size_t age = 0; age < count; ++age) {
    auto files = state_->files_of(entries[entries.size() - 1 - age]);
    auto size = static_cast<double>(std::max<std::size_t>(1, files.size()));
    double recent = age < own_recent_entries ? recently[age] / std::sqrt(size) / recent_total : 0;
    double steady = steadily[age] / steady_total;
    for (std::uint32_t file : files) {
      Candidate* c = row(file);
      if (c == nullptr) continue;
      add((*c)[Feature::own_recent], recent);
      add((*c)[Feature::own_steady], steady);
      add((*c)[Feature::mixed], own_weight * times_ * recent);
      if (age == 0) (*c)[Feature::own_last] = static_cast<float>(1 / size);
    }
  }
}

// The busiest files, and those beside the asked ones, are always candidates.
void CochangeGatherer::add_crowd() {
  for (std::uint32_t file : busiest_) row(file);
  double unit = busy_weight * times_ / std::max(1e-9, busy_total_);
  for (Candidate& c : rows_) add(c[Feature::mixed], unit * state_->steady_busyness(c.file));
}

std::vector<Candidate> CochangeGatherer::chosen() {
  auto& order = by_value_;
  order.clear();
  for (std::uint32_t at = 0; at < rows_.size(); ++at) {
    const Candidate& c = rows_[at];
    double value = c[Feature::mixed] +
                   times_ * (kind_weight * c[Feature::from_kind] + births_weight * c[Feature::from_births] +
                             overlap_weight * c[Feature::overlap]);
    order.emplace_back(-value, at);
  }
  std::size_t count = std::min(question_->most, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<Candidate> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(rows_[order[i].second]);
    finish(out.back());
  }
  return out;
}

const CochangeGatherer::Nearness& CochangeGatherer::nearness_of(std::uint32_t folder) {
  Nearness& out = nearness_[folder];
  if (out.round == round_) return out;
  out = {.round = round_};
  std::uint32_t previous = UINT32_MAX;
  double near = 0;
  for (const AskedFile& asked : question_->asked) {
    if (asked.place.folder != previous) {
      previous = asked.place.folder;
      near = nearness(state_->folder_name(asked.place.folder), state_->folder_name(folder));
      out.most = std::max(out.most, near);
    }
    out.sum += near >= nearest_folder ? near : 0;
  }
  return out;
}

void CochangeGatherer::finish(Candidate& c) {
  const auto& entries = state_->entries_of(c.file);
  auto place = state_->place_of_file(c.file);
  Busyness busy = state_->busyness(c.file);
  c[Feature::busy_steady] = static_cast<float>(busy.steady);
  c[Feature::busy_weeks] = static_cast<float>(busy.weeks);
  c[Feature::busy_days] = static_cast<float>(busy.days);
  if (!entries.empty()) {
    double weeks = static_cast<double>(question_->now_s - state_->time_of(entries.back())) / week_s;
    c[Feature::changed_weeks] = static_cast<float>(1 / (1 + std::max(0.0, weeks)));
  }
  c[Feature::own_entries] = static_cast<float>(std::log1p(static_cast<double>(entries.size())));
  c[Feature::joint_most] = static_cast<float>(std::log1p(static_cast<double>(c[Feature::joint_most])));
  float& last_joint = c[Feature::last_joint_entries];
  if (last_joint > 0) {
    last_joint = static_cast<float>(decay(static_cast<double>(state_->entries()) + 1 - last_joint, 200));
  }
  const Nearness& near = nearness_of(place.folder);
  c[Feature::folder_mean] = static_cast<float>(near.sum / times_);
  c[Feature::folder_most] = static_cast<float>(near.most);
  std::string_view name = base_name(state_->path_of(c.file));
  for (const AskedFile& asked : question_->asked) {
    if (asked.place.folder == place.folder) add(c[Feature::same_folder], 1 / times_);
    if (asked.place.ending == place.ending) add(c[Feature::same_ending], 1 / times_);
  }
  for (std::string_view asked : asked_names_) raise(c[Feature::spelling_most], spelling(name, asked));
  double share = folder_share_[place.folder];
  c[Feature::folder_to_folder] = static_cast<float>(share > least_folder_share ? share : 0);
  c[Feature::asked_count] = static_cast<float>(std::min(30.0, times_));
  c[Feature::asked_least_entries] = static_cast<float>(std::log1p(least_entries_));
  c[Feature::asked_mean_entries] = static_cast<float>(mean_entries_);
  c[Feature::asked_new] = static_cast<float>(new_share_);
  c[Feature::asked_entry_size] = static_cast<float>(entry_size_);
  c[Feature::mixed] = static_cast<float>((c[Feature::mixed] + folder_weight * near.sum) / times_);
  std::size_t read = std::min(entries.size(), entries_sized);
  double sizes = 0;
  for (std::size_t i = entries.size() - read; i < entries.size(); ++i) {
    sizes += static_cast<double>(state_->files_of(entries[i]).size());
  }
  c[Feature::entry_size] = static_cast<float>(read > 0 ? sizes / static_cast<double>(read) : 0);
}

std::vector<Candidate> CochangeGatherer::gather(CochangeState& state, const GatherQuestion& question) {
  start(state, question);
  for (const AskedFile& asked : question.asked) {
    add_joint(asked);
    add_names(asked);
  }
  add_overlap();
  add_groups();
  if (question.person) add_person(*question.person);
  add_crowd();
  return chosen();
}

}  // namespace mira::git
