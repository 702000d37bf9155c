// Kotlin: extension functions, companions, primary constructors, properties with
// accessors. The grammar has few fields, so places are told by kind and order.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

bool is_type_node(Kind kind) {
  return kind == "user_type"_k || kind == "nullable_type"_k || kind == "function_type"_k ||
         kind == "non_nullable_type"_k || kind == "parenthesized_type"_k;
}

NodeId type_in(const SyntaxTree& tree, NodeId node) {
  for (NodeId child = tree.first_named(node); child != no_node; child = tree.next_named(child)) {
    if (is_type_node(tree.kind(child))) return child;
  }
  return no_node;
}

struct Modifiers {
  Visibility visibility = Visibility::public_;
  std::vector<std::string> annotations;
  bool is_open = false, is_async = false, is_const = false, is_vararg = false, is_enum = false;
};

Modifiers modifiers_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Modifiers out;
  NodeId list = tree.child_of_kind(node, "modifiers"_k);
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    std::string_view word = tree.text(child);
    if (tree.kind(child) == "annotation"_k) out.annotations.push_back(walk.folded(child).substr(1));
    if (word == "private") out.visibility = Visibility::private_;
    if (word == "protected") out.visibility = Visibility::protected_;
    if (word == "internal") out.visibility = Visibility::package;
    out.is_open |= word == "open" || word == "abstract" || word == "override";
    out.is_async |= word == "suspend";
    out.is_const |= word == "const";
    out.is_vararg |= word == "vararg";
    out.is_enum |= word == "enum";
  }
  return out;
}

// A default value stands beside its parameter, not inside it.
std::vector<Parameter> parameters_of(const Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  std::vector<Parameter> out;
  bool vararg = false;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    Kind kind = tree.kind(child);
    if (kind == "parameter"_k || kind == "class_parameter"_k || kind == "variable_declaration"_k) {
      Parameter parameter;
      NodeId name = tree.child_of_kind(child, "identifier"_k);
      parameter.name = walk.text(name);
      NodeId type = type_in(tree, child);
      parameter.type = walk.folded(type);
      parameter.variadic = vararg || modifiers_of(walk, child).is_vararg;
      parameter.has_default =
          kind == "class_parameter"_k && tree.last_named(child) != (type == no_node ? name : type);
      out.push_back(std::move(parameter));
      vararg = false;
    } else if (kind == "parameter_modifiers"_k) {
      vararg = tree.text(child).find("vararg") != std::string_view::npos;
    } else if (!out.empty()) {
      out.back().has_default = true;
    }
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, const std::vector<Parameter>& parameters, NodeId at) {
  for (const Parameter& parameter : parameters) {
    walk.typed_name_in(scope, parameter.name, parameter.type, at);
    if (parameter.type.empty()) walk.assign_in(scope, parameter.name, {}, at);
  }
}

std::vector<std::string> bases_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> bases;
  NodeId list = tree.child_of_kind(node, "delegation_specifiers"_k);
  for (NodeId base = tree.first_named(list); base != no_node; base = tree.next_named(base)) {
    NodeId inner = tree.first_named(base);
    if (!is_type_node(tree.kind(inner))) inner = tree.first_named(inner);
    bases.push_back(walk.folded(inner));
  }
  return bases;
}

NodeId class_body_of(const SyntaxTree& tree, NodeId node) {
  NodeId body = tree.child_of_kind(node, "class_body"_k);
  return body != no_node ? body : tree.child_of_kind(node, "enum_class_body"_k);
}

// class T(private val a: Int): val and var parameters are properties.
void define_primary_properties(Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId part = tree.first_named(list); part != no_node; part = tree.next_named(part)) {
    if (!tree.has_child(part, "val"_t) && !tree.has_child(part, "var"_t)) continue;
    Symbol property = walk.describe(SymbolKind::property, part, tree.child_of_kind(part, "identifier"_k));
    property.type = walk.folded(type_in(tree, part));
    property.visibility = modifiers_of(walk, part).visibility;
    walk.add(std::move(property));
  }
}

