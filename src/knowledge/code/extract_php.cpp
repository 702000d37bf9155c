// PHP: namespaces, use, traits, promoted properties, $this, static calls.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

// "x" of $x.
NodeId bare_name(const SyntaxTree& tree, NodeId variable) {
  NodeId name = tree.first_named(variable);
  return tree.kind(variable) == "variable_name"_k && name != no_node ? name : variable;
}

Visibility visibility_of(const SyntaxTree& tree, NodeId node) {
  std::string_view word = tree.text(tree.child_of_kind(node, "visibility_modifier"_k));
  if (word == "private") return Visibility::private_;
  return word == "protected" ? Visibility::protected_ : Visibility::public_;
}

std::vector<std::string> attributes_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> out;
  NodeId list = tree.field(node, "attributes"_f);
  for (NodeId group = tree.first_named(list); group != no_node; group = tree.next_named(group)) {
    for (NodeId attribute = tree.first_named(group); attribute != no_node;
         attribute = tree.next_named(attribute)) {
      out.push_back(walk.folded(attribute));
    }
  }
  return out;
}

Parameter parameter_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Parameter out;
  out.name = walk.text(bare_name(tree, tree.field(node, "name"_f)));
  out.type = walk.folded(tree.field(node, "type"_f));
  out.has_default = tree.field(node, "default_value"_f) != no_node;
  out.variadic = tree.kind(node) == "variadic_parameter"_k;
  return out;
}

void define_parameters(Walk& walk, std::int32_t function, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    Parameter parameter = parameter_of(walk, child);
    walk.typed_name_in(function, parameter.name, parameter.type, child);
    if (tree.kind(child) == "property_promotion_parameter"_k &&
        walk.facts.symbols[function].parent != no_symbol) {
      Symbol field = walk.describe(SymbolKind::field, child, bare_name(tree, tree.field(child, "name"_f)));
      field.type = parameter.type;
      field.visibility = visibility_of(tree, child);
      walk.add_to(walk.facts.symbols[function].parent, std::move(field));
      walk.assign_in(function, "self." + parameter.name, {ValueKind::name, parameter.name, {}}, child);
    }
    walk.facts.symbols[function].parameters.push_back(std::move(parameter));
  }
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  bool member = tree.kind(node) == "method_declaration"_k;
  Symbol symbol = walk.describe(member ? SymbolKind::method : SymbolKind::function, node,
                                tree.field(node, "name"_f), body);
  if (member && symbol.name == "__construct") symbol.kind = SymbolKind::constructor;
  symbol.decorators = attributes_of(walk, node);
  symbol.visibility = visibility_of(tree, node);
  symbol.is_static = tree.has_child(node, "static_modifier"_k);
  symbol.declaration = body == no_node;
  symbol.is_virtual = body == no_node;
  symbol.type = walk.folded(tree.field(node, "return_type"_f));
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  define_parameters(walk, index, tree.field(node, "parameters"_f));
}

void visit_closure(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.enter_anonymous(node);
  NodeId list = tree.field(node, "parameters"_f);
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    Parameter parameter = parameter_of(walk, child);
    walk.typed_name(parameter.name, parameter.type, child);
    if (parameter.type.empty()) walk.assign(parameter.name, {}, child);
  }
}

std::vector<std::string> bases_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> bases;
  for (Kind clause : {"base_clause"_k, "class_interface_clause"_k}) {
    NodeId list = tree.child_of_kind(node, clause);
    for (NodeId base = tree.first_named(list); base != no_node; base = tree.next_named(base)) {
      bases.push_back(walk.folded(base));
    }
  }
  return bases;
}

void visit_type(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  Symbol symbol = walk.describe(kind, node, name == no_node ? node : name, tree.field(node, "body"_f));
  symbol.bases = bases_of(walk, node);
  if (name == no_node) {
    symbol.name = "$" + (symbol.bases.empty() ? "class" : path_text(symbol.bases[0]));
    symbol.visibility = Visibility::private_;
  }
  symbol.decorators = attributes_of(walk, node);
  symbol.is_virtual = tree.has_child(node, "abstract_modifier"_k);
  walk.add_and_enter(std::move(symbol), node);
}

