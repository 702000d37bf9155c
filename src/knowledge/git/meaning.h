// Commits by meaning: a vector for each message, in vectors.db beside index.db. A question
// is seldom worded as the commit that answers it. It only ever adds to what words find; with
// no model, or fewer than half of the messages embedded, history is what it is without.
#pragma once

#include <string>
#include <vector>

#include "knowledge/git/commit_search.h"
#include "meaning/embedded_texts.h"

namespace mira::git {

// From here on a commit is told that shares no word with what is asked: so far from the mean few unlike
// messages stand.
inline constexpr double sure_closeness = 4;

struct CloseCommit {
  std::int64_t commit_id = 0;
  double closeness = 0;  // deviations above the mean of all messages; above 0
};

class CommitMeaning : public meaning::EmbeddedTexts {
 public:
  using EmbeddedTexts::EmbeddedTexts;

  // Commits whose messages are closest to what is asked, closest first; empty: nothing to compare with.
  base::Result<std::vector<CloseCommit>> near(const contracts::Session& session, std::string_view question,
                                              base::Deadline deadline);

  std::string_view collection() const override { return "git"; }
  std::string_view unit() const override { return "commits"; }
  base::Result<std::int64_t> version(contracts::Session& session) override;

 protected:
  vectors::Place place(const contracts::Session& session) const override;
  base::Result<std::int64_t> count(const contracts::Session& session) override;
  // The newest first; what is older than the newest 5,000 is left to words.
  base::Result<std::vector<vectors::Waiting>> texts(const contracts::Session& session) override;
};

// Commits about some words, best first: those that hold the words and those that mean the same, joined by
// rank. A model that fails costs its own part; a note says so. meaning: may be nullptr.
base::Result<std::vector<FoundCommit>> commits_about(CommitMeaning* meaning,
                                                     const contracts::Session& session, std::string_view text,
                                                     const CommitFilter& filter, base::Deadline deadline,
                                                     std::vector<std::string>& notes);

// What is embedded of a message: what it says, without the lines that only sign it.
std::string passage_of_message(std::string_view subject, std::string_view body);

}  // namespace mira::git
