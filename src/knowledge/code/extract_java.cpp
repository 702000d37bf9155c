// Java: packages, nested and anonymous classes, records, enums with bodies, method
// references.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

struct Modifiers {
  std::vector<std::string> annotations;
  Visibility visibility = Visibility::package;
  bool is_static = false, is_abstract = false, is_final = false;
};

Modifiers modifiers_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Modifiers out;
  std::int32_t owner = walk.type();
  if (owner != no_symbol && walk.facts.symbols[owner].kind == SymbolKind::interface) {
    out.visibility = Visibility::public_;
  }
  NodeId list = tree.child_of_kind(node, "modifiers"_k);
  for (NodeId child = tree.first_child(list); child != no_node; child = tree.next_sibling(child)) {
    switch (tree.kind(child)) {
      case "annotation"_k:
      case "marker_annotation"_k:
        out.annotations.push_back(walk.folded(child).substr(1));
        break;
      case "public"_t:
        out.visibility = Visibility::public_;
        break;
      case "protected"_t:
        out.visibility = Visibility::protected_;
        break;
      case "private"_t:
        out.visibility = Visibility::private_;
        break;
      case "static"_t:
        out.is_static = true;
        break;
      case "abstract"_t:
      case "default"_t:
        out.is_abstract = true;
        break;
      case "final"_t:
        out.is_final = true;
        break;
      default:
        break;
    }
  }
  return out;
}

void add_bases(const Walk& walk, NodeId list, std::vector<std::string>& bases) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId base = tree.first_named(list); base != no_node; base = tree.next_named(base)) {
    if (tree.kind(base) == "type_list"_k) {
      add_bases(walk, base, bases);  // one level: a type_list holds no list
    } else {
      bases.push_back(walk.folded(base));
    }
  }
}

Parameter parameter_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Parameter out;
  NodeId name = tree.field(node, "name"_f);
  NodeId type = tree.field(node, "type"_f);
  if (tree.kind(node) == "spread_parameter"_k) {
    out.variadic = true;
    NodeId declarator = tree.child_of_kind(node, "variable_declarator"_k);
    name = tree.field(declarator, "name"_f);
    type = tree.first_named(node);
    if (tree.kind(type) == "modifiers"_k) type = tree.next_named(type);
  }
  out.name = walk.text(tree.kind(node) == "identifier"_k ? node : name);
  out.type = walk.folded(type);
  return out;
}

std::vector<Parameter> parameters_of(const Walk& walk, NodeId list) {
  std::vector<Parameter> out;
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child)) {
    Parameter parameter = parameter_of(walk, child);
    if (!parameter.name.empty()) out.push_back(std::move(parameter));
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, const std::vector<Parameter>& parameters, NodeId at) {
  for (const Parameter& parameter : parameters) {
    walk.typed_name_in(scope, parameter.name, parameter.variadic ? parameter.type + "[]" : parameter.type,
                       at);
  }
}

void visit_type(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), body);
  Modifiers modifiers = modifiers_of(walk, node);
  symbol.decorators = modifiers.annotations;
  symbol.visibility = modifiers.visibility;
  symbol.is_static = modifiers.is_static;
  symbol.is_virtual = modifiers.is_abstract;
  add_bases(walk, tree.field(node, "superclass"_f), symbol.bases);
  add_bases(walk, tree.field(node, "interfaces"_f), symbol.bases);
  add_bases(walk, tree.child_of_kind(node, "extends_interfaces"_k), symbol.bases);
  walk.add_and_enter(std::move(symbol), node);
  NodeId list = tree.field(node, "parameters"_f);  // of a record
  for (NodeId part = tree.first_named(list); part != no_node; part = tree.next_named(part)) {
    Symbol field = walk.describe(SymbolKind::field, part, tree.field(part, "name"_f));
    field.type = parameter_of(walk, part).type;
    field.visibility = Visibility::private_;
    walk.add(std::move(field));
  }
}

// new T() { ... } and enum constants with a body.
void visit_anonymous_class(Walk& walk, NodeId body) {
  const SyntaxTree& tree = walk.tree;
  NodeId parent = tree.parent(body);
  NodeId type = no_node;
  if (tree.kind(parent) == "object_creation_expression"_k) type = tree.field(parent, "type"_f);
  if (tree.kind(parent) == "enum_constant"_k) type = tree.field(parent, "name"_f);
  if (type == no_node) return;
  Symbol symbol = walk.describe(SymbolKind::class_type, parent, type, body);
  bool constant = tree.kind(parent) == "enum_constant"_k && walk.type() != no_symbol;
  symbol.bases.push_back(constant ? walk.facts.symbols[walk.type()].name : walk.folded(type));
  symbol.name = "$" + path_text(tree.text(type));
  symbol.visibility = Visibility::private_;
  walk.add_and_enter(std::move(symbol), body);
}

