// Written types to classes, and what calls give back.
#include <algorithm>
#include <array>

#include "knowledge/code/resolve_builtins.h"
#include "knowledge/code/resolve_evaluate.h"
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_written_types.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using base::trim;

// Words before or after a type that do not change which class it names.
constexpr std::array<std::string_view, 20> qualifiers{"const",  "volatile", "struct",    "class",    "enum",
                                                      "union",  "mut",      "dyn",       "impl",     "final",
                                                      "static", "readonly", "typename",  "register", "inline",
                                                      "extern", "unsigned", "constexpr", "mutable",  "ref"};

// Holders whose members are those of what they hold: `p->f()`, `await x`, Optional[X].
constexpr std::array<std::string_view, 20> transparent{
    "unique_ptr", "shared_ptr",  "weak_ptr",    "scoped_ptr",    "Box",       "Rc",       "Arc",
    "Optional",   "Union",       "Annotated",   "Promise",       "Awaitable", "Readonly", "Final",
    "ClassVar",   "NonNullable", "PromiseLike", "scoped_refptr", "Task",      "ValueTask"};

std::string_view strip_marks(std::string_view type) {
  while (true) {
    type = trim(type);
    std::size_t before = type.size();
    bool lifetime = type.starts_with("&'") && !type.ends_with('\'');  // &'a T
    while (!type.empty() &&
           (type.front() == '*' || type.front() == '&' || type.front() == ':' || type.front() == '"' ||
            type.front() == '\'' || type.front() == '@' || type.front() == '?'))
      type.remove_prefix(1);
    while (!type.empty() && (type.back() == '*' || type.back() == '&' || type.back() == '?' ||
                             type.back() == '!' || type.back() == '"' || type.back() == '\''))
      type.remove_suffix(1);
    if (std::size_t blank = type.find(' '); lifetime && blank != std::string_view::npos)
      type.remove_prefix(blank);
    for (std::string_view word : qualifiers) {
      if (type.size() > word.size() && type.starts_with(word) && type[word.size()] == ' ')
        type.remove_prefix(word.size() + 1);
      if (type.size() > word.size() && type.ends_with(word) && type[type.size() - word.size() - 1] == ' ')
        type.remove_suffix(word.size() + 1);
    }
    if (type.size() == before) return type;
  }
}

bool is_nothing(std::string_view type) {
  return type.empty() || type == "None" || type == "null" || type == "undefined" || type == "nil" ||
         type == "void";
}

}  // namespace

