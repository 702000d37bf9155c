// What `mira why` and `mira history SYMBOL` share: from a symbol or lines to the
// commits that made them.
#pragma once

#include "contracts/action.h"
#include "contracts/symbols.h"
#include "knowledge/git/line_history.h"
#include "knowledge/git/models.h"

namespace mira::git {

// Lines of a file at HEAD, and what they are called.
struct WhyPlace {
  std::string path;
  std::int64_t first = 0, last = 0;
  std::string symbol;  // empty: lines were given
};

// A symbol's one definition. nullopt: there is none of that name. usage: several, with the places to choose
// from.
base::Result<std::optional<WhyPlace>> symbol_place(contracts::Session& session,
                                                   const contracts::SymbolLookup& symbols,
                                                   const std::string& name, const std::string& file);
// Its commits, newest first. Lines are HEAD's: notes say when the file on disk differs.
base::Result<std::vector<LineChange>> commits_of_place(contracts::Call& call, const WhyPlace& place,
                                                       std::vector<std::string>& notes);
// A change as JSON: the commit, what it did to the lines, the part of its message that matters.
base::Result<contracts::Json> line_change_json(store::Connection& index, const LineChange& change,
                                               const std::vector<std::string>& names);

}  // namespace mira::git
