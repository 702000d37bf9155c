#include "knowledge/code/extract_macros.h"

#include <algorithm>
#include <unordered_set>

#include "knowledge/code/extract_c_tokens.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

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

std::size_t after_parentheses(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
    if (text[at] == '{' || text[at] == '}') break;
  }
  return open;
}

// What stands before an attribute-like macro.
enum class Before { start, record, open, close, word, other };

Before before_of(std::string_view token) {
  static const std::unordered_set<std::string_view> starts = {
      "", ";", "}", "{", ":", ">", "static", "extern", "inline", "virtual", "explicit", "template", "friend"};
  if (starts.contains(token)) return Before::start;
  if (token == "class" || token == "struct" || token == "union" || token == "enum") return Before::record;
  if (token == "(") return Before::open;
  if (token == ")") return Before::close;
  if (token == "*" || token == "&") return Before::word;
  static const std::unordered_set<std::string_view> qualifiers = {
      "const", "volatile", "unsigned", "signed", "return", "typedef", "case", "goto", "new", "else"};
  return is_word_start(token[0]) && !qualifiers.contains(token) ? Before::word : Before::other;
}

std::size_t after_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

// At `at` stands a word that is not the declared name itself: a type or a specifier follows the macro.
bool declaration_follows(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  if (end == at) return false;
  static const std::unordered_set<std::string_view> types = {
      "void", "int", "char", "long", "short", "unsigned", "float", "bool", "double", "const", "size_t"};
  if (types.contains(text.substr(at, end - at))) return true;
  std::size_t next = after_blanks(text, end);
  if (next == text.size()) return false;
  char then = text[next];
  return is_word_start(then) || then == '*' || then == '&' || then == '<' || text.substr(next, 2) == "::" ||
         then == '~';
}

// `*name)(` as in typedef int (WINAPI *name)(int): a pointer to a function.
bool names_pointer(std::string_view text, std::size_t at) {
  if (text[at] != '*') return false;
  std::size_t begin = after_blanks(text, at + 1);
  std::size_t end = begin;
  while (end < text.size() && is_word(text[end])) ++end;
  std::size_t close = after_blanks(text, end);
  if (end == begin || close == text.size() || text[close] != ')') return false;
  std::size_t next = after_blanks(text, close + 1);
  return next < text.size() && text[next] == '(';
}

struct Macro {
  std::size_t begin = 0, end = 0;  // with its arguments
  bool arguments = false;
};

Macro macro_at(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t next = after_blanks(text, end);
  if (next < text.size() && text[next] == '(') {
    std::size_t close = after_parentheses(text, next);
    if (close != next) return {begin, close, true};
  }
  return {begin, end, false};
}

// `int f_ GUARDED_BY(m_);`: a macro with arguments after a declared name, before the end of the declaration.
bool trails_declaration(std::string_view text, std::string_view before_name, const Macro& macro) {
  std::size_t next = after_blanks(text, macro.end);
  bool ends = next < text.size() && (text[next] == ';' || text[next] == '=' || text[next] == '{');
  if (!macro.arguments || !ends || before_name.empty()) return false;
  return before_name == "*" || before_name == "&" || before_name == ">" || before_name == "const" ||
         (is_word_start(before_name[0]) && before_of(before_name) == Before::word);
}

bool is_attribute(std::string_view text, Before before, const Macro& macro) {
  std::size_t next = after_blanks(text, macro.end);
  if (next == text.size()) return false;
  bool word = is_word_start(text[next]);
  switch (before) {
    case Before::start:
      if (macro.arguments) return word || text[next] == ';' || text[next] == '}' || text[next] == '#';
      return declaration_follows(text, next) || text[next] == '[' || text[next] == '#';
    case Before::record:
      return word;
    case Before::open:
      return names_pointer(text, next);
    case Before::close:
      return text[next] == '{' || text[next] == ';' || text[next] == ':' || word;
    case Before::word:  // int FOO_CALL f(
      return word && !declaration_follows(text, next);
    default:
      return false;
  }
}