std::vector<std::string_view> split_type(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '<' || c == '[' || c == '(' || c == '{') ++depth;
    if ((c == '>' && (i == 0 || (text[i - 1] != '-' && text[i - 1] != '='))) || c == ']' || c == ')' ||
        c == '}')
      --depth;
    if (c == separator && depth == 0) {
      out.push_back(trim(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  out.push_back(trim(text.substr(start)));
  return out;
}

WrittenType parts_of_type(std::string_view type) {
  std::size_t open = type.find_first_of("<[");
  if (open == std::string_view::npos || open == 0) return {type, {}};
  char close = type[open] == '<' ? '>' : ']';
  std::size_t end = type.rfind(close);
  if (end == std::string_view::npos || end < open) return {trim(type.substr(0, open)), {}};
  return {trim(type.substr(0, open)), split_type(type.substr(open + 1, end - open - 1), ',')};
}

std::vector<Meaning> Evaluator::instances_of(Place place, std::string_view written_type) {
  std::string_view meta = strip_marks(written_type);
  WrittenType parts = parts_of_type(meta);
  bool of_class = last_component(parts.name) == "type" || last_component(parts.name) == "Type";
  if (of_class && parts.arguments.size() == 1 && place.file->family == Family::python)
    return classes_of(place, parts.arguments.front());
  std::vector<Meaning> out = classes_of(place, written_type);
  for (Meaning& value : out) {
    if (value.kind == Meaning::Kind::symbol) value.kind = Meaning::Kind::instance;
    value.rule = "declared type";
  }
  return out;
}

std::vector<Meaning> Evaluator::classes_of(Place place, std::string_view written_type) {
  std::string_view type = strip_marks(written_type);
  if (is_nothing(type) || type.size() > 400) return {};
  std::vector<std::string_view> alternatives = split_type(type, '|');
  if (alternatives.size() > 1) {
    std::vector<Meaning> out;
    for (std::string_view one : alternatives) add_values(out, classes_of(place, one));
    return out;
  }
  WrittenType parts = parts_of_type(type);
  std::string_view last = last_component(parts.name);
  bool holder = last == "Optional" && place.file->family == Family::jvm;  // with members of its own
  if (!holder && !parts.arguments.empty() && std::ranges::find(transparent, last) != transparent.end()) {
    std::vector<Meaning> out;
    std::size_t taken = last == "Union" ? parts.arguments.size() : 1;
    for (std::size_t i = 0; i < taken; ++i) add_values(out, classes_of(place, parts.arguments[i]));
    return out;
  }
  if (type.starts_with('(') && is_tuple_type(type)) {
    std::vector<std::string_view> inside = split_type(type.substr(1, type.size() - 2), ',');
    if (inside.size() == 1) return classes_of(place, inside.front());
  }
  if (is_tuple_type(type) || !elements_type(type, "").empty()) {
    bool channel = type.starts_with("chan ") || type.starts_with("chan*") || type.starts_with("<-chan") ||
                   type.starts_with("chan<-");
    bool bracket = type.ends_with("[]") || type.starts_with("map[") || is_tuple_type(type) || channel ||
                   type.starts_with("[]");
    std::vector<Meaning> own = bracket ? std::vector<Meaning>() : named_type(place, parts.name);
    std::erase_if(own, [](const Meaning& one) { return one.kind != Meaning::Kind::symbol; });
    return own.empty() ? std::vector<Meaning>{written_container(place, type)} : own;
  }
  if (type.ends_with("[]") || type.starts_with("[]") || type.starts_with("map[") || type.starts_with("("))
    return {{.kind = Meaning::Kind::builtin, .name = std::string(type), .rule = "declared type"}};
  if (last == "Self" || last == "static" || last == "self" || last == "this") return class_around(place);
  return named_type(place, parts.name);
}

std::vector<Meaning> Evaluator::named_type(Place place, std::string_view name) {
  Deeper deeper(work_);
  if (name.empty() || deeper.too_deep()) return {};
  std::vector<Meaning> out;
  Found found = evaluate(place, name);
  for (Meaning& value : found.values) {
    bool is_symbol = value.kind == Meaning::Kind::symbol;
    bool is_outside = value.kind == Meaning::Kind::external || value.kind == Meaning::Kind::builtin;
    if (is_outside || (is_symbol && is_class_like(value.symbol->kind))) {
      add_value(out, value);
    } else if (is_symbol && value.symbol->kind == SymbolKind::constructor) {
      // Inside a class its own name, and that of a base, finds the constructor first.
      add_values(out, class_around({value.symbol.file, value.symbol.index}));
    } else if (is_symbol && value.symbol->kind == SymbolKind::type_alias &&
               last_component(value.symbol->type) != value.symbol->name) {
      add_values(out, classes_of({value.symbol.file, value.symbol->parent}, value.symbol->type));
    }
  }
  if (out.empty() && !found.bound && is_builtin_type(place.file->family, last_component(name)))
    out.push_back({.kind = Meaning::Kind::builtin, .name = std::string(name), .rule = "declared type"});
  return out;
}

std::vector<Meaning> Evaluator::results(const Meaning& callee) {
  Deeper deeper(work_);
  if (deeper.too_deep()) return {};
  switch (callee.kind) {
    case Meaning::Kind::external:
      return {external_value(callee.name + "()")};
    case Meaning::Kind::builtin:
      return {callee};
    case Meaning::Kind::instance: {
      std::vector<Meaning> out;
      for (const Meaning& call : class_member(callee.symbol, "__call__", false).values)
        if (call.kind == Meaning::Kind::symbol) add_values(out, results(call));
      return out;
    }
    case Meaning::Kind::symbol:
      break;
    default:
      return {};
  }
  const Symbol& symbol = *callee.symbol;
  std::vector<Meaning> out;
  if (is_class_like(symbol.kind)) {
    out = {{.kind = Meaning::Kind::instance, .symbol = callee.symbol, .rule = "constructor"}};
  } else if (runs_code(symbol.kind)) {
    out = callable_results(callee.symbol);
  } else if (symbol.kind != SymbolKind::macro) {
    for (const Meaning& value : value_of(callee.symbol).values)
      if (value.kind != Meaning::Kind::symbol || runs_code(value.symbol->kind) ||
          is_class_like(value.symbol->kind))
        add_values(out, results(value));
  }
  for (Meaning& value : out) value.inferred = value.inferred || callee.inferred;
  return out;
}

std::vector<Meaning> Evaluator::callable_results(SymbolRef callable) {
  const SourceFile& file = *callable.file;
  const Symbol& symbol = *callable;
  Place place{&file, callable.index};
  if (symbol.kind == SymbolKind::constructor) {
    std::vector<Meaning> around = class_around(place);
    for (Meaning& value : around) value.kind = Meaning::Kind::instance;
    return around;
  }
  reader_.named_in(file, symbol.name);
  if (!symbol.type.empty() && symbol.type != "auto") {
    std::vector<Meaning> declared = instances_of(place, symbol.type);
    if (!declared.empty() || file.family == Family::c) return declared;
  }
  PlaceKey key{&file, callable.index, "return"};
  if (active_.contains(key)) return {};
  active_.insert(key);
  reader_.read_flow(file, symbol.qualified);
  std::vector<const Assignment*> returned = file.assigned(callable.index, "return");
  std::vector<Meaning> out = assigned(place, returned).values;
  if (returned.empty() && !file.assigned(callable.index, "return[]").empty())  // a generator
    out.push_back(
        {.kind = Meaning::Kind::container, .symbol = callable, .name = "=return", .inferred = true});
  active_.erase(key);
  return out;
}

}  // namespace mira::code
