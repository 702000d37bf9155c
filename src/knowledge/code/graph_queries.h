// Questions to the call graph by element: which element a name means, who calls it,
// what it calls, what a change of it can reach. A name that means nothing here is an
// error with the nearest names; a name that means several things is never answered
// for one of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::code {

struct Element {
  std::int64_t id = 0;
  std::string qualified, name, kind, path, visibility, signature;
  bool declaration = false;
  int line = 0, end_line = 0;
};

struct ElementFilter {
  std::string name;       // "f", "A::f", "a.b.f"
  std::string file = {};  // path or its end; empty: any
  std::string kind = {};  // empty: any
};

// Definitions and declarations that the name may mean: callables and types when there are any, else all.
base::Result<std::vector<Element>> find_elements(store::Connection& index, const ElementFilter& filter);
// The elements and, of C and C++, what declares or defines the same elsewhere: a header's prototype and the
// body in its .cc are one thing, and calls lead to either.
base::Result<std::vector<Element>> with_twins(store::Connection& index, std::vector<Element> elements);
// One thing: a definition with its declarations, overloads or build variants of one name in one place.
bool are_one_thing(const std::vector<Element>& elements);
// The five names of the project that are nearest to a mistyped one, best first.
base::Result<std::vector<std::string>> nearest_names(store::Connection& index, std::string_view name);

struct CallRow {
  std::int64_t other_id = 0;  // the other end; 0: code outside any function, or nothing of the project
  std::string name;           // qualified, "<module>", or as written when it leads out
  std::string path;           // of the other end's definition
  int line = 0;               // of its definition's name; 0 outside any function
  std::string call_path;
  int call_line = 0;
  std::string tier, rule;
  int candidates = 1;
  std::string external;
};

// All call sites that lead to one of the elements, by tier then place.
base::Result<std::vector<CallRow>> callers_of(store::Connection& index, const std::vector<Element>& elements);
// All call sites inside the elements, in order of tier then line.
base::Result<std::vector<CallRow>> callees_of(store::Connection& index, const std::vector<Element>& elements);
// Unresolved call sites of this last name.
base::Result<std::int64_t> open_calls(store::Connection& index, std::string_view name);
// A class stands for its constructors too: the elements and, of classes, their constructors.
base::Result<std::vector<Element>> with_constructors(store::Connection& index, std::vector<Element> elements);

}  // namespace mira::code
