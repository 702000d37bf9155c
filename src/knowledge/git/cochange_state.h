// What co-change is counted from, at one moment of the history: which commits
// touched a file, its folder, its kind, which a person made, and how busy each file
// is. It only moves forward; asked about an earlier moment it starts again.
//
// An entry is a commit with changes that is no merge. Entries of more files than
// limits::cochange_commit_files teach nothing about files (their first files count
// for the person who made them).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/git/archive.h"
#include "knowledge/git/file_identity.h"

namespace mira::git {

using Entries = std::vector<std::uint32_t>;  // oldest first

// How often a file was changed lately: share of the repository's entries, by half-life in entries.
struct Busyness {
  double steady = 0, weeks = 0, days = 0;  // half-lives 500, 50 and 10
};

class CochangeState {
 public:
  explicit CochangeState(std::shared_ptr<const Archive> archive);

  void move_to(std::size_t moment);
  std::size_t moment() const { return moment_; }
  bool at_end() const { return moment_ == archive_->history.commits.size(); }
  const Archive& archive() const { return *archive_; }

  std::uint32_t files() const { return files_.size(); }
  std::uint32_t file_at(std::string_view path) const;  // no_file: unknown
  const std::string& path_of(std::uint32_t file) const { return archive_->paths[files_.path_of(file)]; }
  // At the end of the history HEAD's own tree knows best: merges delete and rename too.
  bool is_there(std::uint32_t file) const;

  std::size_t entries() const { return entry_position_.size(); }
  std::span<const std::uint32_t> files_of(std::uint32_t entry) const {
    return {entry_files_.data() + entry_start_[entry], entry_start_[entry + 1] - entry_start_[entry]};
  }
  std::size_t position_of(std::uint32_t entry) const { return entry_position_[entry]; }
  std::int64_t time_of(std::uint32_t entry) const {
    return archive_->history.commits[entry_position_[entry]].author_time_s;
  }
  const Entries& entries_of(std::uint32_t file) const { return entries_of_[file]; }
  const Entries& entries_by(std::uint32_t person) const { return entries_by_[person]; }

  // Folders, endings (".c") and kinds (ending within a folder) are numbered by name.
  struct Place {
    std::uint32_t folder = 0, ending = 0, kind = 0;
  };
  Place place_of(std::string_view path);
  Place place_of_file(std::uint32_t file) const { return place_of_path_[files_.path_of(file)]; }
  std::string_view folder_name(std::uint32_t folder) const { return folders_.names[folder]; }
  std::size_t folders() const { return folders_.names.size(); }
  const Entries& entries_in(std::uint32_t folder) const { return in_folder_[folder]; }
  const Entries& births_in(std::uint32_t folder) const { return births_in_[folder]; }
  const Entries& entries_of_kind(std::uint32_t kind) const { return of_kind_[kind]; }
  const Entries& entries_of_ending(std::uint32_t ending) const { return of_ending_[ending]; }

  std::uint32_t word_id(const std::string& word);
  const std::vector<std::uint32_t>& words_of(std::uint32_t file) const { return words_of_[file]; }
  const std::vector<std::uint32_t>& files_with(std::uint32_t word) const { return files_with_[word]; }

  double steady_busyness(std::uint32_t file) const;  // Busyness::steady, before it is made a share
  Busyness busyness(std::uint32_t file) const;

 private:
  struct Names {
    std::unordered_map<std::string, std::uint32_t> ids;
    std::vector<std::string> names;
    std::uint32_t id(std::string_view name);
  };
  struct Decayed {
    double steady = 0, weeks = 0, days = 0;
    std::uint32_t at = 0;  // taught_ when it was set
  };

  void learn(const Commit& commit, std::size_t position);
  void teach(std::uint32_t entry, std::span<const std::uint32_t> ids, std::span<const Change> changes);
  void name_file(std::uint32_t file);

  std::shared_ptr<const Archive> archive_;
  std::size_t moment_ = 0;
  FileIdentities files_;
  std::vector<std::uint32_t> entry_files_;      // of all entries, one after the other
  std::vector<std::size_t> entry_start_ = {0};  // where each begins; one more than there are
  std::vector<std::size_t> entry_position_;     // in the history
  std::uint32_t taught_ = 0;                    // entries that teach
  std::vector<Entries> entries_of_, entries_by_;
  Names folders_, endings_, kinds_;
  std::vector<Place> place_of_path_;
  std::vector<Entries> in_folder_, births_in_, of_kind_, of_ending_;
  std::vector<Decayed> busyness_;
  std::unordered_map<std::string, std::uint32_t> word_ids_;
  std::vector<std::vector<std::uint32_t>> files_with_;  // by word
  std::vector<std::vector<std::uint32_t>> words_of_;    // by file
  std::vector<std::uint32_t> named_as_;                 // by file: the path its words are of
};

}  // namespace mira::git
