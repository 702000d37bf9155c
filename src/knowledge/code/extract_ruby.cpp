// Ruby: reopened classes, mixins as bases, attr_*, visibility words, calls that look
// like variables.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"

namespace mira::code {
namespace {

std::string symbol_text(const SyntaxTree& tree, NodeId node) {
  std::string_view text = tree.text(node);
  if (tree.kind(node) == "simple_symbol"_k && text.starts_with(':')) return std::string(text.substr(1));
  return tree.kind(node) == "string"_k ? unquoted(text) : std::string();
}

Parameter parameter_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Parameter out;
  NodeId name = tree.field(node, "name"_f);
  out.name = walk.text(name == no_node ? node : name);
  Kind kind = tree.kind(node);
  out.variadic = kind == "splat_parameter"_k || kind == "hash_splat_parameter"_k;
  out.has_default = tree.field(node, "value"_f) != no_node;
  return out;
}

// Parameters are known as local names: a bare word that is none of them is a call.
std::vector<Parameter> define_parameters(Walk& walk, NodeId list) {
  std::vector<Parameter> out;
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child)) {
    out.push_back(parameter_of(walk, child));
    walk.first_of_name(out.back().name);
  }
  return out;
}

void return_tail(Walk& walk, std::int32_t method, NodeId body) {
  NodeId last = walk.tree.kind(body) == "body_statement"_k ? walk.tree.last_named(body) : body;
  Value value = value_of(walk, last);
  if (value.kind != ValueKind::other) assign_expression(walk, method, "return", last, last);
}

bool is_singleton(const SyntaxTree& tree, NodeId node) {
  return tree.kind(node) == "singleton_method"_k ||
         tree.kind(tree.parent(tree.parent(node))) == "singleton_class"_k;
}

// `describe "x" do def f`: of a class that only the block's taker knows.
bool in_block(const SyntaxTree& tree, NodeId node) {
  for (NodeId at = tree.parent(node); at != no_node; at = tree.parent(at))
    if (tree.kind(at) == "do_block"_k || tree.kind(at) == "block"_k) return true;
  return false;
}

// `private def f`
Visibility visibility_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId call = tree.parent(tree.parent(node));
  std::string_view word = tree.text(tree.field(call, "method"_f));
  if (tree.kind(tree.parent(node)) == "argument_list"_k) {
    if (word == "private") return Visibility::private_;
    if (word == "protected") return Visibility::protected_;
  }
  return walk.access();
}

void visit_method(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  NodeId list = tree.field(node, "parameters"_f);
  bool member = walk.type() != no_symbol;
  Symbol symbol = walk.describe(member ? SymbolKind::method : SymbolKind::function, node,
                                tree.field(node, "name"_f), body);
  if (member && symbol.name == "initialize") symbol.kind = SymbolKind::constructor;
  symbol.is_static = is_singleton(tree, node);
  NodeId object = tree.field(node, "object"_f);
  if (object != no_node && tree.kind(object) != "self"_k) symbol.scope_name = path_text(tree.text(object));
  symbol.visibility = symbol.is_static ? Visibility::public_ : visibility_of(walk, node);
  if (!member && in_block(tree, node)) symbol.visibility = Visibility::file;
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  walk.facts.symbols[index].parameters = define_parameters(walk, list);
  return_tail(walk, index, body);
}

void visit_class(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(kind, node, tree.field(node, "name"_f), body);
  symbol.name = path_text(symbol.name);
  NodeId base = tree.first_named(tree.field(node, "superclass"_f));
  if (base != no_node) symbol.bases.push_back(walk.folded(base));
  std::int32_t index = walk.add(std::move(symbol));
  walk.enter_as_type(index, node);
  walk.set_access(Visibility::public_);
}

