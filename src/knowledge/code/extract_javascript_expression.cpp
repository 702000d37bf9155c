// Expressions of the JavaScript family.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

Expression binary_of(const SyntaxTree& tree, NodeId node) {
  if (!tree.has_child(node, "||"_t) && !tree.has_child(node, "??"_t) && !tree.has_child(node, "&&"_t))
    return {};
  return shape::either(tree.field(node, "left"_f), tree.field(node, "right"_f));
}

// `x as T` is a T, `<T>x` too; `x as const` and `x as any` are x, the latter by the author's word alone.
Expression assertion_of(const SyntaxTree& tree, NodeId node) {
  NodeId value = tree.first_named(node);
  NodeId type = tree.next_named(value);
  if (tree.kind(value) == "type_arguments"_k) std::swap(value, type);
  if (tree.kind(type) == "type_arguments"_k) type = tree.first_named(type);
  bool named = tree.kind(type) == "type_identifier"_k || tree.kind(type) == "generic_type"_k;
  if (named) return shape::typed(type, value);
  Expression same = shape::inner(value);
  if (type != no_node) same.literal = "as";
  return same;
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "property_identifier"_k:
    case "string"_k:
    case "template_string"_k:
      return shape::literal("string");
    case "number"_k:
      return shape::literal("number");
    case "true"_k:
    case "false"_k:
      return shape::literal("bool");
    case "regex"_k:
      return shape::literal("regex");
    case "null"_k:
      return shape::literal("null");
    default:
      return {};
  }
}

// Patterns and literals that hold others, and what they hold.
Expression part_of(const SyntaxTree& tree, NodeId node) {
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  auto container = [node](std::string_view type) { return shape::container(node, type); };
  switch (tree.kind(node)) {
    case "array"_k:
    case "array_pattern"_k:
      return container("list");
    case "object"_k:
    case "object_pattern"_k:
      return container("object");
    case "pair"_k:
    case "pair_pattern"_k:
      return shape::entry(field("key"_f), field("value"_f));
    case "spread_element"_k:
    case "rest_pattern"_k:
      return shape::spread(tree.first_named(node));
    default:
      return literal_of(tree.kind(node));
  }
}

}  // namespace

Expression javascript_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "shorthand_property_identifier"_k:
    case "shorthand_property_identifier_pattern"_k:
    case "undefined"_k:
      return shape::name(node);
    case "this"_k:
      return shape::self();
    case "super"_k:
      return shape::super();
    case "member_expression"_k:
    case "nested_identifier"_k:
      return shape::member(field("object"_f), field("property"_f));
    case "subscript_expression"_k:
      return shape::element(field("object"_f), field("index"_f));
    case "call_expression"_k:
      return shape::call(field("function"_f), field("arguments"_f));
    case "new_expression"_k:
      return shape::construct(field("constructor"_f), field("arguments"_f));
    case "parenthesized_expression"_k:
    case "await_expression"_k:
    case "non_null_expression"_k:
    case "satisfies_expression"_k:
      return shape::inner(tree.first_named(node));
    case "as_expression"_k:
    case "type_assertion"_k:
      return assertion_of(tree, node);
    case "assignment_expression"_k:
      return shape::inner(field("right"_f));
    case "assignment_pattern"_k:
    case "object_assignment_pattern"_k:
      return shape::inner(field("left"_f));
    case "ternary_expression"_k:
      return shape::either(field("consequence"_f), field("alternative"_f));
    case "binary_expression"_k:
      return binary_of(tree, node);
    case "function_expression"_k:
    case "generator_function"_k:
    case "arrow_function"_k:
    case "class"_k:
    case "method_definition"_k:
      return shape::callable(field("name"_f));
    default:
      return part_of(tree, node);
  }
}

}  // namespace mira::code
