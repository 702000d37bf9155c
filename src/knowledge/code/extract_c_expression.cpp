// Expressions of C and C++.
#include "knowledge/code/extract_declarator.h"
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

bool is_cast_name(std::string_view name) {
  return name == "static_cast" || name == "dynamic_cast" || name == "reinterpret_cast" ||
         name == "const_cast" || name == "down_cast";
}

bool is_make_name(std::string_view name) {
  return name == "make_unique" || name == "make_shared";
}

// f<T>(x): a cast, something newly made, or an ordinary call.
Expression call_of(const SyntaxTree& tree, NodeId node) {
  Expression call{.shape = Shape::call,
                  .object = tree.field(node, "function"_f),
                  .arguments = tree.field(node, "arguments"_f)};
  NodeId callee = call.object;
  if (tree.kind(callee) == "qualified_identifier"_k) callee = tree.field(callee, "name"_f);
  if (tree.kind(callee) != "template_function"_k) return call;
  std::string_view name = tree.text(tree.field(callee, "name"_f));
  NodeId type = type_name(tree, tree.first_named(tree.field(callee, "arguments"_f)));
  if (type == no_node) return call;
  if (is_cast_name(name)) {
    return {.shape = Shape::typed, .object = tree.first_named(call.arguments), .name = type};
  }
  if (is_make_name(name)) return {.shape = Shape::construct, .name = type, .arguments = call.arguments};
  return call;
}

Expression path_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = node;
  while (tree.kind(name) == "qualified_identifier"_k) name = tree.field(name, "name"_f);
  Kind kind = tree.kind(name);
  if (kind == "template_function"_k || kind == "template_type"_k) name = tree.field(name, "name"_f);
  return {.shape = Shape::path, .object = node, .name = name};
}

Expression member_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "field"_f);
  Kind kind = tree.kind(name);
  if (kind == "template_method"_k) name = tree.field(name, "name"_f);
  if (kind == "qualified_identifier"_k) return path_of(tree, name);  // p->Base::f()
  if (kind == "dependent_name"_k) name = tree.field(tree.first_named(name), "name"_f);
  return {.shape = Shape::member, .object = tree.field(node, "argument"_f), .name = name};
}

// Foo{1} makes a Foo; (struct foo){1} is a value of that type.
Expression compound_of(const SyntaxTree& tree, NodeId node) {
  NodeId type = tree.field(node, "type"_f);
  if (tree.kind(type) == "type_descriptor"_k) return {.shape = Shape::typed, .name = type_name(tree, type)};
  return {.shape = Shape::construct, .name = type, .arguments = tree.field(node, "value"_f)};
}

Expression entry_of(const SyntaxTree& tree, NodeId node) {
  NodeId designator = tree.field(node, "designator"_f);
  return {.shape = Shape::entry, .object = tree.field(node, "value"_f), .key = tree.first_named(designator)};
}

}  // namespace

Expression c_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto literal = [](std::string_view type) { return Expression{.shape = Shape::literal, .literal = type}; };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "field_identifier"_k:
    case "namespace_identifier"_k:
      return {.shape = Shape::name, .name = node};
    case "template_function"_k:
    case "template_type"_k:
      return {.shape = Shape::name, .name = tree.field(node, "name"_f)};
    case "this"_k:
      return {.shape = Shape::self};
    case "field_expression"_k:
      return member_of(tree, node);
    case "qualified_identifier"_k:
      return path_of(tree, node);
    case "call_expression"_k:
      return call_of(tree, node);
    case "new_expression"_k:
      return {.shape = Shape::construct,
              .name = type_name(tree, tree.field(node, "type"_f)),
              .arguments = tree.field(node, "arguments"_f)};
    case "compound_literal_expression"_k:
      return compound_of(tree, node);
    case "cast_expression"_k:
      return {.shape = Shape::typed,
              .object = tree.field(node, "value"_f),
              .name = type_name(tree, tree.field(node, "type"_f))};
    case "subscript_expression"_k: {
      NodeId index = tree.field(node, "index"_f);
      NodeId indices = tree.field(node, "indices"_f);
      return {.shape = Shape::element,
              .object = tree.field(node, "argument"_f),
              .key = index != no_node ? index : tree.first_named(indices)};
    }
    case "parenthesized_expression"_k:
    case "pointer_expression"_k:
    case "co_await_expression"_k:
      return {.shape = Shape::inner, .object = tree.first_named(node)};
    case "assignment_expression"_k:
      return {.shape = Shape::inner, .object = tree.field(node, "right"_f)};
    case "conditional_expression"_k:
      return {.shape = Shape::either,
              .object = tree.field(node, "consequence"_f),
              .other = tree.field(node, "alternative"_f)};
    case "lambda_expression"_k:
      return {.shape = Shape::callable};
    case "initializer_list"_k:
    case "structured_binding_declarator"_k:
      return {.shape = Shape::container, .object = node, .literal = "list"};
    case "initializer_pair"_k:
      return entry_of(tree, node);
    case "string_literal"_k:
    case "raw_string_literal"_k:
    case "concatenated_string"_k:
      return literal("string");
    case "number_literal"_k:
      return literal("number");
    case "char_literal"_k:
      return literal("char");
    case "true"_k:
    case "false"_k:
      return literal("bool");
    case "null"_k:
      return literal("null");
    default:
      return {};
  }
}

}  // namespace mira::code
