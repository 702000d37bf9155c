#include "knowledge/code/symbol_lookup.h"

#include "knowledge/code/graph_queries.h"

namespace mira::code {
namespace {

base::Result<std::vector<contracts::SymbolPlace>> look_up(contracts::Session& session, std::string_view name,
                                                          std::string_view file) {
  auto elements = MIRA_TRY(find_elements(session.index, {std::string(name), std::string(file)}));
  std::vector<contracts::SymbolPlace> out;
  for (const Element& element : elements) {
    if (element.declaration) continue;
    contracts::SymbolPlace place{element.qualified, element.kind, element.path, element.line,
                                 element.end_line};
    // The name's line is inside the definition, which may begin above it (a return type, a decorator).
    MIRA_TRY(session.index.each(
        "SELECT start_line, end_line FROM code_elements WHERE element_id = ?",
        [&](const store::Row& row) {
          place.first_line = static_cast<int>(row.integer(0));
          place.last_line = static_cast<int>(row.integer(1));
        },
        element.id));
    out.push_back(std::move(place));
  }
  return out;
}

}  // namespace

contracts::SymbolLookup symbol_lookup() {
  return look_up;
}

}  // namespace mira::code
