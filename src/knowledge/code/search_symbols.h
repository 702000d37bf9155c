// Definitions by name: what a symbol written in a question stands for. Exact
// names only; a scope, where one is written, must agree. So an unknown name
// finds nothing, never a namesake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/query_type.h"
#include "platform/store/connection.h"

namespace mira::code {

struct FoundSymbol {
  std::int64_t element_id = 0, file_id = 0;
  std::string path;
  std::string qualified, kind, signature, doc;
  bool declaration = false;
  int name_line = 0, start_line = 0, end_line = 0;
};

// At most `limit`, best first: definitions before declarations, types and callables
// before variables and members, product code before tests.
base::Result<std::vector<FoundSymbol>> find_symbols(store::Connection& index, const SymbolMention& mention,
                                                    int limit);
// True when `qualified` ("a::B::c") stands in the scope as written ("B", "a::B", "a.B"); a scope may leave
// out outer parts. An empty scope agrees with all.
bool is_in_scope(std::string_view qualified, std::string_view scope);
// How much of a full definition a kind is worth when its name is asked for: 1 for types and callables.
double kind_share(std::string_view kind);

}  // namespace mira::code
