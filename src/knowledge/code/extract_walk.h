// The one walk over a file's tree, and what every language needs on the way: the
// stack of scopes, symbols with their places, doc comments, signatures, calls. A
// language is one function that is shown every node in pre-order (Extractor::visit);
// it names what the node defines or uses and may enter() a scope or skip() a subtree.
// Scopes end by themselves where the node that opened them ends.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "knowledge/code/extract_tree.h"
#include "knowledge/code/facts.h"

struct TSLanguage;

namespace mira::code {

class Walk;
struct Expression;

struct Extractor {
  std::string_view language;
  const TSLanguage* (*grammar)();
  void (*visit)(Walk&, NodeId);
  Expression (*expression)(const Walk&, NodeId);  // what a node is, see extract_expression.h
  std::string_view separator;
  void (*finish)(Facts&) = nullptr;  // after the last node
  // Text of equal length that may parse better, or null. Asked once, when a parse has errors.
  std::string (*blank_macros)(std::string_view) = nullptr;
};

struct Value {
  ValueKind kind = ValueKind::other;
  std::string text;
  std::string key;
};

class Walk {
 public:
  Walk(const SyntaxTree& tree, Facts& facts, const Extractor& extractor);
  void run();

  const SyntaxTree& tree;
  Facts& facts;

  // Where the walk stands: indexes of symbols, or no_symbol.
  std::int32_t symbol() const { return scopes_.back().symbol; }      // innermost
  std::int32_t callable() const { return scopes_.back().callable; }  // innermost function or method
  std::int32_t type() const { return scopes_.back().type; }  // innermost class, if no callable is nearer
  std::int32_t scope() const { return type() != no_symbol ? type() : callable(); }
  bool in_callable() const { return callable() != no_symbol && type() == no_symbol; }
  bool at_file_level() const { return callable() == no_symbol && type() == no_symbol; }

  // A symbol with name, places, signature (up to `body`), doc and hash. Not yet added.
  // `head`: where the signature begins, when decorators or the like stand before it.
  Symbol describe(SymbolKind kind, NodeId whole, NodeId name, NodeId body = no_node,
                  NodeId head = no_node) const;
  std::string_view language() const { return extractor_.language; }
  // What members declared from here on are, until the scope ends or says otherwise (C++ `private:`).
  std::int32_t type_around() const;  // innermost class, callables or not
  Visibility access() const { return scopes_.back().access; }
  void set_access(Visibility access) { scopes_.back().access = access; }

  // Adds it with parent, qualified name (unless given) and returns its index.
  std::int32_t add(Symbol symbol);
  std::int32_t add_to(std::int32_t parent, Symbol symbol);
  // True the first time this name is asked for in the current scope: the later ones are assignments.
  bool first_of_name(std::string_view name);
  bool knows_name(std::string_view name) const;
  // The subtree of `node` is inside `symbol` from here on.
  void enter(std::int32_t symbol, NodeId node);
  // The same for what holds members though its kind does not say so (a Ruby module).
  void enter_as_type(std::int32_t symbol, NodeId node);
  // The subtree of `node` is a function without a name: its calls are the caller's, its returns are not.
  void enter_anonymous(NodeId node);
  bool returns_here() const { return callable() != no_symbol && !scopes_.back().anonymous; }
  // The subtree of `node` is in the same symbol, but nothing in it is seen by other files.
  void enter_file_local(NodeId node);
  // The name by which the callable just entered calls its object: the receiver in Go, self in Python.
  void set_self_name(std::string_view name) { scopes_.back().self_name = name; }
  bool is_self_name(std::string_view name) const { return !name.empty() && name == scopes_.back().self_name; }
  std::int32_t add_and_enter(Symbol symbol, NodeId node);
  // The subtree of `node` is not visited.
  void skip(NodeId node);
  void branch(std::int32_t by = 1);  // one more way through the innermost callable

  void call(CallSite site, NodeId name);  // fills caller and place
  void call_from(std::int32_t caller, CallSite site, std::int32_t line, std::int32_t column);
  void import(Import found, NodeId at);
  void assign(std::string target, Value value, NodeId at);
  void assign_in(std::int32_t scope, std::string target, Value value, NodeId at);
  void typed_name(std::string name, std::string type, NodeId at);
  void typed_name_in(std::int32_t scope, std::string name, std::string type, NodeId at);

  Expression expression(NodeId id) const;
  std::string text(NodeId id) const { return std::string(tree.text(id)); }
  std::string folded(NodeId id) const;  // blanks folded to one
  std::string doc_before(NodeId whole) const;
  void note_comment(NodeId comment);
  // Decorators that stand as siblings before what they decorate.
  void note_decorator(NodeId decorator, std::string text);
  std::vector<std::string> take_decorators(NodeId decorated);

 private:
  struct Scope {
    std::int32_t symbol = no_symbol;
    std::int32_t callable = no_symbol;
    std::int32_t type = no_symbol;
    NodeId after = no_node;
    Visibility access = Visibility::public_;
    bool anonymous = false;
    std::string_view self_name;
  };
  struct Comments {
    std::uint32_t start = 0, end = 0;
    std::int32_t end_line = -1;
  };

  bool full();
  bool starts_line(NodeId id) const;
  void drop_references_to_locals();

  const Extractor& extractor_;
  std::vector<Scope> scopes_;
  Comments comments_;
  std::unordered_set<std::string> named_;  // "scope:name", see first_of_name
  std::vector<std::string> decorators_;
  NodeId first_decorator_ = no_node, after_decorators_ = no_node;
  NodeId next_ = 0;
};

std::string fold_blanks(std::string_view text, std::size_t at_most_bytes);
std::string clean_comment(std::string_view text);
std::string unquoted(std::string_view literal);
std::string short_text(std::string_view text);  // of an expression, at most 120 bytes

}  // namespace mira::code
