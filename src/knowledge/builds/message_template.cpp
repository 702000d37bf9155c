#include "knowledge/builds/message_template.h"

#include <algorithm>
#include <array>
#include <vector>

#include "knowledge/builds/scan.h"
#include "knowledge/builds/tool_words.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

constexpr std::string_view masked = "<x>";

// Quotes of every style become one, so that a locale or a font changes no key.
std::string plain_quotes(std::string_view text) {
  std::string out;
  constexpr auto styles =
      std::to_array<std::string_view>({"\u2018", "\u2019", "\u201c", "\u201d", "\u00ab", "\u00bb"});
  for (std::size_t at = 0; at < text.size();) {
    std::string_view style;
    for (const std::string_view one : styles) {
      if (text.substr(at).starts_with(one)) style = one;
    }
    if (!style.empty()) {
      out += '\'';
      at += style.size();
    } else {
      out += text[at] == '"' || text[at] == '`' ? '\'' : text[at];
      ++at;
    }
  }
  return out;
}

bool is_word_byte(char c) {
  return is_name_byte(c) || c == '$' || c == '@';
}
bool is_joint(char c) {  // inside a token when word bytes stand on both sides
  return c == '.' || c == '/' || c == '\\' || c == ':' || c == '-' || c == '~' || c == '#';
}

std::string_view token_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size()) {
    const bool joins = is_joint(text[end]) && end + 1 < text.size() &&
                       (is_word_byte(text[end + 1]) || is_joint(text[end + 1]));
    if (!is_word_byte(text[end]) && !joins) break;
    ++end;
  }
  return text.substr(at, end - at);
}

struct Looks {
  bool digit = false, letter = false, hex = true, slash = false, colon = false, dot = false,
       underscore = false, joint = false;
  bool upper_inside = false, upper = false, lower = false;
};
Looks looks_of(std::string_view token) {
  Looks out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    out.digit = out.digit || is_digit(c);
    out.letter = out.letter || upper || lower || static_cast<unsigned char>(c) >= 0x80;
    out.upper = out.upper || upper;
    out.lower = out.lower || lower;
    out.upper_inside = out.upper_inside || (upper && i > 0);
    out.hex = out.hex && (is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-');
    out.slash = out.slash || c == '/' || c == '\\';
    out.colon = out.colon || c == ':';
    out.dot = out.dot || c == '.';
    out.joint = out.joint || c == '-';
    out.underscore = out.underscore || c == '_' || c == '$' || c == '@' || c == '#';
  }
  return out;
}

bool is_temporary(std::string_view name, const Looks& looks) {
  if (name.starts_with("tmp") && name.size() > 5) return looks.digit || looks.upper || looks.underscore;
  return name.starts_with("cc") && name.size() >= 8 && looks.upper && looks.lower;  // gcc's
}

// Its folders depend on the machine, its name does not; a package keeps its host ("example.org/a/b").
std::string mask_path(std::string_view token, const Looks& looks) {
  const std::string_view host = token.substr(0, token.find('/'));
  const bool package = token[0] == '@' || (host.size() > 1 && host.find('.') != std::string_view::npos &&
                                           host.find_first_not_of('.') != std::string_view::npos);
  if (package && token[0] != '/' && host.size() < token.size()) return std::string(token);
  const std::string_view name = token.substr(token.find_last_of("/\\") + 1);
  return is_temporary(name, looks) || name.empty() ? "<path>" : "<path>" + std::string(name);
}

// What varies from telling to telling whatever it is; "" when the token is kept.
std::string_view varying(std::string_view token, const Looks& looks) {
  if (token.starts_with("0x") && token.size() > 2) return "<address>";
  if (!looks.letter && looks.digit) return "<n>";
  if (looks.slash) return "<path>";
  if (looks.digit && looks.hex && token.size() >= 7) return "<hash>";
  if (is_temporary(token, looks)) return "<temporary>";
  if (looks.colon && looks.digit && looks.dot) return "<place>";
  if (is_digit(token[0])) {  // "12ms", "3rd"
    std::string_view rest = token;
    take_number(rest);
    return rest.size() <= 2 ? "<n>" : "";
  }
  return "";
}

std::string with_one_space(std::string out, char c) {
  const bool blank = c == ' ' || c == '\n' || c == '\t';
  if (!blank)
    out += c;
  else if (!out.empty() && out.back() != ' ')
    out += ' ';
  return out;
}