void visit_class(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Modifiers modifiers = modifiers_of(walk, node);
  SymbolKind kind = SymbolKind::class_type;
  if (tree.has_child(node, "interface"_t)) kind = SymbolKind::interface;
  if (modifiers.is_enum) kind = SymbolKind::enum_type;
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), class_body_of(tree, node));
  symbol.visibility = modifiers.visibility;
  symbol.decorators = modifiers.annotations;
  symbol.is_virtual = modifiers.is_open;
  symbol.bases = bases_of(walk, node);
  NodeId list = tree.first_named(tree.child_of_kind(node, "primary_constructor"_k));
  symbol.parameters = parameters_of(walk, list);
  std::vector<Parameter> parameters = symbol.parameters;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, parameters, node);
  define_primary_properties(walk, list);
}

// object : I { ... } and enum entries with a body.
void visit_anonymous_class(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = class_body_of(tree, node);
  bool entry = tree.kind(node) == "enum_entry"_k;
  NodeId name = tree.first_named(node);
  if (tree.kind(name) == "modifiers"_k) name = tree.next_named(name);
  std::string owner = walk.type() == no_symbol ? std::string() : walk.facts.symbols[walk.type()].name;
  if (entry) walk.add(walk.describe(SymbolKind::enum_member, node, name));
  if (body == no_node) return;
  Symbol symbol = walk.describe(SymbolKind::class_type, node, entry ? name : node, body);
  symbol.bases = bases_of(walk, node);
  if (entry) symbol.bases.push_back(owner);
  symbol.name = "$" + (entry                  ? walk.text(name)
                       : symbol.bases.empty() ? "object"
                                              : path_text(symbol.bases[0]));
  symbol.visibility = Visibility::private_;
  walk.add_and_enter(std::move(symbol), node);
}

// The grammar reads `String.ext` as one type and misses the name: the last part is the name.
NodeId extension_name(const SyntaxTree& tree, NodeId node) {
  NodeId receiver = type_in(tree, node);
  NodeId last = no_node;
  for (NodeId child = tree.first_named(receiver); child != no_node; child = tree.next_named(child)) {
    if (tree.kind(child) == "identifier"_k) last = child;
  }
  return last;
}

NodeId result_type(const SyntaxTree& tree, NodeId node) {
  NodeId child = tree.next_named(tree.child_of_kind(node, "function_value_parameters"_k));
  return is_type_node(tree.kind(child)) ? child : no_node;
}

bool in_companion(const SyntaxTree& tree, NodeId node) {
  Kind around = tree.kind(tree.parent(tree.parent(node)));
  return around == "companion_object"_k || around == "object_declaration"_k;
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  NodeId body = tree.child_of_kind(node, "function_body"_k);
  std::string receiver;
  NodeId before = type_in(tree, node);
  bool extends =
      before != no_node &&
      tree.node(before).start < tree.node(tree.child_of_kind(node, "function_value_parameters"_k)).start;
  if (extends && tree.node(name).missing) {
    NodeId last = extension_name(tree, node);
    if (last == no_node) return;
    receiver = path_text(tree.between(tree.node(before).start, tree.node(last).start));
    while (receiver.ends_with('.') || receiver.ends_with('?')) receiver.pop_back();
    name = last;
    --walk.facts.error_nodes;
  } else if (extends) {
    receiver = path_text(tree.text(before));
  }
  bool member = walk.type() != no_symbol;
  Symbol symbol = walk.describe(member ? SymbolKind::method : SymbolKind::function, node, name, body);
  Modifiers modifiers = modifiers_of(walk, node);
  symbol.scope_name = receiver;
  symbol.visibility = modifiers.visibility;
  symbol.decorators = modifiers.annotations;
  symbol.is_async_or_generator = modifiers.is_async;
  symbol.declaration = body == no_node;
  symbol.is_virtual = modifiers.is_open || body == no_node;
  symbol.is_static = member && in_companion(tree, node);
  symbol.type = walk.folded(result_type(tree, node));
  symbol.parameters = parameters_of(walk, tree.child_of_kind(node, "function_value_parameters"_k));
  std::vector<Parameter> parameters = symbol.parameters;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, parameters, node);
  if (tree.has_child(body, "="_t)) assign_expression(walk, index, "return", tree.first_named(body), body);
}

