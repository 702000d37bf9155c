// The candidates of a search: chunks that hold the query's words best, that define
// a symbol it names, that stand in a file it names, or that are close to it in meaning; by file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "contracts/touched.h"
#include "knowledge/code/meaning.h"
#include "knowledge/code/query_type.h"
#include "knowledge/code/search_lexical.h"
#include "knowledge/code/search_places.h"
#include "knowledge/code/search_weights.h"
#include "platform/store/connection.h"

namespace mira::code {

struct ChunkCandidate {
  const ChunkPlace* place = nullptr;
  std::string definition;      // of the query's symbol, where it is here: shown instead of the chunk's own
  NameParts definition_names;  // its parts
  double words = 0;            // score of the word arm
  double asked = 0;            // 0..1: it defines the symbol that is the whole query
  double mentioned = 0;        // 0..: it defines symbols mentioned in the text
  double close = 0;            // 0..: how close in meaning, see meaning.h
  double name_agreement = 0;   // 0..1: its name is made of words of the query
  bool at_named_line = false;
  std::string why;  // what to tell of it, "" when only its words match

  const std::string& symbol() const { return definition.empty() ? place->symbol : definition; }
  const NameParts& names() const { return definition.empty() ? place->names : definition_names; }
};

struct FileCandidate {
  const FilePlace* place = nullptr;
  double named = 0;    // 0..1: its path stands in the query
  double touched = 0;  // 0..1: commits worded like the query changed it
  FileMatch match;
  std::vector<ChunkCandidate> chunks;
};

struct Candidates {
  std::shared_ptr<const Places> places;  // those of the files and chunks
  std::vector<FileCandidate> files;
  std::unordered_map<std::string, double> worth;  // of each word of the query: how telling it is here
  std::vector<std::string> not_defined;           // symbols of the query that nothing here defines
};

base::Result<Candidates> gather_candidates(store::Connection& index, const TypedQuery& query,
                                           const RankWeights& weights, const Closeness* close = nullptr,
                                           const std::vector<contracts::TouchedFile>& touched = {});

}  // namespace mira::code
