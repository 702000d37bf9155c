// What is known of each file that might change together with the asked ones: a row
// of numbers a candidate, from which the forest (cochange_forest.h) says how likely
// it is. All of them are shares, counts or ages, so that what was fitted on one
// repository means the same in another.
//
// "r10" is a sum over the asked file's entries, newest weighing 1, half-life 10,
// of those with the candidate / (of all + 0.5); "sized": each counted 1/(files - 1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "knowledge/git/cochange_state.h"

namespace mira::git {

// The order is that of the columns the trees were fitted on: append only, and fit again.
enum class Feature : std::uint8_t {
  sized10_mean,  // over the asked files
  sized10_most,  // the largest of them
  r10_mean,
  sized40_mean,
  r40_most,
  r3_most,
  count_mean,          // together / (own + 2)
  cosine_most,         // together / sqrt((own + 1) (its + 1))
  reverse_most,        // together / (its + 2)
  asked_with,          // share of the asked files it was ever changed with
  overlap,             // entries weighed by how many of the asked files they have
  best_overlap,        // largest share of the asked files in one entry with it
  last_joint_entries,  // 0.5^(entries of the repository since / 200)
  last_joint_weeks,    // 1 / (1 + weeks since)
  in_last_entry,       // 1 / (files - 1) of the asked file's newest entry, when it is in it
  busy_steady,
  busy_weeks,
  busy_days,
  changed_weeks,  // 1 / (1 + weeks since it changed)
  own_entries,    // ln(1 + its entries)
  name_mean,      // shared words of the names, by rarity
  folder_mean,    // nearness of the folders, where at least a half
  folder_most,
  same_folder,  // share of the asked files
  same_ending,
  from_folder,  // r40 of the asked file's folder
  from_kind,    // r40 of files with its ending in its folder
  from_ending,  // r100 of files with its ending
  from_births,  // r20 of the births in its folder, for asked files that are new
  own_recent,   // the asking person's last 40 entries, half-life 5, by size
  own_steady,   // the same, half-life 40
  own_last,     // in the person's newest entry: 1 / files
  asked_count,
  asked_least_entries,  // ln(1 + entries) of the asked file with fewest
  asked_mean_entries,
  asked_new,         // share without a living file
  asked_entry_size,  // files an entry of the asked files usually has
  mixed,             // the linear mix that candidates are chosen by
  entry_size,        // files an entry of the candidate usually has
  spelling_most,     // share of the file name that is the same at its two ends
  folder_to_folder,  // r40: the asked file's folder with any file of the candidate's
  sized_square,      // sum of squares of sized10 / asked files
  joint_most,        // ln(1 + entries together)
};
inline constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::joint_most) + 1;

struct AskedFile {
  std::string path;
  std::uint32_t file = no_file;
  bool is_there = false;
  std::vector<std::uint32_t> words;
  CochangeState::Place place;
};

struct Candidate {
  std::uint32_t file = no_file;
  std::array<float, feature_count> features{};
  // The asked file that it was changed with most surely (by r10), and how often.
  std::uint32_t with = no_file;
  std::int64_t joint = 0;
  std::uint32_t last_entry = 0;
  double surest = 0;

  float& operator[](Feature feature) { return features[static_cast<std::size_t>(feature)]; }
  float operator[](Feature feature) const { return features[static_cast<std::size_t>(feature)]; }
};

struct GatherQuestion {
  std::vector<AskedFile> asked;
  std::vector<std::uint32_t> passed_over;  // files that are no candidates
  std::optional<std::uint32_t> person;
  std::int64_t now_s = 0;
  std::size_t most = 120;  // candidates
};

class Decays;  // 0.5^(age / half-life), worked out once

// Makes the rows; keeps its working memory from one question to the next.
class CochangeGatherer {
 public:
  // The best candidates by the linear mix, in that order. The state stands at the question's moment.
  std::vector<Candidate> gather(CochangeState& state, const GatherQuestion& question);

 private:
  // What one asked file gives one other.
  struct Joint {
    std::uint32_t file = no_file;
    double r10 = 0, s10 = 0, r40 = 0, s40 = 0, r3 = 0, in_last = 0;
    std::int64_t count = 0;
    std::uint32_t last_entry = 0;
  };

  Candidate* row(std::uint32_t file);
  void start(CochangeState& state, const GatherQuestion& question);
  void count_crowd(const CochangeState& state);
  void add_joint(const AskedFile& asked);
  void add_overlap();
  void add_overlapping(std::uint32_t entry, double share, double weight);
  void add_names(const AskedFile& asked);
  void add_groups();
  void add_group(const Entries& entries, const Decays& decays, double times, Feature feature);
  void add_folders(const Entries& entries, double times);
  void add_person(std::uint32_t person);
  void add_crowd();
  std::vector<Candidate> chosen();
  void finish(Candidate& candidate);
  // Of a folder to those of the asked files: the sum, and the nearest.
  struct Nearness {
    double sum = 0, most = 0;
    std::uint32_t round = 0;  // question it was worked out for
  };
  const Nearness& nearness_of(std::uint32_t folder);

  CochangeState* state_ = nullptr;
  const GatherQuestion* question_ = nullptr;
  double times_ = 1;  // asked files
  std::vector<Candidate> rows_;
  std::vector<std::pair<double, std::uint32_t>> by_value_;  // rows, the best ones chosen from it
  std::vector<std::string_view> asked_names_;               // of the asked files, without their folders
  struct Known {
    std::uint32_t round = 0, at = 0;
  };
  std::vector<Known> row_of_;    // by file: the question that made its row, and the row
  std::vector<char> is_asked_;   // by file: it is, or is passed over
  std::vector<Joint> joints_;    // of the asked file that is being added
  std::vector<Known> joint_of_;  // by file, as row_of_
  std::uint32_t joint_round_ = 0;
  std::vector<double> sum_;                  // by file, zero between uses
  std::vector<std::uint32_t> words_shared_;  // by file, zero between uses
  std::vector<std::uint32_t> met_;
  std::vector<double> folder_share_;  // by folder
  std::vector<std::uint32_t> folder_seen_;
  std::uint32_t folder_round_ = 0;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> asked_in_;   // by entry: asked files in it; zero between uses
  std::vector<std::uint64_t> met_entry_;  // a bit an entry: it has any; none between uses
  std::vector<Nearness> nearness_;        // by folder
  double least_entries_ = 0, mean_entries_ = 0, new_share_ = 0, entry_size_ = 0;

  // The files there are, counted once a moment.
  const CochangeState* crowd_of_ = nullptr;
  std::size_t crowd_moment_ = SIZE_MAX;
  std::size_t living_ = 0;
  double busy_total_ = 0;
  std::vector<char> is_there_;
  std::vector<std::uint32_t> busiest_;
};

}  // namespace mira::git