void visit_constructor(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId list = tree.child_of_kind(node, "function_value_parameters"_k);
  Symbol symbol = walk.describe(SymbolKind::constructor, node, node, tree.child_of_kind(node, "block"_k));
  symbol.name = "constructor";
  symbol.parameters = parameters_of(walk, list);
  std::vector<Parameter> parameters = symbol.parameters;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, parameters, node);
}

void visit_delegation(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  CallSite site;
  site.kind = CallKind::construct;
  site.name = "constructor";
  site.receiver_kind = tree.text(node).starts_with("super") ? ReceiverKind::super_ : ReceiverKind::self;
  describe_arguments(walk, tree.child_of_kind(node, "value_arguments"_k), site);
  walk.call(std::move(site), node);
}

// Base(a) among the bases.
void visit_base_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  CallSite site;
  NodeId place = describe_callee(walk, tree.first_named(node), site);
  if (place == no_node || tree.kind(tree.parent(node)) == "annotation"_k) return;
  site.kind = CallKind::construct;
  describe_arguments(walk, tree.child_of_kind(node, "value_arguments"_k), site);
  walk.call(std::move(site), place);
}

NodeId property_value(const SyntaxTree& tree, NodeId node) {
  NodeId value = tree.next_named(tree.child_of_kind(node, "variable_declaration"_k));
  if (value == no_node) value = tree.next_named(tree.child_of_kind(node, "multi_variable_declaration"_k));
  Kind kind = tree.kind(value);
  bool accessor = kind == "getter"_k || kind == "setter"_k || kind == "type_constraints"_k;
  if (kind == "property_delegate"_k) return tree.first_named(value);
  return accessor ? no_node : value;
}

void visit_property(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId value = property_value(tree, node);
  NodeId several = tree.child_of_kind(node, "multi_variable_declaration"_k);
  if (several != no_node) return assign_pattern(walk, walk.scope(), several, value, node);
  NodeId declaration = tree.child_of_kind(node, "variable_declaration"_k);
  NodeId name = tree.child_of_kind(declaration, "identifier"_k);
  std::string type = walk.folded(type_in(tree, declaration));
  bool local = walk.in_callable();
  if (local) walk.typed_name(walk.text(name), type, node);
  if (value != no_node) assign_expression(walk, walk.scope(), walk.text(name), value, node);
  if (local || name == no_node) return;
  Modifiers modifiers = modifiers_of(walk, node);
  SymbolKind kind = walk.type() != no_symbol ? SymbolKind::property : SymbolKind::variable;
  if (modifiers.is_const) kind = SymbolKind::constant;
  bool anonymous = tree.kind(value) == "anonymous_function"_k || tree.kind(value) == "lambda_literal"_k;
  if (kind == SymbolKind::variable && anonymous) kind = SymbolKind::function;
  Symbol symbol = walk.describe(kind, node, name, kind == SymbolKind::function ? value : no_node);
  symbol.type = type;
  symbol.visibility = modifiers.visibility;
  symbol.decorators = modifiers.annotations;
  symbol.is_virtual = modifiers.is_open;
  std::int32_t index = walk.add(std::move(symbol));
  bool code = tree.has_child(node, "getter"_k) || tree.has_child(node, "setter"_k);
  if (code || kind == SymbolKind::function) walk.enter(index, node);
}

