// What calls something, what calls that, and so on, level by level, over proved and
// inferred calls only; with the tests and the public symbols among what is reached.
#pragma once

#include "contracts/action.h"
#include "knowledge/code/graph_queries.h"

namespace mira::code {

inline constexpr std::size_t reached_limit = 20'000;  // symbols; more are cut, and that is said

struct Reached : Element {
  std::string tier;  // "proved" when every call on the way is, else "inferred"
};

struct Reach {
  std::vector<std::vector<Reached>> levels;
  std::vector<std::string> module_files;  // files whose top-level code calls in
  bool cut = false;
};

base::Result<Reach> reach(store::Connection& index, const std::vector<Element>& from, int depth);
// Adds levels, total, files, public, public_symbols, tests and module_files; at most `limit` symbols of each
// list.
void add_reach(contracts::Reply& reply, const Reach& reached, std::size_t limit);
// The same for people.
std::string render_reach(const contracts::Json& data);

}  // namespace mira::code
