// C#: namespaces, partial classes, properties with bodies, extension methods, records,
// events, local functions.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

bool has_modifier(const SyntaxTree& tree, NodeId node, std::string_view word) {
  for (NodeId child = tree.first_named(node); child != no_node; child = tree.next_named(child)) {
    if (tree.kind(child) == "modifier"_k && tree.text(child) == word) return true;
  }
  return false;
}

Visibility visibility_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (has_modifier(tree, node, "public")) return Visibility::public_;
  if (has_modifier(tree, node, "protected")) return Visibility::protected_;
  if (has_modifier(tree, node, "internal")) return Visibility::package;
  if (has_modifier(tree, node, "private")) return Visibility::private_;
  if (walk.type() == no_symbol) return Visibility::package;
  SymbolKind around = walk.facts.symbols[walk.type()].kind;
  return around == SymbolKind::interface ? Visibility::public_ : Visibility::private_;
}

std::vector<std::string> attributes_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> out;
  for (NodeId list = tree.first_named(node); tree.kind(list) == "attribute_list"_k;
       list = tree.next_named(list)) {
    for (NodeId attribute = tree.first_named(list); attribute != no_node;
         attribute = tree.next_named(attribute)) {
      if (tree.kind(attribute) == "attribute"_k) out.push_back(walk.folded(attribute));
    }
  }
  return out;
}

// The value of a declarator or parameter is its last child, beside name and type.
NodeId value_in(const SyntaxTree& tree, NodeId node) {
  NodeId last = tree.last_named(node);
  Field field = tree.node(last).field;
  bool is_value = last != no_node && field == 0 && tree.kind(last) != "tuple_pattern"_k;
  return is_value && tree.kind(last) != "bracketed_argument_list"_k ? last : no_node;
}

// `params int[] c` stands flat in the list: a type, then a name.
std::vector<Parameter> parameters_of(const Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  std::vector<Parameter> out;
  if (tree.kind(list) == "implicit_parameter"_k || tree.kind(list) == "identifier"_k) {
    return {{walk.text(list), {}, false, false}};
  }
  std::string rest_type;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    if (tree.kind(child) == "parameter"_k) {
      Parameter parameter;
      parameter.name = walk.text(tree.field(child, "name"_f));
      parameter.type = walk.folded(tree.field(child, "type"_f));
      if (has_modifier(tree, child, "this")) parameter.type = "this " + parameter.type;
      parameter.has_default = value_in(tree, child) != no_node;
      out.push_back(std::move(parameter));
    } else if (tree.node(child).field == "type"_f) {
      rest_type = walk.folded(child);
    } else if (tree.node(child).field == "name"_f) {
      out.push_back({walk.text(child), rest_type, false, true});
    }
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, const std::vector<Parameter>& parameters, NodeId at) {
  for (const Parameter& parameter : parameters) {
    bool extends = parameter.type.starts_with("this ");
    walk.typed_name_in(scope, parameter.name, extends ? parameter.type.substr(5) : parameter.type, at);
  }
}

Symbol describe_member(const Walk& walk, NodeId node, SymbolKind kind, NodeId name, NodeId body) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = walk.describe(kind, node, name, body);
  symbol.decorators = attributes_of(walk, node);
  symbol.visibility = visibility_of(walk, node);
  symbol.is_static = has_modifier(tree, node, "static");
  symbol.is_virtual = has_modifier(tree, node, "virtual") || has_modifier(tree, node, "abstract") ||
                      has_modifier(tree, node, "override");
  symbol.is_async_or_generator = has_modifier(tree, node, "async");
  return symbol;
}

NodeId body_of(const SyntaxTree& tree, NodeId node) {
  NodeId body = tree.field(node, "body"_f);
  return body != no_node ? body : tree.child_of_kind(node, "arrow_expression_clause"_k);
}

void visit_type(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = describe_member(walk, node, kind, tree.field(node, "name"_f), tree.field(node, "body"_f));
  NodeId bases = tree.child_of_kind(node, "base_list"_k);
  for (NodeId base = tree.first_named(bases); base != no_node; base = tree.next_named(base)) {
    if (tree.kind(base) != "argument_list"_k) symbol.bases.push_back(walk.folded(base));
  }
  NodeId list = tree.child_of_kind(node, "parameter_list"_k);
  symbol.parameters = parameters_of(walk, list);
  if (has_modifier(tree, node, "partial")) symbol.decorators.emplace_back("partial");
  walk.add_and_enter(std::move(symbol), node);
  for (NodeId part = tree.first_named(list); part != no_node; part = tree.next_named(part)) {
    if (tree.kind(part) != "parameter"_k) continue;
    Symbol property = walk.describe(SymbolKind::property, part, tree.field(part, "name"_f));
    property.type = walk.folded(tree.field(part, "type"_f));
    walk.add(std::move(property));
  }
}

