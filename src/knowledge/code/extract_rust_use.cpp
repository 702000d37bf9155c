// Use trees, and the calls that stand as loose tokens inside macros.
#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_rust.h"

namespace mira::code {
namespace {

struct Branch {
  NodeId node = no_node;
  std::string prefix;
};

std::string joined(const std::string& prefix, std::string_view name) {
  if (prefix.empty()) return std::string(name);
  return name.empty() ? prefix : prefix + "::" + std::string(name);
}

// "a::b::C" is member C of a::b; "a::b::self" is a::b, member b of a.
void import_path(Walk& walk, std::string path, std::string alias, bool reexport, NodeId at) {
  if (path.ends_with("::self")) path.resize(path.size() - 6);
  Import found{.module = path, .alias = std::move(alias), .reexport = reexport};
  std::size_t cut = path.rfind("::");
  if (cut != std::string::npos) {
    found.name = path.substr(cut + 2);
    found.module = path.substr(0, cut);
  }
  walk.import(std::move(found), at);
}

}  // namespace

void visit_rust_use(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  walk.take_decorators(node);
  bool reexport = tree.has_child(node, "visibility_modifier"_k);
  std::vector<Branch> pending{{tree.field(node, "argument"_f), {}}};
  while (!pending.empty()) {
    Branch at = std::move(pending.back());
    pending.pop_back();
    switch (tree.kind(at.node)) {
      case "scoped_use_list"_k: {
        std::string prefix = joined(at.prefix, path_text(tree.text(tree.field(at.node, "path"_f))));
        pending.push_back({tree.field(at.node, "list"_f), prefix});
        break;
      }
      case "use_list"_k: {
        std::vector<Branch> parts;
        for (NodeId part = tree.first_named(at.node); part != no_node; part = tree.next_named(part)) {
          parts.push_back({part, at.prefix});
        }
        pending.insert(pending.end(), parts.rbegin(), parts.rend());
        break;
      }
      case "use_as_clause"_k:
        import_path(walk, joined(at.prefix, path_text(tree.text(tree.field(at.node, "path"_f)))),
                    walk.text(tree.field(at.node, "alias"_f)), reexport, at.node);
        break;
      case "use_wildcard"_k:
        walk.import({.module = joined(at.prefix, path_text(tree.text(tree.first_named(at.node)))),
                     .name = "*",
                     .reexport = reexport},
                    at.node);
        break;
      default:
        import_path(walk, joined(at.prefix, path_text(tree.text(at.node))), {}, reexport, at.node);
    }
  }
  walk.skip(node);
}

void visit_rust_macro(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId name = tree.field(node, "macro"_f);
  CallSite site;
  if (describe_callee(walk, name, site) == no_node) return;
  walk.call(std::move(site), name);
}

// x.f(...), a::f(...), f(...): an identifier and a parenthesised group right behind it.
void visit_rust_tokens(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId previous = no_node, before = no_node;
  for (NodeId token = tree.first_child(node); token != no_node; token = tree.next_sibling(token)) {
    bool group = tree.kind(token) == "token_tree"_k && tree.text(token).starts_with('(');
    bool adjacent = previous != no_node && tree.node(previous).end == tree.node(token).start;
    if (group && adjacent && tree.kind(previous) == "identifier"_k) {
      CallSite site;
      site.kind = CallKind::macro_token;
      site.name = walk.text(previous);
      std::uint32_t start = tree.node(previous).start;
      std::string_view link = tree.between(start >= 2 ? start - 2 : 0, start);
      bool known =
          before != no_node && (tree.kind(before) == "identifier"_k || tree.kind(before) == "self"_k);
      if (link.ends_with('.')) {
        site.receiver_kind = known ? ReceiverKind::name : ReceiverKind::expression;
        if (known) site.receiver = walk.text(before);
        if (known && site.receiver == "self") site.receiver_kind = ReceiverKind::self, site.receiver.clear();
      } else if (link == "::" && known) {
        site.receiver_kind = ReceiverKind::scope;
        site.receiver = walk.text(before);
      }
      site.arguments = -1;
      walk.call(std::move(site), previous);
    }
    if (tree.kind(token) == "::"_t) continue;
    before = previous;
    previous = token;
  }
}

}  // namespace mira::code
