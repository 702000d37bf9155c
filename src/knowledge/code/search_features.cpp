#include "knowledge/code/search_features.h"

#include <algorithm>

#include "knowledge/code/search_words.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr double next_chunk = 0.5;            // weight of each further chunk of a file
constexpr std::size_t shortest_compound = 2;  // a name of one part is a word like any other

struct Overlap {
  double recall = 0;     // worth of the query's words found among the parts
  double precision = 0;  // share of the parts found among the query's words
  int words = 0;         // of the query that are found among the parts
};

Overlap overlap(const std::vector<std::string>& parts, const TypedQuery& query,
                const Candidates& candidates) {
  double all = 0, found = 0;
  int words = 0;
  std::vector<bool> answered(parts.size(), false);
  for (const std::string& word : query.plain) {
    auto known = candidates.worth.find(word);
    double worth = known == candidates.worth.end() ? 0 : known->second;
    all += worth;
    bool hit = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!is_related(parts[i], word)) continue;
      answered[i] = true;
      hit = true;
    }
    if (hit) found += worth;
    words += hit ? 1 : 0;
  }
  auto count = static_cast<double>(std::count(answered.begin(), answered.end(), true));
  return {all > 0 ? found / all : 0, parts.empty() ? 0 : count / static_cast<double>(parts.size()), words};
}

// Of the last name, and of the one around it.
double best_name_recall(const NameParts& names, const TypedQuery& query, const Candidates& candidates) {
  double best = 0;
  for (const std::vector<std::string>* parts : {&names.last, &names.around}) {
    if (parts->size() < shortest_compound) continue;
    Overlap shared = overlap(*parts, query, candidates);
    if (shared.precision == 1) best = std::max(best, shared.recall);
  }
  return best;
}

}  // namespace

double name_agreement(const NameParts& names, const TypedQuery& query, const Candidates& candidates) {
  Overlap shared = overlap(names.last, query, candidates);
  // Two words of the query meet in a name seldom by chance, one does often.
  double met = std::min(1.0, shared.words / 2.0);
  return shared.precision * met * met;
}

double place_share(const PathTraits& traits, const TypedQuery& query, const RankWeights& weights) {
  double share = 1;
  if (traits.test && !query.wants_tests) share *= weights.test;
  if (traits.example && !query.wants_examples) share *= weights.example;
  if (traits.other_system && !query.wants_system) share *= weights.other_system;
  if (traits.vendored) share *= weights.vendored;
  if (traits.data) share *= weights.data;
  if (traits.prose) share *= weights.prose;
  if (traits.type_declarations) share *= weights.type_declarations;
  return share;
}

FileFeatures features_of(const FileCandidate& file, const TypedQuery& query, const Candidates& candidates) {
  FileFeatures features;
  std::vector<double> words;
  for (const ChunkCandidate& chunk : file.chunks) {
    words.push_back(chunk.words);
    features.name_agreement = std::max(features.name_agreement, chunk.name_agreement);
    features.close = std::max(features.close, chunk.close);
    features.asked = std::max(features.asked, chunk.asked);
    features.mentioned = std::max(features.mentioned, chunk.mentioned);
    features.name_recall = std::max(features.name_recall, best_name_recall(chunk.names(), query, candidates));
  }
  std::sort(words.rbegin(), words.rend());
  double share = next_chunk;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == 0) features.best_chunk = words[i];
    if (i == 0) continue;
    features.other_chunks += share * words[i];
    share *= next_chunk;
  }
  features.file_words = file.match.words;
  features.path_words = file.match.path;
  Overlap stem = overlap(file.place->stem, query, candidates);
  features.stem_recall = stem.recall;
  features.stem_precision = stem.precision;
  return features;
}

}  // namespace mira::code
