// Which files change together with these: scored on demand from the commits
// themselves, at any moment of the history, so nothing is thresholded away and
// nothing goes stale.
//
// A file's history is its commits of at most limits::cochange_commit_files files,
// merges left out. Score of x for q, each commit t weighing r = 0.5^(age/10) in
// commits of q:   sum r/(n(t)-1) over t with x / (sum r + 0.5)
//   + 0.3 popularity (half-life 500 commits) + 0.03 words of the names (by rarity)
//   + 0.01 nearness of folders + 0.1 the asking author's last 40 commits.
// Several files: the sum. The stated confidence is not that score: see Partner.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/archive.h"
#include "knowledge/git/file_identity.h"

namespace mira::git {

struct Partner {
  std::string path;
  double score = 0;
  // Probability that a change of the asked file changes this one too: sum r over commits with both /
  // (sum r + 0.5); of several asked files the largest.
  double confidence = 0;
  std::int64_t joint = 0;  // commits that changed an asked file and this one
  std::int64_t own = 0;    // commits that changed the asked file (the one that gave the confidence)
  std::optional<std::size_t> last_commit;  // position of the last joint commit
};

struct CochangeQuestion {
  std::vector<std::string> files;       // one unknown to the history is answered from its name
  std::size_t moment = 0;               // the commits that count are those at positions before this one
  std::optional<std::uint32_t> person;  // who is asking
  std::size_t limit = 10;
};

class Cochange {
 public:
  explicit Cochange(std::shared_ptr<const Archive> archive);

  // Best first. Questions in order of time are cheapest: the state only moves forward.
  std::vector<Partner> rank(const CochangeQuestion& question);
  // Whether the history knows this path as a living file at that moment.
  bool knows(std::string_view path, std::size_t moment);

 private:
  // One asked file.
  struct Asked {
    std::uint32_t file = no_file;
    std::vector<std::uint32_t> words;
    std::uint32_t folder = 0;
  };
  struct Tally {
    double score = 0, confidence = 0;
    std::int64_t joint = 0, own = 0;
    std::size_t last_entry = SIZE_MAX;
  };
  // What one asked file gives one other.
  struct Joint {
    double recency = 0, sized = 0;  // sum of r, sum of r/(n-1)
    std::int64_t count = 0;
    std::size_t last_entry = 0;
  };
  struct Question;  // the running sums of one question

  void move_to(std::size_t moment);
  void learn(const Commit& commit, std::size_t position);
  void name_file(std::uint32_t file);
  bool is_there(std::uint32_t file) const;
  std::uint32_t word_id(const std::string& word);
  void number_folders();
  Asked open(std::string_view path);
  void add_joint(const Asked& asked, Question& question);
  void add_names(const Asked& asked, Question& question);
  void add_everywhere(Question& question);
  void add_own_files(std::uint32_t person, Question& question);
  std::vector<Partner> best(Question& question, std::size_t limit) const;

  std::shared_ptr<const Archive> archive_;
  std::unordered_map<std::string_view, std::uint32_t> folder_ids_;
  std::vector<std::string_view> folders_;
  std::vector<std::uint32_t> folder_of_path_;  // by path_id

  // The state at moment_. An entry is a commit with changes that is no merge.
  std::size_t moment_ = 0;
  FileIdentities files_;
  std::vector<std::uint32_t> entry_files_;              // of all entries, one after the other
  std::vector<std::size_t> entry_start_ = {0};          // where each begins; one more than there are
  std::vector<std::size_t> entry_position_;             // in the history
  std::vector<std::vector<std::uint32_t>> entries_of_;  // by file: the entries that teach
  std::vector<std::vector<std::uint32_t>> entries_by_;  // by person
  std::vector<double> popularity_;                      // by file, in units that grow with every entry
  double popularity_unit_ = 1;
  std::unordered_map<std::string, std::uint32_t> word_ids_;
  std::vector<std::vector<std::uint32_t>> files_with_;  // by word
  std::vector<std::vector<std::uint32_t>> words_of_;    // by file
  std::vector<std::uint32_t> named_as_;                 // by file: the path its words are of
};

}  // namespace mira::git
