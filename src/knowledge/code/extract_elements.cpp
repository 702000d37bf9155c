// Languages read for their elements: what is defined, what is imported, and calls by
// name. Shell, Lua, Swift, Scala: each a short visitor over the same helpers.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

std::int32_t define(Walk& walk, NodeId node, SymbolKind kind, NodeId name, NodeId body) {
  bool member = walk.type() != no_symbol && kind == SymbolKind::function;
  Symbol symbol = walk.describe(member ? SymbolKind::method : kind, node, name, body);
  return walk.add(std::move(symbol));
}

void define_and_enter(Walk& walk, NodeId node, SymbolKind kind, NodeId name, NodeId body) {
  if (name == no_node) return;
  walk.enter(define(walk, node, kind, name, body), node);
}

void add_parameters(Walk& walk, Kind parameter_kind, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  if (walk.callable() == no_symbol) return;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    if (tree.kind(child) != parameter_kind) continue;
    NodeId name = tree.field(child, "name"_f);
    Parameter parameter{walk.text(name == no_node ? child : name), walk.folded(tree.field(child, "type"_f)),
                        false, false};
    walk.typed_name(parameter.name, parameter.type, child);
    walk.facts.symbols[walk.callable()].parameters.push_back(std::move(parameter));
  }
}

// source ./lib.sh and . ./lib.sh are imports; all other commands may be functions.
void visit_command(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId word = tree.first_named(tree.field(node, "name"_f));
  NodeId argument = tree.field(node, "argument"_f);
  std::string_view name = tree.text(word);
  if ((name == "source" || name == ".") && argument != no_node) {
    return walk.import({.module = unquoted(tree.text(argument))}, node);
  }
  if (tree.kind(word) != "word"_k) return;
  CallSite site;
  site.name = std::string(name);
  for (; argument != no_node; argument = tree.next_in_field(argument, "argument"_f)) ++site.arguments;
  walk.call(std::move(site), word);
}

// function M.h(x), function M:k(): the table is the owner.
void visit_lua_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId member = tree.field(name, "field"_f);
  if (member == no_node) member = tree.field(name, "method"_f);
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(member == no_node ? SymbolKind::function : SymbolKind::method, node,
                                member == no_node ? name : member, body);
  if (member != no_node) symbol.scope_name = walk.text(tree.field(name, "table"_f));
  if (tree.text(node).starts_with("local")) symbol.visibility = Visibility::file;
  walk.add_and_enter(std::move(symbol), node);
  add_parameters(walk, "identifier"_k, tree.field(node, "parameters"_f));
}

// local n = function() ... end, { p = function() ... end }
void visit_lua_value(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId around = tree.parent(node);
  NodeId name = tree.kind(around) == "field"_k ? tree.field(around, "name"_f) : no_node;
  if (tree.kind(around) == "expression_list"_k && tree.named_count(around) == 1) {
    NodeId variables = tree.child_of_kind(tree.parent(around), "variable_list"_k);
    if (tree.named_count(variables) == 1) name = tree.first_named(variables);
  }
  if (tree.kind(name) != "identifier"_k) return walk.enter_anonymous(node);
  define_and_enter(walk, node, SymbolKind::function, name, tree.field(node, "body"_f));
}

void visit_lua_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId argument = tree.first_named(tree.field(node, "arguments"_f));
  if (tree.text(tree.field(node, "name"_f)) == "require" && tree.kind(argument) == "string"_k) {
    return walk.import({.module = unquoted(tree.text(argument))}, node);
  }
  emit_call(walk, node);
}

SymbolKind swift_kind(std::string_view word) {
  if (word == "struct") return SymbolKind::struct_type;
  if (word == "enum") return SymbolKind::enum_type;
  return SymbolKind::class_type;
}

void visit_swift_type(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId kind = tree.field(node, "declaration_kind"_f);
  bool protocol = tree.kind(node) == "protocol_declaration"_k;
  Symbol symbol = walk.describe(protocol ? SymbolKind::interface : swift_kind(tree.text(kind)), node,
                                tree.field(node, "name"_f), tree.field(node, "body"_f));
  for (NodeId base = tree.first_named(node); base != no_node; base = tree.next_named(base)) {
    if (tree.kind(base) == "inheritance_specifier"_k) symbol.bases.push_back(walk.folded(base));
  }
  walk.add_and_enter(std::move(symbol), node);
}

