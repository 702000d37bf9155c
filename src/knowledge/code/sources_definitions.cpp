// code.definitions: what the symbols named in the question are.
#include <fmt/format.h>

#include "knowledge/code/search_symbols.h"
#include "knowledge/code/search_text.h"
#include "knowledge/code/sources.h"
#include "knowledge/code/told_apart.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t definitions_of_one_name = 4;
constexpr int namesakes_looked_at = 100;  // of which the question may tell one apart
constexpr std::size_t most_names = 8;
constexpr double further_definition = 0.6;  // each further definition of one name weighs this much less

contracts::Evidence piece_of(const FoundSymbol& symbol, const SymbolMention& mention, std::size_t namesakes,
                             LineReader& reader) {
  contracts::Evidence piece;
  piece.source = "code.definitions";
  piece.kind = "definition";
  piece.title = fmt::format("{} {}", symbol.kind, base::display_line(symbol.qualified));
  piece.why = fmt::format("{} `{}`, named in the question", symbol.declaration ? "declares" : "defines",
                          base::display_line(mention.written));
  if (namesakes > 1) piece.why += fmt::format(" (one of {} with that name)", namesakes);
  piece.symbol = symbol.qualified;
  piece.place = {.path = symbol.path, .start_line = symbol.start_line, .end_line = symbol.end_line};
  auto shown = reader.read(symbol.path, symbol.start_line, symbol.end_line, piece_lines(symbol.kind));
  if (shown && !shown->stale) {
    piece.text = std::move(shown->text);
    piece.place.end_line = shown->end_line;
  } else {  // the lines may be others now: what the index knows is still true of what was read
    piece.text = base::repair_utf8(symbol.signature);
    if (!symbol.doc.empty()) piece.text += "\n" + base::repair_utf8(symbol.doc);
    piece.why += "; the file changed since it was indexed";
  }
  return piece;
}

class DefinitionsSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.definitions"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Result<std::vector<contracts::Evidence>> gather(contracts::Session& session,
                                                        const contracts::Question& question,
                                                        base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    LineReader reader(session);
    std::vector<contracts::Evidence> pieces;
    for (std::size_t i = 0; i < question.identifiers.size() && i < most_names; ++i) {
      SymbolMention mention = symbol_mention(question.identifiers[i]);
      if (mention.name.empty()) continue;
      std::vector<FoundSymbol> found = MIRA_TRY(find_symbols(session.index, mention, namesakes_looked_at));
      keep_told_apart(found, question.text, question.paths);
      double weight = 1;
      for (std::size_t rank = 0; rank < found.size() && rank < definitions_of_one_name; ++rank) {
        pieces.push_back(piece_of(found[rank], mention, found.size(), reader));
        pieces.back().weight = weight * kind_share(found[rank].kind);
        weight *= further_definition;
      }
    }
    return pieces;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> definitions_source() {
  return std::make_unique<DefinitionsSource>();
}

}  // namespace mira::code
