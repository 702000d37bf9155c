// Go: methods by receiver, embedding as bases, composite literals as constructions.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

Visibility visibility_of(std::string_view name) {
  bool exported =
      !name.empty() && ((name[0] >= 'A' && name[0] <= 'Z') || static_cast<unsigned char>(name[0]) >= 0x80);
  return exported ? Visibility::public_ : Visibility::package;
}

// "S" of S, *S, S[T], (*S).
std::string receiver_type(const SyntaxTree& tree, NodeId type) {
  for (int level = 0; level < 8; ++level) {
    Kind kind = tree.kind(type);
    if (kind == "generic_type"_k) {
      type = tree.field(type, "type"_f);
    } else if (kind == "pointer_type"_k || kind == "parenthesized_type"_k) {
      type = tree.first_named(type);
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
    parameter.variadic = tree.kind(child) == "variadic_parameter_declaration"_k;
    parameter.type = walk.folded(tree.field(child, "type"_f));
    NodeId name = tree.field(child, "name"_f);
    if (name == no_node) out.push_back(parameter);
    for (; name != no_node; name = tree.next_in_field(name, "name"_f)) {
      parameter.name = walk.text(name);
      out.push_back(parameter);
    }
  }
  return out;
}

void type_parameters(Walk& walk, std::int32_t scope, NodeId list) {
  for (const Parameter& parameter : parameters_of(walk, list)) {
    walk.typed_name_in(scope, parameter.name, parameter.variadic ? "[]" + parameter.type : parameter.type,
                       list);
  }
}

// "(*T, error)" without the names of named results.
std::string result_type(const Walk& walk, NodeId result) {
  if (walk.tree.kind(result) != "parameter_list"_k) return walk.folded(result);
  std::string out;
  for (const Parameter& parameter : parameters_of(walk, result)) {
    out += (out.empty() ? "(" : ", ") + parameter.type;
  }
  return out.empty() ? out : out + ")";
}

Symbol describe_function(const Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), tree.field(node, "body"_f));
  symbol.visibility = visibility_of(symbol.name);
  symbol.parameters = parameters_of(walk, tree.field(node, "parameters"_f));
  symbol.type = result_type(walk, tree.field(node, "result"_f));
  symbol.declaration = tree.field(node, "body"_f) == no_node;
  return symbol;
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId receiver = tree.first_named(tree.field(node, "receiver"_f));
  Symbol symbol =
      describe_function(walk, node, receiver == no_node ? SymbolKind::function : SymbolKind::method);
  NodeId type = tree.field(receiver, "type"_f);
  if (receiver != no_node) symbol.scope_name = receiver_type(tree, type);
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  NodeId name = tree.field(receiver, "name"_f);
  if (name != no_node) {
    walk.set_self_name(tree.text(name));
    walk.typed_name_in(index, "self", walk.folded(type), name);
  }
  type_parameters(walk, index, tree.field(node, "parameters"_f));
  NodeId result = tree.field(node, "result"_f);
  if (tree.kind(result) == "parameter_list"_k) type_parameters(walk, index, result);
}

void visit_literal_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId spec = tree.parent(tree.parent(node));
  bool package_level = walk.at_file_level() && tree.kind(spec) == "var_spec"_k;
  if (!package_level) {
    walk.enter_anonymous(node);
    return type_parameters(walk, walk.scope(), tree.field(node, "parameters"_f));
  }
  Symbol symbol =
      walk.describe(SymbolKind::function, spec, tree.field(spec, "name"_f), tree.field(node, "body"_f));
  symbol.visibility = visibility_of(symbol.name);
  symbol.parameters = parameters_of(walk, tree.field(node, "parameters"_f));
  symbol.type = result_type(walk, tree.field(node, "result"_f));
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, tree.field(node, "parameters"_f));
}

