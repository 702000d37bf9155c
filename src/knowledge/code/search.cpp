#include "knowledge/code/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "knowledge/code/search_features.h"
#include "knowledge/code/search_gather.h"

namespace mira::code {
namespace {

// What only the whole answer tells of a place.
struct Surroundings {
  bool has_sources = false;
  std::unordered_map<std::string_view, int> newest;  // version, by the folder above the version's
};

Surroundings surroundings_of(const std::vector<FileCandidate>& files) {
  Surroundings around;
  for (const FileCandidate& file : files) {
    around.has_sources |= file.place->traits.source;
    PathVersion version = path_version(file.place->path);
    if (version.version == 0) continue;
    int& newest = around.newest[version.parent];
    newest = std::max(newest, version.version);
  }
  return around;
}

bool is_old_version(std::string_view path, const Surroundings& around, const TypedQuery& query) {
  PathVersion version = path_version(path);
  if (version.version == 0 || version.version == around.newest.at(version.parent)) return false;
  std::string name = fmt::format("v{}", version.version);
  return std::none_of(query.words.begin(), query.words.end(),
                      [&](const QueryWord& w) { return w.text == name; });
}

double place_factor(const FilePlace& file, const Surroundings& around, const TypedQuery& query,
                    const RankWeights& weights) {
  const PathTraits& traits = file.traits;
  double factor = place_share(traits, query, weights);
  if (traits.header && around.has_sources) factor *= weights.header;
  if (file.generated) factor *= weights.generated;
  if (is_old_version(file.path, around, query)) factor *= weights.old_version;
  return factor;
}

// What its words and its name say, in the units of the word arm.
double word_score(const FileFeatures& f, const RankWeights& weights) {
  return f.best_chunk + weights.other_chunks * f.other_chunks + weights.file_share * f.file_words +
         weights.path_words * f.path_words;
}

double boost_of(const FileCandidate& file, const FileFeatures& f, const RankWeights& weights) {
  return weights.asked_definition * f.asked + weights.mentioned_definition * f.mentioned +
         weights.stem_recall * f.stem_recall + weights.stem_both * f.stem_recall * f.stem_precision +
         weights.name_recall * f.name_recall + weights.name_agreement * f.name_agreement +
         weights.named_path * file.named + weights.touched * file.touched;
}

// How the chunks of one file follow each other.
double chunk_score(const ChunkCandidate& chunk, double best_words, const RankWeights& weights) {
  double unit = std::max(best_words, 1e-9);
  double boost = weights.asked_definition * chunk.asked + weights.mentioned_definition * chunk.mentioned +
                 (chunk.at_named_line ? weights.named_path : 0);
  return chunk.words +
         unit * (boost + weights.chunk_name * chunk.name_agreement + weights.close * chunk.close);
}

struct Ranked {
  double score = 0;
  const FileCandidate* file = nullptr;
  const ChunkCandidate* chunk = nullptr;
};

void append_ranked(const FileCandidate& file, double score, double best_words, const RankWeights& weights,
                   std::vector<Ranked>& out) {
  std::vector<std::pair<double, const ChunkCandidate*>> order;
  order.reserve(file.chunks.size());
  for (const ChunkCandidate& chunk : file.chunks)
    order.emplace_back(chunk_score(chunk, best_words, weights), &chunk);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second->place->start_line < b.second->place->start_line;
  });
  double best = order.empty() ? 0 : order.front().first;
  double further = 1;
  for (const auto& [own, chunk] : order) {
    double share = best > 0 ? own / best : 1;
    out.push_back({score * share * further, &file, chunk});
    further *= weights.further_chunk;
  }
}

