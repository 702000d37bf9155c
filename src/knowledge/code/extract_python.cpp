// Python: nested functions, decorators, docstrings, self.x = ..., imports, __all__.
#include <algorithm>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

bool is_dunder(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

Visibility visibility_of(std::string_view name) {
  return name.starts_with("_") && !is_dunder(name) ? Visibility::private_ : Visibility::public_;
}

bool is_constant_name(std::string_view name) {
  bool letter = false;
  for (char byte : name) {
    if (byte >= 'a' && byte <= 'z') return false;
    letter |= byte >= 'A' && byte <= 'Z';
  }
  return letter;
}

std::string docstring(const Walk& walk, NodeId body) {
  NodeId first = walk.tree.first_named(body);
  if (walk.tree.kind(first) == "expression_statement"_k) first = walk.tree.first_named(first);
  if (walk.tree.kind(first) != "string"_k) return {};
  NodeId content = walk.tree.child_of_kind(first, "string_content"_k);
  return content == no_node ? std::string() : clean_comment(walk.tree.text(content));
}

NodeId whole_of(const Walk& walk, NodeId definition) {
  NodeId parent = walk.tree.parent(definition);
  return walk.tree.kind(parent) == "decorated_definition"_k ? parent : definition;
}

std::vector<std::string> decorators_of(const Walk& walk, NodeId whole) {
  std::vector<std::string> out;
  for (NodeId child = walk.tree.first_named(whole); walk.tree.kind(child) == "decorator"_k;
       child = walk.tree.next_named(child)) {
    out.push_back(walk.folded(walk.tree.first_named(child)));
  }
  return out;
}

Parameter parameter_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Parameter out;
  NodeId name = tree.field(node, "name"_f);
  switch (tree.kind(node)) {
    case "identifier"_k:
      name = node;
      break;
    case "typed_parameter"_k:
      name = tree.first_named(node);
      break;
    case "default_parameter"_k:
    case "typed_default_parameter"_k:
      out.has_default = true;
      break;
    case "list_splat_pattern"_k:
    case "dictionary_splat_pattern"_k:
      name = node;
      break;
    default:
      return out;
  }
  if (tree.kind(name) == "list_splat_pattern"_k || tree.kind(name) == "dictionary_splat_pattern"_k) {
    out.variadic = true;
    name = tree.first_named(name);
  }
  out.name = walk.text(name);
  out.type = walk.folded(tree.field(node, "type"_f));
  return out;
}

// Parameters, with rows for the defaults that may be callables: (x=f).
void define_parameters(Walk& walk, std::int32_t function, NodeId list) {
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child)) {
    Parameter parameter = parameter_of(walk, child);
    if (parameter.name.empty()) continue;
    walk.typed_name_in(function, parameter.name, parameter.type, child);
    if (parameter.has_default) {
      NodeId value = walk.tree.field(child, "value"_f);
      ValueKind kind = value_of(walk, value).kind;
      if (kind != ValueKind::literal && kind != ValueKind::other) {
        assign_expression(walk, function, parameter.name, value, child);
      }
    }
    walk.facts.symbols[function].parameters.push_back(std::move(parameter));
  }
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId whole = whole_of(walk, node);
  NodeId name = tree.field(node, "name"_f);
  NodeId body = tree.field(node, "body"_f);
  bool member = walk.type() != no_symbol;
  Symbol symbol = walk.describe(member ? SymbolKind::method : SymbolKind::function, whole, name, body, node);
  if (member && symbol.name == "__init__") symbol.kind = SymbolKind::constructor;
  std::string doc = docstring(walk, body);
  if (!doc.empty()) symbol.doc = doc;
  symbol.visibility = visibility_of(symbol.name);
  symbol.type = walk.folded(tree.field(node, "return_type"_f));
  symbol.is_async_or_generator = tree.has_child(node, "async"_t);
  symbol.decorators = decorators_of(walk, whole);
  for (const std::string& decorator : symbol.decorators) {
    symbol.is_static |= decorator == "staticmethod" || decorator == "classmethod";
    symbol.is_virtual |= decorator.ends_with("abstractmethod");
  }
  bool has_self = member && std::ranges::find(symbol.decorators, "staticmethod") == symbol.decorators.end();
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  NodeId list = tree.field(node, "parameters"_f);
  NodeId first = tree.first_named(list);
  if (has_self && tree.kind(first) == "identifier"_k) walk.set_self_name(tree.text(first));
  define_parameters(walk, index, list);
}