bool starts_token(std::string_view text, std::size_t at) {
  if (is_word_byte(text[at])) return true;
  return (text[at] == '/' || text[at] == '.') && at + 1 < text.size() &&
         (is_word_byte(text[at + 1]) || (text[at] == '.' && text[at + 1] == '/') ||
          text.substr(at).starts_with("../"));
}

// ---- without names

// What a tool proposes depends on the names that are near, not on the problem.
std::string_view without_suggestion(std::string_view text) {
  constexpr auto leads = std::to_array<std::string_view>({"did you mean", "Did you mean", "perhaps you meant",
                                                          "Perhaps you meant", "maybe you meant",
                                                          "Maybe you meant", "; have you"});
  constexpr std::size_t least = 8;  // a message that is nothing but a proposal keeps it
  for (const std::string_view lead : leads) {
    const std::size_t at = text.find(lead);
    if (at != std::string_view::npos && at >= least) text = text.substr(0, at);
  }
  return text;
}

struct Token {
  std::string text;   // a word in lower case, `masked`, or quoted code that is the tool's own
  bool open = false;  // a word that may yet be a name, by where it stands
  bool after_colon = false;
  bool capital = false;
};

// One form of a word for one and many.
std::string singular(std::string word) {
  const bool plural = word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's' &&
                      word[word.size() - 2] != 'u' && word[word.size() - 2] != 'i';
  if (plural) word.pop_back();
  return word;
}

bool is_known_word(std::string_view lower) {
  if (is_tool_word(lower) || is_grammar_word(lower)) return true;
  const std::size_t dash = lower.find('-');
  if (dash == std::string_view::npos) return false;
  for (const std::string_view part : base::split(lower, '-')) {
    if (part.size() > 1 && !is_tool_word(part) && !is_grammar_word(part) && part != "re" && part != "non")
      return false;
  }
  return true;
}

bool is_type_word(std::string_view word) {
  constexpr auto types = std::to_array<std::string_view>(
      {"array",  "bool",  "boolean", "byte",    "char",   "character", "dict", "double",
       "error",  "float", "int",     "integer", "list",   "long",      "map",  "number",
       "object", "set",   "short",   "str",     "string", "uint",      "usize"});
  return std::ranges::binary_search(types, word);
}

// An identifier and no word of a tool: by its letters first, for a word has no capital inside, no digit, no
// joint; then because no tool says it.
bool is_identifier(std::string_view token, const Looks& looks, const std::string& lower, bool first) {
  if (looks.underscore || looks.digit || looks.dot || looks.colon) return true;
  const bool shouted = looks.upper && !looks.lower;
  if (looks.upper_inside && !shouted && !looks.joint) return true;
  if (token.size() == 1) return token != "a" && token != "A" && token != "I";
  const bool capital = token[0] >= 'A' && token[0] <= 'Z' && !shouted;
  if (capital && !first && is_type_word(lower)) return true;
  constexpr auto short_types =
      std::to_array<std::string_view>({"int", "char", "bool", "str", "uint", "usize"});
  if (std::ranges::find(short_types, lower) != short_types.end()) return true;
  return !is_known_word(lower);
}

// Code in quotes that the tool itself says: an operator, punctuation, a keyword. Else "".
std::string own_code(std::string_view quoted) {
  quoted = base::trim(quoted);
  if (quoted.empty()) return {};
  const bool operators = std::ranges::none_of(quoted, [](char c) { return is_word_byte(c) || c == ' '; });
  const bool known = operators ? quoted.size() <= 4 : is_language_word(quoted);
  return known ? "'" + std::string(quoted) + "'" : std::string();
}

