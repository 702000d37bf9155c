// Expressions as written: names, members, calls, subscripts. A small reader of text,
// not a parser of any language: what it does not understand has no value.
#include <algorithm>
#include <cctype>

#include "knowledge/code/resolve_builtins.h"
#include "knowledge/code/resolve_evaluate.h"
#include "knowledge/code/resolve_imports.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t expression_bytes = 400;

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Takes tokens off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() { return peek() == '\0'; }
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(std::string_view token) {
    if (done() || !text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  bool take_word(std::string_view word) {
    if (done()) return false;
    std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(word) || (rest.size() > word.size() && is_name_byte(rest[word.size()])))
      return false;
    at_ += word.size();
    return true;
  }
  std::string_view name() {
    if (done()) return {};
    std::size_t start = at_;
    if (text_[at_] == '~' || text_[at_] == '#' || text_[at_] == '@') ++at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  // The inside of a bracket that starts here; false when there is none or it does not close.
  bool bracket(char open, char close, std::string_view& inside) {
    if (peek() != open) return false;
    int depth = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      if (text_[i] == open) ++depth;
      if (text_[i] == close && --depth == 0) {
        inside = text_.substr(at_ + 1, i - at_ - 1);
        at_ = i + 1;
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

Found builtin(std::string_view name) {
  return {.values = {{.kind = Meaning::Kind::builtin, .name = std::string(name), .rule = "literal"}},
          .bound = true};
}

Found unknown() {
  return {.values = {}, .bound = true, .reason = "unknown_receiver"};
}

// A property used as a value gives what its function returns.
bool gives_its_result(const Meaning& value) {
  if (value.kind != Meaning::Kind::symbol || !runs_code(value.symbol->kind)) return false;
  for (std::string_view name : {"property", "cached_property", "functools.cached_property", "getter", "get"})
    if (has_decorator(*value.symbol, name)) return true;
  return false;
}

// `@x.setter def x`: runs when x is set, and is no value of x.
bool only_sets(const Meaning& value) {
  return value.kind == Meaning::Kind::symbol && runs_code(value.symbol->kind) &&
         std::ranges::any_of(value.symbol->decorators, [](const std::string& one) {
           return one.ends_with(".setter") || one.ends_with(".deleter");
         });
}

class ExpressionReader {
 public:
  ExpressionReader(Evaluator& evaluator, Place place, std::string_view text)
      : evaluator_(evaluator), place_(place), scan_(text) {}

  Found read() {
    while (scan_.take_word("await") || scan_.take_word("typeof") || scan_.take_word("co_await") ||
           scan_.take("&") || scan_.take("*")) {
    }
    Found now = head();
    while (!ended_ && !scan_.done()) now = postfix(std::move(now));
    return now;
  }

 private:
  Found head() {
    std::string_view inside;
    char first = scan_.peek();
    if (first == '"' || first == '\'' || first == '`') return end_with(builtin("string"));
    if (std::isdigit(static_cast<unsigned char>(first)) != 0) return end_with(builtin("number"));
    if (scan_.bracket('[', ']', inside)) return builtin("list");
    if (scan_.bracket('{', '}', inside)) return builtin("dict");
    if (scan_.bracket('(', ')', inside)) return parenthesised(inside);
    if (family() != Family::ruby && scan_.take_word("new")) return made();
    if (family() == Family::php && scan_.take("\\")) return rooted();
    bool from_root = scan_.take("::");
    std::string_view name = scan_.name();
    if (name.empty()) return end_with(unknown());
    if (from_root || family() == Family::c || family() == Family::rust) return path(name);
    return head_name(name);
  }

  Found parenthesised(std::string_view inside) {
    std::size_t as = inside.find(" as ");
    if (as != std::string_view::npos)
      return {.values = evaluator_.instances_of(place_, inside.substr(as + 4)), .bound = true};
    return evaluator_.evaluate(place_, inside);
  }

  Found made() {
    std::string type;
    std::string_view inside;
    while (!scan_.done() && scan_.peek() != '(' && scan_.peek() != '{') {
      std::string_view part = scan_.name();
      if (!part.empty())
        type += part;
      else if (scan_.take("::") || scan_.take(".") || scan_.take("\\"))
        type += family() == Family::c ? "::" : ".";
      else if (!scan_.bracket('<', '>', inside))
        return end_with(unknown());
    }
    (void)scan_.bracket('(', ')', inside);
    return {.values = evaluator_.instances_of(place_, type), .bound = true};
  }

  Found head_name(std::string_view name) {
    bool python = family() == Family::python;
    if (is_self_word(name) && !python) {
      after_self_ = true;
      Found declared = evaluator_.declared_self(place_);
      if (declared.settled()) return declared;
      bool of_class = family() == Family::php ? name == "self" : evaluator_.runs_on_class(place_);
      return around(of_class ? Meaning::Kind::symbol : Meaning::Kind::instance);
    }
    if (name == "Self" || (name == "static" && family() == Family::php)) return around(Meaning::Kind::symbol);
    if (name == "super" || (name == "base" && family() == Family::csharp) ||
        (name == "parent" && family() == Family::php)) {
      std::string_view inside;
      if (python) (void)scan_.bracket('(', ')', inside);
      return around(Meaning::Kind::above);
    }
    if (name == "namespace" && family() == Family::php)
      return {.values = {{.kind = Meaning::Kind::package, .name = place_.file->facts.package}},
              .bound = true};
    Found found = evaluator_.lookup(place_, name);
    return names_a_call() ? called_bare(found, name == "new") : found;
  }

  // In Ruby a method that is named is called.
  bool names_a_call() { return family() == Family::ruby && scan_.peek() != '('; }

  Found called_bare(const Found& found, bool makes) {
    Found out{.values = {}, .bound = found.bound, .reason = found.reason};
    for (const Meaning& value : found.values) {
      bool called = value.kind == Meaning::Kind::symbol && (makes || runs_code(value.symbol->kind));
      add_values(out.values, called ? evaluator_.results(value) : std::vector<Meaning>{value});
    }
    return out;
  }

  // \a\b\name of PHP: from the root, whatever is imported.
  Found rooted() {
    std::string path(scan_.name());
    while (scan_.take("\\")) path.append("\\").append(scan_.name());
    return {.values = import_values(evaluator_, *place_.file, {.module = path}), .bound = true};
  }

  Found around(Meaning::Kind kind) {
    Found out{.values = evaluator_.class_around(place_), .bound = true, .reason = "unknown_receiver"};
    for (Meaning& value : out.values) {
      if (value.kind == Meaning::Kind::symbol) value.kind = kind;
      value.rule = "self";
    }
    return out;
  }

  // a::b::c of C++ and Rust, read whole: parts may be namespaces that no file lists as a symbol.
  Found path(std::string_view first) {
    std::vector<std::string_view> parts{first};
    std::string_view inside;
    while (scan_.take("::") || (family() == Family::c && template_arguments())) {
      (void)scan_.bracket('<', '>', inside);
      std::string_view part = scan_.name();
      if (part.empty()) continue;
      parts.push_back(part);
    }
    std::string joined(first);
    for (std::size_t i = 1; i < parts.size(); ++i) joined.append("::").append(parts[i]);
    if (parts.size() > 1 && family() == Family::rust) return rust_path(evaluator_, place_, joined);
    Found now = head_name(first);
    if (parts.size() > 1 && only_builtin(now)) now = {};  // log::Reader: no path leads through log()
    for (std::size_t i = 1; i < parts.size() && now.settled(); ++i)
      now = evaluator_.members(now.values, parts[i]);
    if (now.settled() || parts.size() == 1) return now;
    std::string_view scope = std::string_view(joined).substr(0, joined.size() - parts.back().size() - 2);
    return c_qualified(evaluator_, place_, scope, parts.back());
  }

  static bool only_builtin(const Found& found) {
    return !found.values.empty() && std::ranges::all_of(found.values, [](const Meaning& value) {
      return value.kind == Meaning::Kind::builtin;
    });
  }

  bool template_arguments() {
    Scanner ahead = scan_;
    std::string_view inside;
    if (!ahead.bracket('<', '>', inside)) return false;
    char next = ahead.peek();
    if (next != ':' && next != '(' && next != '\0' && next != '{') return false;
    scan_ = ahead;
    return true;
  }

  Found postfix(Found now) {
    std::string_view inside;
    if (scan_.take("?.") || scan_.take("->") || scan_.take("::") || scan_.take(".") || scan_.take("\\")) {
      std::string_view name = scan_.name();
      if (name.empty()) return end_with(unknown());
      return of_container(now, name) ? elements_by(now, name) : member(now, name);
    }
    if (scan_.bracket('(', ')', inside)) return call(now);
    if (scan_.take("!") || scan_.bracket('<', '>', inside)) return now;
    if (scan_.bracket('[', ']', inside))
      return {.values = evaluator_.elements(now.values, ""), .bound = true, .reason = "unknown_receiver"};
    if (scan_.bracket('{', '}', inside)) return call(now);
    return end_with(unknown());
  }

  Found member(const Found& owners, std::string_view name) {
    bool ruby = family() == Family::ruby;
    bool own = ruby && after_self_;
    after_self_ = false;
    if (own)  // @name is written self.name
      if (std::vector<Meaning> held = put_into(owners, name); !held.empty())
        return {.values = std::move(held), .bound = true};
    Found out = evaluator_.members(owners.values, name);
    if (ruby && name == "class") (void)scan_.take("()");
    if (ruby && names_a_call()) out = called_bare(out, name == "new");
    std::vector<Meaning> values;
    for (const Meaning& value : out.values) {
      if (only_sets(value)) continue;
      if (gives_its_result(value) || is_field(value))
        add_values(values, value_of(value));
      else
        add_value(values, value);
    }
    out.values = std::move(values);
    out.bound = true;
    return out;
  }

  std::vector<Meaning> put_into(const Found& owners, std::string_view field) {
    std::vector<Meaning> out;
    for (const Meaning& owner : owners.values)
      if (owner.kind == Meaning::Kind::instance) add_values(out, evaluator_.put_into(owner.symbol, field));
    return out;
  }

  static bool is_field(const Meaning& value) {
    return value.kind == Meaning::Kind::symbol &&
           (value.symbol->kind == SymbolKind::field || value.symbol->kind == SymbolKind::property);
  }

  std::vector<Meaning> value_of(const Meaning& value) {
    if (!is_field(value)) return evaluator_.results(value);
    Found inner = evaluator_.value_of(value.symbol);
    return inner.values.empty() ? std::vector<Meaning>{value} : inner.values;
  }

  Found call(const Found& callee) {
    Found out{.values = {}, .bound = true, .reason = callee.reason};
    for (const Meaning& value : callee.values) add_values(out.values, evaluator_.results(value));
    return out;
  }

  // `x.back()`, `m.get(k)`, `it.values()` of a container, with the call that follows.
  bool of_container(Found& now, std::string_view name) {
    bool gives = Evaluator::gives_element(name) || Evaluator::gives_whole(name);
    if (!gives || scan_.peek() != '(') return false;
    now = evaluator_.value(now);
    return std::ranges::any_of(now.values,
                               [](const Meaning& value) { return value.kind == Meaning::Kind::container; });
  }

  Found elements_by(const Found& now, std::string_view name) {
    std::string_view inside;
    (void)scan_.bracket('(', ')', inside);
    Found out{.values = {}, .bound = true, .reason = "unknown_receiver"};
    for (const Meaning& value : now.values) {
      bool all = Evaluator::gives_whole(name);
      add_values(out.values, all ? std::vector<Meaning>{value} : evaluator_.elements(value, ""));
    }
    return out;
  }

  Found end_with(Found found) {
    ended_ = true;
    return found;
  }
  Family family() const { return place_.file->family; }

  Evaluator& evaluator_;
  Place place_;
  Scanner scan_;
  bool ended_ = false;
  bool after_self_ = false;
};

}  // namespace

Found Evaluator::evaluate(Place place, std::string_view expression) {
  Deeper deeper(work_);
  if (expression.size() > expression_bytes || deeper.too_deep()) return unknown();
  Found found = ExpressionReader(*this, place, expression).read();
  if (found.values.size() > values_limit) found = {.values = {}, .bound = true, .reason = "too_many"};
  return found;
}

}  // namespace mira::code