// P = Struct.new(:a) do ... end
bool define_struct(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "left"_f);
  NodeId call = tree.field(node, "right"_f);
  std::string_view maker = tree.text(tree.field(call, "receiver"_f));
  bool is_new = tree.text(tree.field(call, "method"_f)) == "new";
  if (tree.kind(name) != "constant"_k || !is_new || (maker != "Struct" && maker != "Class")) return false;
  Symbol symbol = walk.describe(SymbolKind::class_type, node, name, tree.field(call, "block"_f));
  NodeId arguments = tree.field(call, "arguments"_f);
  if (maker == "Class") symbol.bases.push_back(walk.folded(tree.first_named(arguments)));
  std::int32_t index = walk.add(std::move(symbol));
  walk.enter_as_type(index, node);
  for (NodeId field = tree.first_named(arguments); field != no_node; field = tree.next_named(field)) {
    if (tree.kind(field) != "simple_symbol"_k) continue;
    Symbol property = walk.describe(SymbolKind::property, field, field);
    property.name = symbol_text(tree, field);
    walk.add(std::move(property));
  }
  return true;
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId left = tree.field(node, "left"_f);
  NodeId right = tree.field(node, "right"_f);
  if (define_struct(walk, node)) return;
  if (tree.kind(left) == "identifier"_k) walk.first_of_name(tree.text(left));
  for (NodeId part = tree.first_named(left); part != no_node; part = tree.next_named(part)) {
    if (tree.kind(part) == "identifier"_k && tree.kind(left) == "left_assignment_list"_k) {
      walk.first_of_name(tree.text(part));
    }
  }
  bool constant = tree.kind(left) == "constant"_k;
  if (constant || (tree.kind(left) == "class_variable"_k && !walk.in_callable())) {
    Symbol symbol = walk.describe(constant ? SymbolKind::constant : SymbolKind::field, node, left);
    walk.add(std::move(symbol));
  }
  assign_pattern(walk, walk.scope(), left, right, node);
}

// include and the like: what is mixed in stands among the bases of the class around.
bool visit_mixin(Walk& walk, std::string_view word, NodeId arguments) {
  if (word != "include" && word != "extend" && word != "prepend") return false;
  if (walk.type() == no_symbol) return false;
  const SyntaxTree& tree = walk.tree;
  for (NodeId module = tree.first_named(arguments); module != no_node; module = tree.next_named(module)) {
    if (tree.kind(module) != "self"_k) walk.facts.symbols[walk.type()].bases.push_back(walk.folded(module));
  }
  return true;
}

// attr_accessor :a, :b
bool visit_attributes(Walk& walk, std::string_view word, NodeId arguments) {
  if (word != "attr_accessor" && word != "attr_reader" && word != "attr_writer") return false;
  const SyntaxTree& tree = walk.tree;
  for (NodeId name = tree.first_named(arguments); name != no_node; name = tree.next_named(name)) {
    Symbol symbol = walk.describe(SymbolKind::property, name, name);
    symbol.name = symbol_text(tree, name);
    symbol.visibility = walk.access();
    if (!symbol.name.empty()) walk.add(std::move(symbol));
  }
  return true;
}

void define_alias(Walk& walk, NodeId node, NodeId name, NodeId of) {
  const SyntaxTree& tree = walk.tree;
  auto spelled = [&](NodeId part) {
    std::string text = symbol_text(tree, part);
    return text.empty() ? walk.text(part) : text;
  };
  Symbol symbol = walk.describe(SymbolKind::method, node, name);
  symbol.name = spelled(name);
  symbol.is_static = tree.kind(tree.parent(tree.parent(node))) == "singleton_class"_k;
  std::string target = symbol.name;
  walk.add(std::move(symbol));
  walk.assign(target, {ValueKind::name, spelled(of), {}}, node);
}

// private :a, :b for methods that stand above.
void restrict_methods(Walk& walk, NodeId arguments, Visibility visibility) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId name = tree.first_named(arguments); name != no_node; name = tree.next_named(name)) {
    std::string wanted = symbol_text(tree, name);
    if (wanted.empty()) continue;
    for (Symbol& symbol : walk.facts.symbols) {
      if (symbol.parent == walk.type() && symbol.name == wanted) symbol.visibility = visibility;
    }
  }
}

void set_access_by_word(Walk& walk, std::string_view word) {
  if (walk.type() == no_symbol) return;
  if (word == "private") walk.set_access(Visibility::private_);
  if (word == "protected") walk.set_access(Visibility::protected_);
  if (word == "public") walk.set_access(Visibility::public_);
}