// The first `limit` of all, best first.
std::vector<SearchHit> best_hits(std::vector<Ranked> ranked, std::size_t limit) {
  auto shown = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(limit, ranked.size()));
  std::partial_sort(ranked.begin(), shown, ranked.end(), [](const Ranked& a, const Ranked& b) {
    if (a.score != b.score) return a.score > b.score;
    const FilePlace &file_a = *a.file->place, &file_b = *b.file->place;
    return file_a.path != file_b.path ? file_a.path < file_b.path
                                      : a.chunk->place->start_line < b.chunk->place->start_line;
  });
  std::vector<SearchHit> hits;
  for (auto at = ranked.begin(); at != shown; ++at) {
    const ChunkPlace& place = *at->chunk->place;
    hits.push_back({.path = at->file->place->path,
                    .start_line = place.start_line,
                    .end_line = place.end_line,
                    .symbol = at->chunk->symbol(),
                    .kind = place.kind,
                    .score = at->score,
                    .file_id = at->file->place->file_id,
                    .why = at->chunk->why.empty() ? "holds words of the query" : at->chunk->why});
  }
  return hits;
}

constexpr std::size_t most_history_words =
    24;                               // a commit is no report: what a long text says first and often
constexpr double first_ranks = 60;    // how little the first ranks differ, as usual in reciprocal rank fusion
constexpr double behind_words = 0.9;  // of the score before it: a file that meaning alone found

// The place of each in its order, best first; nothing for those that are not in it.
std::vector<double> reciprocal_ranks(const std::vector<double>& scores) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<double> out(scores.size(), 0);
  for (std::size_t place = 0; place < order.size(); ++place)
    out[order[place]] = 1 / (first_ranks + static_cast<double>(place));
  return out;
}

// The order of words and that of meaning, joined by rank. The scores stay those of the words, handed out anew
// in the joined order, so that they tell as much as before how far a file stands behind another.
void join_by_rank(std::vector<double>& scores, const std::vector<double>& close, double weight) {
  std::vector<double> by_words = reciprocal_ranks(scores), by_meaning = reciprocal_ranks(close);
  std::vector<std::size_t> order(scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  auto joined = [&](std::size_t i) { return by_words[i] + weight * by_meaning[i]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return joined(a) > joined(b); });
  std::vector<double> values = scores;
  std::sort(values.rbegin(), values.rend());
  double last = 1;
  for (std::size_t place = 0; place < order.size(); ++place) {
    last = values[place] > 0 ? values[place] : last * behind_words;
    scores[order[place]] = last;
  }
}

}  // namespace

base::Result<SearchAnswer> search(store::Connection& index, const TypedQuery& query,
                                  const SearchOptions& options) {
  Candidates found =
      MIRA_TRY(gather_candidates(index, query, options.weights, options.close, options.touched));
  std::vector<FileFeatures> features;
  double top = 0, best_words = 0;
  for (FileCandidate& file : found.files) {
    for (ChunkCandidate& chunk : file.chunks)
      chunk.name_agreement = name_agreement(chunk.names(), query, found);
    features.push_back(features_of(file, query, found));
    top = std::max(top, word_score(features.back(), options.weights));
    best_words = std::max(best_words, features.back().best_chunk);
  }
  if (top <= 0) top = 1;
  Surroundings around = surroundings_of(found.files);
  SearchAnswer answer;
  std::vector<double> scores, close;
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const FileCandidate& file = found.files[i];
    double score =
        word_score(features[i], options.weights) + top * boost_of(file, features[i], options.weights);
    double place = place_factor(*file.place, around, query, options.weights);
    scores.push_back(score * place);
    close.push_back(features[i].close * place);
  }
  if (options.close != nullptr && !options.close->empty())
    join_by_rank(scores, close, options.weights.meaning);
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < found.files.size(); ++i)
    append_ranked(found.files[i], scores[i], best_words, options.weights, ranked);
  answer.hits = best_hits(std::move(ranked), static_cast<std::size_t>(std::max(options.limit, 0)));
  answer.not_defined = std::move(found.not_defined);
  return answer;
}

base::Result<std::vector<contracts::TouchedFile>> touched_under(contracts::Session& session,
                                                                const contracts::TouchedFiles& history,
                                                                const TypedQuery& query) {
  if (!history || query.kind != QueryKind::text || query.plain.size() < 2)
    return std::vector<contracts::TouchedFile>();
  std::vector<std::string> words = query.plain;
  if (words.size() > most_history_words) words.resize(most_history_words);
  return history(session, words);
}

}  // namespace mira::code
