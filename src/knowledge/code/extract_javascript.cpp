// JavaScript, TypeScript and TSX: functions by whatever name they are bound to, object
// and prototype methods, classes, ES and CommonJS modules, JSX.
#include <algorithm>
#include <unordered_set>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_javascript.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

// What a function is called and what it belongs to, by where it stands.
struct Binding {
  NodeId whole = no_node;  // for places and doc comment
  NodeId name = no_node;
  std::string spelled;  // when there is no node: "default"
  std::string owner;    // Foo of Foo.prototype.bar = ..., o.a of nested object literals
  SymbolKind kind = SymbolKind::function;
};

NodeId exported_whole(const SyntaxTree& tree, NodeId node) {
  return tree.kind(tree.parent(node)) == "export_statement"_k ? tree.parent(node) : node;
}

// Foo.prototype.bar = f, exports.f = f, app.get = f, this.f = f
Binding assigned_binding(const Walk& walk, NodeId assignment) {
  const SyntaxTree& tree = walk.tree;
  NodeId left = tree.field(assignment, "left"_f);
  NodeId statement = tree.parent(assignment);
  Binding out;
  out.whole = tree.kind(statement) == "expression_statement"_k ? statement : assignment;
  if (tree.kind(left) == "identifier"_k) {
    out.name = left;
    return out;
  }
  if (tree.kind(left) != "member_expression"_k) return {};
  out.name = tree.field(left, "property"_f);
  out.owner = expression_text(walk, tree.field(left, "object"_f));
  if (out.owner == "module" && tree.text(out.name) == "exports") {
    out.spelled = "default";
    out.owner.clear();
  } else if (out.owner == "exports" || out.owner == "module.exports") {
    out.owner.clear();
  } else if (out.owner.ends_with(".prototype")) {
    out.owner.resize(out.owner.size() - std::string_view(".prototype").size());
    out.kind = SymbolKind::method;
  } else if (out.owner == "self") {
    out.owner.clear();
    out.kind = SymbolKind::method;
  }
  return out;
}

// How the function or class expression `node` is named from outside; no name: anonymous.
Binding binding_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId parent = tree.parent(node);
  while (tree.kind(parent) == "parenthesized_expression"_k || tree.kind(parent) == "as_expression"_k ||
         tree.kind(parent) == "satisfies_expression"_k) {
    parent = tree.parent(parent);
  }
  Binding out;
  switch (tree.kind(parent)) {
    case "variable_declarator"_k:
      out.name = tree.field(parent, "name"_f);
      if (tree.kind(out.name) != "identifier"_k) return {};
      out.whole = exported_whole(tree, tree.parent(parent));
      return out;
    case "assignment_expression"_k:
      out = assigned_binding(walk, parent);
      break;
    case "pair"_k:
      out.name = tree.field(parent, "key"_f);
      out.whole = parent;
      out.owner = object_path(walk, parent);
      out.kind = SymbolKind::method;
      if (tree.kind(out.name) == "computed_property_name"_k) return {};
      return out;
    case "public_field_definition"_k:
    case "field_definition"_k:
      out.name = tree.field(parent, "name"_f);
      if (out.name == no_node) out.name = tree.field(parent, "property"_f);
      out.whole = parent;
      out.kind = SymbolKind::method;
      return out;
    case "export_statement"_k:
      out.whole = parent;
      out.spelled = "default";
      break;
    default:
      break;
  }
  NodeId own = tree.field(node, "name"_f);
  if (out.spelled == "default" && own != no_node) out.spelled.clear(), out.name = own;
  if (out.name == no_node) out.name = own;
  if (out.whole == no_node) out.whole = node;
  if (out.name == no_node && !out.spelled.empty()) out.name = node;
  return out;
}

bool is_exported(const SyntaxTree& tree, NodeId whole) {
  return tree.kind(whole) == "export_statement"_k;
}