void visit_callable(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId body = body_of(tree, node);
  if (name == no_node) name = tree.field(node, "operator"_f);
  if (name == no_node) name = tree.field(node, "type"_f);
  NodeId initializer = tree.child_of_kind(node, "constructor_initializer"_k);
  Symbol symbol = describe_member(walk, node, kind, name, initializer != no_node ? initializer : body);
  if (tree.kind(node) == "destructor_declaration"_k) symbol.name = "~" + symbol.name;
  if (tree.kind(node) == "operator_declaration"_k) symbol.name = "operator " + symbol.name;
  if (tree.kind(node) == "conversion_operator_declaration"_k) symbol.name = "operator " + symbol.name;
  NodeId type = tree.field(node, "returns"_f);
  symbol.type = walk.folded(type != no_node ? type : tree.field(node, "type"_f));
  symbol.parameters = parameters_of(walk, tree.field(node, "parameters"_f));
  symbol.declaration = body == no_node;
  symbol.is_virtual |= body == no_node;
  std::vector<Parameter> parameters = symbol.parameters;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, parameters, node);
}

void visit_property(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId accessors = tree.field(node, "accessors"_f);
  NodeId value = tree.field(node, "value"_f);
  Symbol symbol = describe_member(walk, node, SymbolKind::property, name == no_node ? node : name,
                                  accessors != no_node ? accessors : value);
  if (name == no_node) symbol.name = "this[]";
  symbol.type = walk.folded(tree.field(node, "type"_f));
  std::string target = symbol.name;
  bool initialised = value != no_node && tree.kind(value) != "arrow_expression_clause"_k;
  std::int32_t index = walk.add(std::move(symbol));
  if (initialised) assign_expression(walk, walk.scope(), target, value, node);
  if (!initialised) walk.enter(index, node);
}

// this(...) and base(...) before a constructor's body.
void visit_initializer(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  CallSite site;
  site.kind = CallKind::construct;
  site.name = "constructor";
  site.receiver_kind = tree.has_child(node, "base"_t) ? ReceiverKind::super_ : ReceiverKind::self;
  describe_arguments(walk, tree.child_of_kind(node, "argument_list"_k), site);
  walk.call(std::move(site), node);
}

// T x = new(1): the type of the declaration is what is made.
void construct_implied(Walk& walk, NodeId type, NodeId value, const std::string& target) {
  CallSite site;
  if (describe_callee(walk, type, site) == no_node) return;
  site.kind = CallKind::construct;
  describe_arguments(walk, walk.tree.first_named(value), site);
  walk.assign(target, {ValueKind::construct, path_text(walk.tree.text(type)), {}}, value);
  walk.call(std::move(site), value);
}

void define_field(Walk& walk, NodeId declaration, NodeId name, NodeId type) {
  bool constant = has_modifier(walk.tree, declaration, "const");
  Symbol symbol =
      describe_member(walk, declaration, constant ? SymbolKind::constant : SymbolKind::field, name, no_node);
  symbol.type = walk.folded(type);
  walk.add(std::move(symbol));
}

void visit_variables(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId holder = tree.parent(node);
  bool field = tree.kind(holder) == "field_declaration"_k || tree.kind(holder) == "event_field_declaration"_k;
  NodeId type = tree.field(node, "type"_f);
  bool implicit = tree.kind(type) == "implicit_type"_k;
  for (NodeId at = tree.first_named(node); at != no_node; at = tree.next_named(at)) {
    if (tree.kind(at) != "variable_declarator"_k) continue;
    NodeId name = tree.field(at, "name"_f);
    NodeId value = value_in(tree, at);
    NodeId tuple = tree.child_of_kind(at, "tuple_pattern"_k);
    if (tuple != no_node) {
      assign_pattern(walk, walk.scope(), tuple, value, at);
      continue;
    }
    if (field) {
      define_field(walk, holder, name, type);
    } else if (!implicit) {
      walk.typed_name(walk.text(name), walk.folded(type), at);
    }
    if (tree.kind(value) == "implicit_object_creation_expression"_k) {
      construct_implied(walk, type, value, walk.text(name));
    } else if (value != no_node) {
      assign_expression(walk, walk.scope(), walk.text(name), value, at);
    }
  }
}

