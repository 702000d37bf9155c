// Expressions and patterns of Rust.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

Expression path_of(const SyntaxTree& tree, NodeId node) {
  return shape::path(node, tree.field(node, "name"_f));
}

Expression block_of(const SyntaxTree& tree, NodeId node) {
  NodeId last = tree.last_named(node);
  if (tree.kind(last) == "expression_statement"_k) {
    if (tree.text(last).ends_with(';')) return {};
    last = tree.first_named(last);
  }
  return last == no_node ? Expression{} : shape::inner(last);
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string_literal"_k:
    case "raw_string_literal"_k:
      return shape::literal("string");
    case "integer_literal"_k:
    case "float_literal"_k:
      return shape::literal("number");
    case "char_literal"_k:
      return shape::literal("char");
    case "boolean_literal"_k:
      return shape::literal("bool");
    case "unit_expression"_k:
      return shape::literal("unit");
    default:
      return {};
  }
}

// Patterns and literals that hold others, and what they hold.
Expression part_of(const SyntaxTree& tree, NodeId node) {
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "field_initializer"_k:
      return shape::entry(field("field"_f), field("value"_f));
    case "shorthand_field_initializer"_k:
      return shape::inner(tree.first_named(node));
    case "base_field_initializer"_k:
      return shape::spread(tree.first_named(node));
    case "field_pattern"_k: {
      NodeId pattern = field("pattern"_f);
      NodeId name = field("name"_f);
      return shape::entry(name, pattern == no_node ? name : pattern);
    }
    case "tuple_pattern"_k:
    case "tuple_struct_pattern"_k:
    case "tuple_expression"_k:
      return shape::container(node, "tuple");
    case "struct_pattern"_k:
      return shape::container(node, "struct");
    case "slice_pattern"_k:
    case "array_expression"_k:
      return shape::container(node, "list");
    default:
      return literal_of(tree.kind(node));
  }
}

}  // namespace

Expression rust_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "shorthand_field_identifier"_k:
      return shape::name(node);
    case "self"_k:
      return shape::self();
    case "scoped_identifier"_k:
    case "scoped_type_identifier"_k:
      return path_of(tree, node);
    case "field_expression"_k:
      return shape::member(field("value"_f), field("field"_f));
    case "generic_function"_k:
      return shape::inner(field("function"_f));
    case "generic_type"_k:
      return shape::inner(field("type"_f));
    case "call_expression"_k:
      return shape::call(field("function"_f), field("arguments"_f));
    case "struct_expression"_k:
      return shape::construct(field("name"_f), field("body"_f));
    case "index_expression"_k:
      return shape::element(tree.first_named(node), tree.last_named(node));
    case "type_cast_expression"_k:
      return shape::typed(field("type"_f), field("value"_f));
    case "try_expression"_k:
      return shape::element(tree.first_named(node), no_node);
    case "await_expression"_k:
    case "parenthesized_expression"_k:
    case "unary_expression"_k:
    case "mut_pattern"_k:
    case "ref_pattern"_k:
    case "reference_pattern"_k:
    case "unsafe_block"_k:
      return shape::inner(tree.last_named(node));
    case "reference_expression"_k:
      return shape::inner(field("value"_f));
    case "block"_k:
      return block_of(tree, node);
    case "if_expression"_k: {
      NodeId other = tree.first_named(field("alternative"_f));
      return shape::either(field("consequence"_f), other);
    }
    case "closure_expression"_k:
      return shape::callable(no_node);
    default:
      return part_of(tree, node);
  }
}

}  // namespace mira::code