// use T1, T2; inside a class: traits are bases.
void visit_trait_use(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (walk.type() == no_symbol) return;
  for (NodeId name = tree.first_named(node); name != no_node; name = tree.next_named(name)) {
    if (tree.kind(name) != "use_list"_k) walk.facts.symbols[walk.type()].bases.push_back(walk.folded(name));
  }
}

void visit_properties(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::string type = walk.folded(tree.field(node, "type"_f));
  for (NodeId at = tree.first_named(node); at != no_node; at = tree.next_named(at)) {
    if (tree.kind(at) != "property_element"_k) continue;
    Symbol symbol = walk.describe(SymbolKind::field, node, bare_name(tree, tree.field(at, "name"_f)));
    symbol.type = type;
    symbol.visibility = visibility_of(tree, node);
    symbol.is_static = tree.has_child(node, "static_modifier"_k);
    std::string name = symbol.name;
    walk.add(std::move(symbol));
    NodeId value = tree.field(at, "default_value"_f);
    if (value != no_node) assign_expression(walk, walk.scope(), name, value, at);
  }
}

void visit_constants(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId at = tree.first_named(node); at != no_node; at = tree.next_named(at)) {
    if (tree.kind(at) != "const_element"_k) continue;
    Symbol symbol = walk.describe(SymbolKind::constant, node, tree.first_named(at));
    symbol.visibility = visibility_of(tree, node);
    walk.add(std::move(symbol));
  }
}

void visit_use(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::string prefix = walk.text(tree.child_of_kind(node, "namespace_name"_k));
  NodeId group = tree.field(node, "body"_f);
  NodeId list = group == no_node ? node : group;
  for (NodeId clause = tree.first_named(list); clause != no_node; clause = tree.next_named(clause)) {
    if (tree.kind(clause) != "namespace_use_clause"_k) continue;
    std::string path = walk.text(tree.first_named(clause));
    if (!prefix.empty()) path.insert(0, prefix + "\\");
    if (path.starts_with('\\')) path.erase(0, 1);
    Import found{.module = path, .alias = walk.text(tree.field(clause, "alias"_f))};
    std::size_t cut = path.rfind('\\');
    bool function = tree.has_child(clause, "function"_t) || tree.has_child(node, "function"_t);
    if (function && cut != std::string::npos) {
      found.module = path.substr(0, cut);
      found.name = path.substr(cut + 1);
    }
    walk.import(std::move(found), clause);
  }
  walk.skip(node);
}

void visit_require(Walk& walk, NodeId node) {
  NodeId path = walk.tree.last_named(node);
  Kind kind = walk.tree.kind(path);
  if (kind != "string"_k && kind != "encapsed_string"_k)
    path = walk.tree.last_named(path);  // __DIR__ . '/x.php'
  std::string module = unquoted(walk.tree.text(path));
  if (module.starts_with('/')) module.insert(0, ".");
  if (!module.empty()) walk.import({.module = module}, node);
}

void visit_foreach(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId list = tree.first_named(node);
  NodeId element = tree.next_named(list);
  if (tree.kind(element) == "pair"_k) element = tree.last_named(element);
  assign_pattern_of_element(walk, walk.scope(), element, list, node);
}

void visit_catch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId types = tree.field(node, "type"_f);
  NodeId only = tree.first_named(types);
  if (tree.next_named(only) != no_node) return;
  walk.typed_name(walk.text(bare_name(tree, tree.field(node, "name"_f))), walk.folded(only), node);
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId left = tree.field(node, "left"_f);
  NodeId right = tree.field(node, "right"_f);
  if (walk.at_file_level() && tree.kind(left) == "variable_name"_k && walk.first_of_name(tree.text(left))) {
    walk.add(walk.describe(SymbolKind::variable, node, bare_name(tree, left)));
  }
  assign_pattern(walk, walk.scope(), left, right, node);
}