Parameter parameter_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Parameter out;
  NodeId pattern = node;
  switch (tree.kind(node)) {
    case "optional_parameter"_k:
    case "required_parameter"_k:
      out.has_default = tree.kind(node) == "optional_parameter"_k || tree.field(node, "value"_f) != no_node;
      out.type = annotated_type(walk, node);
      pattern = tree.field(node, "pattern"_f);
      break;
    case "assignment_pattern"_k:
      out.has_default = true;
      pattern = tree.field(node, "left"_f);
      break;
    default:
      break;
  }
  if (tree.kind(pattern) == "rest_pattern"_k) {
    out.variadic = true;
    pattern = tree.first_named(pattern);
  }
  if (tree.kind(pattern) == "assignment_pattern"_k) pattern = tree.field(pattern, "left"_f);
  out.name = short_text(tree.text(pattern));
  return out;
}

NodeId parameter_pattern(const SyntaxTree& tree, NodeId node) {
  NodeId pattern = tree.field(node, "pattern"_f);
  if (pattern == no_node)
    pattern = tree.kind(node) == "assignment_pattern"_k ? tree.field(node, "left"_f) : node;
  return pattern;
}

// `constructor(private db: Db)` declares a field and sets it.
void define_parameter_property(Walk& walk, std::int32_t function, NodeId node, const Parameter& parameter) {
  const SyntaxTree& tree = walk.tree;
  NodeId modifier = tree.child_of_kind(node, "accessibility_modifier"_k);
  if (modifier == no_node && !tree.has_child(node, "readonly"_t)) return;
  std::int32_t owner = walk.facts.symbols[function].parent;
  if (owner == no_symbol) return;
  Symbol field = walk.describe(SymbolKind::field, node, tree.field(node, "pattern"_f));
  field.type = parameter.type;
  field.visibility = tree.text(modifier) == "private" ? Visibility::private_ : Visibility::public_;
  walk.add_to(owner, std::move(field));
  walk.assign_in(function, "self." + parameter.name, {ValueKind::name, parameter.name, {}}, node);
}

NodeId first_parameter(const SyntaxTree& tree, NodeId function) {
  NodeId list = tree.field(function, "parameters"_f);
  return list != no_node ? tree.first_named(list) : tree.field(function, "parameter"_f);
}

// The parameters of a function without a name are local names of the function around it.
void declare_parameters(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = first_parameter(tree, node); child != no_node; child = tree.next_named(child)) {
    if (tree.node(child).field == "body"_f) break;
    std::string type = annotated_type(walk, child);
    NodeId pattern = parameter_pattern(tree, child);
    if (type.empty()) {
      assign_pattern(walk, walk.scope(), pattern, no_node, child);
    } else {
      walk.typed_name(short_text(tree.text(pattern)), type, child);
    }
  }
}

void return_expression_body(Walk& walk, std::int32_t function, NodeId body) {
  Kind kind = walk.tree.kind(body);
  if (body == no_node || kind == "statement_block"_k) return;
  assign_expression(walk, function, "return", body, body);
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Binding bound;
  Kind kind = tree.kind(node);
  if (kind == "function_declaration"_k || kind == "generator_function_declaration"_k ||
      kind == "function_signature"_k) {
    bound.name = tree.field(node, "name"_f);
    bound.whole = exported_whole(tree, node);
  } else {
    bound = binding_of(walk, node);
  }
  NodeId body = tree.field(node, "body"_f);
  if (bound.name == no_node) {
    walk.enter_anonymous(node);
    declare_parameters(walk, node);
    NodeId list = tree.field(node, "parameters"_f);
    NodeId first = list == no_node ? tree.field(node, "parameter"_f) : tree.first_named(list);
    if (tree.kind(first) == "required_parameter"_k && tree.field(first, "type"_f) == no_node)
      first = tree.field(first, "pattern"_f);
    if (tree.kind(first) == "identifier"_k) assign_from_holder(walk, node, walk.text(first));
    return;
  }
  if (kind == "function_declaration"_k && body == no_node) return;
  Symbol symbol = walk.describe(bound.kind, bound.whole, bound.name, body, bound.whole);
  symbol.name = bound.spelled.empty() ? unquoted(symbol.name) : bound.spelled;
  symbol.scope_name = bound.owner;
  symbol.declaration = body == no_node;
  symbol.type = annotated_type(walk, node, "return_type"_f);
  symbol.is_async_or_generator = tree.has_child(node, "async"_t) || tree.has_child(node, "*"_t);
  symbol.visibility =
      walk.at_file_level() && !is_exported(tree, bound.whole) ? Visibility::file : Visibility::public_;
  if (bound.spelled == "default") walk.facts.exports.push_back({"default", "default"});
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  define_parameters(walk, index, node);
  return_expression_body(walk, index, body);
}

