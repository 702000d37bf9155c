// Expressions and patterns of Rust.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

Expression path_of(const SyntaxTree& tree, NodeId node) {
  return {.shape = Shape::path, .object = node, .name = tree.field(node, "name"_f)};
}

Expression block_of(const SyntaxTree& tree, NodeId node) {
  NodeId last = tree.last_named(node);
  if (tree.kind(last) == "expression_statement"_k) {
    if (tree.text(last).ends_with(';')) return {};
    last = tree.first_named(last);
  }
  return last == no_node ? Expression{} : Expression{.shape = Shape::inner, .object = last};
}

}  // namespace

Expression rust_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  auto literal = [](std::string_view type) { return Expression{.shape = Shape::literal, .literal = type}; };
  auto inner = [](NodeId object) { return Expression{.shape = Shape::inner, .object = object}; };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "shorthand_field_identifier"_k:
      return {.shape = Shape::name, .name = node};
    case "self"_k:
      return {.shape = Shape::self};
    case "scoped_identifier"_k:
    case "scoped_type_identifier"_k:
      return path_of(tree, node);
    case "field_expression"_k:
      return {.shape = Shape::member, .object = field("value"_f), .name = field("field"_f)};
    case "generic_function"_k:
      return inner(field("function"_f));
    case "generic_type"_k:
      return inner(field("type"_f));
    case "call_expression"_k:
      return {.shape = Shape::call, .object = field("function"_f), .arguments = field("arguments"_f)};
    case "struct_expression"_k:
      return {.shape = Shape::construct, .name = field("name"_f), .arguments = field("body"_f)};
    case "index_expression"_k:
      return {.shape = Shape::element, .object = tree.first_named(node), .key = tree.last_named(node)};
    case "type_cast_expression"_k:
      return {.shape = Shape::typed, .object = field("value"_f), .name = field("type"_f)};
    case "try_expression"_k:
    case "await_expression"_k:
    case "parenthesized_expression"_k:
    case "unary_expression"_k:
    case "mut_pattern"_k:
    case "ref_pattern"_k:
    case "reference_pattern"_k:
    case "unsafe_block"_k:
      return inner(tree.last_named(node));
    case "reference_expression"_k:
      return inner(field("value"_f));
    case "block"_k:
      return block_of(tree, node);
    case "if_expression"_k: {
      NodeId other = tree.first_named(field("alternative"_f));
      return {.shape = Shape::either, .object = field("consequence"_f), .other = other};
    }
    case "field_initializer"_k:
      return {.shape = Shape::entry, .object = field("value"_f), .key = field("field"_f)};
    case "shorthand_field_initializer"_k:
      return inner(tree.first_named(node));
    case "base_field_initializer"_k:
      return {.shape = Shape::spread, .object = tree.first_named(node)};
    case "field_pattern"_k: {
      NodeId pattern = field("pattern"_f);
      NodeId name = field("name"_f);
      return {.shape = Shape::entry, .object = pattern == no_node ? name : pattern, .key = name};
    }
    case "closure_expression"_k:
      return {.shape = Shape::callable};
    case "tuple_pattern"_k:
    case "tuple_struct_pattern"_k:
    case "tuple_expression"_k:
      return {.shape = Shape::container, .object = node, .literal = "tuple"};
    case "struct_pattern"_k:
      return {.shape = Shape::container, .object = node, .literal = "struct"};
    case "slice_pattern"_k:
    case "array_expression"_k:
      return {.shape = Shape::container, .object = node, .literal = "list"};
    case "string_literal"_k:
    case "raw_string_literal"_k:
      return literal("string");
    case "integer_literal"_k:
    case "float_literal"_k:
      return literal("number");
    case "char_literal"_k:
      return literal("char");
    case "boolean_literal"_k:
      return literal("bool");
    case "unit_expression"_k:
      return literal("unit");
    default:
      return {};
  }
}

}  // namespace mira::code