void define_fields(Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId field = tree.first_named(list); field != no_node; field = tree.next_named(field)) {
    NodeId type = tree.field(field, "type"_f);
    NodeId name = tree.field(field, "name"_f);
    bool embedded = name == no_node;
    if (embedded) name = type;
    for (; name != no_node; name = embedded ? no_node : tree.next_in_field(name, "name"_f)) {
      Symbol symbol = walk.describe(SymbolKind::field, field, name);
      if (embedded) {
        symbol.name = receiver_type(tree, type);
        symbol.name = symbol.name.substr(symbol.name.rfind('.') + 1);
      }
      symbol.type = walk.folded(type);
      symbol.visibility = visibility_of(symbol.name);
      walk.add(std::move(symbol));
    }
  }
}

std::vector<std::string> embedded_types(const Walk& walk, NodeId type) {
  const SyntaxTree& tree = walk.tree;
  std::vector<std::string> bases;
  NodeId fields = tree.child_of_kind(type, "field_declaration_list"_k);
  for (NodeId field = tree.first_named(fields); field != no_node; field = tree.next_named(field)) {
    if (tree.field(field, "name"_f) == no_node)
      bases.push_back(receiver_type(tree, tree.field(field, "type"_f)));
  }
  for (NodeId element = tree.first_named(type); element != no_node; element = tree.next_named(element)) {
    if (tree.kind(element) == "type_elem"_k && tree.named_count(element) == 1)
      bases.push_back(walk.folded(element));
  }
  return bases;
}

// A group of one is the declaration itself.
NodeId whole_of(const SyntaxTree& tree, NodeId spec) {
  NodeId group = tree.parent(spec);
  bool grouped =
      tree.source().substr(0, tree.node(spec).start).ends_with('(') || tree.named_count(group) != 1;
  return grouped || tree.node(group).row != tree.node(spec).row ? spec : group;
}

void visit_type(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(node, "type"_f);
  Kind kind = tree.kind(type);
  bool is_struct = kind == "struct_type"_k;
  SymbolKind symbol_kind = is_struct                        ? SymbolKind::struct_type
                           : kind == "interface_type"_k ? SymbolKind::interface
                                                            : SymbolKind::type_alias;
  NodeId whole = whole_of(tree, node);
  NodeId body = is_struct ? tree.child_of_kind(type, "field_declaration_list"_k) : no_node;
  Symbol symbol = walk.describe(symbol_kind, whole, tree.field(node, "name"_f), body);
  symbol.visibility = visibility_of(symbol.name);
  symbol.bases = embedded_types(walk, type);
  if (symbol_kind == SymbolKind::type_alias) symbol.type = walk.folded(type);
  if (symbol_kind == SymbolKind::interface) symbol.signature = "type " + symbol.name + " interface";
  std::int32_t index = walk.add(std::move(symbol));
  if (symbol_kind != SymbolKind::type_alias) walk.enter(index, node);
  if (is_struct) define_fields(walk, body);
}

void visit_interface_method(Walk& walk, NodeId node) {
  if (walk.type() == no_symbol) return;
  Symbol symbol = describe_function(walk, node, SymbolKind::method);
  symbol.declaration = symbol.is_virtual = true;
  walk.add(std::move(symbol));
}

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "name"_f);
  Import found{.module = unquoted(tree.text(tree.field(node, "path"_f)))};
  if (tree.kind(name) == "dot"_k) {
    found.name = "*";
  } else {
    found.alias = walk.text(name);
  }
  walk.import(std::move(found), node);
}

// One value for many names is a call with many results, but for v, ok := m[k], x.(T), <-c.
void assign_list(Walk& walk, NodeId left, NodeId right, NodeId at) {
  const SyntaxTree& tree = walk.tree;
  if (tree.kind(right) != "expression_list"_k) {  // v, ok := <-c
    return assign_pattern(walk, walk.scope(), tree.first_named(left), right, at);
  }
  NodeId only = tree.first_named(right);
  bool checked = tree.named_count(left) == 2 && only != no_node && tree.next_named(only) == no_node;
  if (checked) {
    Shape shape = expression_of(walk, only).shape;
    checked = shape == Shape::element || shape == Shape::typed;
  }
  bool several = tree.named_count(left) > 1;
  bool one_value = only != no_node && tree.next_named(only) == no_node;
  NodeId pattern = checked ? tree.first_named(left) : left;
  assign_pattern(walk, walk.scope(), pattern, checked || (several && one_value) ? only : right, at);
}