// The result type is the last child named "name" before the body.
void visit_swift_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  bool constructor = tree.kind(node) == "init_declaration"_k;
  define_and_enter(walk, node, constructor ? SymbolKind::constructor : SymbolKind::function, name,
                   tree.field(node, "body"_f));
  for (NodeId child = tree.first_named(node); child != no_node; child = tree.next_named(child)) {
    if (tree.kind(child) != "parameter"_k || walk.callable() == no_symbol) continue;
    NodeId spelled = tree.field(child, "name"_f);
    NodeId type = tree.next_in_field(spelled, "name"_f);
    walk.typed_name(walk.text(spelled), walk.folded(type), child);
    walk.facts.symbols[walk.callable()].parameters.push_back(
        {walk.text(spelled), walk.folded(type), false, false});
  }
}

void visit_swift_property(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (walk.in_callable()) return;
  NodeId name = tree.field(tree.field(node, "name"_f), "bound_identifier"_f);
  if (name == no_node) return;
  Symbol symbol =
      walk.describe(walk.type() != no_symbol ? SymbolKind::property : SymbolKind::variable, node, name);
  symbol.type = walk.folded(tree.first_named(tree.child_of_kind(node, "type_annotation"_k)));
  std::int32_t index = walk.add(std::move(symbol));
  if (tree.field(node, "computed_value"_f) != no_node) walk.enter(index, node);
}

void visit_scala_type(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), tree.field(node, "body"_f));
  NodeId clause = tree.field(node, "extend"_f);
  for (NodeId base = tree.first_named(clause); base != no_node; base = tree.next_named(base)) {
    if (tree.node(base).field == "type"_f) symbol.bases.push_back(walk.folded(base));
  }
  walk.add_and_enter(std::move(symbol), node);
}

void visit_scala_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  bool member = walk.type() != no_symbol;
  Symbol symbol = walk.describe(member ? SymbolKind::method : SymbolKind::function, node,
                                tree.field(node, "name"_f), body);
  symbol.type = walk.folded(tree.field(node, "return_type"_f));
  symbol.declaration = body == no_node;
  walk.add_and_enter(std::move(symbol), node);
  NodeId list = tree.field(node, "parameters"_f);
  for (; list != no_node; list = tree.next_in_field(list, "parameters"_f))
    add_parameters(walk, "parameter"_k, list);
}

void visit_scala_value(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "pattern"_f);
  if (walk.in_callable() || tree.kind(name) != "identifier"_k) return;
  Symbol symbol =
      walk.describe(walk.type() != no_symbol ? SymbolKind::field : SymbolKind::variable, node, name);
  symbol.type = walk.folded(tree.field(node, "type"_f));
  walk.add(std::move(symbol));
}

// import e.{f => g, h}
void visit_scala_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::string module;
  for (NodeId part = tree.field(node, "path"_f); part != no_node; part = tree.next_in_field(part, "path"_f)) {
    if (tree.node(part).named) module += (module.empty() ? "" : ".") + walk.text(part);
  }
  NodeId selectors = tree.child_of_kind(node, "namespace_selectors"_k);
  if (selectors == no_node) {
    bool all = tree.has_child(node, "namespace_wildcard"_k);
    return walk.import({.module = module, .name = all ? "*" : ""}, node);
  }
  for (NodeId part = tree.first_named(selectors); part != no_node; part = tree.next_named(part)) {
    NodeId name = tree.field(part, "name"_f);
    walk.import({.module = module,
                 .name = walk.text(name == no_node ? part : name),
                 .alias = walk.text(tree.field(part, "alias"_f))},
                part);
  }
}

}  // namespace

Expression elements_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "simple_identifier"_k:
    case "type_identifier"_k:
      return tree.text(node) == "self" || tree.text(node) == "this" ? shape::self() : shape::name(node);
    case "self_expression"_k:
      return shape::self();
    case "super_expression"_k:
      return shape::super();
    case "dot_index_expression"_k:
      return shape::member(field("table"_f), field("field"_f));
    case "method_index_expression"_k:
      return shape::member(field("table"_f), field("method"_f));
    case "function_call"_k:
      return shape::call(field("name"_f), field("arguments"_f));
    case "navigation_expression"_k:
      return shape::member(field("target"_f), tree.first_named(field("suffix"_f)));
    case "field_expression"_k:
      return shape::member(field("value"_f), field("field"_f));
    case "call_expression"_k: {
      NodeId callee = field("function"_f);
      NodeId suffix = tree.child_of_kind(node, "call_suffix"_k);
      if (callee != no_node) return shape::call(callee, field("arguments"_f));
      return shape::call(tree.first_named(node), tree.child_of_kind(suffix, "value_arguments"_k));
    }
    case "instance_expression"_k:
      return shape::construct(tree.first_named(node), field("arguments"_f));
    case "value_argument"_k:
      return shape::inner(field("value"_f));
    case "parenthesized_expression"_k:
      return shape::inner(tree.first_named(node));
    default:
      return {};
  }
}

