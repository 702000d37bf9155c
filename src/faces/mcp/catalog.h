// The tools a model sees, as one table: what they are called, what they say, and
// which registered actions they run. Grouped by workflow, so that ten tools cover
// every action that answers; those that only read are apart from those that write,
// because clients permit by tool. A tool or a choice whose actions are not registered
// is not offered. All texts are constants: nothing from a project reaches them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "contracts/action.h"

namespace mira::mcp {

// One way to run a tool.
struct Route {
  std::string_view choice;  // value of the selecting argument; "" when the tool has one action
  std::string_view action;  // name in the registry
  // Tool argument to action parameter, "topic=query"; "word=value" with a leading ":" sets a constant.
  std::vector<std::string_view> arguments;
  std::string_view list;  // the member of `data` that holds the pieces of evidence
};

struct Argument {
  std::string_view name;
  std::string_view type;  // JSON Schema type; "strings": an array of strings
  std::string_view description = {};
  bool required = false;
  int minimum = 0, maximum = 0;  // of an integer; equal: none
};

struct ToolRow {
  std::string_view name;
  std::string_view description;
  std::string_view selector;  // argument that chooses the route, "" when there is one route
  std::vector<Argument> arguments;
  std::vector<Route> routes;
  bool always_loaded = false;
  bool writes = false;
  bool destroys = false;
};

std::span<const ToolRow> catalog();
std::string_view instructions();

// The routes of a tool that this program has actions for.
std::vector<Route> available(const ToolRow& row, const contracts::Registry& registry);

}  // namespace mira::mcp