// `EXPORT(static int f(int a)) {`: the macro stands around the head of a function, and what is inside says
// it.
bool wraps_head(std::string_view text, Before before, const Macro& macro, std::size_t name_end) {
  if (before != Before::start || !macro.arguments) return false;
  std::size_t next = after_blanks(text, macro.end);
  if (next == text.size() || (text[next] != '{' && text[next] != ';')) return false;
  std::size_t open = after_blanks(text, name_end);
  std::string_view inside = text.substr(open + 1, macro.end - open - 2);
  return declaration_follows(text, after_blanks(text, open + 1)) && base::trim(inside).ends_with(')');
}

// Tells declarations from the code in function bodies by what stands before each brace.
class Statement {
 public:
  // False for tokens inside a body.
  bool take(std::string_view token) {
    if (body_depth_ > 0) {
      body_depth_ += token == "{";
      body_depth_ -= token == "}";
      return false;
    }
    if (token == "(") called_ = true;
    bool ends = token == ";" || token == "{" || token == "}";
    if (token == "{" && called_) body_depth_ = 1;
    if (ends) called_ = false;
    return true;
  }

 private:
  int body_depth_ = 0;
  bool called_ = false;  // a parenthesis since the last statement: a brace now opens a body
};

std::string_view stands_for(Before before) {
  switch (before) {
    case Before::record:
      return "class";
    case Before::open:
      return "(";
    case Before::close:
      return ")";
    case Before::word:
      return "int";
    default:
      return ";";
  }
}

}  // namespace

std::string blank_attribute_macros(std::string_view source) {
  std::string out(source);
  blank_broken_conditionals(out);
  const std::string text = out;  // tokens are views of it
  CTokens tokens(text, CTokens::Directives::skip);
  Statement statement;
  std::string_view previous, before_previous;
  while (tokens.next()) {
    std::string_view word = tokens.token();
    Before before = before_of(previous);
    bool after_if = previous == "if";
    std::string_view before_name = before_previous;
    bool after_name = !previous.empty() && is_word_start(previous[0]) && before == Before::word;
    before_previous = previous;
    previous = word;
    bool in_body = !statement.take(word);
    if (!is_word_start(word[0]) || !is_shouted(word)) continue;
    Macro macro = macro_at(text, tokens.begin(), tokens.end());
    if (!in_body && wraps_head(text, before, macro, tokens.end())) {
      out[macro.end - 1] = ' ';
      std::size_t open = after_blanks(text, tokens.end());
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(macro.begin),
                out.begin() + static_cast<std::ptrdiff_t>(open + 1), ' ');
      tokens.move_to(open + 1);
      previous = ";";
      continue;
    }
    if (after_if && macro.arguments) {  // if FOO_CONSTEXPR (x)
      macro = {tokens.begin(), tokens.end(), false};
    } else if (in_body || !(is_attribute(text, before, macro) ||
                            (after_name && trails_declaration(text, before_name, macro)))) {
      continue;
    }
    for (std::size_t at = macro.begin; at < macro.end; ++at) {
      if (out[at] != '\n' && out[at] != '\r') out[at] = ' ';
    }
    tokens.move_to(macro.end);
    previous = stands_for(before);
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
  CTokens tokens(text, CTokens::Directives::skip);
  std::string_view before;
  while (tokens.next()) {
    std::string_view token = tokens.token();
    bool of_something = before == "." || before == "#" ||
                        (before == ">" && text[tokens.begin() - 1] == '>' && tokens.begin() > 1 &&
                         text[tokens.begin() - 2] == '-');
    before = token;
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
    if (of_something) site.receiver_kind = ReceiverKind::expression;
    auto column = static_cast<std::int32_t>(tokens.begin() - line_start) + 1;
    walk.call_from(macro, std::move(site), line, line_start == 0 ? column + tree.column(body) - 1 : column);
  }
  walk.skip(node);
}

}  // namespace mira::code