void visit_return(Walk& walk, NodeId node, const char* target) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node) assign_expression(walk, walk.callable(), target, value, node);
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  bool logical = tree.has_child(node, "&&"_t) || tree.has_child(node, "||"_t) ||
                 tree.has_child(node, "??"_t) || tree.has_child(node, "and"_t) ||
                 tree.has_child(node, "or"_t);
  if (tree.kind(node) != "binary_expression"_k || logical) walk.branch();
}

Expression creation_of(const SyntaxTree& tree, NodeId node) {
  NodeId type = tree.first_named(node);
  NodeId arguments = tree.child_of_kind(node, "arguments"_k);
  if (tree.kind(type) == "anonymous_class"_k) {
    arguments = tree.child_of_kind(type, "arguments"_k);
    type = tree.first_named(tree.child_of_kind(type, "base_clause"_k));
    if (type == no_node) return {};
  }
  return shape::construct(type, arguments);
}

// $f(x) calls what the variable holds: the dollar stays in the name, it is no function f.
Expression function_call_of(const SyntaxTree& tree, NodeId node) {
  NodeId callee = tree.field(node, "function"_f);
  NodeId arguments = tree.field(node, "arguments"_f);
  if (tree.kind(callee) == "variable_name"_k) return shape::call_named(no_node, callee, arguments);
  return shape::call(callee, arguments);
}

Expression static_call_of(const SyntaxTree& tree, NodeId node) {
  return {.shape = Shape::call,
          .object = tree.field(node, "scope"_f),
          .name = tree.field(node, "name"_f),
          .arguments = tree.field(node, "arguments"_f),
          .literal = "::"};
}

Expression argument_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "name"_f);
  NodeId value = tree.last_named(node);
  if (tree.kind(value) == "variadic_unpacking"_k) return shape::spread(tree.first_named(value));
  if (name == no_node) return shape::inner(value);
  return shape::keyword(name, value);
}

Expression scope_of(const SyntaxTree& tree, NodeId node) {
  return {.shape = tree.text(node) == "parent" ? Shape::super_ : Shape::name, .name = node};
}

Expression array_entry_of(const SyntaxTree& tree, NodeId node) {
  NodeId first = tree.first_named(node);
  NodeId last = tree.last_named(node);
  if (first == last) return shape::inner(first);
  return shape::entry(first, last);
}

// a ?: c is a or c.
Expression conditional_of(const SyntaxTree& tree, NodeId node) {
  NodeId body = tree.field(node, "body"_f);
  if (body == no_node) body = tree.field(node, "condition"_f);
  return shape::either(body, tree.field(node, "alternative"_f));
}

Expression qualified_of(const SyntaxTree& tree, NodeId node) {
  return shape::path(node, tree.last_named(node));
}

Expression literal_of(const SyntaxTree& tree, NodeId node) {
  switch (tree.kind(node)) {
    case "array_creation_expression"_k:
    case "list_literal"_k:
      return shape::container(node, "list");
    case "string"_k:
    case "encapsed_string"_k:
    case "heredoc"_k:
      return shape::literal("string");
    case "integer"_k:
    case "float"_k:
      return shape::literal("number");
    case "boolean"_k:
      return shape::literal("bool");
    case "null"_k:
      return shape::literal("null");
    default:
      return {};
  }
}

