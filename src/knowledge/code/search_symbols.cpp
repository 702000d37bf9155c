#include "knowledge/code/search_symbols.h"

#include <algorithm>

#include "knowledge/code/search_path.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr int most_namesakes = 500;  // rows looked at for one name
constexpr double member_share = 0.4;

double worth(const FoundSymbol& symbol) {
  PathTraits traits = path_traits(symbol.path);
  double share = kind_share(symbol.kind);
  if (symbol.declaration) share *= 0.5;
  if (traits.test || traits.example || traits.vendored) share *= 0.25;
  return share;
}

std::vector<std::string_view> parts_of(std::string_view qualified) {
  std::vector<std::string_view> parts;
  for (std::string_view word : base::words(qualified)) parts.push_back(word);
  return parts;
}

}  // namespace

double kind_share(std::string_view kind) {
  constexpr std::string_view members[] = {"field",    "property",  "enum_member", "variable",
                                          "constant", "namespace", "module"};
  return std::find(std::begin(members), std::end(members), kind) != std::end(members) ? member_share : 1.0;
}

bool is_in_scope(std::string_view qualified, std::string_view scope) {
  std::vector<std::string_view> wanted = parts_of(scope), own = parts_of(qualified);
  if (wanted.empty()) return true;
  if (own.empty()) return false;
  own.pop_back();  // the name itself
  return own.size() >= wanted.size() && std::equal(wanted.rbegin(), wanted.rend(), own.rbegin());
}

base::Result<std::vector<FoundSymbol>> find_symbols(store::Connection& index, const SymbolMention& mention,
                                                    int limit) {
  std::vector<FoundSymbol> found;
  MIRA_TRY(index.each(
      "SELECT e.element_id, e.file_id, f.path, e.qualified_name, e.kind, e.signature, e.doc, "
      "e.is_declaration,"
      " e.name_line, e.start_line, e.end_line FROM code_elements e"
      " JOIN repository_files f ON f.file_id = e.file_id WHERE e.name = ? LIMIT ?",
      [&](const store::Row& row) {
        if (!is_in_scope(row.text(3), mention.scope)) return;
        FoundSymbol symbol;
        symbol.element_id = row.integer(0);
        symbol.file_id = row.integer(1);
        symbol.path = row.text(2);
        symbol.qualified = row.text(3);
        symbol.kind = row.text(4);
        symbol.signature = row.text(5);
        symbol.doc = row.text(6);
        symbol.declaration = row.integer(7) != 0;
        symbol.name_line = static_cast<int>(row.integer(8));
        symbol.start_line = static_cast<int>(row.integer(9));
        symbol.end_line = static_cast<int>(row.integer(10));
        found.push_back(std::move(symbol));
      },
      mention.name, most_namesakes));
  std::stable_sort(found.begin(), found.end(), [](const FoundSymbol& a, const FoundSymbol& b) {
    double worth_a = worth(a), worth_b = worth(b);
    if (worth_a != worth_b) return worth_a > worth_b;
    return a.path != b.path ? a.path < b.path : a.name_line < b.name_line;
  });
  if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
  return found;
}

}  // namespace mira::code
