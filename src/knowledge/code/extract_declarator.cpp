#include "knowledge/code/extract_declarator.h"

namespace mira::code {
namespace {

constexpr int declarator_levels = 32;

bool is_auto(const SyntaxTree& tree, NodeId type) {
  return tree.kind(type) == "placeholder_type_specifier"_k;
}

}  // namespace

Declarator read_declarator(const SyntaxTree& tree, NodeId node) {
  Declarator out;
  for (int level = 0; level < declarator_levels && node != no_node; ++level) {
    NodeId inner = tree.field(node, "declarator"_f);
    switch (tree.kind(node)) {
      case "init_declarator"_k:
        out.value = tree.field(node, "value"_f);
        break;
      case "pointer_declarator"_k:
        out.suffix += '*';
        out.function_pointer |= out.function != no_node;
        out.function = no_node;
        break;
      case "reference_declarator"_k:
        out.suffix += tree.has_child(node, "&&"_t) ? "&&" : "&";
        out.function = no_node;
        break;
      case "array_declarator"_k:
        out.suffix += "[]";
        out.function = no_node;
        break;
      case "function_declarator"_k:
        out.function = node;
        break;
      case "operator_cast"_k:
        out.name = node;
        out.function = inner;
        return out;
      case "parenthesized_declarator"_k:
      case "attributed_declarator"_k:
        break;
      default:
        out.name = node;
        return out;
    }
    node = inner != no_node ? inner : tree.first_named(node);
  }
  return out;
}

std::string declared_type(const Walk& walk, NodeId declaration, const Declarator& declarator) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(declaration, "type"_f);
  if (type == no_node || is_auto(tree, type)) return {};
  NodeId body = tree.field(type, "body"_f);
  std::string out = body == no_node
                        ? walk.folded(type)
                        : fold_blanks(tree.between(tree.node(type).start, tree.node(body).start), 200);
  if (declarator.function_pointer) out += " (*)()";
  return out + declarator.suffix;
}

NodeId type_name(const SyntaxTree& tree, NodeId type) {
  if (tree.kind(type) == "type_descriptor"_k) type = tree.field(type, "type"_f);
  switch (tree.kind(type)) {
    case "struct_specifier"_k:
    case "union_specifier"_k:
    case "enum_specifier"_k:
    case "class_specifier"_k:
      return tree.field(type, "name"_f);
    default:
      return type;
  }
}

NodeId first_declarator(const SyntaxTree& tree, NodeId declaration) {
  return tree.field(declaration, "declarator"_f);
}

NodeId next_declarator(const SyntaxTree& tree, NodeId declarator) {
  return tree.next_in_field(declarator, "declarator"_f);
}

std::vector<Parameter> parameters_of(const Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  std::vector<Parameter> out;
  for (NodeId child = tree.first_child(list); child != no_node; child = tree.next_sibling(child)) {
    Parameter parameter;
    switch (tree.kind(child)) {
      case "parameter_declaration"_k:
      case "optional_parameter_declaration"_k:
      case "variadic_parameter_declaration"_k: {
        Declarator declarator = read_declarator(tree, tree.field(child, "declarator"_f));
        if (tree.kind(declarator.name) == "identifier"_k) parameter.name = walk.text(declarator.name);
        parameter.type = declared_type(walk, child, declarator);
        parameter.has_default = tree.field(child, "default_value"_f) != no_node;
        parameter.variadic = tree.kind(child) == "variadic_parameter_declaration"_k;
        if (parameter.type == "void" && parameter.name.empty()) continue;
        break;
      }
      case "variadic_parameter"_k:
      case "..."_t:
        parameter.variadic = true;
        break;
      case "identifier"_k:  // K&R: the types follow
        parameter.name = walk.text(child);
        break;
      default:
        continue;
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    Declarator declarator = read_declarator(tree, tree.field(child, "declarator"_f));
    if (tree.kind(declarator.name) != "identifier"_k) continue;
    walk.typed_name_in(scope, walk.text(declarator.name), declared_type(walk, child, declarator), child);
  }
}

bool has_specifier(const SyntaxTree& tree, NodeId declaration, std::string_view word) {
  for (NodeId child = tree.first_child(declaration); child != no_node; child = tree.next_sibling(child)) {
    if (tree.node(child).field == "body"_f || tree.node(child).field == "declarator"_f) return false;
    if (tree.text(child) == word) return true;
  }
  return false;
}

}  // namespace mira::code
