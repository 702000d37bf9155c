#include "knowledge/memory/source.h"

#include <fmt/format.h>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/moments.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Evidence;
using store::Row;

constexpr std::size_t most_pieces = 8;
constexpr std::size_t piece_bytes = 1500;

contracts::Trust trust_of(std::string_view role, std::string_view origin) {
  return role == "user" && origin != "recalled" ? contracts::Trust::user : contracts::Trust::foreign;
}

Evidence piece_of(const Row& row, const Recalled& found, double best) {
  Evidence piece;
  piece.source = "memory.said";
  piece.kind = "memory";
  std::string who(row.text(2).empty() ? row.text(1) : row.text(2));
  std::string when = row.is_null(3) ? "at an unknown time" : "on " + day_in_words(row.integer(3));
  piece.title = fmt::format("message {} of {}, {}", found.entry, who, when);
  piece.text = base::truncate_utf8(row.text(0), piece_bytes);
  piece.why = row.text(4) == "remembered" ? "you asked to remember it" : "said in an earlier conversation";
  piece.trust = trust_of(row.text(1), row.text(4));
  piece.weight = best > 0 ? found.score / best : 0;
  return piece;
}

class SaidSource : public contracts::Source {
 public:
  explicit SaidSource(std::shared_ptr<Recall> recall) : recall_(std::move(recall)) {}
  std::string_view name() const override { return "memory.said"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                       base::Deadline deadline) override {
    session.main.set_deadline(deadline);
    RecallQuestion asked{.text = question.text,
                         .scopes = MIRA_TRY(scopes_seen(session, "")),
                         .now_ms = session.clock.now_ms(),
                         .limit = most_pieces};
    RecallAnswer answer = MIRA_TRY(recall_->ask(session.main, asked));
    std::vector<Evidence> pieces;
    for (const Recalled& found : answer.found) {
      MIRA_TRY(session.main.each(
          "SELECT content, role, speaker, said_ms, origin FROM memory_entries WHERE entry_id = ?",
          [&](const Row& row) { pieces.push_back(piece_of(row, found, answer.found.front().score)); },
          found.entry));
    }
    return pieces;
  }

 private:
  std::shared_ptr<Recall> recall_;
};

}  // namespace

std::unique_ptr<contracts::Source> said_source(std::shared_ptr<Recall> recall) {
  return std::make_unique<SaidSource>(std::move(recall));
}

}  // namespace mira::memory
