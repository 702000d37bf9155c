#include "knowledge/code/extract_tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <cstring>

#include "platform/base/limits.h"

namespace mira::code {
namespace {

bool is_comment(Kind kind) {
  switch (kind) {
    case "comment"_k:
    case "line_comment"_k:
    case "block_comment"_k:
    case "multiline_comment"_k:
      return true;
    default:
      return false;
  }
}

// Brackets and separators say nothing that the shape of the tree does not say.
bool is_punctuation(std::string_view token) {
  return token.size() == 1 && std::strchr("()[]{},;:.\"'`", token[0]) != nullptr;
}

Node node_at(TSNode at, NodeId parent) {
  TSPoint point = ts_node_start_point(at);
  Node node;
  node.start = ts_node_start_byte(at);
  node.end = ts_node_end_byte(at);
  node.row = point.row;
  node.column = point.column;
  node.parent = parent;
  return node;
}

}  // namespace

GrammarNames::GrammarNames(const TSLanguage* language) {
  std::uint32_t count = ts_language_symbol_count(language);
  for (std::uint32_t symbol = 0; symbol < count; ++symbol) {
    const char* name = ts_language_symbol_name(language, static_cast<TSSymbol>(symbol));
    bool is_named = ts_language_symbol_type(language, static_cast<TSSymbol>(symbol)) == TSSymbolTypeRegular;
    kinds.push_back(kind_hash(name ? name : "", is_named));
    named.push_back(is_named);
    dropped.push_back(!is_named && name && is_punctuation(name));
  }
  std::uint32_t field_count = ts_language_field_count(language);
  fields.push_back(0);
  for (std::uint32_t id = 1; id <= field_count; ++id) {
    const char* name = ts_language_field_name_for_id(language, static_cast<TSFieldId>(id));
    fields.push_back(kind_hash(name ? name : "", true));
  }
}

SyntaxTree::SyntaxTree(const TSTree* tree, const GrammarNames& names, std::string_view text) : text_(text) {
  line_starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
  nodes_.reserve(text.size() / 4 + 16);
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  std::vector<NodeId> open;  // the chain from the root to the cursor's parent
  bool more = true;
  while (more) {
    TSNode at = ts_tree_cursor_current_node(&cursor);
    TSSymbol symbol = ts_node_symbol(at);
    bool is_error = symbol >= names.kinds.size();
    bool missing = ts_node_start_byte(at) == ts_node_end_byte(at) && ts_node_is_missing(at);
    error_nodes_ += is_error || missing;
    if (is_error) error_bytes_ += ts_node_end_byte(at) - ts_node_start_byte(at);
    bool keep = is_error || !names.dropped[symbol];
    if (keep) {
      Node node = node_at(at, open.empty() ? no_node : open.back());
      node.kind = is_error ? error_kind : names.kinds[symbol];
      node.named = is_error || names.named[symbol];
      node.field = names.fields[ts_tree_cursor_current_field_id(&cursor)];
      node.missing = missing;
      nodes_.push_back(node);
    }
    bool deep = open.size() >= static_cast<std::size_t>(limits::parse_depth);
    cut_ |= deep;
    if (keep && !deep && ts_tree_cursor_goto_first_child(&cursor)) {
      open.push_back(size() - 1);
      continue;
    }
    if (keep) nodes_.back().after = size();
    while (!(more = ts_tree_cursor_goto_next_sibling(&cursor)) && !open.empty()) {
      ts_tree_cursor_goto_parent(&cursor);
      nodes_[open.back()].after = size();
      open.pop_back();
    }
  }
  ts_tree_cursor_delete(&cursor);
}

std::string_view SyntaxTree::between(std::uint32_t start, std::uint32_t end) const {
  if (start >= text_.size() || end <= start) return {};
  return text_.substr(start, end - start);
}

std::int32_t SyntaxTree::end_line(NodeId id) const {
  const Node& at = node(id);
  std::uint32_t last = at.end > at.start ? at.end - 1 : at.start;
  auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), last);
  return static_cast<std::int32_t>(next - line_starts_.begin());
}

NodeId SyntaxTree::next_sibling(NodeId id) const {
  NodeId next = after(id);
  NodeId up = parent(id);
  return up != no_node && next < after(up) ? next : no_node;
}

NodeId SyntaxTree::first_named(NodeId id) const {
  NodeId child = first_child(id);
  while (child != no_node && (!node(child).named || is_comment(kind(child)))) child = next_sibling(child);
  return child;
}

NodeId SyntaxTree::next_named(NodeId id) const {
  NodeId child = next_sibling(id);
  while (child != no_node && (!node(child).named || is_comment(kind(child)))) child = next_sibling(child);
  return child;
}

NodeId SyntaxTree::last_named(NodeId id) const {
  NodeId last = no_node;
  for (NodeId child = first_named(id); child != no_node; child = next_named(child)) last = child;
  return last;
}

int SyntaxTree::named_count(NodeId id) const {
  int count = 0;
  for (NodeId child = first_named(id); child != no_node; child = next_named(child)) ++count;
  return count;
}

NodeId SyntaxTree::field(NodeId id, Field name) const {
  for (NodeId child = first_child(id); child != no_node; child = next_sibling(child)) {
    if (node(child).field == name) return child;
  }
  return no_node;
}

NodeId SyntaxTree::next_in_field(NodeId child, Field name) const {
  do {
    child = next_sibling(child);
  } while (child != no_node && node(child).field != name);
  return child;
}

NodeId SyntaxTree::child_of_kind(NodeId id, Kind wanted) const {
  for (NodeId child = first_child(id); child != no_node; child = next_sibling(child)) {
    if (kind(child) == wanted) return child;
  }
  return no_node;
}

NodeId SyntaxTree::ancestor_of_kind(NodeId id, Kind wanted) const {
  NodeId up = parent(id);
  while (up != no_node && kind(up) != wanted) up = parent(up);
  return up;
}

}  // namespace mira::code
