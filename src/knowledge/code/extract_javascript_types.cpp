// Classes, interfaces, enums, namespaces and type aliases of the JavaScript family.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_javascript.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

NodeId exported_whole(const SyntaxTree& tree, NodeId node) {
  NodeId parent = tree.parent(node);
  Kind kind = tree.kind(parent);
  return kind == "export_statement"_k || kind == "ambient_declaration"_k ? parent : node;
}

Visibility file_visibility(const Walk& walk, NodeId whole) {
  return walk.at_file_level() && walk.tree.kind(whole) != "export_statement"_k ? Visibility::file
                                                                               : Visibility::public_;
}

Visibility member_visibility(const Walk& walk, NodeId node, NodeId name) {
  if (walk.tree.kind(name) == "private_property_identifier"_k) return Visibility::private_;
  std::string_view word = walk.tree.text(walk.tree.child_of_kind(node, "accessibility_modifier"_k));
  if (word == "private") return Visibility::private_;
  return word == "protected" ? Visibility::protected_ : Visibility::public_;
}

// `extends A<T> implements B, C`; in JavaScript the class_heritage holds the expression itself.
std::vector<std::string> bases_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> bases;
  NodeId heritage = tree.child_of_kind(node, "class_heritage"_k);
  if (heritage == no_node) heritage = tree.child_of_kind(node, "extends_type_clause"_k);
  for (NodeId child = tree.first_named(heritage); child != no_node; child = tree.next_named(child)) {
    Kind kind = tree.kind(child);
    if (kind != "extends_clause"_k && kind != "implements_clause"_k) {
      bases.push_back(walk.folded(child));
      continue;
    }
    for (NodeId base = tree.first_named(child); base != no_node; base = tree.next_named(base)) {
      if (tree.kind(base) != "type_arguments"_k) bases.push_back(walk.folded(base));
    }
  }
  return bases;
}

// A class is named by itself or by the variable it is the value of.
void visit_class(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId parent = tree.parent(node);
  NodeId name = tree.field(node, "name"_f);
  NodeId whole = exported_whole(tree, node);
  if (tree.kind(parent) == "variable_declarator"_k &&
      tree.kind(tree.field(parent, "name"_f)) == "identifier"_k) {
    name = tree.field(parent, "name"_f);
    whole = exported_whole(tree, tree.parent(parent));
  }
  bool unnamed_default = name == no_node && tree.kind(whole) == "export_statement"_k;
  if (name == no_node && !unnamed_default) return;
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(SymbolKind::class_type, whole, name == no_node ? node : name, body);
  if (unnamed_default) {
    symbol.name = "default";
    walk.facts.exports.push_back({"default", "default"});
  }
  symbol.bases = bases_of(walk, node);
  symbol.visibility = file_visibility(walk, whole);
  symbol.is_virtual = tree.kind(node) == "abstract_class_declaration"_k;
  for (NodeId child = tree.first_named(node); tree.kind(child) == "decorator"_k;
       child = tree.next_named(child)) {
    symbol.decorators.push_back(walk.folded(tree.first_named(child)));
  }
  for (std::string& decorator : walk.take_decorators(node)) symbol.decorators.push_back(std::move(decorator));
  walk.add_and_enter(std::move(symbol), node);
}

void visit_interface(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId whole = exported_whole(tree, node);
  Symbol symbol =
      walk.describe(SymbolKind::interface, whole, tree.field(node, "name"_f), tree.field(node, "body"_f));
  symbol.bases = bases_of(walk, node);
  symbol.visibility = file_visibility(walk, whole);
  walk.add_and_enter(std::move(symbol), node);
}

void visit_alias(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId whole = exported_whole(tree, node);
  Symbol symbol = walk.describe(SymbolKind::type_alias, whole, tree.field(node, "name"_f));
  symbol.type = walk.folded(tree.field(node, "value"_f));
  symbol.visibility = file_visibility(walk, whole);
  walk.add_and_enter(std::move(symbol), node);
}