// Words of a class body that declare rather than call.
bool visit_declaring_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::string_view word = tree.text(tree.field(node, "method"_f));
  NodeId arguments = tree.field(node, "arguments"_f);
  NodeId first = tree.first_named(arguments);
  if (tree.field(node, "receiver"_f) != no_node) return false;
  if (visit_mixin(walk, word, arguments) || visit_attributes(walk, word, arguments)) return true;
  if (word == "alias_method" && first != no_node) {
    define_alias(walk, node, first, tree.next_named(first));
    return true;
  }
  if (word == "private" || word == "private_class_method")
    restrict_methods(walk, arguments, Visibility::private_);
  if (word == "protected") restrict_methods(walk, arguments, Visibility::protected_);
  if (word == "define_method" && tree.field(node, "block"_f) != no_node) {
    Symbol symbol = walk.describe(SymbolKind::method, node, first, tree.field(node, "block"_f));
    symbol.name = symbol_text(tree, first);
    symbol.is_static = tree.kind(tree.parent(tree.parent(node))) == "singleton_class"_k;
    if (!symbol.name.empty()) walk.add_and_enter(std::move(symbol), node);
  }
  return false;
}

bool visit_require(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::string_view word = tree.text(tree.field(node, "method"_f));
  NodeId first = tree.first_named(tree.field(node, "arguments"_f));
  if (word == "autoload") first = tree.next_named(first);
  bool relative = word == "require_relative";
  if (word != "require" && word != "load" && word != "autoload" && !relative) return false;
  if (tree.kind(first) != "string"_k) return false;
  Import found{.module = unquoted(tree.text(first))};
  if (relative && !found.module.starts_with('.')) found.module.insert(0, "./");
  walk.import(std::move(found), node);
  return true;
}

// super and super(x) call the method of the same name further up.
void call_super(Walk& walk, NodeId node, NodeId arguments) {
  if (walk.callable() == no_symbol) return;
  CallSite site;
  site.name = walk.facts.symbols[walk.callable()].name;
  site.receiver_kind = ReceiverKind::super_;
  site.arguments = arguments == no_node ? -1 : 0;
  describe_arguments(walk, arguments, site);
  walk.call(std::move(site), node);
}

void visit_call(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (tree.kind(tree.field(node, "method"_f)) == "super"_k)
    return call_super(walk, node, tree.field(node, "arguments"_f));
  if (visit_require(walk, node) || visit_declaring_call(walk, node)) return;
  emit_call(walk, node);
}

void visit_block(Walk& walk, NodeId node) {
  if (walk.symbol() != no_symbol && walk.facts.symbols[walk.symbol()].kind == SymbolKind::class_type) {
    return;  // Struct.new(...) do: its methods are members
  }
  NodeId list = walk.tree.field(node, "parameters"_f);
  walk.enter_anonymous(node);
  std::vector<Parameter> parameters = define_parameters(walk, list);
  for (const Parameter& parameter : parameters) walk.assign(parameter.name, {}, list);
  if (!parameters.empty()) assign_from_holder(walk, node, parameters.front().name);
}

// A word by itself is a call, if nothing made it a local variable before.
void visit_word(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Kind around = tree.kind(tree.parent(node));
  Field field = tree.node(node).field;
  bool names_something = field == "method"_f || field == "name"_f || field == "alias"_f || field == "left"_f;
  bool in_list = around == "method_parameters"_k || around == "block_parameters"_k ||
                 around == "lambda_parameters"_k || around == "left_assignment_list"_k ||
                 around == "exception_variable"_k;
  if (names_something || in_list) return;
  std::string_view word = tree.text(node);
  if (around == "body_statement"_k && (word == "private" || word == "protected" || word == "public")) {
    return set_access_by_word(walk, word);
  }
  if (walk.knows_name(word)) return;
  CallSite site;
  site.name = std::string(word);
  walk.call(std::move(site), node);
}

void visit_rescue(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId variable = tree.first_named(tree.field(node, "variable"_f));
  NodeId type = tree.first_named(tree.field(node, "exceptions"_f));
  if (variable == no_node) return;
  walk.first_of_name(tree.text(variable));
  walk.typed_name(walk.text(variable), walk.folded(type), node);
}

void visit_return(Walk& walk, NodeId node) {
  NodeId value = walk.tree.first_named(walk.tree.first_named(node));
  if (walk.returns_here() && value != no_node)
    assign_expression(walk, walk.callable(), "return", value, node);
}

