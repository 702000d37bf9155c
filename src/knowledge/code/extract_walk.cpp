#include "knowledge/code/extract_walk.h"

#include <algorithm>
#include <cctype>

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/symbol_kinds.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t signature_bytes = 400;
constexpr std::size_t doc_bytes = 2000;
constexpr std::size_t type_bytes = 200;
constexpr std::size_t expression_bytes = 120;

std::string_view without_tail(std::string_view text) {
  text = base::trim(text);
  if (text.ends_with("=>")) text = base::trim(text.substr(0, text.size() - 2));
  while (!text.empty() &&
         (text.back() == '{' || text.back() == ':' || text.back() == ';' || text.back() == '=')) {
    text = base::trim(text.substr(0, text.size() - 1));
  }
  return text;
}

}  // namespace

std::string fold_blanks(std::string_view text, std::size_t at_most_bytes) {
  std::string out;
  bool blank = false;
  for (char byte : base::trim(text)) {
    if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
      blank = true;
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += byte;
    if (out.size() > at_most_bytes) break;
  }
  return std::string(base::truncate_utf8(out, at_most_bytes));
}

std::string clean_comment(std::string_view text) {
  std::string out;
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    while (!line.empty() && (line[0] == '/' || line[0] == '*' || line[0] == '!' || line[0] == '#')) {
      line.remove_prefix(1);
    }
    if (line.ends_with("*/")) line.remove_suffix(2);
    while (!line.empty() && line.back() == '*') line.remove_suffix(1);
    line = base::trim(line);
    if (line.empty() && out.empty()) continue;
    if (!out.empty()) out += '\n';
    out += line;
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return std::string(base::truncate_utf8(out, doc_bytes));
}

std::string unquoted(std::string_view literal) {
  std::size_t open = literal.find_first_of("\"'`<");
  if (open == std::string_view::npos) return std::string(literal);
  std::size_t close = literal.find_last_of("\"'`>");
  while (open + 1 < close && literal[open + 1] == literal[open] && literal[close - 1] == literal[close]) {
    ++open;
    --close;
  }
  return close > open ? std::string(literal.substr(open + 1, close - open - 1)) : std::string();
}

std::string short_text(std::string_view text) {
  return fold_blanks(text, expression_bytes);
}

Walk::Walk(const SyntaxTree& syntax, Facts& out, const Extractor& extractor)
    : tree(syntax), facts(out), extractor_(extractor) {
  scopes_.push_back({no_symbol, no_symbol, no_symbol, no_node});
}

void Walk::run() {
  for (NodeId id = 0; id < tree.size(); id = next_) {
    while (scopes_.back().after <= id) scopes_.pop_back();
    next_ = id + 1;
    extractor_.visit(*this, id);
    if (full()) {
      facts.cut = true;
      break;
    }
  }
  facts.cut |= tree.cut();
  drop_references_to_locals();
  if (extractor_.finish != nullptr) extractor_.finish(facts);
}

Expression Walk::expression(NodeId id) const {
  return id == no_node ? Expression{} : extractor_.expression(*this, id);
}

bool Walk::full() {
  return facts.symbols.size() + facts.calls.size() + facts.imports.size() + facts.assignments.size() +
             facts.typed_names.size() >=
         static_cast<std::size_t>(limits::facts_per_file);
}

Symbol Walk::describe(SymbolKind kind, NodeId whole, NodeId name, NodeId body, NodeId head) const {
  const Node& span = tree.node(whole);
  Symbol symbol;
  symbol.kind = kind;
  symbol.name = fold_blanks(tree.text(name), type_bytes);
  symbol.name_line = tree.line(name);
  symbol.name_column = tree.column(name);
  symbol.start_line = tree.line(whole);
  symbol.end_line = tree.end_line(whole);
  symbol.start_byte = static_cast<std::int32_t>(span.start);
  symbol.end_byte = static_cast<std::int32_t>(span.end);
  std::uint32_t head_end = body == no_node ? span.end : tree.node(body).start;
  std::uint32_t head_start = head == no_node ? span.start : tree.node(head).start;
  symbol.signature = fold_blanks(without_tail(tree.between(head_start, head_end)), signature_bytes);
  symbol.doc = doc_before(whole);
  symbol.body_hash = base::hash64(tree.text(whole));
  symbol.complexity = runs_code(kind) ? 1 : 0;
  return symbol;
}

std::int32_t Walk::add(Symbol symbol) {
  return add_to(this->symbol(), std::move(symbol));
}

std::int32_t Walk::add_to(std::int32_t parent, Symbol symbol) {
  symbol.parent = parent;
  if (symbol.qualified.empty()) {
    std::string name = symbol.scope_name.empty()
                           ? symbol.name
                           : symbol.scope_name + std::string(extractor_.separator) + symbol.name;
    symbol.qualified = symbol.parent == no_symbol ? name
                                                  : facts.symbols[symbol.parent].qualified +
                                                        std::string(extractor_.separator) + name;
  }
  facts.symbols.push_back(std::move(symbol));
  return static_cast<std::int32_t>(facts.symbols.size()) - 1;
}

void Walk::enter_as_type(std::int32_t symbol, NodeId node) {
  enter(symbol, node);
  scopes_.back().type = symbol;
  scopes_.back().callable = no_symbol;
}

void Walk::enter_anonymous(NodeId node) {
  Scope scope = scopes_.back();
  scope.after = std::min(tree.after(node), scope.after);
  scope.anonymous = true;
  scopes_.push_back(scope);
}

void Walk::enter_file_local(NodeId node) {
  Scope scope = scopes_.back();
  scope.after = std::min(tree.after(node), scope.after);
  scope.access = Visibility::file;
  scopes_.push_back(scope);
}