void visit_class(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId whole = whole_of(walk, node);
  NodeId body = tree.field(node, "body"_f);
  Symbol symbol = walk.describe(SymbolKind::class_type, whole, tree.field(node, "name"_f), body, node);
  std::string doc = docstring(walk, body);
  if (!doc.empty()) symbol.doc = doc;
  symbol.visibility = visibility_of(symbol.name);
  symbol.decorators = decorators_of(walk, whole);
  NodeId bases = tree.field(node, "superclasses"_f);
  for (NodeId base = tree.first_named(bases); base != no_node; base = tree.next_named(base)) {
    if (tree.kind(base) != "keyword_argument"_k) symbol.bases.push_back(walk.folded(base));
  }
  walk.add_and_enter(std::move(symbol), node);
}

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId module = tree.field(node, "module_name"_f);
  std::string from = path_text(tree.text(module));
  if (tree.has_child(node, "wildcard_import"_k)) walk.import({from, "*"}, node);
  for (NodeId child = tree.field(node, "name"_f); child != no_node;
       child = tree.next_in_field(child, "name"_f)) {
    bool aliased = tree.kind(child) == "aliased_import"_k;
    std::string name = path_text(tree.text(aliased ? tree.field(child, "name"_f) : child));
    Import found;
    found.module = module == no_node ? name : from;
    if (module != no_node) found.name = name;
    if (aliased) found.alias = walk.text(tree.field(child, "alias"_f));
    walk.import(std::move(found), child);
  }
  walk.skip(node);
}

// __all__ = ["a", "b"]
void export_all(Walk& walk, NodeId list) {
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child)) {
    if (walk.tree.kind(child) != "string"_k) continue;
    std::string name = unquoted(walk.tree.text(child));
    walk.facts.exports.push_back({name, name});
  }
}

void define_variable(Walk& walk, NodeId assignment, NodeId name, const std::string& type) {
  if (walk.tree.kind(name) != "identifier"_k || walk.in_callable()) return;
  if (!walk.first_of_name(walk.tree.text(name))) return;
  SymbolKind kind = walk.type() != no_symbol ? SymbolKind::field : SymbolKind::variable;
  Symbol symbol = walk.describe(kind, assignment, name);
  if (kind == SymbolKind::variable && is_constant_name(symbol.name)) symbol.kind = SymbolKind::constant;
  symbol.visibility = visibility_of(symbol.name);
  symbol.type = type;
  walk.add(std::move(symbol));
}

