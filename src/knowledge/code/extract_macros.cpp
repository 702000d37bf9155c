#include "knowledge/code/extract_macros.h"

#include <algorithm>
#include <unordered_set>

#include "platform/base/text.h"

namespace mira::code {
namespace {

bool is_word_start(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}
bool is_word(char byte) {
  return is_word_start(byte) || (byte >= '0' && byte <= '9');
}

bool is_shouted(std::string_view word) {
  bool letter = false;
  for (char byte : word) {
    if (byte >= 'a' && byte <= 'z') return false;
    letter |= byte >= 'A' && byte <= 'Z';
  }
  return letter && word.size() > 2;
}

bool is_keyword(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {"if",     "for",        "while",   "switch",
                                                             "return", "sizeof",     "do",      "defined",
                                                             "typeof", "__typeof__", "alignof", "catch"};
  return words.contains(word);
}

// Reads C tokens well enough to pass over comments, strings and directives.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  // Next word or single punctuation byte at or after the position; false at the end.
  bool next() {
    begin_ = end_;
    while (begin_ < text_.size()) {
      std::size_t passed = blank_at(begin_);
      if (passed == begin_) break;
      begin_ = passed;
    }
    end_ = begin_;
    if (begin_ >= text_.size()) return false;
    if (is_word_start(text_[end_])) {
      while (end_ < text_.size() && is_word(text_[end_])) ++end_;
    } else {
      ++end_;
    }
    return true;
  }
  std::string_view token() const { return text_.substr(begin_, end_ - begin_); }
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }
  void move_to(std::size_t at) { end_ = at; }

 private:
  std::size_t blank_at(std::size_t at) const {
    char byte = text_[at];
    if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') return at + 1;
    if (text_.substr(at, 2) == "//") return std::min(text_.find('\n', at), text_.size());
    if (text_.substr(at, 2) == "/*") {
      std::size_t close = text_.find("*/", at + 2);
      return close == std::string_view::npos ? text_.size() : close + 2;
    }
    if (byte == '"' || byte == '\'') {
      std::size_t end = at + 1;
      while (end < text_.size() && text_[end] != byte && text_[end] != '\n')
        end += text_[end] == '\\' ? 2 : 1;
      return std::min(end + 1, text_.size());
    }
    if (byte == '#' && starts_line(at)) {  // a directive, with its continuation lines
      std::size_t end = at;
      do {
        end = text_.find('\n', end + 1);
      } while (end != std::string_view::npos && text_[end - 1] == '\\');
      return std::min(end, text_.size());
    }
    return at;
  }

  bool starts_line(std::size_t at) const {
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at == 0 || text_[at - 1] == '\n';
  }

  std::string_view text_;
  std::size_t begin_ = 0, end_ = 0;
};

std::size_t after_parentheses(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
    if (text[at] == '{' || text[at] == '}') break;
  }
  return open;
}

// What stands before an attribute-like macro: the begin of a declaration, or `class`, `)`, a type.
enum class Before { start, record, close, other };

Before before_of(std::string_view token) {
  if (token.empty() || token == ";" || token == "}" || token == "{" || token == ":") return Before::start;
  if (token == "class" || token == "struct" || token == "union" || token == "enum") return Before::record;
  if (token == "static" || token == "extern" || token == "inline" || token == "virtual" || token == ">") {
    return Before::start;
  }
  return token == ")" ? Before::close : Before::other;
}

}  // namespace

std::string blank_attribute_macros(std::string_view text) {
  std::string out(text);
  Tokens tokens(text);
  std::string_view previous;
  while (tokens.next()) {
    std::string_view word = tokens.token();
    std::size_t begin = tokens.begin(), end = tokens.end();
    Before before = before_of(previous);
    previous = word;
    if (!is_word_start(word[0]) || !is_shouted(word)) continue;
    std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos) break;
    bool with_arguments = text[next] == '(';
    if (with_arguments) {
      end = after_parentheses(text, next);
      if (end == next) continue;
      next = text.find_first_not_of(" \t\r\n", end);
      if (next == std::string_view::npos) break;
    }
    bool then_word = is_word_start(text[next]) || text[next] == '[';
    bool blank = false;
    if (before == Before::start) blank = then_word;
    if (before == Before::record) blank = then_word;
    if (before == Before::close) blank = text[next] == '{' || text[next] == ';' || then_word;
    if (!blank) continue;
    for (std::size_t at = begin; at < end; ++at) {
      if (out[at] != '\n' && out[at] != '\r') out[at] = ' ';
    }
    tokens.move_to(end);
    previous = before == Before::record ? "class" : before == Before::close ? ")" : ";";
  }
  return out;
}

void define_macro(Walk& walk, NodeId node) {
  const SyntaxTree& tree = walk.tree;
  NodeId body = tree.field(node, "value"_f);
  NodeId list = tree.field(node, "parameters"_f);
  if (list == no_node && body == no_node) return;  // an include guard or a switch
  Symbol symbol = walk.describe(SymbolKind::macro, node, tree.field(node, "name"_f), body);
  symbol.parent = no_symbol;
  for (NodeId child = tree.first_named(list); child != no_node; child = tree.next_named(child)) {
    symbol.parameters.push_back({walk.text(child), {}, false, false});
  }
  std::string name = symbol.name;
  symbol.qualified = name;
  std::int32_t macro = walk.add(std::move(symbol));
  std::string_view text = tree.text(body);
  std::string_view word = base::trim(text);
  if (!word.empty() && std::ranges::all_of(word, is_word) && is_word_start(word[0])) {
    walk.assign_in(no_symbol, name, {ValueKind::name, std::string(word), {}}, node);
  }
  std::int32_t line = tree.line(body);
  std::size_t counted = 0, line_start = 0;
  Tokens tokens(text);
  while (tokens.next()) {
    std::string_view token = tokens.token();
    if (!is_word_start(token[0]) || is_keyword(token)) continue;
    std::size_t next = text.find_first_not_of(" \t", tokens.end());
    if (next == std::string_view::npos || text[next] != '(') continue;
    for (; counted < tokens.begin(); ++counted) {
      if (text[counted] != '\n') continue;
      ++line;
      line_start = counted + 1;
    }
    CallSite site;
    site.kind = CallKind::macro_token;
    site.name = std::string(token);
    auto column = static_cast<std::int32_t>(tokens.begin() - line_start) + 1;
    walk.call_from(macro, std::move(site), line, line_start == 0 ? column + tree.column(body) - 1 : column);
  }
  walk.skip(node);
}

}  // namespace mira::code
