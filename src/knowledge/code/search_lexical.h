// The word arm of search: which chunks and files hold the query's words, and how
// well. BM25 with the occurrences of all fields of a chunk counted together (BM25F,
// Robertson, Zaragoza and Taylor 2004), once a chunk and once a file.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "knowledge/code/query_type.h"
#include "knowledge/code/search_weights.h"
#include "platform/store/connection.h"

namespace mira::code {

struct ChunkMatch {
  std::int64_t chunk_id = 0;
  double score = 0;
};

struct FileMatch {
  double words = 0;  // BM25 of the file's chunks together
  double path = 0;   // the same of its path
};

struct LexicalMatches {
  std::vector<ChunkMatch> chunks;  // in order of chunk_id
  std::unordered_map<std::int64_t, FileMatch> files;
  std::vector<double> worth;  // of each word: its weight x how rare it is
};

base::Result<LexicalMatches> match_words(store::Connection& index, const std::vector<QueryWord>& words,
                                         const RankWeights& weights);

}  // namespace mira::code