// The keys of `x` that a statement sets anew before anything can look at them: x = y sets all ("*"), x["k"] =
// y and x.update({"k": y}) one each. Nothing is said of a statement that reads x or may be left half done.
std::vector<std::string> keys_set_by(const Walk& walk, NodeId statement, std::string_view name) {
  const SyntaxTree& tree = walk.tree;
  NodeId inner = tree.first_named(statement);
  if (tree.kind(statement) != "expression_statement"_k || inner == no_node) return {};
  std::size_t mentions = 0;
  bool calls = false;
  for (NodeId at = inner; at < tree.after(inner); ++at) {
    mentions += tree.kind(at) == "identifier"_k && tree.text(at) == name ? 1 : 0;
    calls |= at != inner && tree.kind(at) == "call"_k;
  }
  if (mentions != 1 || calls) return {};
  if (tree.kind(inner) == "assignment"_k) {
    NodeId left = tree.field(inner, "left"_f);
    if (tree.field(inner, "right"_f) == no_node) return {};
    if (tree.kind(left) == "identifier"_k)
      return tree.text(left) == name ? std::vector<std::string>{"*"} : std::vector<std::string>{};
    if (tree.kind(left) != "subscript"_k || tree.text(tree.field(left, "value"_f)) != name) return {};
    std::string key = literal_key(walk, tree.field(left, "subscript"_f));
    return key.empty() ? std::vector<std::string>{} : std::vector<std::string>{key};
  }
  NodeId callee = tree.field(inner, "function"_f), given = tree.field(inner, "arguments"_f);
  NodeId dict = tree.first_named(given);
  std::vector<std::string> keys;
  bool updates = tree.kind(inner) == "call"_k && tree.text(tree.field(callee, "attribute"_f)) == "update" &&
                 tree.text(tree.field(callee, "object"_f)) == name && tree.named_count(given) == 1;
  if (!updates || tree.kind(dict) != "dictionary"_k) return {};
  for (NodeId pair = tree.first_named(dict); pair != no_node; pair = tree.next_named(pair)) {
    std::string key = literal_key(walk, tree.field(pair, "key"_f));
    if (!key.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

// What the statement right behind an assignment sets anew was never seen by anyone: rows from `first` on.
void drop_overwritten(Walk& walk, NodeId assignment, NodeId left, std::size_t first) {
  const SyntaxTree& tree = walk.tree;
  NodeId variable = tree.kind(left) == "subscript"_k ? tree.field(left, "value"_f) : left;
  NodeId statement = tree.parent(assignment);
  if (tree.kind(variable) != "identifier"_k || tree.kind(statement) != "expression_statement"_k) return;
  std::string name = walk.text(variable), elements = name + "[]";
  std::vector<Assignment>& rows = walk.facts.assignments;
  for (const std::string& key : keys_set_by(walk, tree.next_named(statement), name)) {
    auto is_gone = [&](const Assignment& row) {
      return key == "*" ? row.target == name || row.target.starts_with(elements)
                        : row.target == elements && row.key == key;
    };
    rows.erase(std::remove_if(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), is_gone),
               rows.end());
  }
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  std::size_t first = walk.facts.assignments.size();
  NodeId left = tree.field(node, "left"_f);
  NodeId right = tree.field(node, "right"_f);
  std::string type = walk.folded(tree.field(node, "type"_f));
  if (walk.at_file_level() && tree.text(left) == "__all__") export_all(walk, right);
  if (tree.kind(node) == "augmented_assignment"_k) return;
  define_variable(walk, node, left, type);
  for (NodeId part = tree.kind(left) == "pattern_list"_k ? tree.first_named(left) : no_node; part != no_node;
       part = tree.next_named(part)) {
    define_variable(walk, node, part, {});
  }
  walk.typed_name(expression_text(walk, left), type, left);
  // a = b = f(): the value is the innermost right side
  for (int link = 0; tree.kind(right) == "assignment"_k && link < 16; ++link)
    right = tree.field(right, "right"_f);
  if (right != no_node) assign_pattern(walk, walk.scope(), left, right, node);
  drop_overwritten(walk, node, left, first);
}

// x.append(f), x.update({"k": f}): rows for the elements that come into x.
void note_put_in(Walk& walk, NodeId call) {
  const SyntaxTree& tree = walk.tree;
  NodeId callee = tree.field(call, "function"_f);
  NodeId arguments = tree.field(call, "arguments"_f);
  NodeId first = tree.first_named(arguments);
  if (tree.kind(callee) != "attribute"_k || tree.named_count(arguments) != 1) return;
  std::string_view member = tree.text(tree.field(callee, "attribute"_f));
  bool one = member == "append" || member == "add" || member == "appendleft";
  bool all = member == "update" || member == "extend";
  std::string into = one || all ? expression_text(walk, tree.field(callee, "object"_f)) : std::string();
  if (into.empty()) return;
  if (one) return assign_expression(walk, walk.scope(), into + "[]", first, call);
  if (walk.expression(first).shape == Shape::container)
    assign_elements(walk, walk.scope(), into, first, call);
}

// for x in o: what o's class says of iteration is run.
void emit_iteration(Walk& walk, NodeId over) {
  CallSite site{.kind = CallKind::iterates, .name = "__iter__"};
  describe_receiver(walk, over, site);
  bool told = site.receiver_kind == ReceiverKind::name || site.receiver_kind == ReceiverKind::call ||
              site.receiver_kind == ReceiverKind::self;
  if (told) walk.call(std::move(site), over);
}

void visit_loop(Walk& walk, NodeId node) {
  walk.branch();
  emit_iteration(walk, walk.tree.field(node, "right"_f));
  assign_pattern_of_element(walk, walk.scope(), walk.tree.field(node, "left"_f),
                            walk.tree.field(node, "right"_f), node);
}

// with f() as x, except E as e
void visit_as(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId value = tree.first_named(node);
  NodeId target = tree.first_named(tree.field(node, "alias"_f));
  if (tree.kind(tree.parent(node)) == "except_clause"_k) {
    if (tree.kind(value) != "tuple"_k) walk.typed_name(walk.text(target), walk.folded(value), target);
  } else {
    assign_pattern(walk, walk.scope(), target, value, node);
  }
}

void visit_return(Walk& walk, NodeId node, const char* target) {
  NodeId value = walk.tree.first_named(node);
  if (!walk.in_callable()) return;
  if (walk.tree.kind(node) == "yield"_k) walk.facts.symbols[walk.callable()].is_async_or_generator = true;
  if (value != no_node) assign_expression(walk, walk.callable(), target, value, node);
}

void visit_decorator(Walk& walk, NodeId node) {
  NodeId callee = walk.tree.first_named(node);
  emit_use(walk, callee, CallKind::decorator);  // of @f(x) what f gives is called, beside f
}

Expression access_of(const SyntaxTree& tree, NodeId node) {
  Expression out;
  out.shape = Shape::member;
  out.object = tree.field(node, "object"_f);
  out.name = tree.field(node, "attribute"_f);
  return out;
}

// typing's cast(T, x), by whichever name it was imported: x, and a T by the author's word.
bool is_typing_cast(const Walk& walk, NodeId callee) {
  const SyntaxTree& tree = walk.tree;
  std::string_view text = tree.text(callee);
  if (tree.kind(callee) != "identifier"_k && !text.ends_with(".cast")) return false;
  std::string_view module = text.ends_with(".cast") ? text.substr(0, text.size() - 5) : std::string_view();
  return std::ranges::any_of(walk.facts.imports, [&](const Import& import) {
    if (import.module != "typing" && import.module != "typing_extensions") return false;
    std::string_view local = import.alias.empty() ? import.name : import.alias;
    if (module.empty()) return import.name == "cast" && local == text;
    return import.name.empty() && module == (import.alias.empty() ? import.module : import.alias);
  });
}

Expression call_of(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Expression out;
  out.object = tree.field(node, "function"_f);
  bool is_super = tree.kind(out.object) == "identifier"_k && tree.text(out.object) == "super";
  out.shape = is_super ? Shape::super_ : Shape::call;
  out.arguments = tree.field(node, "arguments"_f);
  NodeId type = tree.first_named(out.arguments);
  NodeId value = type == no_node ? no_node : tree.next_named(type);
  if (value != no_node && is_typing_cast(walk, out.object))
    return {.shape = Shape::typed, .object = value, .name = type, .arguments = out.arguments};
  return out;
}

// `[:n]`: the first ones, each where it was. Other slices move what they keep: which one comes first is
// unknown.
bool keeps_positions(const SyntaxTree& tree, NodeId subscript) {
  std::string_view written = tree.text(subscript);
  return tree.kind(subscript) == "slice"_k && written.starts_with(':') && !written.substr(1).contains(':');
}

Expression literal_of(Kind kind) {
  switch (kind) {
    case "string"_k:
    case "concatenated_string"_k:
      return shape::literal("string");
    case "integer"_k:
    case "float"_k:
      return shape::literal("number");
    case "true"_k:
    case "false"_k:
      return shape::literal("bool");
    case "none"_k:
      return shape::literal("none");
    case "list_comprehension"_k:
      return shape::literal("list");
    case "dictionary_comprehension"_k:
      return shape::literal("dict");
    case "set_comprehension"_k:
      return shape::literal("set");
    default:
      return {};
  }
}

}  // namespace

Expression python_expression(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  auto container = [node](std::string_view type) { return shape::container(node, type); };
  auto inner = [&tree, node] { return shape::inner(tree.first_named(node)); };
  switch (tree.kind(node)) {
    case "identifier"_k:
      return {.shape = walk.is_self_name(tree.text(node)) ? Shape::self : Shape::name, .name = node};
    case "attribute"_k:
      return access_of(tree, node);
    case "dotted_name"_k:
      return shape::name(node);
    case "call"_k:
      return call_of(walk, node);
    case "subscript"_k:
      if (keeps_positions(tree, tree.field(node, "subscript"_f)))
        return shape::inner(tree.field(node, "value"_f));
      return shape::element(tree.field(node, "value"_f), tree.field(node, "subscript"_f));
    case "parenthesized_expression"_k:
    case "await"_k:
    case "as_pattern_target"_k:
    case "type"_k:
      return inner();
    case "named_expression"_k:
      return shape::inner(tree.field(node, "value"_f));
    case "keyword_argument"_k:
      return shape::keyword(tree.field(node, "name"_f), tree.field(node, "value"_f));
    case "list_splat"_k:
    case "dictionary_splat"_k:
    case "list_splat_pattern"_k:
      return shape::spread(tree.first_named(node));
    case "conditional_expression"_k:
      return shape::either(tree.first_named(node), tree.last_named(node));
    case "boolean_operator"_k:
      return shape::either(tree.field(node, "left"_f), tree.field(node, "right"_f));
    case "lambda"_k:
      return shape::callable(no_node);
    case "list"_k:
    case "list_pattern"_k:
      return container("list");
    case "tuple"_k:
    case "expression_list"_k:
    case "pattern_list"_k:
    case "tuple_pattern"_k:
      return container("tuple");
    case "set"_k:
      return container("set");
    case "dictionary"_k:
      return container("dict");
    case "pair"_k:
      return shape::entry(tree.field(node, "key"_f), tree.field(node, "value"_f));
    default:
      return literal_of(tree.kind(node));
  }
}

void visit_python(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  switch (tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "function_definition"_k:
      return visit_function(walk, node);
    case "class_definition"_k:
      return visit_class(walk, node);
    case "import_statement"_k:
    case "import_from_statement"_k:
      return visit_import(walk, node);
    case "assignment"_k:
    case "augmented_assignment"_k:
      return visit_assignment(walk, node);
    case "named_expression"_k:
      return assign_pattern(walk, walk.scope(), tree.field(node, "name"_f), tree.field(node, "value"_f),
                            node);
    case "call"_k:
      note_put_in(walk, node);
      return emit_call(walk, node);
    case "decorator"_k:
      return visit_decorator(walk, node);
    case "return_statement"_k:
      return visit_return(walk, node, "return");
    case "yield"_k:
      return visit_return(walk, node, "return[]");
    case "raise_statement"_k: {
      NodeId raised = tree.first_named(node);
      if (tree.kind(raised) != "call"_k) emit_use(walk, raised, CallKind::raises);
      return;
    }
    case "for_statement"_k:
    case "for_in_clause"_k:
      return visit_loop(walk, node);
    case "as_pattern"_k:
      return visit_as(walk, node);
    case "if_statement"_k:
    case "elif_clause"_k:
    case "while_statement"_k:
    case "except_clause"_k:
    case "except_group_clause"_k:
    case "boolean_operator"_k:
    case "conditional_expression"_k:
    case "if_clause"_k:
    case "case_clause"_k:
      return walk.branch();
    case "type_alias_statement"_k: {
      NodeId name = tree.first_named(tree.field(node, "left"_f));
      if (tree.kind(name) != "identifier"_k) return;
      Symbol symbol = walk.describe(SymbolKind::type_alias, node, name);
      symbol.type = walk.folded(tree.field(node, "right"_f));
      walk.add(std::move(symbol));
      return;
    }
    default:
      return;
  }
}

}  // namespace mira::code
