// C, and what C++ shares with it: functions, records, enums, typedefs, variables with
// their types and values, calls, callbacks in initialisers.
#include <algorithm>

#include "knowledge/code/extract_declarator.h"
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_languages.h"
#include "knowledge/code/extract_macros.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

bool is_cpp(const Walk& walk) {
  return walk.language() == "cpp";
}

// The outermost node that is still this declaration: `template <...>`, `extern "C"`.
NodeId whole_of(const SyntaxTree& tree, NodeId node) {
  NodeId parent = tree.parent(node);
  return tree.kind(parent) == "template_declaration"_k ? parent : node;
}

std::string last_component(std::string_view path) {
  std::size_t at = path.rfind("::");
  return std::string(at == std::string_view::npos ? path : path.substr(at + 2));
}

// Name and out-of-line owner of a possibly qualified declarator name.
struct DeclaredName {
  NodeId node = no_node;
  std::string name, scope;
};

DeclaredName declared_name(const Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  DeclaredName out;
  NodeId last = node;
  while (tree.kind(last) == "qualified_identifier"_k) last = tree.field(last, "name"_f);
  if (last != node) out.scope = path_text(tree.between(tree.node(node).start, tree.node(last).start));
  while (out.scope.ends_with(':')) out.scope.pop_back();
  out.node = last;
  if (tree.kind(last) == "operator_cast"_k) {
    out.name = "operator " + walk.folded(tree.field(last, "type"_f));
  } else if (tree.kind(last) == "operator_name"_k) {
    out.name = walk.folded(last);
  } else {
    out.name = path_text(tree.text(last));
  }
  return out;
}

Visibility visibility_in(const Walk& walk, NodeId declaration) {
  if (walk.type() == no_symbol && has_specifier(walk.tree, declaration, "static")) return Visibility::file;
  return walk.access();
}

bool is_in_record(const Walk& walk) {
  return walk.type() != no_symbol && walk.facts.symbols[walk.type()].kind != SymbolKind::enum_type;
}

Symbol describe_function(Walk& walk, NodeId node, const Declarator& declarator, NodeId body) {
  const SyntaxTree& tree = walk.tree;
  NodeId whole = whole_of(tree, node);
  DeclaredName named = declared_name(walk, declarator.name);
  NodeId stop = tree.child_of_kind(node, "field_initializer_list"_k);
  Symbol symbol =
      walk.describe(SymbolKind::function, whole, named.node, stop != no_node ? stop : body, whole);
  symbol.name = named.name;
  symbol.scope_name = named.scope;
  std::string owner;
  if (is_in_record(walk)) owner = path_text(walk.facts.symbols[walk.type()].name);
  if (!named.scope.empty()) owner = last_component(named.scope);
  if (!owner.empty()) symbol.kind = named.name == owner ? SymbolKind::constructor : SymbolKind::method;
  symbol.type = declared_type(walk, node, declarator);
  NodeId trailing = tree.child_of_kind(declarator.function, "trailing_return_type"_k);
  if (trailing != no_node) symbol.type = walk.folded(tree.first_named(trailing));
  symbol.visibility = visibility_in(walk, node);
  symbol.is_static = is_in_record(walk) && has_specifier(tree, node, "static");
  symbol.is_virtual =
      has_specifier(tree, node, "virtual") || tree.has_child(declarator.function, "virtual_specifier"_k);
  symbol.parameters = parameters_of(walk, tree.field(declarator.function, "parameters"_f));
  return symbol;
}

void define_prototype(Walk& walk, NodeId node, const Declarator& declarator) {
  Symbol symbol = describe_function(walk, node, declarator, no_node);
  symbol.declaration = true;
  walk.add(std::move(symbol));
}

// TEST_F(Fixture, Name) { ... }: a function without a type whose parameters have no names.
bool is_test_macro(const Walk& walk, NodeId node, const Symbol& symbol) {
  if (walk.tree.field(node, "type"_f) != no_node || symbol.parameters.empty() ||
      symbol.parameters.size() > 2) {
    return false;
  }
  bool shouted = std::ranges::none_of(symbol.name, [](char byte) { return byte >= 'a' && byte <= 'z'; });
  return shouted && symbol.name.size() > 3 &&
         std::ranges::all_of(symbol.parameters, [](const Parameter& parameter) {
           return parameter.name.empty() || parameter.type.empty();
         });
}

// It is called by its last argument; the one before is the class it is a method of.
void name_test(Symbol& symbol) {
  auto spelled = [](const Parameter& parameter) {
    return parameter.type.empty() ? parameter.name : parameter.type;
  };
  symbol.decorators.push_back(symbol.name);
  symbol.name = spelled(symbol.parameters.back());
  if (symbol.parameters.size() == 2) symbol.scope_name = spelled(symbol.parameters.front());
  symbol.parameters.clear();
}

