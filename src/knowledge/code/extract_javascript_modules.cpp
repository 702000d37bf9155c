// ES modules and CommonJS.
#include <unordered_set>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_javascript.h"

namespace mira::code {
namespace {

bool is_require(const SyntaxTree& tree, NodeId call) {
  if (tree.kind(call) != "call_expression"_k) return false;
  NodeId callee = tree.field(call, "function"_f);
  return tree.kind(callee) == "import"_k || tree.text(callee) == "require";
}

std::string required_module(const SyntaxTree& tree, NodeId call) {
  NodeId argument = tree.first_named(tree.field(call, "arguments"_f));
  return tree.kind(argument) == "string"_k ? unquoted(tree.text(argument)) : std::string();
}

std::string module_name(const SyntaxTree& tree, NodeId node) {
  return unquoted(tree.text(node));
}

void import_clause(Walk& walk, NodeId clause, const std::string& module, bool type_only) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId child = tree.first_named(clause); child != no_node; child = tree.next_named(child)) {
    Import found{.module = module, .type_only = type_only};
    switch (tree.kind(child)) {
      case "identifier"_k:
        found.name = "default";
        found.alias = walk.text(child);
        walk.import(found, child);
        break;
      case "namespace_import"_k:
        found.alias = walk.text(tree.first_named(child));
        walk.import(found, child);
        break;
      case "named_imports"_k:
        for (NodeId part = tree.first_named(child); part != no_node; part = tree.next_named(part)) {
          found.name = unquoted(tree.text(tree.field(part, "name"_f)));
          found.alias = walk.text(tree.field(part, "alias"_f));
          found.type_only = type_only || tree.has_child(part, "type"_t);
          walk.import(found, part);
        }
        break;
      default:
        break;
    }
  }
}

void reexport(Walk& walk, NodeId node, NodeId source) {
  const SyntaxTree& tree = walk.tree;
  Import found{
      .module = module_name(tree, source), .reexport = true, .type_only = tree.has_child(node, "type"_t)};
  NodeId clause = tree.child_of_kind(node, "export_clause"_k);
  NodeId space = tree.child_of_kind(node, "namespace_export"_k);
  if (space != no_node) {
    found.alias = walk.text(tree.first_named(space));
    walk.import(found, node);
  } else if (clause == no_node) {
    found.name = "*";
    walk.import(found, node);
  }
  for (NodeId part = tree.first_named(clause); part != no_node; part = tree.next_named(part)) {
    found.name = unquoted(tree.text(tree.field(part, "name"_f)));
    found.alias = unquoted(tree.text(tree.field(part, "alias"_f)));
    walk.import(found, part);
  }
}

void export_name(Walk& walk, const std::string& name, const std::string& local) {
  if (!name.empty()) walk.facts.exports.push_back({name, local});
}

// Names that a declaration declares: the function, the class, every variable.
void export_declaration(Walk& walk, NodeId declaration, bool is_default) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(declaration, "name"_f);
  if (name != no_node) {
    export_name(walk, is_default ? "default" : walk.text(name), walk.text(name));
    return;
  }
  for (NodeId part = tree.first_named(declaration); part != no_node; part = tree.next_named(part)) {
    NodeId pattern = tree.field(part, "name"_f);
    if (tree.kind(pattern) == "identifier"_k) export_name(walk, walk.text(pattern), walk.text(pattern));
    if (tree.kind(pattern) != "object_pattern"_k && tree.kind(pattern) != "array_pattern"_k) continue;
    for (NodeId element = tree.first_named(pattern); element != no_node; element = tree.next_named(element)) {
      NodeId value = tree.field(element, "value"_f);
      export_name(walk, walk.text(value == no_node ? element : value),
                  walk.text(value == no_node ? element : value));
    }
  }
}