void visit_variable(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId value = tree.first_named(tree.field(node, "value"_f));
  std::string type = walk.folded(tree.field(node, "type"_f));
  bool one_for_all = value != no_node && tree.next_named(value) == no_node &&
                     tree.next_in_field(tree.field(node, "name"_f), "name"_f) != no_node;
  int position = 0;
  for (NodeId name = tree.field(node, "name"_f); name != no_node; name = tree.next_in_field(name, "name"_f)) {
    bool function = walk.at_file_level() && tree.kind(value) == "func_literal"_k;
    if (walk.at_file_level() && !function) {
      Symbol symbol = walk.describe(kind, whole_of(tree, node), name);
      symbol.visibility = visibility_of(symbol.name);
      symbol.type = type;
      walk.add(std::move(symbol));
    } else {
      walk.typed_name(walk.text(name), type, name);
    }
    if (one_for_all) {
      std::string text = expression_text(walk, value);
      if (!text.empty()) {
        walk.assign(walk.text(name), {ValueKind::member, text + "[]", std::to_string(position)}, node);
      }
    } else if (value != no_node) {
      assign_expression(walk, walk.scope(), walk.text(name), value, node);
      value = tree.next_named(value);
    }
    ++position;
  }
}

// for i, v := range items: the second name is the element.
void visit_range(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId key = tree.first_named(tree.field(node, "left"_f));
  NodeId element = tree.next_named(key);
  if (key != no_node) assign_pattern(walk, walk.scope(), key, no_node, node);
  if (element != no_node)
    assign_pattern_of_element(walk, walk.scope(), element, tree.field(node, "right"_f), node);
}

void visit_type_switch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId alias = tree.first_named(tree.field(node, "alias"_f));
  if (alias == no_node) return;
  for (NodeId branch = tree.first_named(node); branch != no_node; branch = tree.next_named(branch)) {
    if (tree.kind(branch) != "type_case"_k) continue;
    walk.typed_name(walk.text(alias), walk.folded(tree.field(branch, "type"_f)), branch);
  }
}

void visit_return(Walk& walk, NodeId node) {
  NodeId list = walk.tree.first_named(node);
  if (!walk.returns_here() || list == no_node) return;
  NodeId only = walk.tree.first_named(list);
  bool single = walk.tree.next_named(only) == no_node;
  assign_expression(walk, walk.callable(), "return", single ? only : list, node);
}

void visit_binary(Walk& walk, NodeId node) {
  if (walk.tree.has_child(node, "&&"_t) || walk.tree.has_child(node, "||"_t)) walk.branch();
}

bool is_collection(Kind type) {
  return type == "slice_type"_k || type == "array_type"_k || type == "map_type"_k ||
         type == "implicit_length_array_type"_k;
}

Expression composite_of(const SyntaxTree& tree, NodeId node) {
  NodeId type = tree.field(node, "type"_f);
  NodeId body = tree.field(node, "body"_f);
  if (is_collection(tree.kind(type)) && tree.named_count(body) == 0) return shape::typed(type, no_node);
  if (is_collection(tree.kind(type)))
    return shape::container(body, tree.kind(type) == "map_type"_k ? "map" : "list");
  if (tree.kind(type) == "generic_type"_k) type = tree.field(type, "type"_f);
  return shape::construct(type, body);
}

Expression call_of(const SyntaxTree& tree, NodeId node) {
  NodeId callee = tree.field(node, "function"_f);
  NodeId arguments = tree.field(node, "arguments"_f);
  std::string_view name = tree.text(callee);
  NodeId first = tree.first_named(arguments);
  if (name == "new" && first != no_node) return shape::typed(first, no_node);
  if (name == "make") return first == no_node ? shape::literal("collection") : shape::typed(first, no_node);
  return shape::call(callee, arguments);
}