bool is_statement_word(std::string_view word) {
  return word == "if" || word == "for" || word == "while" || word == "switch" || word == "else" ||
         word == "do";
}

// `EXPORT(int f(int a)) { ... }`: a macro around the head of a function.
NodeId wrapped_head(const Walk& walk, NodeId node, const Declarator& declarator) {
  const SyntaxTree& tree = walk.tree;
  if (tree.field(node, "type"_f) != no_node || declarator.function == no_node) return no_node;
  NodeId list = tree.field(declarator.function, "parameters"_f);
  NodeId head = tree.first_named(list);
  if (tree.kind(head) != "parameter_declaration"_k || tree.next_named(head) != no_node) return no_node;
  Declarator inner = read_declarator(tree, tree.field(head, "declarator"_f));
  return inner.function != no_node ? head : no_node;
}

void visit_function(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Declarator declarator = read_declarator(tree, tree.field(node, "declarator"_f));
  NodeId body = tree.field(node, "body"_f);
  if (is_statement_word(tree.text(declarator.name))) return;  // FOO(x) if (y) { ... }
  if (declarator.function == no_node) {  // class FOO_API T { ... } reads like one, without an ERROR
    ++walk.facts.error_nodes;
    return;
  }
  NodeId head = wrapped_head(walk, node, declarator);
  if (head != no_node) declarator = read_declarator(tree, tree.field(head, "declarator"_f));
  Symbol symbol = describe_function(walk, node, declarator, body);
  if (head != no_node) {
    symbol.type = declared_type(walk, head, declarator);
    symbol.visibility = visibility_in(walk, head);
  }
  symbol.declaration =
      tree.has_child(node, "delete_method_clause"_k) || tree.has_child(node, "pure_virtual_clause"_k);
  if (is_test_macro(walk, node, symbol)) name_test(symbol);
  std::int32_t index = walk.add_and_enter(std::move(symbol), node);
  type_parameters(walk, index, tree.field(declarator.function, "parameters"_f));
}

// `Foo f(1); Foo g{2}; Foo h;` run a constructor.
void construct_local(Walk& walk, NodeId declaration, const Declarator& declarator) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(declaration, "type"_f);
  Kind kind = tree.kind(type);
  bool is_class =
      kind == "type_identifier"_k || kind == "qualified_identifier"_k || kind == "template_type"_k;
  if (!is_class || has_specifier(tree, declaration, "extern")) return;
  if (declarator.suffix.find_first_of("*&") != std::string::npos) return;
  Kind value = tree.kind(declarator.value);
  bool vexing = declarator.function != no_node;  // Foo f(x): reads like a prototype
  if (declarator.value != no_node && value != "argument_list"_k && value != "initializer_list"_k) return;
  CallSite site;
  NodeId place = describe_callee(walk, type, site);
  if (place == no_node) return;
  site.kind = CallKind::construct;
  if (declarator.value != no_node) describe_arguments(walk, declarator.value, site);
  if (vexing) site.arguments = tree.named_count(tree.field(declarator.function, "parameters"_f));
  walk.call(std::move(site), place);
}

void assign_initial(Walk& walk, NodeId declaration, const std::string& name, const Declarator& declarator) {
  const SyntaxTree& tree = walk.tree;
  NodeId value = declarator.value;
  if (value == no_node) value = tree.field(declaration, "value"_f);  // if (auto x = f())
  if (value == no_node) return;
  Kind kind = tree.kind(value);
  bool made_here = is_cpp(walk) &&
                   (kind == "argument_list"_k || (kind == "initializer_list"_k && declarator.suffix.empty()));
  NodeId type = type_name(tree, tree.field(declaration, "type"_f));
  if (made_here && tree.kind(type) != "placeholder_type_specifier"_k &&
      tree.kind(type) != "primitive_type"_k) {
    walk.assign(name, {ValueKind::construct, path_text(tree.text(type)), {}}, value);
  } else if (kind != "argument_list"_k) {
    assign_expression(walk, walk.scope(), name, value, value);
  }
}

void define_variable(Walk& walk, NodeId node, const Declarator& declarator) {
  const SyntaxTree& tree = walk.tree;
  std::string type = declared_type(walk, node, declarator);
  DeclaredName named = declared_name(walk, declarator.name);
  if (named.name.empty()) return;
  if (walk.in_callable()) {
    walk.typed_name(named.name, type, declarator.name);
  } else {
    Symbol symbol = walk.describe(SymbolKind::variable, whole_of(tree, node), named.node);
    symbol.name = named.name;
    symbol.scope_name = named.scope;
    symbol.type = type;
    symbol.declaration = has_specifier(tree, node, "extern") && declarator.value == no_node;
    symbol.visibility = visibility_in(walk, node);
    if (!named.scope.empty()) symbol.kind = SymbolKind::field;
    if (has_specifier(tree, node, "constexpr")) symbol.kind = SymbolKind::constant;
    walk.add(std::move(symbol));
  }
  assign_initial(walk, node, named.name, declarator);
  if (is_cpp(walk)) construct_local(walk, node, declarator);
}

