// Names by scope: parameters and locals, enclosing functions and classes, the file,
// then what is visible from outside.
#include <algorithm>

#include "knowledge/code/resolve_evaluate.h"
#include "knowledge/code/resolve_imports.h"

namespace mira::code {
namespace {

// In these languages a method's body sees the members of its class by bare name.
bool sees_members(Family family) {
  return family == Family::c || family == Family::jvm || family == Family::csharp || family == Family::ruby;
}

bool is_space(SymbolKind kind) {
  return kind == SymbolKind::namespace_ || kind == SymbolKind::module;
}

// Of symbols that share one name: those with a body, else the declarations.
std::vector<std::int32_t> with_bodies(const SourceFile& file, const std::vector<std::int32_t>& symbols) {
  std::vector<std::int32_t> out;
  for (std::int32_t one : symbols)
    if (!file.symbol(one).declaration) out.push_back(one);
  return out.empty() ? symbols : out;
}

// DBImpl::Get, defined beside its class: no member of the scope it stands in.
bool is_out_of_line(const SourceFile& file, std::int32_t index) {
  const Symbol& symbol = file.symbol(index);
  if (symbol.scope_name.empty()) return false;
  return symbol.parent == no_symbol || is_space(file.symbol(symbol.parent).kind);
}

bool is_method_place(const SourceFile& file, const Symbol& symbol) {
  return symbol.parent != no_symbol && is_class_like(file.symbol(symbol.parent).kind);
}

}  // namespace

void add_value(std::vector<Meaning>& values, Meaning value) {
  for (Meaning& one : values) {
    if (one.kind != value.kind || !(one.symbol == value.symbol) || one.file != value.file ||
        one.name != value.name)
      continue;
    one.inferred = one.inferred && value.inferred;
    return;
  }
  values.push_back(std::move(value));
}

void add_values(std::vector<Meaning>& values, const std::vector<Meaning>& more) {
  for (const Meaning& one : more) add_value(values, one);
}

Meaning symbol_value(SymbolRef symbol, std::string_view rule) {
  return {.kind = Meaning::Kind::symbol, .symbol = symbol, .rule = rule};
}

bool has_decorator(const Symbol& symbol, std::string_view name) {
  return std::ranges::find(symbol.decorators, name) != symbol.decorators.end();
}

bool is_self_word(std::string_view word) {
  return word == "self" || word == "this" || word == "$this";
}

Found Evaluator::answer_once(const SourceFile& file, std::string_view question,
                             const std::function<Found()>& answer) {
  Deeper deeper(work_);
  PlaceKey key{&file, -3, std::string(question)};
  if (deeper.too_deep() || !active_.insert(key).second) return {};
  Found found = answer();
  active_.erase(key);
  return found;
}

Found Evaluator::lookup(Place place, std::string_view name) {
  PlaceKey key{place.file, place.scope, std::string(name)};
  auto at = known_.find(key);
  if (at != known_.end()) return at->second;
  if (active_.contains(key)) return {.bound = true};
  Deeper deeper(work_);
  if (deeper.too_deep()) return {.bound = true};
  active_.insert(key);
  Found found = lookup_now(place, name);
  active_.erase(key);
  if (found.values.size() > values_limit) found = {.values = {}, .bound = true, .reason = "too_many"};
  known_.emplace(std::move(key), found);
  return found;
}

Found Evaluator::lookup_now(Place place, std::string_view name) {
  const SourceFile& file = *place.file;
  if (name == "new" && side_of(place) == Side::type) return {.values = class_around(place), .bound = true};
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = file.symbol(scope).parent) {
    const Symbol& symbol = file.symbol(scope);
    if (runs_code(symbol.kind)) {
      Found local = local_binding({&file, scope}, name);
      if (local.settled()) return local;
      if (!symbol.scope_name.empty() && sees_members(file.family)) {
        Found member = implicit_member({&file, scope}, name);
        if (member.settled()) return member;
      }
    } else if (is_class_like(symbol.kind)) {
      if (sees_members(file.family) || scope == place.scope) {
        Found member = class_member({&file, scope}, name, false, side_of(place));
        if (member.settled()) return member;
      }
    } else {
      Found inner = is_space(symbol.kind) ? namespace_member({&file, scope}, name)
                                          : symbols_value(file, file.children(scope, name));
      if (inner.settled()) return inner;
    }
  }
  Found top = file_scope(file, name);
  if (top.settled()) return top;
  return visible_outside(*this, place, name);
}

Found Evaluator::implicit_member(Place place, std::string_view name) {
  Found out;
  for (const Meaning& around : class_around(place)) {
    if (around.symbol.file == nullptr) continue;
    Found member = class_member(around.symbol, name, false);
    add_values(out.values, member.values);
    out.bound = out.bound || member.bound;
  }
  return out;
}

Found Evaluator::local_binding(Place place, std::string_view name) {
  const SourceFile& file = *place.file;
  std::vector<std::int32_t> nested = file.children(place.scope, name);
  if (!nested.empty()) return symbols_value(file, nested);
  Found imported = from_imports(file, place.scope, name);
  if (imported.settled()) return imported;
  Found out = parameter(place, name);
  reader_.read_flow(file, file.symbol(place.scope).qualified);
  for (const TypedName* typed : file.typed(place.scope, name)) {
    out.bound = true;
    add_values(out.values, instances_of(place, typed->type));
  }
  if (!out.values.empty()) return out;
  Found flow = assigned(place, file.assigned(place.scope, name));
  add_values(out.values, flow.values);
  out.bound = out.bound || flow.bound;
  add_values(out.values, handed(place, name).values);
  return out;
}