void visit_enum(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  NodeId whole = exported_whole(tree, node);
  Symbol symbol = walk.describe(SymbolKind::enum_type, whole, tree.field(node, "name"_f), body);
  symbol.visibility = file_visibility(walk, whole);
  walk.add_and_enter(std::move(symbol), node);
  for (NodeId member = tree.first_named(body); member != no_node; member = tree.next_named(member)) {
    NodeId name = tree.field(member, "name"_f);
    Symbol value = walk.describe(SymbolKind::enum_member, member, name == no_node ? member : name);
    value.name = unquoted(value.name);
    walk.add(std::move(value));
  }
}

void visit_namespace(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  bool is_module = tree.kind(name) == "string"_k;
  Symbol symbol = walk.describe(is_module ? SymbolKind::module : SymbolKind::namespace_,
                                exported_whole(tree, node), name, tree.field(node, "body"_f));
  symbol.name = unquoted(symbol.name);
  walk.add_and_enter(std::move(symbol), node);
}

bool is_member_place(const Walk& walk, NodeId node) {
  if (walk.symbol() == no_symbol) return false;
  NodeId holder = walk.tree.parent(node);
  Kind around = walk.tree.kind(walk.tree.parent(holder));
  return around == "interface_declaration"_k || around == "type_alias_declaration"_k ||
         walk.tree.kind(holder) == "class_body"_k;
}

void visit_field(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  if (name == no_node) name = tree.field(node, "property"_f);
  if (name == no_node || !is_member_place(walk, node)) return;
  NodeId value = tree.field(node, "value"_f);
  if (expression_of(walk, value).shape == Shape::callable) return;  // a method, see binding_of
  Symbol symbol = walk.describe(SymbolKind::field, node, name, value);
  symbol.name = unquoted(symbol.name);
  symbol.type = annotated_type(walk, node);
  symbol.visibility = member_visibility(walk, node, name);
  symbol.is_static = tree.has_child(node, "static"_t);
  symbol.decorators = walk.take_decorators(node);
  std::string target = symbol.name;
  walk.add(std::move(symbol));
  if (value != no_node) assign_expression(walk, walk.scope(), target, value, node);
}

void visit_method(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId body = tree.field(node, "body"_f);
  bool in_object = tree.kind(tree.parent(node)) == "object"_k;
  if (name == no_node || (!in_object && !is_member_place(walk, node))) return;
  Symbol symbol = walk.describe(SymbolKind::method, node, name, body);
  symbol.name = unquoted(symbol.name);
  if (!in_object && symbol.name == "constructor") symbol.kind = SymbolKind::constructor;
  if (in_object) symbol.scope_name = object_path(walk, node);
  symbol.type = annotated_type(walk, node, "return_type"_f);
  symbol.visibility = member_visibility(walk, node, name);
  symbol.declaration = body == no_node;
  symbol.is_virtual = body == no_node;
  symbol.is_static = tree.has_child(node, "static"_t);
  symbol.is_async_or_generator = tree.has_child(node, "async"_t) || tree.has_child(node, "*"_t);
  symbol.decorators = walk.take_decorators(node);
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  define_parameters(walk, index, node);
}

}  // namespace

void visit_javascript_types(Walk& walk, NodeId node) {
  switch (walk.tree.kind(node)) {
    case "class_declaration"_k:
    case "abstract_class_declaration"_k:
    case "class"_k:
      return visit_class(walk, node);
    case "interface_declaration"_k:
      return visit_interface(walk, node);
    case "type_alias_declaration"_k:
      return visit_alias(walk, node);
    case "enum_declaration"_k:
      return visit_enum(walk, node);
    case "internal_module"_k:
    case "module"_k:
      return visit_namespace(walk, node);
    case "method_definition"_k:
    case "method_signature"_k:
    case "abstract_method_signature"_k:
      return visit_method(walk, node);
    case "public_field_definition"_k:
    case "field_definition"_k:
    case "property_signature"_k:
      return visit_field(walk, node);
    default:
      return;
  }
}

}  // namespace mira::code