// foreach (T x in list), catch (E e), o is T t, out T x
void visit_named_type(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(node, "type"_f);
  NodeId name = tree.field(node, "name"_f);
  if (tree.kind(node) == "foreach_statement"_k) {
    walk.branch();
    name = tree.field(node, "left"_f);
    assign_pattern_of_element(walk, walk.scope(), name, tree.field(node, "right"_f), node);
  }
  if (tree.kind(type) != "implicit_type"_k) walk.typed_name(walk.text(name), walk.folded(type), node);
}

void visit_lambda(Walk& walk, NodeId node) {
  walk.enter_anonymous(node);
  NodeId list = walk.tree.field(node, "parameters"_f);
  std::vector<Parameter> parameters = parameters_of(walk, list);
  for (const Parameter& parameter : parameters) {
    walk.typed_name(parameter.name, parameter.type, list);
    if (parameter.type.empty()) walk.assign(parameter.name, {}, list);
  }
  if (!parameters.empty() && parameters.front().type.empty())
    assign_from_holder(walk, node, parameters.front().name);
}

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId alias = tree.field(node, "name"_f);
  NodeId target = alias != no_node ? tree.next_named(alias) : tree.first_named(node);
  Import found{.module = path_text(tree.text(target)), .alias = walk.text(alias)};
  if (alias == no_node) found.name = "*";
  walk.import(std::move(found), node);
  walk.skip(node);
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (tree.kind(tree.parent(node)) == "initializer_expression"_k) return;  // new T { Prop = x }
  NodeId right = tree.field(node, "right"_f);
  if (tree.has_child(node, "+="_t)) return emit_reference(walk, right);  // event += handler
  assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), right, node);
}

void visit_return(Walk& walk, NodeId node, const char* target) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node) assign_expression(walk, walk.callable(), target, value, node);
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Kind kind = tree.kind(node);
  bool binary = kind == "binary_expression"_k;
  if (binary && !tree.has_child(node, "&&"_t) && !tree.has_child(node, "||"_t) &&
      !tree.has_child(node, "??"_t))
    return;
  if (kind == "switch_section"_k && tree.text(node).starts_with("default")) return;
  walk.branch();
}

// a?.b: the condition is the object of what is bound.
Expression conditional_of(const SyntaxTree& tree, NodeId node) {
  NodeId bound = tree.last_named(node);
  if (tree.kind(bound) != "member_binding_expression"_k) return {};
  return shape::member(tree.field(node, "condition"_f), tree.field(bound, "name"_f));
}

Expression member_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "name"_f);
  if (tree.kind(name) == "generic_name"_k) name = tree.first_named(name);
  return shape::member(tree.field(node, "expression"_f), name);
}

Expression argument_of(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "name"_f);
  NodeId value = tree.last_named(node);
  if (name == no_node) return shape::inner(value);
  return shape::keyword(name, value);
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string_literal"_k:
    case "verbatim_string_literal"_k:
    case "raw_string_literal"_k:
    case "interpolated_string_expression"_k:
      return shape::literal("string");
    case "integer_literal"_k:
    case "real_literal"_k:
      return shape::literal("number");
    case "typeof_expression"_k:
      return shape::literal("type");
    case "boolean_literal"_k:
      return shape::literal("bool");
    case "null_literal"_k:
      return shape::literal("null");
    default:
      return {};
  }
}

