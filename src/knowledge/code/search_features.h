// What speaks for a candidate file, each thing as one number; the ranking is a
// weighted sum of them. Kept apart so that a weight can be chosen by measurement.
#pragma once

#include "knowledge/code/search_gather.h"
#include "knowledge/code/search_path.h"

namespace mira::code {

struct FileFeatures {
  double best_chunk = 0;      // words of the best chunk
  double other_chunks = 0;    // of the next ones, each half as much as the one before
  double file_words = 0;      // of all its chunks together
  double path_words = 0;      // of its path, by the index
  double stem_recall = 0;     // share of the query's worth that the file's name answers to
  double stem_precision = 0;  // share of the file's name that the query answers to
  double name_recall =
      0;  // share of the query's worth in one definition's name, all of which is in the query
  double name_agreement = 0;  // of the best of its chunks
  double asked = 0, mentioned = 0;
  double close = 0;  // of the closest of its chunks
};

// 0..1: how far the last name of "ns::Router.add_route" and the query's words are the same words.
double name_agreement(const NameParts& names, const TypedQuery& query, const Candidates& candidates);

// What a place is worth for this query by its path alone: 1 for product code, less for tests and the like.
double place_share(const PathTraits& traits, const TypedQuery& query, const RankWeights& weights);

FileFeatures features_of(const FileCandidate& file, const TypedQuery& query, const Candidates& candidates);

}  // namespace mira::code