void bind_structure(Walk& walk, NodeId pattern, NodeId value) {
  if (value != no_node) assign_pattern(walk, walk.scope(), pattern, value, pattern);
}

void visit_declaration(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId at = first_declarator(tree, node); at != no_node; at = next_declarator(tree, at)) {
    Declarator declarator = read_declarator(tree, at);
    if (tree.kind(declarator.name) == "structured_binding_declarator"_k) {
      bind_structure(walk, declarator.name, declarator.value);
    } else if (declarator.function != no_node && !walk.in_callable()) {
      define_prototype(walk, node, declarator);
    } else if (declarator.function == no_node || is_cpp(walk)) {
      define_variable(walk, node, declarator);  // inside a body, `T name(x)` of C++ is one too
    }
  }
}

void visit_field(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId at = first_declarator(tree, node); at != no_node; at = next_declarator(tree, at)) {
    Declarator declarator = read_declarator(tree, at);
    if (declarator.function != no_node) {
      define_prototype(walk, node, declarator);
      continue;
    }
    Symbol symbol = walk.describe(SymbolKind::field, node, declarator.name);
    symbol.type = declared_type(walk, node, declarator);
    symbol.visibility = walk.access();
    symbol.is_static = has_specifier(tree, node, "static");
    std::string name = symbol.name;
    walk.add(std::move(symbol));
    NodeId value = tree.field(node, "default_value"_f);
    if (value != no_node) assign_expression(walk, walk.scope(), name, value, value);
  }
}

// A record without a name is named by its typedef, else its members belong to what is around.
NodeId record_name(const SyntaxTree& tree, NodeId node) {
  NodeId name = tree.field(node, "name"_f);
  NodeId parent = tree.parent(node);
  if (name == no_node && tree.kind(parent) == "type_definition"_k) {
    name = read_declarator(tree, tree.field(parent, "declarator"_f)).name;
  }
  return name;
}

void visit_record(Walk& walk, NodeId node, SymbolKind kind) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  NodeId name = record_name(tree, node);
  if (body == no_node || name == no_node) return;
  NodeId parent = tree.parent(node);
  bool outer = tree.kind(parent) == "type_definition"_k;
  Symbol symbol = walk.describe(kind, outer ? parent : whole_of(tree, node), name, body);
  DeclaredName named = declared_name(walk, name);
  symbol.name = named.name;
  symbol.scope_name = named.scope;
  symbol.visibility = walk.access();
  NodeId bases = tree.child_of_kind(node, "base_class_clause"_k);
  for (NodeId base = tree.first_named(bases); base != no_node; base = tree.next_named(base)) {
    if (tree.kind(base) != "access_specifier"_k) symbol.bases.push_back(walk.folded(base));
  }
  if (tree.kind(tree.parent(node)) == "template_declaration"_k) symbol.decorators.emplace_back("template");
  walk.add_and_enter(std::move(symbol), node);
  walk.set_access(kind == SymbolKind::class_type ? Visibility::private_ : Visibility::public_);
}

void visit_enum(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "body"_f);
  NodeId name = record_name(tree, node);
  if (body == no_node || name == no_node) return;
  NodeId parent = tree.parent(node);
  bool outer = tree.kind(parent) == "type_definition"_k;
  Symbol symbol = walk.describe(SymbolKind::enum_type, outer ? parent : node, name, body);
  symbol.visibility = walk.access();
  walk.add_and_enter(std::move(symbol), node);
  walk.set_access(Visibility::public_);
}

// Enumerators of a plain enum are names of the scope around it.
void visit_enumerator(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  Symbol symbol = walk.describe(SymbolKind::enum_member, node, tree.field(node, "name"_f));
  NodeId specifier = tree.parent(tree.parent(node));
  bool scoped = tree.has_child(specifier, "class"_t) || tree.has_child(specifier, "struct"_t);
  std::int32_t owner = walk.type() == no_symbol ? no_symbol : walk.facts.symbols[walk.type()].parent;
  if (!scoped && walk.type() != no_symbol) {
    symbol.qualified =
        owner == no_symbol ? symbol.name : walk.facts.symbols[owner].qualified + "::" + symbol.name;
  }
  walk.add(std::move(symbol));
}