void visit_method(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), body);
  Modifiers modifiers = modifiers_of(walk, node);
  symbol.decorators = modifiers.annotations;
  symbol.visibility = modifiers.visibility;
  symbol.is_static = modifiers.is_static;
  symbol.declaration = body == no_node;
  symbol.is_virtual = modifiers.is_abstract || body == no_node;
  symbol.type = walk.folded(tree.field(node, "type"_f));
  symbol.parameters = parameters_of(walk, tree.field(node, "parameters"_f));
  std::vector<Parameter> parameters = symbol.parameters;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, parameters, node);
}

void visit_field(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Modifiers modifiers = modifiers_of(walk, node);
  bool constant = (modifiers.is_static && modifiers.is_final) || tree.kind(node) == "constant_declaration"_k;
  NodeId type = tree.field(node, "type"_f);
  for (NodeId at = tree.field(node, "declarator"_f); at != no_node;
       at = tree.next_in_field(at, "declarator"_f)) {
    Symbol symbol =
        walk.describe(constant ? SymbolKind::constant : SymbolKind::field, node, tree.field(at, "name"_f));
    symbol.type = walk.folded(type) + walk.folded(tree.field(at, "dimensions"_f));
    symbol.decorators = modifiers.annotations;
    symbol.visibility = modifiers.visibility;
    symbol.is_static = modifiers.is_static;
    std::string name = symbol.name;
    walk.add(std::move(symbol));
    NodeId value = tree.field(at, "value"_f);
    if (value != no_node) assign_expression(walk, walk.scope(), name, value, at);
  }
}

void visit_local(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(node, "type"_f);
  std::string written = tree.text(type) == "var" ? std::string() : walk.folded(type);
  for (NodeId at = tree.field(node, "declarator"_f); at != no_node;
       at = tree.next_in_field(at, "declarator"_f)) {
    std::string name = walk.text(tree.field(at, "name"_f));
    if (!written.empty()) walk.typed_name(name, written + walk.folded(tree.field(at, "dimensions"_f)), at);
    NodeId value = tree.field(at, "value"_f);
    if (value != no_node) assign_expression(walk, walk.scope(), name, value, at);
  }
}

// try (Res r = open()), catch (E e), x instanceof T t, for (T x : list)
void visit_named_type(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId type = tree.field(node, "type"_f);
  NodeId value = tree.field(node, "value"_f);
  switch (tree.kind(node)) {
    case "catch_formal_parameter"_k:
      type = tree.first_named(tree.child_of_kind(node, "catch_type"_k));
      if (tree.next_named(type) != no_node) return;
      break;
    case "instanceof_expression"_k:
      type = tree.field(node, "right"_f);
      break;
    case "enhanced_for_statement"_k:
      walk.branch();
      assign_pattern_of_element(walk, walk.scope(), name, value, node);
      value = no_node;
      break;
    default:
      break;
  }
  if (tree.text(type) != "var") walk.typed_name(walk.text(name), walk.folded(type), node);
  if (value != no_node) assign_pattern(walk, walk.scope(), name, value, node);
}

void visit_lambda(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.enter_anonymous(node);
  NodeId list = tree.field(node, "parameters"_f);
  if (tree.kind(list) == "identifier"_k) {
    assign_pattern(walk, walk.scope(), list, no_node, node);
    return assign_from_holder(walk, node, walk.text(list));
  }
  for (const Parameter& parameter : parameters_of(walk, list)) {
    walk.typed_name(parameter.name, parameter.type, list);
    if (parameter.type.empty()) walk.assign(parameter.name, {}, list);
  }
}

// super(...) and this(...)
void visit_constructor_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId callee = tree.field(node, "constructor"_f);
  CallSite site;
  site.kind = CallKind::construct;
  site.name = "constructor";
  site.receiver_kind = tree.kind(callee) == "super"_k ? ReceiverKind::super_ : ReceiverKind::self;
  describe_arguments(walk, tree.field(node, "arguments"_f), site);
  walk.call(std::move(site), callee);
}

void visit_enum_constant(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = walk.describe(SymbolKind::enum_member, node, tree.field(node, "name"_f));
  walk.add(std::move(symbol));
  NodeId arguments = tree.field(node, "arguments"_f);
  if (arguments == no_node || walk.type() == no_symbol) return;
  CallSite site;
  site.kind = CallKind::construct;
  site.name = walk.facts.symbols[walk.type()].name;
  describe_arguments(walk, arguments, site);
  walk.call(std::move(site), tree.field(node, "name"_f));
}

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Import found{.module = path_text(tree.text(tree.first_named(node)))};
  if (tree.has_child(node, "asterisk"_k)) {
    found.name = "*";
  } else if (tree.has_child(node, "static"_t)) {
    std::size_t dot = found.module.rfind('.');
    if (dot == std::string::npos) return;
    found.name = found.module.substr(dot + 1);
    found.module.resize(dot);
  }
  walk.import(std::move(found), node);
  walk.skip(node);
}

