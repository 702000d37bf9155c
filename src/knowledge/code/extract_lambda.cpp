// What lambdas are called with, where the name of the member that takes them says it.
#include <algorithm>
#include <array>

#include "knowledge/code/extract_expression.h"

namespace mira::code {
namespace {

// Members that call what they are given with each element.
constexpr std::array<std::string_view, 58> each_members{"forEach",
                                                        "map",
                                                        "filter",
                                                        "flatMap",
                                                        "some",
                                                        "every",
                                                        "find",
                                                        "findIndex",
                                                        "any",
                                                        "all",
                                                        "none",
                                                        "count",
                                                        "sumOf",
                                                        "ForEach",
                                                        "Select",
                                                        "Where",
                                                        "Any",
                                                        "All",
                                                        "First",
                                                        "FirstOrDefault",
                                                        "Single",
                                                        "SingleOrDefault",
                                                        "Last",
                                                        "Count",
                                                        "Sum",
                                                        "Min",
                                                        "Max",
                                                        "OrderBy",
                                                        "OrderByDescending",
                                                        "ThenBy",
                                                        "SelectMany",
                                                        "GroupBy",
                                                        "ToDictionary",
                                                        "sortedBy",
                                                        "groupBy",
                                                        "associateBy",
                                                        "mapNotNull",
                                                        "firstOrNull",
                                                        "onEach",
                                                        "anyMatch",
                                                        "allMatch",
                                                        "noneMatch",
                                                        "ifPresent",
                                                        "removeIf",
                                                        "each",
                                                        "select",
                                                        "reject",
                                                        "flat_map",
                                                        "any?",
                                                        "all?",
                                                        "detect",
                                                        "sort_by",
                                                        "group_by",
                                                        "for_each",
                                                        "filter_map",
                                                        "maxBy",
                                                        "minBy",
                                                        "each_with_index"};

// The call that a lambda stands in, as its last argument or block.
NodeId call_with(const Walk& walk, NodeId lambda) {
  NodeId at = walk.tree.parent(lambda);
  for (int level = 0; at != no_node && level < 4; ++level, at = walk.tree.parent(at)) {
    Shape shape = walk.expression(at).shape;
    if (shape == Shape::call) return at;
    if (shape != Shape::other && shape != Shape::inner) return no_node;
  }
  return no_node;
}

}  // namespace

void assign_from_holder(Walk& walk, NodeId lambda, const std::string& parameter) {
  NodeId node = call_with(walk, lambda);
  if (node == no_node || parameter.empty()) return;
  Expression call = expression_of(walk, node);
  Expression callee = call.name != no_node ? call : expression_of(walk, call.object);
  if (callee.name == no_node || callee.object == no_node) return;
  if (callee.shape != Shape::call && callee.shape != Shape::member) return;
  std::string_view name = walk.tree.text(callee.name);
  std::string object = expression_text(walk, callee.object);
  if (object.empty()) return;
  bool itself = walk.language() == "kotlin" && (name == "let" || name == "also");
  bool each = std::ranges::find(each_members, name) != each_members.end();
  if (each) object += "[]";
  if (each || itself) walk.assign(parameter, {ValueKind::member, std::move(object), {}}, lambda);
}

}  // namespace mira::code
