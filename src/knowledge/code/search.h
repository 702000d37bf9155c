// Code search with no model: typed query, BM25 over fields, boosts for definitions
// and path words, penalties for tests and other places rarely asked for, fusion
// with neighbours in the call graph. Every constant of the ranking is a member of
// RankWeights with what it was chosen on; scores order one answer, nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knowledge/code/query_type.h"
#include "platform/base/deadline.h"
#include "platform/store/connection.h"

namespace mira::code {

struct RankWeights {
  // BM25 over fields.
  double name = 4.0, signature = 2.0, doc = 1.5, body = 1.0, path = 2.0;
  // Added to a chunk, in units of the best BM25 score of the answer.
  double asked_definition = 2.0;      // defines the symbol that is the whole query
  double mentioned_definition = 0.7;  // defines a symbol mentioned in a sentence
  double named_path = 2.0;            // of a file named in the query
  double path_words = 0.6;            // x share of the query's words in the file's name or folders
  // Factors on a whole chunk.
  double test = 0.5, example = 0.5, generated = 0.3, vendored = 0.4, data = 0.3;
  double type_declarations = 0.7;  // .d.ts, .pyi
  double reexports = 0.5;          // files that only pass names on
  double further_chunk = 0.5;      // each further chunk of one file
  double many_hits = 0.03;         // a file's other chunks, as a share of their scores
};

struct SearchHit {
  std::string path;
  int start_line = 0, end_line = 0;
  std::string symbol;  // qualified name, or ""
  std::string kind;    // of the symbol, or ""
  double score = 0;
  std::int64_t file_id = 0;
  std::string why;  // "defines `Get`", "words in name and body"
};

struct SearchAnswer {
  std::vector<SearchHit> hits;           // best first
  std::vector<std::string> not_defined;  // symbols of the query that nothing here defines
};

struct SearchOptions {
  int limit = 10;
  RankWeights weights = {};
};

// At most `limit` hits; none is an answer. Errors: of the store only.
base::Result<SearchAnswer> search(store::Connection& index, const TypedQuery& query,
                                  const SearchOptions& options = {});

}  // namespace mira::code