// What stands in bodies.
void visit_code(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "constructor_initializer"_k:
      return visit_initializer(walk, node);
    case "variable_declaration"_k:
      return visit_variables(walk, node);
    case "foreach_statement"_k:
    case "catch_declaration"_k:
    case "declaration_pattern"_k:
    case "declaration_expression"_k:
      return visit_named_type(walk, node);
    case "lambda_expression"_k:
    case "anonymous_method_expression"_k:
      return visit_lambda(walk, node);
    case "invocation_expression"_k:
    case "object_creation_expression"_k:
      return emit_call(walk, node);
    case "assignment_expression"_k:
      return visit_assignment(walk, node);
    case "return_statement"_k:
    case "arrow_expression_clause"_k:
      return visit_return(walk, node, "return");
    case "yield_statement"_k:
      return visit_return(walk, node, "return[]");
    case "if_statement"_k:
    case "for_statement"_k:
    case "while_statement"_k:
    case "do_statement"_k:
    case "catch_clause"_k:
    case "switch_section"_k:
    case "switch_expression_arm"_k:
    case "conditional_expression"_k:
    case "binary_expression"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace

Expression csharp_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "predefined_type"_k:
      return shape::name(node);
    case "generic_name"_k:
      return shape::name(tree.first_named(node));
    case "qualified_name"_k:
      return shape::member(field("qualifier"_f), field("name"_f));
    case "this"_t:
    case "this_expression"_k:
      return shape::self();
    case "base"_t:
    case "base_expression"_k:
      return shape::super();
    case "member_access_expression"_k:
      return member_of(tree, node);
    case "conditional_access_expression"_k:
      return conditional_of(tree, node);
    case "invocation_expression"_k:
      return shape::call(field("function"_f), field("arguments"_f));
    case "object_creation_expression"_k:
      return shape::construct(field("type"_f), field("arguments"_f));
    case "element_access_expression"_k:
      return shape::element(field("expression"_f), tree.first_named(tree.first_named(field("subscript"_f))));
    case "cast_expression"_k:
      return shape::typed(field("type"_f), field("value"_f));
    case "as_expression"_k:
      return shape::typed(field("right"_f), field("left"_f));
    case "await_expression"_k:
    case "parenthesized_expression"_k:
    case "postfix_unary_expression"_k:
    case "arrow_expression_clause"_k:
      return shape::inner(tree.first_named(node));
    case "assignment_expression"_k:
      return shape::inner(field("right"_f));
    case "argument"_k:
      return argument_of(tree, node);
    case "conditional_expression"_k:
      return shape::either(field("consequence"_f), field("alternative"_f));
    case "binary_expression"_k:
      if (!tree.has_child(node, "??"_t)) return {};
      return shape::either(field("left"_f), field("right"_f));
    case "lambda_expression"_k:
    case "anonymous_method_expression"_k:
      return shape::callable(no_node);
    case "tuple_pattern"_k:
    case "tuple_expression"_k:
    case "initializer_expression"_k:
      return shape::container(node, "list");
    case "array_creation_expression"_k:
    case "implicit_array_creation_expression"_k:
      return shape::container(tree.child_of_kind(node, "initializer_expression"_k), "list");
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_csharp(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "using_directive"_k:
      return visit_import(walk, node);
    case "namespace_declaration"_k:
    case "file_scoped_namespace_declaration"_k:
      if (walk.facts.package.empty()) walk.facts.package = path_text(tree.text(tree.field(node, "name"_f)));
      return;
    case "class_declaration"_k:
    case "record_declaration"_k:
      return visit_type(walk, node, SymbolKind::class_type);
    case "struct_declaration"_k:
    case "record_struct_declaration"_k:
      return visit_type(walk, node, SymbolKind::struct_type);
    case "interface_declaration"_k:
      return visit_type(walk, node, SymbolKind::interface);
    case "enum_declaration"_k:
      return visit_type(walk, node, SymbolKind::enum_type);
    case "enum_member_declaration"_k:
      walk.add(walk.describe(SymbolKind::enum_member, node, tree.field(node, "name"_f)));
      return;
    case "delegate_declaration"_k: {
      Symbol symbol =
          describe_member(walk, node, SymbolKind::type_alias, tree.field(node, "name"_f), no_node);
      symbol.type = walk.folded(tree.field(node, "type"_f));
      walk.add(std::move(symbol));
      return;
    }
    case "method_declaration"_k:
    case "operator_declaration"_k:
    case "conversion_operator_declaration"_k:
    case "destructor_declaration"_k:
      return visit_callable(walk, node, SymbolKind::method);
    case "constructor_declaration"_k:
      return visit_callable(walk, node, SymbolKind::constructor);
    case "local_function_statement"_k:
      return visit_callable(walk, node, SymbolKind::function);
    case "property_declaration"_k:
    case "indexer_declaration"_k:
    case "event_declaration"_k:
      return visit_property(walk, node);
    default:
      return visit_code(walk, node);
  }
}

}  // namespace mira::code
