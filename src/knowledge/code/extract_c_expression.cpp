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
  Expression call = shape::call(tree.field(node, "function"_f), tree.field(node, "arguments"_f));
  NodeId callee = call.object;
  if (tree.kind(callee) == "qualified_identifier"_k) callee = tree.field(callee, "name"_f);
  if (tree.kind(callee) != "template_function"_k) return call;
  std::string_view name = tree.text(tree.field(callee, "name"_f));
  NodeId type = type_name(tree, tree.first_named(tree.field(callee, "arguments"_f)));
  if (type == no_node) return call;
  if (is_cast_name(name)) {
    return shape::typed(type, tree.first_named(call.arguments));
  }
  if (is_make_name(name)) return shape::construct(type, call.arguments);
  return call;
}

Expression path_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = node;
  while (tree.kind(name) == "qualified_identifier"_k) name = tree.field(name, "name"_f);
  Kind kind = tree.kind(name);
  if (kind == "template_function"_k || kind == "template_type"_k) name = tree.field(name, "name"_f);
  return shape::path(node, name);
}

Expression member_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "field"_f);
  Kind kind = tree.kind(name);
  if (kind == "template_method"_k) name = tree.field(name, "name"_f);
  if (kind == "qualified_identifier"_k) return path_of(tree, name);  // p->Base::f()
  if (kind == "dependent_name"_k) name = tree.field(tree.first_named(name), "name"_f);
  return shape::member(tree.field(node, "argument"_f), name);
}

// Foo{1} makes a Foo; (struct foo){1} is a value of that type.
Expression compound_of(const SyntaxTree& tree, NodeId node) {
  NodeId type = tree.field(node, "type"_f);
  if (tree.kind(type) == "type_descriptor"_k) return shape::typed(type_name(tree, type), no_node);
  return shape::construct(type, tree.field(node, "value"_f));
}

Expression entry_of(const SyntaxTree& tree, NodeId node) {
  NodeId designator = tree.field(node, "designator"_f);
  return shape::entry(tree.first_named(designator), tree.field(node, "value"_f));
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string_literal"_k:
    case "raw_string_literal"_k:
    case "concatenated_string"_k:
      return shape::literal("string");
    case "number_literal"_k:
      return shape::literal("number");
    case "char_literal"_k:
      return shape::literal("char");
    case "true"_k:
    case "false"_k:
      return shape::literal("bool");
    case "null"_k:
      return shape::literal("null");
    default:
      return {};
  }
}

}  // namespace

Expression c_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "field_identifier"_k:
    case "namespace_identifier"_k:
      return shape::name(node);
    case "template_function"_k:
    case "template_type"_k:
      return shape::name(tree.field(node, "name"_f));
    case "this"_k:
      return shape::self();
    case "field_expression"_k:
      return member_of(tree, node);
    case "qualified_identifier"_k:
      return path_of(tree, node);
    case "call_expression"_k:
      return call_of(tree, node);
    case "new_expression"_k:
      return shape::construct(type_name(tree, tree.field(node, "type"_f)), tree.field(node, "arguments"_f));
    case "compound_literal_expression"_k:
      return compound_of(tree, node);
    case "cast_expression"_k:
      return shape::typed(type_name(tree, tree.field(node, "type"_f)), tree.field(node, "value"_f));
    case "subscript_expression"_k: {
      NodeId index = tree.field(node, "index"_f);
      NodeId indices = tree.field(node, "indices"_f);
      return shape::element(tree.field(node, "argument"_f),
                            index != no_node ? index : tree.first_named(indices));
    }
    case "parenthesized_expression"_k:
    case "pointer_expression"_k:
    case "co_await_expression"_k:
      return shape::inner(tree.first_named(node));
    case "assignment_expression"_k:
      return shape::inner(tree.field(node, "right"_f));
    case "conditional_expression"_k:
      return shape::either(tree.field(node, "consequence"_f), tree.field(node, "alternative"_f));
    case "lambda_expression"_k:
      return shape::callable(no_node);
    case "initializer_list"_k:
    case "structured_binding_declarator"_k:
      return shape::container(node, "list");
    case "initializer_pair"_k:
      return entry_of(tree, node);
    default:
      return literal_of(tree.kind(node));
  }
}

}  // namespace mira::code