void visit_return(Walk& walk, NodeId node) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node)
    assign_expression(walk, walk.callable(), "return", value, node);
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Kind kind = tree.kind(node);
  if (kind == "binary_expression"_k && !tree.has_child(node, "&&"_t) && !tree.has_child(node, "||"_t)) return;
  if (kind == "switch_label"_k && tree.first_named(node) == no_node) return;  // default
  walk.branch();
}

// T::new, this::use, String::trim
Expression reference_of(const SyntaxTree& tree, NodeId node) {
  NodeId object = tree.first_named(node);
  NodeId name = tree.next_named(object);
  if (name == no_node) return shape::inner(object);
  return shape::member(object, name);
}

Expression invocation_of(const SyntaxTree& tree, NodeId node) {
  NodeId super = tree.child_of_kind(node, "super"_k);
  NodeId object = tree.field(node, "object"_f);
  return shape::call_named(super != no_node ? super : object, tree.field(node, "name"_f),
                           tree.field(node, "arguments"_f));
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string_literal"_k:
    case "text_block"_k:
      return shape::literal("string");
    case "decimal_integer_literal"_k:
    case "hex_integer_literal"_k:
    case "decimal_floating_point_literal"_k:
      return shape::literal("number");
    case "character_literal"_k:
      return shape::literal("char");
    case "class_literal"_k:
      return shape::literal("class");
    case "true"_k:
    case "false"_k:
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
    case "local_variable_declaration"_k:
      return visit_local(walk, node);
    case "enhanced_for_statement"_k:
    case "resource"_k:
    case "catch_formal_parameter"_k:
    case "instanceof_expression"_k:
      return visit_named_type(walk, node);
    case "lambda_expression"_k:
      return visit_lambda(walk, node);
    case "explicit_constructor_invocation"_k:
      return visit_constructor_call(walk, node);
    case "method_invocation"_k:
    case "object_creation_expression"_k:
      return emit_call(walk, node);
    case "assignment_expression"_k:
      return assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), tree.field(node, "right"_f),
                            node);
    case "return_statement"_k:
      return visit_return(walk, node);
    case "if_statement"_k:
    case "for_statement"_k:
    case "while_statement"_k:
    case "do_statement"_k:
    case "catch_clause"_k:
    case "ternary_expression"_k:
    case "switch_label"_k:
    case "binary_expression"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace

Expression java_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
      return shape::name(node);
    case "generic_type"_k:
    case "parenthesized_expression"_k:
      return shape::inner(tree.first_named(node));
    case "scoped_type_identifier"_k:
      return shape::member(tree.first_named(node), tree.last_named(node));
    case "this"_k:
      return shape::self();
    case "super"_k:
      return shape::super();
    case "field_access"_k:
      return shape::member(field("object"_f), field("field"_f));
    case "method_invocation"_k:
      return invocation_of(tree, node);
    case "method_reference"_k:
      return reference_of(tree, node);
    case "object_creation_expression"_k:
      return shape::construct(field("type"_f), field("arguments"_f));
    case "array_access"_k:
      return shape::element(field("array"_f), field("index"_f));
    case "cast_expression"_k:
      return shape::typed(field("type"_f), field("value"_f));
    case "assignment_expression"_k:
      return shape::inner(field("right"_f));
    case "ternary_expression"_k:
      return shape::either(field("consequence"_f), field("alternative"_f));
    case "lambda_expression"_k:
      return shape::callable(no_node);
    case "array_initializer"_k:
      return shape::container(node, "list");
    case "array_creation_expression"_k:
      return shape::container(field("value"_f), "list");
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_java(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "line_comment"_k:
    case "block_comment"_k:
      return walk.note_comment(node);
    case "package_declaration"_k:
      walk.facts.package = path_text(tree.text(tree.last_named(node)));
      return walk.skip(node);
    case "import_declaration"_k:
      return visit_import(walk, node);
    case "class_declaration"_k:
    case "record_declaration"_k:
      return visit_type(walk, node, SymbolKind::class_type);
    case "interface_declaration"_k:
    case "annotation_type_declaration"_k:
      return visit_type(walk, node, SymbolKind::interface);
    case "enum_declaration"_k:
      return visit_type(walk, node, SymbolKind::enum_type);
    case "enum_constant"_k:
      return visit_enum_constant(walk, node);
    case "class_body"_k:
      return visit_anonymous_class(walk, node);
    case "method_declaration"_k:
    case "annotation_type_element_declaration"_k:
      return visit_method(walk, node, SymbolKind::method);
    case "constructor_declaration"_k:
    case "compact_constructor_declaration"_k:
      return visit_method(walk, node, SymbolKind::constructor);
    case "field_declaration"_k:
    case "constant_declaration"_k:
      return visit_field(walk, node);
    default:
      return visit_code(walk, node);
  }
}

}  // namespace mira::code
