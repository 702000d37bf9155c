// The arms of recall: each looks at all documents of a snapshot in its own way and
// gives each a score of its own kind. Scores of unlike kinds are never added as they
// are: each arm is scaled by its best document and weighed (fuse), so a new arm is
// one more element of the list, whatever its numbers mean. Weights are a pair: what an
// arm is worth among people and in conversations with a program differs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/memory/snapshot.h"

namespace mira::memory {

struct Weight {
  float people = 0, program = 0;
};

struct Arm {
  std::string_view name;      // "turn"
  Weight weight;              // share in the fusion
  std::vector<float> scores;  // by document, 0: it says nothing of this one
};

// What was drawn from the question.
struct RecallWords {
  std::vector<std::string> stems;       // once each, without names of speakers and words of asking
  std::vector<std::uint32_t> speakers;  // hashes of the speakers it names
};
// The stems that a question asks for, once each: without `names` and words of asking, unless it has no other.
std::vector<std::string> stems_asked(std::string_view question, const std::vector<std::string>& names,
                                     WordReader& reader);
RecallWords draw_words(std::string_view question, const Snapshot& snapshot, WordReader& reader);

// The lexical arms in one pass over the lists of hits: "turn" (the text itself), "window" (with
// its neighbours), "family" (words that begin alike), "conversation" (all that was said around it),
// "reply" (what follows the question that was asked then).
struct Lexical {
  std::vector<Arm> arms;
  double idf_asked = 0;              // of all stems together
  double idf_unknown = 0;            // of those that stand nowhere
  std::vector<float> idf;            // of each stem
  std::vector<float> covered;        // by document: idf of the stems it holds
  std::vector<std::uint64_t> holds;  // by document: which stems, the first 64
};
base::Result<Lexical> lexical_arms(store::Connection& main, const Snapshot& snapshot,
                                   const std::vector<std::string>& stems);

// How rare a word is that `holding` of so many documents hold; never below 0.
float idf(double documents, double holding);

// Sum of the arms, each scaled to 1 at its best; 0 where no arm speaks.
std::vector<float> fuse(const std::vector<Arm>& arms, const Snapshot& snapshot);

}  // namespace mira::memory