// What stands in bodies.
void visit_code(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "function_call_expression"_k:
    case "member_call_expression"_k:
    case "nullsafe_member_call_expression"_k:
    case "scoped_call_expression"_k:
    case "object_creation_expression"_k:
      return emit_call(walk, node);
    case "assignment_expression"_k:
    case "reference_assignment_expression"_k:
      return visit_assignment(walk, node);
    case "foreach_statement"_k:
      return visit_foreach(walk, node);
    case "catch_clause"_k:
      return visit_catch(walk, node);
    case "return_statement"_k:
      return visit_return(walk, node, "return");
    case "yield_expression"_k:
      return visit_return(walk, node, "return[]");
    case "if_statement"_k:
    case "else_if_clause"_k:
    case "for_statement"_k:
    case "while_statement"_k:
    case "do_statement"_k:
    case "case_statement"_k:
    case "match_conditional_expression"_k:
    case "conditional_expression"_k:
    case "binary_expression"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace

Expression php_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "variable_name"_k:
      if (tree.text(node) == "$this") return shape::self();
      return shape::name(bare_name(tree, node));
    case "dynamic_variable_name"_k:
      return {};
    case "name"_k:
      return shape::name(node);
    case "qualified_name"_k:
      return qualified_of(tree, node);
    case "named_type"_k:
      return shape::inner(tree.first_named(node));
    case "relative_scope"_k:
      return scope_of(tree, node);
    case "member_access_expression"_k:
    case "nullsafe_member_access_expression"_k:
      return shape::member(field("object"_f), field("name"_f));
    case "scoped_property_access_expression"_k:
      return shape::member(field("scope"_f), bare_name(tree, field("name"_f)));
    case "class_constant_access_expression"_k:
      return shape::member(tree.first_named(node), tree.last_named(node));
    case "function_call_expression"_k:
      return function_call_of(tree, node);
    case "member_call_expression"_k:
    case "nullsafe_member_call_expression"_k:
      return shape::call_named(field("object"_f), field("name"_f), field("arguments"_f));
    case "scoped_call_expression"_k:
      return static_call_of(tree, node);
    case "object_creation_expression"_k:
      return creation_of(tree, node);
    case "subscript_expression"_k: {
      NodeId object = tree.first_named(node);
      return shape::element(object, tree.next_named(object));
    }
    case "parenthesized_expression"_k:
    case "clone_expression"_k:
    case "reference_assignment_expression"_k:
      return shape::inner(tree.first_named(node));
    case "assignment_expression"_k:
      return shape::inner(field("right"_f));
    case "argument"_k:
      return argument_of(tree, node);
    case "array_element_initializer"_k:
      return array_entry_of(tree, node);
    case "conditional_expression"_k:
      return conditional_of(tree, node);
    case "binary_expression"_k:
      if (!tree.has_child(node, "??"_t)) return {};
      return shape::either(field("left"_f), field("right"_f));
    case "anonymous_function"_k:
    case "arrow_function"_k:
      return shape::callable(no_node);
    default:
      return literal_of(tree, node);
  }
}

void visit_php(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "namespace_definition"_k:
      if (walk.facts.package.empty()) walk.facts.package = walk.text(tree.field(node, "name"_f));
      return;
    case "namespace_use_declaration"_k:
      return visit_use(walk, node);
    case "require_once_expression"_k:
    case "require_expression"_k:
    case "include_expression"_k:
    case "include_once_expression"_k:
      return visit_require(walk, node);
    case "class_declaration"_k:
    case "anonymous_class"_k:
      return visit_type(walk, node, SymbolKind::class_type);
    case "interface_declaration"_k:
      return visit_type(walk, node, SymbolKind::interface);
    case "trait_declaration"_k:
      return visit_type(walk, node, SymbolKind::trait);
    case "enum_declaration"_k:
      return visit_type(walk, node, SymbolKind::enum_type);
    case "enum_case"_k:
      walk.add(walk.describe(SymbolKind::enum_member, node, tree.field(node, "name"_f)));
      return;
    case "use_declaration"_k:
      return visit_trait_use(walk, node);
    case "function_definition"_k:
    case "method_declaration"_k:
      return visit_function(walk, node);
    case "anonymous_function"_k:
    case "arrow_function"_k:
      return visit_closure(walk, node);
    case "property_declaration"_k:
      return visit_properties(walk, node);
    case "const_declaration"_k:
      return visit_constants(walk, node);
    default:
      return visit_code(walk, node);
  }
}

}  // namespace mira::code
