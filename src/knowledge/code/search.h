// Code search: typed query, BM25 over fields, boosts for definitions
// and path words, penalties for tests and other places rarely asked for, fusion
// with what is close in meaning where that is known, and the files that commits worded
// like the query changed, where a history is there. Scores order one answer, nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contracts/touched.h"
#include "knowledge/code/meaning.h"
#include "knowledge/code/query_type.h"
#include "knowledge/code/search_weights.h"
#include "platform/base/deadline.h"
#include "platform/store/connection.h"

namespace mira::code {

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
  const Closeness* close = nullptr;  // chunks that are close in meaning, where something knows them
  RankWeights weights = {};
  std::vector<contracts::TouchedFile> touched = {};  // see touched_under
};

// At most `limit` hits; none is an answer. Errors: of the store only.
base::Result<SearchAnswer> search(store::Connection& index, const TypedQuery& query,
                                  const SearchOptions& options = {});

// What the history says of a description; nothing for a symbol or a path, or without a history.
base::Result<std::vector<contracts::TouchedFile>> touched_under(contracts::Session& session,
                                                                const contracts::TouchedFiles& history,
                                                                const TypedQuery& query);

}  // namespace mira::code