Expression unary_of(const SyntaxTree& tree, NodeId node) {
  NodeId operand = tree.field(node, "operand"_f);
  if (tree.has_child(node, "<-"_t)) return shape::element(operand, no_node);
  if (tree.has_child(node, "&"_t) || tree.has_child(node, "*"_t)) return shape::inner(operand);
  return {};
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "interpreted_string_literal"_k:
    case "raw_string_literal"_k:
      return shape::literal("string");
    case "int_literal"_k:
    case "float_literal"_k:
      return shape::literal("number");
    case "true"_k:
    case "false"_k:
      return shape::literal("bool");
    case "nil"_k:
      return shape::literal("nil");
    default:
      return {};
  }
}

}  // namespace

Expression go_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "type_identifier"_k:
    case "field_identifier"_k:
      return {.shape = walk.is_self_name(tree.text(node)) ? Shape::self : Shape::name, .name = node};
    case "selector_expression"_k:
      return shape::member(field("operand"_f), field("field"_f));
    case "qualified_type"_k:
      return shape::member(field("package"_f), field("name"_f));
    case "package_identifier"_k:
      return shape::name(node);
    case "generic_type"_k:
    case "type_instantiation_expression"_k:
      return shape::inner(field("type"_f));
    case "call_expression"_k:
      return call_of(tree, node);
    case "type_conversion_expression"_k:
      return shape::call(field("type"_f), no_node);
    case "composite_literal"_k:
      return composite_of(tree, node);
    case "type_assertion_expression"_k: {
      NodeId type = field("type"_f);
      if (tree.kind(type) == "pointer_type"_k) type = tree.first_named(type);
      return shape::typed(type, field("operand"_f));
    }
    case "index_expression"_k:
      return shape::element(field("operand"_f), field("index"_f));
    case "unary_expression"_k:
      return unary_of(tree, node);
    case "parenthesized_expression"_k:
    case "literal_element"_k:
      return shape::inner(tree.first_named(node));
    case "slice_expression"_k:
      return shape::inner(field("operand"_f));
    case "keyed_element"_k:
      return shape::entry(tree.first_named(field("key"_f)), field("value"_f));
    case "func_literal"_k:
      return shape::callable(no_node);
    case "expression_list"_k:
      return shape::container(node, "tuple");
    case "literal_value"_k:
      return shape::container(node, "list");
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_go(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "package_clause"_k:
      walk.facts.package = walk.text(tree.first_named(node));
      return;
    case "import_spec"_k:
      return visit_import(walk, node);
    case "function_declaration"_k:
    case "method_declaration"_k:
      return visit_function(walk, node);
    case "func_literal"_k:
      return visit_literal_function(walk, node);
    case "type_spec"_k:
    case "type_alias"_k:
      return visit_type(walk, node);
    case "method_elem"_k:
      return visit_interface_method(walk, node);
    case "const_spec"_k:
      return visit_variable(walk, node, SymbolKind::constant);
    case "var_spec"_k:
      return visit_variable(walk, node, SymbolKind::variable);
    case "short_var_declaration"_k:
    case "assignment_statement"_k:
    case "receive_statement"_k:
      return assign_list(walk, tree.field(node, "left"_f), tree.field(node, "right"_f), node);
    case "range_clause"_k:
      return visit_range(walk, node);
    case "call_expression"_k:
    case "composite_literal"_k:
    case "type_conversion_expression"_k:
      return emit_call(walk, node);
    case "return_statement"_k:
      return visit_return(walk, node);
    case "type_switch_statement"_k:
      return visit_type_switch(walk, node);
    case "if_statement"_k:
    case "for_statement"_k:
    case "expression_case"_k:
    case "type_case"_k:
    case "communication_case"_k:
      return walk.branch();
    case "binary_expression"_k:
      return visit_binary(walk, node);
    default:
      return;
  }
}

}  // namespace mira::code