// module.exports = { a, b: c, d() {} }
void export_object(Walk& walk, NodeId object) {
  const SyntaxTree& tree = walk.tree;
  for (NodeId part = tree.first_named(object); part != no_node; part = tree.next_named(part)) {
    switch (tree.kind(part)) {
      case "shorthand_property_identifier"_k:
        export_name(walk, walk.text(part), walk.text(part));
        break;
      case "method_definition"_k:
        export_name(walk, walk.text(tree.field(part, "name"_f)), walk.text(tree.field(part, "name"_f)));
        break;
      case "pair"_k: {
        std::string key = unquoted(tree.text(tree.field(part, "key"_f)));
        std::string local = expression_text(walk, tree.field(part, "value"_f));
        export_name(walk, key, local.empty() ? key : local);
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace

void visit_import(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.skip(node);
  NodeId required = tree.child_of_kind(node, "import_require_clause"_k);
  if (required != no_node) {
    Import found{.module = module_name(tree, tree.field(required, "source"_f))};
    found.alias = walk.text(tree.first_named(required));
    return walk.import(std::move(found), node);
  }
  std::string module = module_name(tree, tree.field(node, "source"_f));
  NodeId clause = tree.child_of_kind(node, "import_clause"_k);
  if (clause == no_node) return walk.import({.module = module}, node);
  import_clause(walk, clause, module, tree.has_child(node, "type"_t));
}

void visit_export(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId source = tree.field(node, "source"_f);
  if (source != no_node) {
    reexport(walk, node, source);
    return walk.skip(node);
  }
  if (walk.symbol() != no_symbol) return;  // of a namespace, not of the file
  NodeId clause = tree.child_of_kind(node, "export_clause"_k);
  for (NodeId part = tree.first_named(clause); part != no_node; part = tree.next_named(part)) {
    std::string local = walk.text(tree.field(part, "name"_f));
    std::string alias = unquoted(tree.text(tree.field(part, "alias"_f)));
    export_name(walk, alias.empty() ? local : alias, local);
  }
  bool is_default = tree.has_child(node, "default"_t);
  NodeId declaration = tree.field(node, "declaration"_f);
  if (declaration != no_node) export_declaration(walk, declaration, is_default);
  NodeId value = tree.field(node, "value"_f);
  if (value == no_node && tree.has_child(node, "="_t)) value = tree.first_named(node);
  if (value == no_node) return;
  std::string local = expression_text(walk, value);
  NodeId own_name = tree.field(value, "name"_f);
  if (own_name != no_node) local = walk.text(own_name);
  if (!local.empty()) export_name(walk, "default", local);
  assign_expression(walk, no_symbol, "default", value, node);
}

bool import_by_require(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId pattern = tree.field(node, "name"_f);
  NodeId value = tree.field(node, "value"_f);
  if (tree.kind(value) == "await_expression"_k) value = tree.first_named(value);
  std::string member;
  if (tree.kind(value) == "member_expression"_k) {
    member = walk.text(tree.field(value, "property"_f));
    value = tree.field(value, "object"_f);
  }
  if (!is_require(tree, value)) return false;
  Import found{.module = required_module(tree, value)};
  if (found.module.empty()) return false;
  if (tree.kind(pattern) == "identifier"_k) {
    found.name = member;
    found.alias = walk.text(pattern);
    walk.import(std::move(found), node);
  } else {
    for (NodeId part = tree.first_named(pattern); part != no_node; part = tree.next_named(part)) {
      NodeId key = tree.field(part, "key"_f);
      found.name = walk.text(key == no_node ? part : key);
      found.alias = key == no_node ? std::string() : walk.text(tree.field(part, "value"_f));
      walk.import(found, part);
    }
  }
  walk.skip(node);
  return true;
}

bool import_by_call(Walk& walk, NodeId call) {
  if (!is_require(walk.tree, call)) return false;
  std::string module = required_module(walk.tree, call);
  if (!module.empty()) walk.import({.module = module}, call);
  return walk.tree.kind(walk.tree.field(call, "function"_f)) == "import"_k || !module.empty();
}

void export_by_assignment(Walk& walk, NodeId assignment, NodeId value) {
  const SyntaxTree& tree = walk.tree;
  std::string target = expression_text(walk, tree.field(assignment, "left"_f));
  Expression shape = expression_of(walk, value);
  std::string local = expression_text(walk, value);
  NodeId own_name = tree.field(value, "name"_f);
  if (own_name != no_node) local = walk.text(own_name);
  if (target == "module.exports" || target == "exports") {
    if (shape.shape == Shape::container) return export_object(walk, shape.object);
    if (shape.shape == Shape::callable && own_name == no_node) return;  // named "default" where it is defined
    export_name(walk, "default", local);
  } else if (target.starts_with("exports.") || target.starts_with("module.exports.")) {
    std::string name = target.substr(target.rfind('.') + 1);
    bool here = shape.shape == Shape::callable || shape.shape == Shape::container;
    export_name(walk, name, local.empty() || here ? name : local);
  }
}

void finish_javascript(Facts& facts) {
  bool modular = !facts.exports.empty();
  for (const Import& import : facts.imports) modular |= import.reexport;
  std::unordered_set<std::string_view> locals;
  for (const ExportedName& row : facts.exports) locals.insert(row.local);
  for (Symbol& symbol : facts.symbols) {
    if (symbol.visibility != Visibility::file || symbol.parent != no_symbol) continue;
    if (!modular || locals.contains(symbol.name)) symbol.visibility = Visibility::public_;
  }
}

}  // namespace mira::code
