// Rust: impl blocks, traits, use trees, patterns, macro tokens.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"
#include "knowledge/code/extract_rust.h"
#include "knowledge/code/symbol_kinds.h"

namespace mira::code {
namespace {

Visibility visibility_of(const Walk& walk, NodeId node) {
  NodeId modifier = walk.tree.child_of_kind(node, "visibility_modifier"_k);
  if (modifier == no_node) return walk.access() == Visibility::public_ ? Visibility::file : walk.access();
  return walk.tree.text(modifier) == "pub" ? Visibility::public_ : Visibility::package;
}

// The type of an impl block without its arguments: "S" of S<T>, &S, a::S.
std::string bare_type(const SyntaxTree& tree, NodeId type) {
  for (int level = 0; level < 8; ++level) {
    Kind kind = tree.kind(type);
    if (kind == "generic_type"_k || kind == "reference_type"_k) {
      type = tree.field(type, "type"_f);
    } else {
      break;
    }
  }
  return path_text(tree.text(type));
}

std::vector<Parameter> parameters_of(const Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  std::vector<Parameter> out;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    Parameter parameter;
    if (tree.kind(child) == "self_parameter"_k) {
      parameter.name = "self";
      parameter.type = walk.folded(child);
    } else if (tree.kind(child) == "parameter"_k) {
      parameter.name = short_text(tree.text(tree.field(child, "pattern"_f)));
      parameter.type = walk.folded(tree.field(child, "type"_f));
    } else if (tree.kind(child) == "identifier"_k) {
      parameter.name = walk.text(child);
    } else {
      continue;
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    NodeId pattern = tree.field(child, "pattern"_f);
    if (tree.kind(pattern) == "identifier"_k) {
      walk.typed_name_in(scope, walk.text(pattern), walk.folded(tree.field(child, "type"_f)), child);
    } else if (tree.kind(child) == "identifier"_k) {
      walk.assign_in(scope, walk.text(child), {}, child);
    }
  }
}

// The value of a block: its last expression without a semicolon.
void return_tail(Walk& walk, std::int32_t function, NodeId body) {
  const SyntaxTree& tree = walk.tree;
  NodeId last = tree.last_named(body);
  if (tree.kind(last) == "expression_statement"_k && !tree.text(last).ends_with(';'))
    last = tree.first_named(last);
  Value value = value_of(walk, last);
  Shape shape = expression_of(walk, last).shape;
  if (value.kind != ValueKind::other || shape == Shape::either)
    assign_expression(walk, function, "return", last, last);
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  NodeId holder = tree.parent(tree.parent(node));
  bool in_impl = tree.kind(holder) == "impl_item"_k;
  bool in_trait = tree.kind(holder) == "trait_item"_k;
  Symbol symbol = walk.describe(in_impl || in_trait ? SymbolKind::method : SymbolKind::function, node,
                                tree.field(node, "name"_f), body);
  symbol.decorators = walk.take_decorators(node);
  symbol.visibility = in_trait ? Visibility::public_ : visibility_of(walk, node);
  symbol.type = walk.folded(tree.field(node, "return_type"_f));
  symbol.parameters = parameters_of(walk, tree.field(node, "parameters"_f));
  symbol.declaration = body == no_node;
  symbol.is_virtual = in_trait;
  symbol.is_async_or_generator =
      tree.text(tree.child_of_kind(node, "function_modifiers"_k)).find("async") != std::string_view::npos;
  bool has_self = !symbol.parameters.empty() && symbol.parameters[0].name == "self";
  symbol.is_static = (in_impl || in_trait) && !has_self;
  if (in_impl) {
    symbol.scope_name = bare_type(tree, tree.field(holder, "type"_f));
    NodeId trait = tree.field(holder, "trait"_f);
    if (trait != no_node) {
      symbol.bases.push_back(walk.folded(trait));
      symbol.visibility = Visibility::public_;
    }
  }
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, tree.field(node, "parameters"_f));
  return_tail(walk, index, body);
}

void visit_type(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), body);
  symbol.decorators = walk.take_decorators(node);
  symbol.visibility = visibility_of(walk, node);
  NodeId bounds = tree.field(node, "bounds"_f);
  for (NodeId bound = tree.first_named(bounds); bound != no_node; bound = tree.next_named(bound)) {
    if (tree.kind(bound) != "lifetime"_k) symbol.bases.push_back(walk.folded(bound));
  }
  if (kind == SymbolKind::type_alias) symbol.type = walk.folded(tree.field(node, "type"_f));
  NodeId holder = tree.parent(tree.parent(node));
  if (tree.kind(holder) == "impl_item"_k) symbol.scope_name = bare_type(tree, tree.field(holder, "type"_f));
  std::int32_t index = walk.add(std::move(symbol));
  if (kind != SymbolKind::type_alias) walk.enter(index, node);
}