void visit_typedef(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId type = tree.field(node, "type"_f);
  NodeId used_up = tree.field(type, "body"_f) != no_node && tree.field(type, "name"_f) == no_node
                       ? record_name(tree, type)
                       : no_node;
  for (NodeId at = first_declarator(tree, node); at != no_node; at = next_declarator(tree, at)) {
    Declarator declarator = read_declarator(tree, at);
    Kind kind = tree.kind(declarator.name);
    bool named = kind == "type_identifier"_k || kind == "primitive_type"_k;
    if (declarator.name == used_up || !named) continue;
    Symbol symbol = walk.describe(SymbolKind::type_alias, node, declarator.name);
    symbol.type = declared_type(walk, node, declarator);
    symbol.visibility = walk.access();
    walk.add(std::move(symbol));
  }
}

void visit_include(Walk& walk, NodeId node) {
  NodeId path = walk.tree.field(node, "path"_f);
  Import found;
  found.module = unquoted(walk.tree.text(path));
  found.system = walk.tree.kind(path) == "system_lib_string"_k;
  if (!found.module.empty()) walk.import(std::move(found), node);
  walk.skip(node);
}

// { "get", getCommand } and { .open = my_open }: tables of functions.
void visit_initializers(Walk& walk, NodeId list) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    NodeId value = tree.kind(child) == "initializer_pair"_k ? tree.field(child, "value"_f) : child;
    Expression at = expression_of(walk, value);
    if (at.shape == Shape::name || at.shape == Shape::path) emit_reference(walk, value);
  }
}

void visit_assignment(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (!tree.has_child(node, "="_t)) return;
  NodeId right = tree.field(node, "right"_f);
  for (int link = 0; tree.kind(right) == "assignment_expression"_k && link < 16; ++link) {
    right = tree.field(right, "right"_f);
  }
  assign_pattern(walk, walk.scope(), tree.field(node, "left"_f), right, node);
}

// `FINISH;`: a macro used as a statement.
void visit_statement(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId word = tree.first_named(node);
  if (!walk.in_callable() || tree.kind(word) != "identifier"_k || tree.next_named(word) != no_node) return;
  CallSite site;
  site.kind = CallKind::macro_token;
  site.name = walk.text(word);
  bool shouted = std::ranges::none_of(site.name, [](char byte) { return byte >= 'a' && byte <= 'z'; });
  if (shouted) walk.call(std::move(site), word);
}

void visit_return(Walk& walk, NodeId node) {
  NodeId value = walk.tree.first_named(node);
  if (walk.returns_here() && value != no_node)
    assign_expression(walk, walk.callable(), "return", value, node);
}

void visit_branch(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  if (tree.kind(node) == "binary_expression"_k) {
    if (tree.has_child(node, "&&"_t) || tree.has_child(node, "||"_t)) walk.branch();
  } else if (tree.kind(node) != "case_statement"_k || tree.field(node, "value"_f) != no_node) {
    walk.branch();
  }
}

}  // namespace

void visit_c(Walk& walk, NodeId node) {
  switch (walk.tree.kind(node)) {
    case "comment"_k:
      return walk.note_comment(node);
    case "preproc_include"_k:
      return visit_include(walk, node);
    case "preproc_function_def"_k:
    case "preproc_def"_k:
      return define_macro(walk, node);
    case "function_definition"_k:
      return visit_function(walk, node);
    case "declaration"_k:
      return visit_declaration(walk, node);
    case "field_declaration"_k:
      return visit_field(walk, node);
    case "struct_specifier"_k:
      return visit_record(walk, node, SymbolKind::struct_type);
    case "union_specifier"_k:
      return visit_record(walk, node, SymbolKind::union_type);
    case "class_specifier"_k:
      return visit_record(walk, node, SymbolKind::class_type);
    case "enum_specifier"_k:
      return visit_enum(walk, node);
    case "enumerator"_k:
      return visit_enumerator(walk, node);
    case "type_definition"_k:
      return visit_typedef(walk, node);
    case "call_expression"_k:
      return emit_call(walk, node);
    case "initializer_list"_k:
      return visit_initializers(walk, node);
    case "assignment_expression"_k:
      return visit_assignment(walk, node);
    case "expression_statement"_k:
      return visit_statement(walk, node);
    case "return_statement"_k:
      return visit_return(walk, node);
    case "if_statement"_k:
    case "for_statement"_k:
    case "while_statement"_k:
    case "do_statement"_k:
    case "case_statement"_k:
    case "conditional_expression"_k:
    case "binary_expression"_k:
      return visit_branch(walk, node);
    default:
      return;
  }
}

}  // namespace mira::code
