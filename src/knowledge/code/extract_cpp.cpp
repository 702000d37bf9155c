// What C++ adds to C: namespaces, access, member initialisers, lambdas, using, new.
#include "knowledge/code/extract_declarator.h"
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

void visit_namespace(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  if (name == no_node) return walk.enter_file_local(node);
  Symbol symbol = walk.describe(SymbolKind::namespace_, node, name, tree.field(node, "body"_f));
  symbol.name = path_text(tree.text(name));
  walk.add_and_enter(std::move(symbol), node);
}

void visit_access(Walk& walk, NodeId node) {
  NodeId parent = walk.tree.parent(node);
  if (walk.tree.kind(parent) != "field_declaration_list"_k) return;
  std::string_view word = walk.tree.text(node);
  if (word.starts_with("public")) walk.set_access(Visibility::public_);
  if (word.starts_with("protected")) walk.set_access(Visibility::protected_);
  if (word.starts_with("private")) walk.set_access(Visibility::private_);
}

void define_alias(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId parent = tree.parent(node);
  NodeId whole = tree.kind(parent) == "template_declaration"_k ? parent : node;
  Symbol symbol = walk.describe(SymbolKind::type_alias, whole, tree.field(node, "name"_f));
  symbol.type = walk.folded(tree.field(node, "type"_f));
  symbol.visibility = walk.access();
  walk.add(std::move(symbol));
}

void visit_using(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId target = tree.first_named(node);
  Import found;
  found.module = path_text(tree.text(target));
  if (tree.has_child(node, "namespace"_t)) {
    found.name = "*";
  } else {
    std::size_t at = found.module.rfind("::");
    if (at == std::string::npos) return;
    found.name = found.module.substr(at + 2);
    found.module.resize(at);
  }
  walk.import(std::move(found), node);
  walk.skip(node);
}

void visit_namespace_alias(Walk& walk, NodeId node) {
  NodeId name = walk.tree.field(node, "name"_f);
  Import found;
  found.module = path_text(walk.tree.text(walk.tree.next_named(name)));
  found.alias = walk.text(name);
  walk.import(std::move(found), node);
  walk.skip(node);
}

// `: Base(x), member_(y)`: both run a constructor; which one, the name's type tells.
void visit_field_initializer(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.first_named(node);
  NodeId list = tree.next_named(name);
  CallSite site;
  NodeId place = describe_callee(walk, name, site);
  if (place == no_node) return;
  site.kind = CallKind::construct;
  describe_arguments(walk, list, site);
  NodeId only = tree.first_named(list);
  if (site.receiver_kind == ReceiverKind::none && tree.kind(name) == "field_identifier"_k &&
      only != no_node && tree.next_named(only) == no_node) {
    assign_expression(walk, walk.scope(), "self." + site.name, only, node);
  }
  walk.call(std::move(site), place);
}

void visit_lambda(Walk& walk, NodeId node) {
  walk.enter_anonymous(node);
  NodeId declarator = walk.tree.field(node, "declarator"_f);
  type_parameters(walk, walk.scope(), walk.tree.field(declarator, "parameters"_f));
}

void visit_range_loop(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  Declarator declarator = read_declarator(tree, tree.field(node, "declarator"_f));
  walk.typed_name(walk.text(declarator.name), declared_type(walk, node, declarator), declarator.name);
  assign_pattern_of_element(walk, walk.scope(), declarator.name, tree.field(node, "right"_f), node);
}

void visit_catch(Walk& walk, NodeId node) {
  walk.branch();
  type_parameters(walk, walk.scope(), walk.tree.field(node, "parameters"_f));
}

void define_concept(Walk& walk, NodeId node) {
  Symbol symbol = walk.describe(SymbolKind::type_alias, node, walk.tree.field(node, "name"_f));
  walk.add(std::move(symbol));
}

// make_unique<T>(x) is a call as well as a construction.
void visit_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  emit_call(walk, node);
  if (walk.expression(node).shape != Shape::construct) return;
  emit_use(walk, tree.field(node, "function"_f), CallKind::call);
}

}  // namespace

void visit_cpp(Walk& walk, NodeId node) {
  switch (walk.tree.kind(node)) {
    case "namespace_definition"_k:
      return visit_namespace(walk, node);
    case "access_specifier"_k:
      return visit_access(walk, node);
    case "alias_declaration"_k:
      return define_alias(walk, node);
    case "using_declaration"_k:
      return visit_using(walk, node);
    case "namespace_alias_definition"_k:
      return visit_namespace_alias(walk, node);
    case "field_initializer"_k:
      return visit_field_initializer(walk, node);
    case "lambda_expression"_k:
      return visit_lambda(walk, node);
    case "for_range_loop"_k:
      return visit_range_loop(walk, node);
    case "catch_clause"_k:
      return visit_catch(walk, node);
    case "concept_definition"_k:
      return define_concept(walk, node);
    case "friend_declaration"_k:
      if (!walk.tree.has_child(node, "function_definition"_k)) walk.skip(node);
      return;
    case "call_expression"_k:
      return visit_call(walk, node);
    case "new_expression"_k:
    case "compound_literal_expression"_k:
      return emit_call(walk, node);
    default:
      return visit_c(walk, node);
  }
}

}  // namespace mira::code