// impl Tr for S in the file that has S: Tr is a base of S.
void visit_impl(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.take_decorators(node);
  NodeId trait = tree.field(node, "trait"_f);
  if (trait == no_node) return;
  std::string type = bare_type(tree, tree.field(node, "type"_f));
  for (Symbol& symbol : walk.facts.symbols) {
    if (!is_class_like(symbol.kind) || symbol.name != type || symbol.parent != walk.symbol()) continue;
    symbol.bases.push_back(walk.folded(trait));
    break;
  }
}

void visit_module(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId body = tree.field(node, "body"_f);
  bool is_public = tree.has_child(node, "visibility_modifier"_k);
  if (body == no_node) {
    Import found{.module = "self::" + walk.text(name), .alias = walk.text(name), .reexport = is_public};
    walk.take_decorators(node);
    return walk.import(std::move(found), node);
  }
  Symbol symbol = walk.describe(SymbolKind::module, node, name, body);
  symbol.decorators = walk.take_decorators(node);
  symbol.visibility = visibility_of(walk, node);
  walk.add_and_enter(std::move(symbol), node);
}

void visit_field(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (walk.type() == no_symbol) return;
  Symbol symbol = walk.describe(SymbolKind::field, node, tree.field(node, "name"_f));
  symbol.type = walk.folded(tree.field(node, "type"_f));
  symbol.decorators = walk.take_decorators(node);
  NodeId modifier = tree.child_of_kind(node, "visibility_modifier"_k);
  symbol.visibility = modifier == no_node ? Visibility::private_ : Visibility::public_;
  walk.add(std::move(symbol));
}

void visit_variant(Walk& walk, NodeId node) {
  Symbol symbol = walk.describe(SymbolKind::enum_member, node, walk.tree.field(node, "name"_f));
  symbol.decorators = walk.take_decorators(node);
  walk.add(std::move(symbol));
}

void visit_value(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId value = tree.field(node, "value"_f);
  std::string type = walk.folded(tree.field(node, "type"_f));
  if (walk.in_callable()) {
    walk.typed_name(walk.text(name), type, node);
  } else {
    Symbol symbol = walk.describe(kind, node, name, value);
    symbol.decorators = walk.take_decorators(node);
    symbol.type = type;
    NodeId holder = tree.parent(tree.parent(node));
    if (tree.kind(holder) == "impl_item"_k) symbol.scope_name = bare_type(tree, tree.field(holder, "type"_f));
    symbol.visibility = visibility_of(walk, node);
    walk.add(std::move(symbol));
  }
  if (value != no_node) assign_expression(walk, walk.scope(), walk.text(name), value, node);
}

// let p = v; if let Some(x) = v: the names of the pattern are parts of the value.
void visit_let(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId pattern = tree.field(node, "pattern"_f);
  NodeId value = tree.field(node, "value"_f);
  walk.typed_name(expression_text(walk, pattern), walk.folded(tree.field(node, "type"_f)), node);
  if (tree.kind(node) == "let_condition"_k) walk.branch(0);
  assign_pattern(walk, walk.scope(), pattern, value, node);
}

// The names of an arm's pattern are parts of what is matched.
void visit_arm(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId matched = tree.field(tree.parent(tree.parent(node)), "value"_f);
  NodeId pattern = tree.first_named(tree.field(node, "pattern"_f));
  if (expression_of(walk, pattern).shape == Shape::container) {
    assign_pattern(walk, walk.scope(), pattern, matched, node);
  }
}