void visit_variable(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId pattern = tree.field(node, "name"_f);
  NodeId value = tree.field(node, "value"_f);
  std::string type = annotated_type(walk, node);
  if (import_by_require(walk, node)) return;
  if (value == no_node) {
    walk.typed_name(expression_text(walk, pattern), type, pattern);
    if (type.empty()) assign_pattern(walk, walk.scope(), pattern, no_node, node);
  } else {
    walk.typed_name(expression_text(walk, pattern), type, pattern);
    assign_pattern(walk, walk.scope(), pattern, value, node);
  }
  Expression shape = expression_of(walk, value);
  bool object = shape.shape == Shape::container && shape.literal == "object";
  bool named_elsewhere = shape.shape == Shape::callable || tree.kind(value) == "class"_k;
  if (tree.kind(pattern) != "identifier"_k || named_elsewhere) return;
  if (walk.in_callable() && !object) return;
  Symbol symbol =
      walk.describe(SymbolKind::variable, exported_whole(tree, tree.parent(node)), pattern, value);
  bool constant = tree.has_child(tree.parent(node), "const"_t);
  if (constant && std::ranges::none_of(symbol.name, [](char b) { return b >= 'a' && b <= 'z'; })) {
    symbol.kind = SymbolKind::constant;
  }
  symbol.type = type;
  symbol.visibility = walk.at_file_level() && !is_exported(tree, exported_whole(tree, tree.parent(node)))
                          ? Visibility::file
                          : Visibility::public_;
  if (walk.in_callable()) {
    // only for what its methods are called after
    bool methods = tree.has_child(shape.object, "method_definition"_k);
    if (!methods) return;
  }
  std::int32_t index = walk.add(std::move(symbol));
  if (object) walk.enter(index, shape.object);
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId right = tree.field(node, "right"_f);
  for (int link = 0; tree.kind(right) == "assignment_expression"_k && link < 16; ++link) {
    right = tree.field(right, "right"_f);
  }
  export_by_assignment(walk, node, right);
  assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), right, node);
}

void visit_call(Walk& walk, NodeId node) {
  NodeId callee = walk.tree.field(node, "function"_f);
  if (import_by_call(walk, node)) return;
  if (walk.tree.kind(callee) == "super"_k) {
    CallSite site;
    site.kind = CallKind::construct;
    site.receiver_kind = ReceiverKind::super_;
    site.name = "constructor";
    describe_arguments(walk, walk.tree.field(node, "arguments"_f), site);
    return walk.call(std::move(site), callee);
  }
  emit_call(walk, node);
}

void visit_loop(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  if (tree.kind(node) != "for_in_statement"_k) return;
  if (tree.has_child(node, "of"_t)) {
    assign_pattern_of_element(walk, walk.scope(), tree.field(node, "left"_f), tree.field(node, "right"_f),
                              node);
  } else {
    assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), no_node, node);
  }
}

void visit_return(Walk& walk, NodeId node, const char* target) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node) assign_expression(walk, walk.callable(), target, value, node);
}