Found Evaluator::parameter(Place place, std::string_view name) {
  const SourceFile& file = *place.file;
  const Symbol& symbol = file.symbol(place.scope);
  for (std::size_t i = 0; i < symbol.parameters.size(); ++i) {
    const Parameter& parameter = symbol.parameters[i];
    if (parameter.name != name) continue;
    Found out{.values = {}, .bound = true, .reason = "unknown_receiver"};
    bool first_of_method = i == 0 && file.family == Family::python && is_method_place(file, symbol);
    if (first_of_method && !has_decorator(symbol, "staticmethod")) {
      bool of_class = has_decorator(symbol, "classmethod") || name == "cls";
      out.values.push_back({.kind = of_class ? Meaning::Kind::symbol : Meaning::Kind::instance,
                            .symbol = {&file, symbol.parent},
                            .rule = "self"});
      return out;
    }
    if (!parameter.type.empty()) out.values = instances_of(place, parameter.type);
    return out;
  }
  return {};
}

Found Evaluator::declared_self(Place place) {
  const SourceFile& file = *place.file;
  if (file.family != Family::javascript) return {};
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = file.symbol(scope).parent) {
    const Symbol& symbol = file.symbol(scope);
    if (is_class_like(symbol.kind)) return {};
    if (runs_code(symbol.kind) && !symbol.parameters.empty() && symbol.parameters.front().name == "this")
      return {.values = instances_of({&file, scope}, symbol.parameters.front().type), .bound = true};
  }
  return {};
}

Found Evaluator::assigned(Place place, const std::vector<const Assignment*>& assignments) {
  Found out;
  for (const Assignment* one : assignments) {
    out.bound = true;
    Found value = assigned_value(*place.file, *one);
    add_values(out.values, value.values);
  }
  return out;
}

Found Evaluator::assigned_value(const SourceFile& file, const Assignment& assignment) {
  Place place{&file, assignment.scope};
  Found out{.values = {}, .bound = true};
  switch (assignment.kind) {
    case ValueKind::name:
    case ValueKind::member:
      if (assignment.value == assignment.target) break;
      if (assignment.value.ends_with("[]"))
        out.values = elements(
            evaluate(place, std::string_view(assignment.value).substr(0, assignment.value.size() - 2)).values,
            assignment.value_key);
      else
        out.values = evaluate(place, assignment.value).values;
      break;
    case ValueKind::call:
      out.values = evaluate(place, assignment.value + "()").values;
      break;
    case ValueKind::construct:
      out.values = instances_of(place, assignment.value);
      break;
    case ValueKind::literal:
      out.values.push_back({.kind = Meaning::Kind::builtin, .name = assignment.value, .rule = "literal"});
      break;
    case ValueKind::callable:
      out.values = evaluate(place, assignment.value).values;
      break;
    case ValueKind::container:
      out.values.push_back({.kind = Meaning::Kind::container,
                            .symbol = {&file, assignment.scope},
                            .name = "=" + assignment.target});
      break;
    case ValueKind::other:
      break;
  }
  for (Meaning& value : out.values) {
    value.inferred = true;
    value.rule = "flow";
  }
  return out;
}

Found Evaluator::symbols_value(const SourceFile& file, const std::vector<std::int32_t>& all) {
  Found out;
  std::vector<std::int32_t> symbols;
  for (std::int32_t index : all)
    if (!is_out_of_line(file, index)) symbols.push_back(index);
  for (std::int32_t index : with_bodies(file, symbols)) {
    out.bound = true;
    add_value(out.values, symbol_value({&file, index}, "scope"));
  }
  if (!symbols.empty()) reader_.named_in(file, file.symbol(symbols.front()).name);
  return out;
}

Found Evaluator::from_imports(const SourceFile& file, std::int32_t scope, std::string_view name) {
  Found out;
  if (file.family == Family::ruby) return out;  // there `require 'log'` binds no name
  if (&file != &reader_.own()) reader_.read_imports(file);
  for (const Import* import : file.imports_of(name)) {
    if (import->scope != scope || import->name == "*") continue;
    if (file.family == Family::c && import->name.empty() && import->alias.empty()) continue;  // #include
    out.bound = true;
    add_values(out.values, import_values(*this, file, *import));
  }
  return out;
}

Found Evaluator::file_scope(const SourceFile& file, std::string_view name) {
  if (&file != &reader_.own()) reader_.named_in(file, name);
  std::vector<std::int32_t> top = file.children(no_symbol, name);
  if (file.family == Family::c)
    std::erase_if(top, [&](std::int32_t one) { return file.symbol(one).kind == SymbolKind::macro; });
  Found out = symbols_value(file, top);
  if (out.settled()) return out;
  out = from_imports(file, no_symbol, name);
  if (out.settled()) return out;
  reader_.read_flow(file, "");
  return assigned({&file, no_symbol}, file.assigned(no_symbol, name));
}

}  // namespace mira::code
