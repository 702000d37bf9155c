// code.search: the best chunks for the words of the question.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/search.h"
#include "knowledge/code/search_source.h"
#include "knowledge/code/search_text.h"
#include "knowledge/code/sources.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr int most_chunks = 14;
// A list of hits shows many files; an answer shows the places, and the oracle itself weighs how often a file
// spoke.
constexpr double further_chunk = 0.85;

contracts::Evidence piece_of(const SearchHit& hit, double best_score, ShownLines shown) {
  contracts::Evidence piece;
  piece.source = "code.search";
  piece.kind = hit.symbol.empty() ? "chunk" : "definition";
  piece.title = hit.symbol.empty() ? base::display_line(hit.path)
                                   : fmt::format("{} {}", hit.kind, base::display_line(hit.symbol));
  piece.why = shown.stale ? hit.why + "; the file changed since it was indexed" : hit.why;
  piece.symbol = hit.symbol;
  piece.place = {.path = hit.path, .start_line = shown.start_line, .end_line = shown.end_line};
  piece.text = std::move(shown.text);
  piece.weight = best_score > 0 ? std::clamp(hit.score / best_score, 0.0, 1.0) : 0;
  return piece;
}

class SearchSource : public contracts::Source {
 public:
  SearchSource(std::shared_ptr<MeaningSearch> meaning, contracts::TouchedFiles history)
      : meaning_(std::move(meaning)), history_(std::move(history)) {}
  std::string_view name() const override { return "code.search"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Result<std::vector<contracts::Evidence>> gather(contracts::Session& session,
                                                        const contracts::Question& question,
                                                        base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    SearchOptions options;
    options.limit = most_chunks;
    options.weights.further_chunk = further_chunk;
    TypedQuery query = type_query(question.text);
    std::vector<std::string> untold;  // that words alone answer is no news for a pack of evidence
    Closeness close = close_to(*meaning_, session, query, question.text, deadline, untold);
    options.close = &close;
    options.touched = MIRA_TRY(touched_under(session, history_, query));
    SearchAnswer answer = MIRA_TRY(search(session.index, query, options));
    std::vector<contracts::Evidence> pieces;
    LineReader reader(session);
    for (const SearchHit& hit : answer.hits) {
      if (deadline.expired()) break;
      auto shown = reader.read(hit.path, hit.start_line, hit.end_line, piece_lines(hit.kind));
      if (shown) pieces.push_back(piece_of(hit, answer.hits.front().score, std::move(*shown)));
    }
    return pieces;
  }

 private:
  std::shared_ptr<MeaningSearch> meaning_;
  contracts::TouchedFiles history_;
};

}  // namespace

std::unique_ptr<contracts::Source> search_source(std::shared_ptr<MeaningSearch> meaning,
                                                 contracts::TouchedFiles history) {
  return std::make_unique<SearchSource>(std::move(meaning), std::move(history));
}

std::unique_ptr<contracts::Source> search_source(std::shared_ptr<MeaningSearch> meaning) {
  return search_source(std::move(meaning), nullptr);
}

}  // namespace mira::code