class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {
    while (at_ < text_.size()) step();
  }
  std::vector<Token> take() { return std::move(out_); }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\'' && (at_ == 0 || !is_word_byte(text_[at_ - 1])) && quoted()) return;
    if (c == '{' || c == '(') {
      if (text_.substr(at_ + 1).starts_with("aka ")) return skip_group(c == '{' ? '}' : ')');
    }
    if (!starts_token(text_, at_)) {
      begins_ = begins_ || (c != ' ' && c != ',' && c != '-');
      colon_ = colon_ || c == ':';
      ++at_;
      return;
    }
    const std::string_view token = token_at(text_, at_);
    if (token.empty()) {
      ++at_;
      return;
    }
    word(token);
    at_ += token.size();
  }

  void put(std::string text, bool open, bool capital = false) {
    out_.push_back({std::move(text), open, colon_, capital});
    colon_ = begins_ = false;
  }

  bool quoted() {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string::npos) return false;
    const std::string code = own_code(std::string_view(text_).substr(at_ + 1, close - at_ - 1));
    put(code.empty() ? std::string(masked) : code, false);
    at_ = close + 1;
    return true;
  }

  void skip_group(char close) {
    const std::size_t end = text_.find(close, at_);
    at_ = end == std::string::npos ? text_.size() : end + 1;
  }

  // "total(int)", "f()"; but "argument(s)" is a word.
  bool is_called(std::string_view token) const {
    const std::string_view rest = std::string_view(text_).substr(at_ + token.size());
    return rest.starts_with("(") && !rest.starts_with("(s)") && !rest.starts_with("(es)");
  }

  void word(std::string_view token) {
    const Looks looks = looks_of(token);
    const std::string lower = base::to_lower(token);
    if (!varying(token, looks).empty() || is_identifier(token, looks, lower, out_.empty()))
      return put(std::string(masked), false);
    const bool capital = token[0] >= 'A' && token[0] <= 'Z' && looks.lower;
    if (capital && !begins_) return put(std::string(masked), false);  // no word of English stands so
    if (is_called(token)) return put(std::string(masked), false);
    put(lower, !(looks.upper && !looks.lower), capital);
  }

  std::string text_;
  std::size_t at_ = 0;
  bool begins_ = true, colon_ = false;  // of a sentence or a part of one
  std::vector<Token> out_;
};

constexpr auto named_things = std::to_array<std::string_view>(
    {"class", "constructor", "field", "function", "interface", "label", "member", "method", "module",
     "package", "parameter", "property", "symbol", "target", "undeclared", "undefined", "variable"});
constexpr auto said_of_names = std::to_array<std::string_view>(
    {"already",   "appears",    "are",    "cannot",    "declared", "does", "has", "imported",
     "in",        "is",         "may",    "might",     "must",     "not",  "of",  "redeclared",
     "redefined", "referenced", "should", "undefined", "unused",   "was"});

constexpr auto before_types =
    std::to_array<std::string_view>({"as", "from", "got", "have", "to", "type", "want"});

bool is_one_of(const auto& words, std::string_view word) {
  return std::ranges::binary_search(words, word);
}

// Names that are words too ("variable count is ...", "undefined: total"): told by where they stand.
void mask_names_by_place(std::vector<Token>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Token& token = tokens[i];
    if (!token.open || is_grammar_word(token.text)) continue;
    const bool last = i + 1 == tokens.size();
    const bool subject = !last && is_one_of(said_of_names, tokens[i + 1].text);
    const bool named = i > 0 && is_one_of(named_things, tokens[i - 1].text) && (last || subject) &&
                       !is_one_of(named_things, token.text);
    const bool told = i > 0 && last && token.after_colon;
    const bool type = i > 0 && is_type_word(token.text) && is_one_of(before_types, tokens[i - 1].text);
    const bool headed = token.capital && token.after_colon && subject;  // "types: Cart cannot be ..."
    if (named || told || type || headed) token.text = masked;
  }
}

std::string joined(const std::vector<Token>& tokens) {
  std::string out;
  for (const Token& token : tokens) {
    const bool name = token.text == masked;
    if (is_grammar_word(token.text) || (name && out.ends_with(masked))) continue;
    if (!out.empty()) out += ' ';
    out += name ? token.text : singular(token.text);
  }
  return out;
}

}  // namespace

std::string template_with_names(std::string_view message) {
  const std::string text = plain_quotes(message);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!starts_token(text, at)) {
      out = with_one_space(std::move(out), text[at]);
      ++at;
      continue;
    }
    std::string_view token = token_at(text, at);
    if (token.empty()) token = std::string_view(text).substr(at, 1);
    const Looks looks = looks_of(token);
    const std::string_view mask = varying(token, looks);
    if (mask == "<path>")
      out += mask_path(token, looks);
    else
      out += mask.empty() ? token : mask;
    at += token.size();
  }
  return out;
}

std::string template_without_names(std::string_view message) {
  const std::string text = plain_quotes(message.substr(0, message.find('\n')));
  std::vector<Token> tokens = Words(without_suggestion(text)).take();
  mask_names_by_place(tokens);
  const std::string out = joined(tokens);
  // Nothing but names: then the names are all there is to tell kinds apart.
  return out.empty() || out == masked ? template_with_names(message) : out;
}

}  // namespace mira::builds
