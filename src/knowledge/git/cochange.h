// Which files change together with these: worked out on demand from the commits
// themselves, at any moment of the history, so nothing is thresholded away and
// nothing goes stale.
//
// What is known of each candidate (cochange_features.h) goes through two forests of
// small trees (cochange_forest.h): one fitted to put the right files first, one to
// say how likely each is, which is corrected by how often that came true in this
// repository (stated_confidence.h). A few hundred files that nothing speaks for but how busy
// they are come too, so every question has an answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "knowledge/git/cochange_features.h"

namespace mira::git {

struct Partner {
  std::string path;
  double score = 0;       // orders the answers of one question; means nothing between questions
  double confidence = 0;  // probability that a commit that changes the asked files changes this one too
  double stated = 0;      // the same, before it was corrected by what came true in this repository
  // The evidence, from the asked file it was changed with most surely: `with`; empty when with none.
  std::string with;
  std::int64_t joint = 0, own = 0;                // commits that changed both; that changed `with`
  std::int64_t recent_joint = 0, recent_own = 0;  // the same, of the last few changes of `with`
  std::optional<std::size_t> last_commit;         // position of the last joint commit
};

struct CochangeQuestion {
  std::vector<std::string> files;       // one unknown to the history is answered from its name and place
  std::size_t moment = 0;               // the commits that count are those at positions before this one
  std::optional<std::uint32_t> person;  // who is asking
  std::int64_t now_s = 0;
  std::size_t limit = 10;
  std::vector<std::string> passed_over = {};  // never answers: what a change holds beside the asked files
};

class Cochange {
 public:
  explicit Cochange(std::shared_ptr<const Archive> archive) : state_(std::move(archive)) {}

  // Best first. Questions in order of time are cheapest: the state only moves forward.
  std::vector<Partner> rank(const CochangeQuestion& question);
  // The rows that rank() orders, by the linear mix; what the trees are fitted on.
  std::vector<Candidate> candidates(const CochangeQuestion& question);
  // Whether the history knows this path as a living file at that moment.
  bool knows(std::string_view path, std::size_t moment);
  const CochangeState& state() const { return state_; }

 private:
  AskedFile open(const std::string& path);
  Partner partner(const Candidate& candidate, double score) const;
  const StatedMap& map_at(std::size_t moment, AskedKind kind);

  CochangeState state_;
  CochangeGatherer gatherer_;
  std::array<StatedMap, 2> maps_;  // by AskedKind, from the windows that end before maps_end_
  std::optional<std::size_t> maps_end_;
};

}  // namespace mira::git