void visit_accessor(Walk& walk, NodeId node) {
  NodeId body = walk.tree.child_of_kind(node, "function_body"_k);
  if (!walk.in_callable() || !walk.tree.has_child(body, "="_t)) return;
  assign_expression(walk, walk.callable(), "return", walk.tree.first_named(body), body);
}

void visit_lambda(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (walk.symbol() != no_symbol && walk.facts.symbols[walk.symbol()].kind == SymbolKind::function &&
      property_value(tree, tree.parent(node)) == node) {
    return;  // the value of a top-level property that is named as a function
  }
  walk.enter_anonymous(node);
  NodeId list = tree.child_of_kind(node, "lambda_parameters"_k);
  if (list == no_node) list = tree.child_of_kind(node, "function_value_parameters"_k);
  std::vector<Parameter> parameters = parameters_of(walk, list);
  type_parameters(walk, walk.scope(), parameters, node);
  if (list == no_node) assign_from_holder(walk, node, "it");
  if (!parameters.empty() && parameters.front().type.empty())
    assign_from_holder(walk, node, parameters.front().name);
}

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId path = tree.first_named(node);
  Import found{.module = path_text(tree.text(path)), .alias = walk.text(tree.next_named(path))};
  if (tree.text(node).ends_with('*')) found.name = "*";
  walk.import(std::move(found), node);
  walk.skip(node);
}

void visit_loop(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId pattern = tree.first_named(node);
  if (tree.kind(node) != "for_statement"_k) return;
  if (tree.kind(pattern) == "annotation"_k) pattern = tree.next_named(pattern);
  walk.typed_name(walk.text(tree.child_of_kind(pattern, "identifier"_k)), walk.folded(type_in(tree, pattern)),
                  node);
  assign_pattern_of_element(walk, walk.scope(), pattern, tree.next_named(pattern), node);
}

void visit_catch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  walk.typed_name(walk.text(tree.child_of_kind(node, "identifier"_k)), walk.folded(type_in(tree, node)),
                  node);
}

void visit_return(Walk& walk, NodeId node) {
  NodeId value = walk.tree.last_named(node);
  bool labelled = walk.tree.text(node).starts_with("return@");
  if (walk.returns_here() && !labelled && value != no_node) {
    assign_expression(walk, walk.callable(), "return", value, node);
  }
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Kind kind = tree.kind(node);
  bool binary = kind == "binary_expression"_k;
  if (binary && !tree.has_child(node, "&&"_t) && !tree.has_child(node, "||"_t) &&
      !tree.has_child(node, "?:"_t))
    return;
  if (kind == "when_entry"_k && tree.field(node, "condition"_f) == no_node) return;
  walk.branch();
}

void visit_alias(Walk& walk, NodeId node) {
  Symbol symbol = walk.describe(SymbolKind::type_alias, node, walk.tree.field(node, "type"_f));
  symbol.type = walk.folded(type_in(walk.tree, node));
  symbol.visibility = modifiers_of(walk, node).visibility;
  walk.add(std::move(symbol));
}

Expression call_of(const SyntaxTree& tree, NodeId node) {
  return shape::call(tree.first_named(node), tree.child_of_kind(node, "value_arguments"_k));
}

// ::f, T::f
Expression reference_of(const SyntaxTree& tree, NodeId node) {
  NodeId first = tree.first_named(node);
  NodeId last = tree.last_named(node);
  return first == last ? shape::name(last) : shape::member(first, last);
}

Expression argument_of(const SyntaxTree& tree, NodeId node) {
  NodeId value = tree.last_named(node);
  NodeId first = tree.first_named(node);
  if (tree.kind(value) == "spread_expression"_k) return shape::spread(tree.first_named(value));
  if (first == value) return shape::inner(value);
  return shape::keyword(first, value);
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string_literal"_k:
    case "multiline_string_literal"_k:
      return shape::literal("string");
    case "number_literal"_k:
    case "float_literal"_k:
      return shape::literal("number");
    case "character_literal"_k:
      return shape::literal("char");
    case "boolean_literal"_k:
      return shape::literal("bool");
    case "null_literal"_k:
      return shape::literal("null");
    default:
      return {};
  }
}

}  // namespace

