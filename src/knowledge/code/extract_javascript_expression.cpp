// Expressions of the JavaScript family.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

Expression binary_of(const SyntaxTree& tree, NodeId node) {
  if (!tree.has_child(node, "||"_t) && !tree.has_child(node, "??"_t) && !tree.has_child(node, "&&"_t))
    return {};
  return {.shape = Shape::either, .object = tree.field(node, "left"_f), .other = tree.field(node, "right"_f)};
}

// `x as T` is a T, `<T>x` too; `x as const` and `x as any` are x.
Expression assertion_of(const SyntaxTree& tree, NodeId node) {
  NodeId value = tree.first_named(node);
  NodeId type = tree.next_named(value);
  if (tree.kind(value) == "type_arguments"_k) std::swap(value, type);
  if (tree.kind(type) == "type_arguments"_k) type = tree.first_named(type);
  bool named = tree.kind(type) == "type_identifier"_k || tree.kind(type) == "generic_type"_k;
  if (!named) return {.shape = Shape::inner, .object = value};
  return {.shape = Shape::typed, .object = value, .name = type};
}

}  // namespace

Expression javascript_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto literal = [](std::string_view type) { return Expression{.shape = Shape::literal, .literal = type}; };
  auto container = [node](std::string_view type) {
    return Expression{.shape = Shape::container, .object = node, .literal = type};
  };
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "shorthand_property_identifier"_k:
    case "shorthand_property_identifier_pattern"_k:
    case "undefined"_k:
      return {.shape = Shape::name, .name = node};
    case "this"_k:
      return {.shape = Shape::self};
    case "super"_k:
      return {.shape = Shape::super_};
    case "member_expression"_k:
    case "nested_identifier"_k:
      return {.shape = Shape::member, .object = field("object"_f), .name = field("property"_f)};
    case "subscript_expression"_k:
      return {.shape = Shape::element, .object = field("object"_f), .key = field("index"_f)};
    case "call_expression"_k:
      return {.shape = Shape::call, .object = field("function"_f), .arguments = field("arguments"_f)};
    case "new_expression"_k:
      return {.shape = Shape::construct, .name = field("constructor"_f), .arguments = field("arguments"_f)};
    case "parenthesized_expression"_k:
    case "await_expression"_k:
    case "non_null_expression"_k:
    case "satisfies_expression"_k:
      return {.shape = Shape::inner, .object = tree.first_named(node)};
    case "as_expression"_k:
    case "type_assertion"_k:
      return assertion_of(tree, node);
    case "assignment_expression"_k:
      return {.shape = Shape::inner, .object = field("right"_f)};
    case "assignment_pattern"_k:
    case "object_assignment_pattern"_k:
      return {.shape = Shape::inner, .object = field("left"_f)};
    case "ternary_expression"_k:
      return {.shape = Shape::either, .object = field("consequence"_f), .other = field("alternative"_f)};
    case "binary_expression"_k:
      return binary_of(tree, node);
    case "function_expression"_k:
    case "generator_function"_k:
    case "arrow_function"_k:
    case "class"_k:
      return {.shape = Shape::callable, .name = field("name"_f)};
    case "method_definition"_k:
      return {.shape = Shape::callable, .name = field("name"_f)};
    case "array"_k:
    case "array_pattern"_k:
      return container("list");
    case "object"_k:
    case "object_pattern"_k:
      return container("object");
    case "pair"_k:
    case "pair_pattern"_k:
      return {.shape = Shape::entry, .object = field("value"_f), .key = field("key"_f)};
    case "spread_element"_k:
    case "rest_pattern"_k:
      return {.shape = Shape::spread, .object = tree.first_named(node)};
    case "property_identifier"_k:
      return literal("string");
    case "string"_k:
    case "template_string"_k:
      return literal("string");
    case "number"_k:
      return literal("number");
    case "true"_k:
    case "false"_k:
      return literal("bool");
    case "regex"_k:
      return literal("regex");
    case "null"_k:
      return literal("null");
    default:
      return {};
  }
}

}  // namespace mira::code
