// The actions of the call graph: symbols, callers, callees, impact, graph export,
// languages. Each maker gives one registered action.
#pragma once

#include "contracts/action.h"
#include "knowledge/code/graph_queries.h"

namespace mira::code {

contracts::Action symbols_action();
contracts::Action callers_action();
contracts::Action callees_action();
contracts::Action impact_action();
contracts::Action grep_action();
contracts::Action graph_export_action();
contracts::Action languages_action();

// What several of them share.

// The elements an argument `symbol` (with `file`, `kind` where declared) means. `ambiguous` is set when
// they are several things; then they are the candidates. not_found with the nearest names when there is none.
base::Result<std::vector<Element>> asked_elements(contracts::Call& call, bool& ambiguous);
// {"ambiguous": true, "candidates": [...]} with a note that says how to choose.
contracts::Reply candidates_reply(std::string_view name, const std::vector<Element>& candidates);
contracts::Json element_json(const Element& element);
std::string render_candidates(const contracts::Json& data);
std::vector<contracts::Param> symbol_params(std::int64_t default_limit);
// --limit and --cursor of an answer that comes in pages.
std::vector<contracts::Param> page_params(std::int64_t default_limit);
// First index of a page, from the argument `cursor`; usage error when it is none of ours.
base::Result<std::size_t> page_start(const contracts::Json& arguments);

}  // namespace mira::code
