#include "knowledge/documents/source.h"

#include <filesystem>

#include "knowledge/documents/library.h"
#include "platform/base/text.h"

namespace mira::documents {
namespace {

using contracts::Evidence;

constexpr std::int64_t most_pieces = 5;

Evidence piece_of(const Found& found, double best) {
  Evidence piece;
  piece.source = "documents.chunks";
  piece.kind = "document";
  std::string name = base::display_line(std::filesystem::path(found.path).filename().native());
  piece.title = found.place.empty() ? "document " + name : "document " + name + " > " + found.place;
  piece.text = found.content;
  piece.why = "a document you added says so";
  piece.trust = contracts::Trust::foreign;
  piece.weight = best > 0 ? found.score / best : 0;
  return piece;
}

class ChunksSource : public contracts::Source {
 public:
  std::string_view name() const override { return "documents.chunks"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }
  base::Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                             base::Deadline deadline) override {
    session.main.set_deadline(deadline);
    auto found = MIRA_TRY(find_chunks(session.main, session.project.id, question.words, most_pieces));
    std::vector<Evidence> pieces;
    pieces.reserve(found.size());
    for (const Found& one : found) pieces.push_back(piece_of(one, found.front().score));
    return pieces;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> chunks_source() {
  return std::make_unique<ChunksSource>();
}

}  // namespace mira::documents
