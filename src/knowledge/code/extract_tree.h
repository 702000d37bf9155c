// A syntax tree laid out flat, in pre-order: node 0 is the root, a node's subtree is
// the half-open range [id, after(id)). tree-sitter's own nodes find children by
// walking; here every step is an index, a walk of the whole tree is a for loop and
// nothing recurses, however deep the source nests. Levels past limits::parse_depth
// are left out (cut). Kinds are hashes of the grammar's names, so that a switch over
// "call"_k reads like the grammar; "async"_t is a keyword or operator, "body"_f a field.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

struct TSLanguage;
struct TSTree;

namespace mira::code {

using Kind = std::uint32_t;
using Field = std::uint32_t;
using NodeId = std::uint32_t;
inline constexpr NodeId no_node = UINT32_MAX;

constexpr std::uint32_t kind_hash(std::string_view name, bool named) {
  std::uint32_t hash = named ? 2166136261u : 3735928559u;
  for (char byte : name) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}
consteval Kind operator""_k(const char* name, std::size_t size) {
  return kind_hash({name, size}, true);
}
consteval Kind operator""_t(const char* name, std::size_t size) {
  return kind_hash({name, size}, false);
}
consteval Field operator""_f(const char* name, std::size_t size) {
  return kind_hash({name, size}, true);
}

inline constexpr Kind error_kind = kind_hash("ERROR", true);

struct Node {
  Kind kind = 0;
  Field field = 0;  // of this node in its parent, 0 when none
  std::uint32_t start = 0, end = 0;
  std::uint32_t row = 0, column = 0;  // from 0, bytes
  NodeId parent = no_node;
  NodeId after = 0;
  bool named = false;
  bool missing = false;  // the parser put it in, there are no bytes
};

// The hashes of a grammar's names, by its own numbers; the same for every file of a language.
struct GrammarNames {
  explicit GrammarNames(const TSLanguage* language);

  std::vector<Kind> kinds;
  std::vector<bool> named, dropped;  // dropped: punctuation, which the tree's shape says already
  std::vector<Field> fields;
};

// All lookups accept no_node and answer with no_node, 0 or "".
class SyntaxTree {
 public:
  // `text` must outlive this. Positions of `tree` must be positions in `text`.
  SyntaxTree(const TSTree* tree, const GrammarNames& names, std::string_view text);

  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  const Node& node(NodeId id) const { return id < nodes_.size() ? nodes_[id] : nothing_; }
  Kind kind(NodeId id) const { return node(id).kind; }
  std::string_view text(NodeId id) const { return between(node(id).start, node(id).end); }
  std::string_view between(std::uint32_t start, std::uint32_t end) const;
  std::string_view source() const { return text_; }
  NodeId parent(NodeId id) const { return node(id).parent; }
  NodeId after(NodeId id) const { return id == no_node ? no_node : node(id).after; }
  std::int32_t line(NodeId id) const { return static_cast<std::int32_t>(node(id).row) + 1; }
  std::int32_t column(NodeId id) const { return static_cast<std::int32_t>(node(id).column) + 1; }
  std::int32_t end_line(NodeId id) const;

  NodeId first_child(NodeId id) const { return id != no_node && id + 1 < after(id) ? id + 1 : no_node; }
  NodeId next_sibling(NodeId id) const;
  NodeId first_named(NodeId id) const;  // first named child that is no comment
  NodeId next_named(NodeId id) const;   // next named sibling that is no comment
  NodeId last_named(NodeId id) const;
  int named_count(NodeId id) const;
  NodeId field(NodeId id, Field name) const;             // first child in that field
  NodeId next_in_field(NodeId child, Field name) const;  // next sibling in that field
  NodeId child_of_kind(NodeId id, Kind kind) const;      // first child of that kind
  bool has_child(NodeId id, Kind kind) const { return child_of_kind(id, kind) != no_node; }
  NodeId ancestor_of_kind(NodeId id, Kind kind) const;

  std::int32_t error_nodes() const { return error_nodes_; }
  std::size_t error_bytes() const { return error_bytes_; }  // that no rule of the grammar explains
  bool cut() const { return cut_; }

 private:
  std::string_view text_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> line_starts_;
  Node nothing_;
  std::int32_t error_nodes_ = 0;
  std::size_t error_bytes_ = 0;
  bool cut_ = false;
};

}  // namespace mira::code