void visit_closure(Walk& walk, NodeId node) {
  walk.enter_anonymous(node);
  NodeId list = walk.tree.field(node, "parameters"_f);
  type_parameters(walk, walk.scope(), list);
  NodeId first = walk.tree.first_named(list);
  if (walk.tree.kind(first) == "identifier"_k) assign_from_holder(walk, node, walk.text(first));
}

void visit_return(Walk& walk, NodeId node) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node)
    assign_expression(walk, walk.callable(), "return", value, node);
}

void visit_binary(Walk& walk, NodeId node) {
  if (walk.tree.has_child(node, "&&"_t) || walk.tree.has_child(node, "||"_t)) walk.branch();
}

void visit_macro_definition(Walk& walk, NodeId node) {
  Symbol symbol = walk.describe(SymbolKind::macro, node, walk.tree.field(node, "name"_f));
  symbol.signature = "macro_rules! " + symbol.name;
  symbol.decorators = walk.take_decorators(node);
  std::int32_t index = walk.add(std::move(symbol));
  walk.enter(index, node);
}

// What stands in bodies.
void visit_code(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "let_declaration"_k:
    case "let_condition"_k:
      return visit_let(walk, node);
    case "for_expression"_k:
      walk.branch();
      return assign_pattern_of_element(walk, walk.scope(), tree.field(node, "pattern"_f),
                                       tree.field(node, "value"_f), node);
    case "match_arm"_k:
      return visit_arm(walk, node);
    case "closure_expression"_k:
      return visit_closure(walk, node);
    case "call_expression"_k:
    case "struct_expression"_k:
      return emit_call(walk, node);
    case "assignment_expression"_k:
      return assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), tree.field(node, "right"_f),
                            node);
    case "return_expression"_k:
      return visit_return(walk, node);
    case "if_expression"_k:
    case "while_expression"_k:
    case "loop_expression"_k:
      return walk.branch();
    case "binary_expression"_k:
      return visit_binary(walk, node);
    default:
      return;
  }
}

}  // namespace

void visit_rust(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "line_comment"_k:
    case "block_comment"_k:
      if (tree.child_of_kind(node, "inner_doc_comment_marker"_k) == no_node) walk.note_comment(node);
      return;
    case "attribute_item"_k:
      walk.note_decorator(node, walk.folded(tree.first_named(node)));
      return walk.skip(node);
    case "use_declaration"_k:
      return visit_rust_use(walk, node);
    case "extern_crate_declaration"_k:
      return walk.import(
          {.module = walk.text(tree.field(node, "name"_f)), .alias = walk.text(tree.field(node, "alias"_f))},
          node);
    case "mod_item"_k:
      return visit_module(walk, node);
    case "function_item"_k:
    case "function_signature_item"_k:
      return visit_function(walk, node);
    case "struct_item"_k:
      return visit_type(walk, node, SymbolKind::struct_type);
    case "union_item"_k:
      return visit_type(walk, node, SymbolKind::union_type);
    case "enum_item"_k:
      return visit_type(walk, node, SymbolKind::enum_type);
    case "trait_item"_k:
      return visit_type(walk, node, SymbolKind::trait);
    case "type_item"_k:
      return visit_type(walk, node, SymbolKind::type_alias);
    case "impl_item"_k:
      return visit_impl(walk, node);
    case "field_declaration"_k:
      return visit_field(walk, node);
    case "enum_variant"_k:
      return visit_variant(walk, node);
    case "associated_type"_k:
      walk.add(walk.describe(SymbolKind::type_alias, node, tree.field(node, "name"_f)));
      return;
    case "const_item"_k:
      return visit_value(walk, node, SymbolKind::constant);
    case "static_item"_k:
      return visit_value(walk, node, SymbolKind::variable);
    case "macro_definition"_k:
      return visit_macro_definition(walk, node);
    case "macro_invocation"_k:
      return visit_rust_macro(walk, node);
    case "token_tree"_k:
      return visit_rust_tokens(walk, node);
    default:
      return visit_code(walk, node);
  }
}

}  // namespace mira::code
