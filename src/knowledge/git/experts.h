// Who will most likely touch a file next: the people of the file, of its folder
// and of the repository, each by shares in which the newest changes weigh most.
// "Who knows it" (surviving lines) is another question and not answered here.
//
//   1.0 x share in the file's commits, half-life 5 of them
// + 0.3 and 0.4 x the same, half-lives 365 and 60 days
// + 0.3 and 1.0 x share in the folder's changes, half-lives 50 and 10 of them
// + 0.6, 0.3 and 0.6 x share in the repository's commits, half-lives 300, 80 and 20
// + 0.3 x the same, half-life 14 days
// Ties go to who is more active in the repository. Bots are left out.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/archive.h"
#include "knowledge/git/file_identity.h"

namespace mira::git {

struct Expert {
  std::string name, email;  // as in their newest commit, after the mailmap
  double score = 0;
  std::int64_t changes = 0;                // their commits of the file
  std::optional<std::size_t> last_commit;  // position of the last of these
};

struct ExpertQuestion {
  std::string file;        // one unknown to the history is answered from its folder
  std::size_t moment = 0;  // the commits that count are those at positions before this one
  std::int64_t now_s = 0;
  std::size_t limit = 10;
};

class Experts {
 public:
  explicit Experts(std::shared_ptr<const Archive> archive) : archive_(std::move(archive)) {}

  // Most likely first. Questions in order of time are cheapest.
  std::vector<Expert> rank(const ExpertQuestion& question);

 private:
  using Shares = std::unordered_map<std::uint32_t, double>;  // by person
  struct OwnCommits;
  OwnCommits own_commits(std::string_view path, std::int64_t now_s) const;
  Shares lately(std::int64_t now_s) const;
  std::vector<std::uint32_t> in_order(const Shares& scores, const Shares& activity) const;
  void move_to(std::size_t moment);
  void learn(const Commit& commit, std::size_t position);

  std::shared_ptr<const Archive> archive_;
  std::size_t moment_ = 0;
  FileIdentities files_;
  std::vector<std::vector<std::uint32_t>> commits_of_;  // by file: positions
  std::unordered_map<std::string_view, std::vector<std::uint32_t>>
      people_in_;                                                   // by folder: persons, oldest first
  std::vector<std::uint32_t> people_;                               // of all commits but merges
  std::vector<std::int64_t> times_;                                 // of the same: author time
  std::unordered_map<std::uint32_t, std::uint32_t> newest_author_;  // by person: author of the last commit
};

}  // namespace mira::git