void visit_bash(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "function_definition"_k:
      return define_and_enter(walk, node, SymbolKind::function, tree.field(node, "name"_f),
                              tree.field(node, "body"_f));
    case "command"_k:
      return visit_command(walk, node);
    case "variable_assignment"_k:
      if (walk.in_callable() || !walk.first_of_name(tree.text(tree.field(node, "name"_f)))) return;
      define(walk, node, SymbolKind::variable, tree.field(node, "name"_f), no_node);
      return;
    case "if_statement"_k:
    case "while_statement"_k:
    case "for_statement"_k:
    case "case_item"_k:
    case "list"_k:
      return walk.branch();
    default:
      return;
  }
}

void visit_lua(Walk& walk, NodeId node) {
  switch (walk.tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "function_declaration"_k:
      return visit_lua_function(walk, node);
    case "function_definition"_k:
      return visit_lua_value(walk, node);
    case "function_call"_k:
      return visit_lua_call(walk, node);
    case "if_statement"_k:
    case "elseif_statement"_k:
    case "while_statement"_k:
    case "for_statement"_k:
    case "repeat_statement"_k:
      return walk.branch();
    default:
      return;
  }
}

void visit_swift(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
    case "multiline_comment"_k:
      return walk.note_comment(node);
    case "import_declaration"_k:
      return walk.import({.module = walk.text(tree.last_named(node))}, node);
    case "class_declaration"_k:
    case "protocol_declaration"_k:
      return visit_swift_type(walk, node);
    case "function_declaration"_k:
    case "init_declaration"_k:
    case "protocol_function_declaration"_k:
      return visit_swift_function(walk, node);
    case "property_declaration"_k:
      return visit_swift_property(walk, node);
    case "typealias_declaration"_k:
      define(walk, node, SymbolKind::type_alias, tree.field(node, "name"_f), no_node);
      return;
    case "enum_entry"_k:
      for (NodeId name = tree.field(node, "name"_f); name != no_node;
           name = tree.next_in_field(name, "name"_f)) {
        define(walk, node, SymbolKind::enum_member, name, no_node);
      }
      return;
    case "lambda_literal"_k:
      return walk.enter_anonymous(node);
    case "call_expression"_k:
      return emit_call(walk, node);
    case "if_statement"_k:
    case "guard_statement"_k:
    case "for_statement"_k:
    case "while_statement"_k:
    case "switch_entry"_k:
      return walk.branch();
    default:
      return;
  }
}

void visit_scala(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
    case "block_comment"_k:
      return walk.note_comment(node);
    case "package_clause"_k:
      walk.facts.package = walk.text(tree.field(node, "name"_f));
      return;
    case "import_declaration"_k:
      return visit_scala_import(walk, node);
    case "class_definition"_k:
    case "object_definition"_k:
      return visit_scala_type(walk, node, SymbolKind::class_type);
    case "trait_definition"_k:
      return visit_scala_type(walk, node, SymbolKind::trait);
    case "enum_definition"_k:
      return visit_scala_type(walk, node, SymbolKind::enum_type);
    case "function_definition"_k:
    case "function_declaration"_k:
      return visit_scala_function(walk, node);
    case "val_definition"_k:
    case "var_definition"_k:
      return visit_scala_value(walk, node);
    case "type_definition"_k:
      define(walk, node, SymbolKind::type_alias, tree.field(node, "name"_f), no_node);
      return;
    case "lambda_expression"_k:
      return walk.enter_anonymous(node);
    case "call_expression"_k:
    case "instance_expression"_k:
      return emit_call(walk, node);
    case "if_expression"_k:
    case "while_expression"_k:
    case "for_expression"_k:
    case "case_clause"_k:
      return walk.branch();
    default:
      return;
  }
}

}  // namespace mira::code