Expression kotlin_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
      return shape::name(node);
    case "user_type"_k: {
      NodeId last = no_node;
      for (NodeId part = tree.first_named(node); part != no_node; part = tree.next_named(part)) {
        if (tree.kind(part) == "identifier"_k) last = part;
      }
      if (last == tree.first_named(node)) return shape::name(last);
      return shape::path(node, last);
    }
    case "variable_declaration"_k:
      return shape::name(tree.child_of_kind(node, "identifier"_k));
    case "this_expression"_k:
      return shape::self();
    case "super_expression"_k:
      return shape::super();
    case "navigation_expression"_k:
      return shape::member(tree.first_named(node), tree.last_named(node));
    case "call_expression"_k:
      return call_of(tree, node);
    case "value_argument"_k:
      return argument_of(tree, node);
    case "index_expression"_k:
      return shape::element(tree.first_named(node), tree.last_named(node));
    case "as_expression"_k:
      return shape::typed(field("right"_f), field("left"_f));
    case "parenthesized_expression"_k:
      return shape::inner(tree.first_named(node));
    case "unary_expression"_k:
      return shape::inner(field("argument"_f));
    case "callable_reference"_k:
      return reference_of(tree, node);
    case "if_expression"_k: {
      NodeId then = tree.next_named(field("condition"_f));
      return shape::either(then, tree.next_named(then));
    }
    case "binary_expression"_k:
      if (!tree.has_child(node, "?:"_t)) return {};
      return shape::either(field("left"_f), field("right"_f));
    case "lambda_literal"_k:
    case "anonymous_function"_k:
    case "annotated_lambda"_k:
      return shape::callable(no_node);
    case "object_literal"_k: {  // something of its base type
      NodeId base = tree.first_named(tree.first_named(tree.child_of_kind(node, "delegation_specifiers"_k)));
      if (tree.kind(base) == "constructor_invocation"_k) base = tree.first_named(base);
      return base == no_node ? Expression{} : shape::typed(base, no_node);
    }
    case "multi_variable_declaration"_k:
      return shape::container(node, "tuple");
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_kotlin(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "line_comment"_k:
    case "block_comment"_k:
      return walk.note_comment(node);
    case "package_header"_k:
      walk.facts.package = path_text(tree.text(tree.first_named(node)));
      return walk.skip(node);
    case "import"_k:
      return visit_import(walk, node);
    case "class_declaration"_k:
    case "object_declaration"_k:
      return visit_class(walk, node);
    case "object_literal"_k:
    case "enum_entry"_k:
      return visit_anonymous_class(walk, node);
    case "function_declaration"_k:
      return visit_function(walk, node);
    case "secondary_constructor"_k:
      return visit_constructor(walk, node);
    case "constructor_delegation_call"_k:
      return visit_delegation(walk, node);
    case "constructor_invocation"_k:
      return visit_base_call(walk, node);
    case "property_declaration"_k:
      return visit_property(walk, node);
    case "getter"_k:
    case "setter"_k:
      return visit_accessor(walk, node);
    case "type_alias"_k:
      return visit_alias(walk, node);
    case "lambda_literal"_k:
    case "anonymous_function"_k:
      return visit_lambda(walk, node);
    case "call_expression"_k:
      return emit_call(walk, node);
    case "callable_reference"_k:
      return;
    case "assignment"_k:
      if (!tree.has_child(node, "="_t)) return;
      return assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), tree.field(node, "right"_f),
                            node);
    case "for_statement"_k:
    case "while_statement"_k:
    case "do_while_statement"_k:
      return visit_loop(walk, node);
    case "catch_block"_k:
      return visit_catch(walk, node);
    case "return_expression"_k:
      return visit_return(walk, node);
    case "if_expression"_k:
    case "when_entry"_k:
    case "binary_expression"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace mira::code