void visit_for(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.branch();
  NodeId pattern = tree.field(node, "pattern"_f);
  walk.first_of_name(tree.text(pattern));
  assign_pattern_of_element(walk, walk.scope(), pattern, tree.first_named(tree.field(node, "value"_f)), node);
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  bool logical = tree.has_child(node, "&&"_t) || tree.has_child(node, "||"_t) ||
                 tree.has_child(node, "and"_t) || tree.has_child(node, "or"_t);
  if (tree.kind(node) != "binary"_k || logical) walk.branch();
}

// Foo.new(x) makes a Foo.
Expression call_of(const SyntaxTree& tree, NodeId node) {
  NodeId receiver = tree.field(node, "receiver"_f);
  NodeId method = tree.field(node, "method"_f);
  Kind kind = tree.kind(receiver);
  bool type = kind == "constant"_k || kind == "scope_resolution"_k;
  NodeId arguments = tree.field(node, "arguments"_f);
  if (type && tree.text(method) == "new") return shape::construct(receiver, arguments);
  return shape::call_named(receiver, method, arguments);
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string"_k:
    case "heredoc_beginning"_k:
      return shape::literal("string");
    case "hash_key_symbol"_k:
    case "simple_symbol"_k:
      return shape::literal("symbol");
    case "integer"_k:
    case "float"_k:
      return shape::literal("number");
    case "regex"_k:
      return shape::literal("regex");
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

Expression ruby_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto field = [&tree, node](Field name) { return tree.field(node, name); };
  switch (tree.kind(node)) {
    case "identifier"_k:
    case "constant"_k:
      return shape::name(node);
    case "instance_variable"_k:
    case "class_variable"_k:
      return shape::own(node);
    case "self"_k:
      return shape::self();
    case "scope_resolution"_k:
      return shape::path(node, field("name"_f));
    case "call"_k:
      return call_of(tree, node);
    case "element_reference"_k:
      return shape::element(field("object"_f), tree.next_named(field("object"_f)));
    case "parenthesized_statements"_k:
    case "begin"_k:
      return shape::inner(tree.last_named(node));
    case "block_argument"_k:
      return shape::inner(tree.first_named(node));
    case "assignment"_k:
      return shape::inner(field("right"_f));
    case "operator_assignment"_k:  // @part ||= Part.new
      return tree.has_child(node, "||="_t) ? shape::inner(field("right"_f)) : Expression{};
    case "conditional"_k:
      return shape::either(field("consequence"_f), field("alternative"_f));
    case "binary"_k:
      if (!tree.has_child(node, "||"_t) && !tree.has_child(node, "or"_t)) return {};
      return shape::either(field("left"_f), field("right"_f));
    case "pair"_k:
      return shape::entry(field("key"_f), field("value"_f));
    case "splat_argument"_k:
    case "hash_splat_argument"_k:
      return shape::spread(tree.first_named(node));
    case "lambda"_k:
    case "block"_k:
    case "do_block"_k:
      return shape::callable(no_node);
    case "array"_k:
    case "left_assignment_list"_k:
    case "right_assignment_list"_k:
      return shape::container(node, "list");
    case "hash"_k:
      return shape::container(node, "dict");
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_ruby(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "module"_k:
      return tree.node(node).named ? visit_class(walk, node, SymbolKind::module) : void();
    case "class"_k:
      return visit_class(walk, node, SymbolKind::class_type);
    case "method"_k:
    case "singleton_method"_k:
      return visit_method(walk, node);
    case "alias"_k:
      return define_alias(walk, node, tree.field(node, "name"_f), tree.field(node, "alias"_f));
    case "assignment"_k:
    case "operator_assignment"_k:
      return visit_assignment(walk, node);
    case "call"_k:
      return visit_call(walk, node);
    case "super"_k:
      return tree.node(node).field == "method"_f ? void() : call_super(walk, node, no_node);
    case "block"_k:
    case "do_block"_k:
    case "lambda"_k:
      return visit_block(walk, node);
    case "identifier"_k:
      return visit_word(walk, node);
    case "return"_k:
      return visit_return(walk, node);
    case "rescue"_k:
      return visit_rescue(walk, node);
    case "for"_k:
      return visit_for(walk, node);
    case "if"_k:
    case "elsif"_k:
    case "unless"_k:
    case "while"_k:
    case "until"_k:
    case "when"_k:
    case "in_clause"_k:
    case "if_modifier"_k:
    case "unless_modifier"_k:
    case "while_modifier"_k:
    case "until_modifier"_k:
    case "conditional"_k:
    case "binary"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace mira::code