void visit_binary(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (tree.has_child(node, "&&"_t) || tree.has_child(node, "||"_t) || tree.has_child(node, "??"_t))
    walk.branch();
}

// <Component/>; lower case names are elements of the page.
void visit_jsx(Walk& walk, NodeId node) {
  NodeId name = walk.tree.field(node, "name"_f);
  std::string_view text = walk.tree.text(name);
  bool component =
      !text.empty() && ((text[0] >= 'A' && text[0] <= 'Z') || text.find('.') != std::string_view::npos);
  if (component) emit_use(walk, name, CallKind::jsx);
}

void visit_decorator(Walk& walk, NodeId node) {
  NodeId callee = walk.tree.first_named(node);
  walk.note_decorator(node, walk.folded(callee));
  if (walk.tree.kind(callee) != "call_expression"_k) emit_use(walk, callee, CallKind::decorator);
}

}  // namespace

// The keys between an object literal's method and the symbol around it: "a.b".
std::string object_path(const Walk& walk, NodeId member) {
  const SyntaxTree& tree = walk.tree;
  std::string path;
  NodeId object = tree.parent(member);
  for (int level = 0; level < 16; ++level) {
    NodeId pair = tree.parent(object);
    if (tree.kind(object) != "object"_k || tree.kind(pair) != "pair"_k) break;
    if (!path.empty()) path.insert(0, ".");
    path.insert(0, unquoted(tree.text(tree.field(pair, "key"_f))));
    object = tree.parent(pair);
  }
  return path;
}

void define_parameters(Walk& walk, std::int32_t function, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = first_parameter(tree, node); child != no_node; child = tree.next_named(child)) {
    if (tree.node(child).field == "body"_f) break;  // x => ...
    Parameter parameter = parameter_of(walk, child);
    walk.typed_name_in(function, parameter.name, parameter.type, child);
    NodeId pattern = parameter_pattern(tree, child);
    if (expression_of(walk, pattern).shape == Shape::container) {
      assign_pattern(walk, function, pattern, no_node, child);
    }
    define_parameter_property(walk, function, child, parameter);
    walk.facts.symbols[function].parameters.push_back(std::move(parameter));
  }
}

std::string annotated_type(const Walk& walk, NodeId node, Field field) {
  NodeId annotation = walk.tree.field(node, field);
  if (annotation == no_node) return {};
  std::string text = walk.folded(annotation);
  std::size_t begin = text.find_first_not_of(": ");
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

void visit_javascript(Walk& walk, NodeId node) {
  switch (walk.tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "function_declaration"_k:
    case "generator_function_declaration"_k:
    case "function_signature"_k:
    case "function_expression"_k:
    case "generator_function"_k:
    case "arrow_function"_k:
      return visit_function(walk, node);
    case "variable_declarator"_k:
      return visit_variable(walk, node);
    case "assignment_expression"_k:
      return visit_assignment(walk, node);
    case "call_expression"_k:
      return visit_call(walk, node);
    case "new_expression"_k:
      return emit_call(walk, node);
    case "import_statement"_k:
      return visit_import(walk, node);
    case "export_statement"_k:
      return visit_export(walk, node);
    case "decorator"_k:
      return visit_decorator(walk, node);
    case "jsx_opening_element"_k:
    case "jsx_self_closing_element"_k:
      return visit_jsx(walk, node);
    case "return_statement"_k:
      return visit_return(walk, node, "return");
    case "yield_expression"_k:
      return visit_return(walk, node, "return[]");
    case "for_statement"_k:
    case "for_in_statement"_k:
    case "while_statement"_k:
    case "do_statement"_k:
      return visit_loop(walk, node);
    case "if_statement"_k:
    case "switch_case"_k:
    case "catch_clause"_k:
    case "ternary_expression"_k:
      return walk.branch();
    case "binary_expression"_k:
      return visit_binary(walk, node);
    default:
      return visit_javascript_types(walk, node);
  }
}

}  // namespace mira::code