void Walk::enter(std::int32_t symbol, NodeId node) {
  Scope scope = scopes_.back();
  scope.symbol = symbol;
  scope.after = std::min(tree.after(node), scope.after);
  SymbolKind kind = facts.symbols[symbol].kind;
  if (runs_code(kind) || kind == SymbolKind::property) {
    scope.callable = symbol;
    scope.type = no_symbol;
    scope.anonymous = false;
  } else if (is_class_like(kind)) {
    scope.type = symbol;
  }
  scopes_.push_back(scope);
}

std::int32_t Walk::add_and_enter(Symbol symbol, NodeId node) {
  std::int32_t index = add(std::move(symbol));
  enter(index, node);
  return index;
}

bool Walk::first_of_name(std::string_view name) {
  return named_.insert(std::to_string(scope()) + ":" + std::string(name)).second;
}

bool Walk::knows_name(std::string_view name) const {
  return named_.contains(std::to_string(scope()) + ":" + std::string(name));
}

std::int32_t Walk::type_around() const {
  std::int32_t at = symbol();
  while (at != no_symbol && !is_class_like(facts.symbols[at].kind)) at = facts.symbols[at].parent;
  return at;
}

void Walk::skip(NodeId node) {
  next_ = std::max(next_, tree.after(node));
}

void Walk::branch(std::int32_t by) {
  if (callable() != no_symbol) facts.symbols[callable()].complexity += by;
}

void Walk::call(CallSite site, NodeId name) {
  call_from(callable(), std::move(site), tree.line(name), tree.column(name));
}

void Walk::call_from(std::int32_t caller, CallSite site, std::int32_t line, std::int32_t column) {
  site.caller = caller;
  site.line = line;
  site.column = column;
  while (!site.passed.empty() && site.passed.back().keyword.empty() &&
         (site.passed.back().kind == ValueKind::literal || site.passed.back().kind == ValueKind::other)) {
    site.passed.pop_back();
  }
  facts.calls.push_back(std::move(site));
}

void Walk::import(Import found, NodeId at) {
  found.scope = symbol();
  found.line = tree.line(at);
  facts.imports.push_back(std::move(found));
}

void Walk::assign(std::string target, Value value, NodeId at) {
  assign_in(scope(), std::move(target), std::move(value), at);
}

void Walk::assign_in(std::int32_t scope, std::string target, Value value, NodeId at) {
  Assignment row;
  row.scope = scope;
  row.target = std::move(target);
  row.kind = value.kind;
  row.value = std::move(value.text);
  row.value_key = std::move(value.key);
  row.line = tree.line(at);
  facts.assignments.push_back(std::move(row));
}

void Walk::typed_name(std::string name, std::string type, NodeId at) {
  typed_name_in(scope(), std::move(name), std::move(type), at);
}

void Walk::typed_name_in(std::int32_t scope, std::string name, std::string type, NodeId at) {
  if (name.empty() || type.empty()) return;
  facts.typed_names.push_back({scope, std::move(name), std::move(type), tree.line(at)});
}

std::string Walk::folded(NodeId id) const {
  return fold_blanks(tree.text(id), type_bytes);
}

bool Walk::starts_line(NodeId id) const {
  const Node& node = tree.node(id);
  return tree.between(node.start - node.column, node.start).find_first_not_of(" \t") ==
         std::string_view::npos;
}

// A comment run is the comments on whole lines of their own with no line between.
void Walk::note_comment(NodeId comment) {
  const Node& node = tree.node(comment);
  if (!starts_line(comment)) return;
  if (comments_.end_line + 1 != tree.line(comment)) comments_.start = node.start;
  comments_.end = node.end;
  comments_.end_line = tree.end_line(comment);
}

std::string Walk::doc_before(NodeId whole) const {
  std::int32_t line = tree.line(after_decorators_ == whole ? first_decorator_ : whole);
  if (comments_.end_line + 1 != line && comments_.end_line != line) return {};
  if (comments_.end > tree.node(whole).start || !starts_line(whole)) return {};
  return clean_comment(tree.between(comments_.start, comments_.end));
}

void Walk::note_decorator(NodeId decorator, std::string text) {
  if (after_decorators_ != decorator) {
    decorators_.clear();
    first_decorator_ = decorator;
  }
  decorators_.push_back(std::move(text));
  after_decorators_ = tree.after(decorator);
}

std::vector<std::string> Walk::take_decorators(NodeId decorated) {
  if (after_decorators_ != decorated) return {};
  after_decorators_ = no_node;
  return std::exchange(decorators_, {});
}

// An argument that is a local variable or a parameter is data, not a callback by name.
void Walk::drop_references_to_locals() {
  std::unordered_set<std::string> locals;
  auto key = [](std::int32_t scope, std::string_view name) {
    return std::to_string(scope) + ":" + std::string(name);
  };
  for (std::size_t at = 0; at < facts.symbols.size(); ++at) {
    for (const Parameter& parameter : facts.symbols[at].parameters) {
      locals.insert(key(static_cast<std::int32_t>(at), parameter.name));
    }
  }
  for (const Assignment& row : facts.assignments) {
    if (row.scope != no_symbol) locals.insert(key(row.scope, row.target));
  }
  for (const TypedName& row : facts.typed_names) {
    if (row.scope != no_symbol) locals.insert(key(row.scope, row.name));
  }
  std::erase_if(facts.calls, [&](const CallSite& site) {
    if (site.kind != CallKind::reference) return false;
    std::string_view head =
        site.receiver_kind == ReceiverKind::none ? std::string_view(site.name) : site.receiver;
    for (std::int32_t at = site.caller; at != no_symbol; at = facts.symbols[at].parent) {
      if (locals.contains(key(at, head))) return site.receiver_kind == ReceiverKind::none;
    }
    return false;
  });
}

}  // namespace mira::code
