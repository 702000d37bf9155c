// Puts the pieces of unlike sources in one order. Scores of different sources say
// nothing to each other, so only the rank within its source counts, weighed by how
// much a kind of evidence is worth for what is wanted (reciprocal rank fusion with
// priors: Cormack, Clarke, Buettcher 2009). Pieces that show the same lines or the
// same commit become one, and their scores add up: agreement is evidence too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contracts/question.h"
#include "oracle/gather.h"

namespace mira::oracle {

inline constexpr double rank_constant = 8;      // small: a source's tenth piece is worth half its first
inline constexpr double possible_factor = 0.1;  // a `possible` edge never outranks a found one
inline constexpr double weight_floor = 0.25;    // a source's belief moves a piece by at most a factor four
inline constexpr int container_growth =
    3;  // a piece gives way to one around it of at most so many times its lines

struct Piece {
  contracts::Evidence evidence;
  std::vector<std::string> also;  // other sources that showed the same
  double score = 0;
};

struct Ranking {
  std::vector<Piece> pieces;          // best first
  std::map<std::string, int> merged;  // by source: pieces that were the same as another
};

// How much a kind of evidence is worth for an intent; 1 is the middle. Unknown kinds are worth 0.5.
double prior(std::string_view kind, contracts::Intent intent);
// True when the text of a piece is the lines of its place.
bool quotes_lines(const contracts::Evidence& evidence);

Ranking rank(const std::vector<SourceAnswer>& answers, const contracts::Question& question);

}  // namespace mira::oracle
