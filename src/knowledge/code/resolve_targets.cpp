#include "knowledge/code/resolve_targets.h"

#include <algorithm>

#include "knowledge/code/resolve_paths.h"

namespace mira::code {
namespace {

constexpr std::size_t flow_targets = 4;  // more values of a variable: none of them is an answer
constexpr std::size_t override_targets = 16;

std::string_view constructor_name(Family family, const Symbol& type) {
  switch (family) {
    case Family::python:
      return "__init__";
    case Family::javascript:
      return "constructor";
    case Family::php:
      return "__construct";
    case Family::ruby:
      return "initialize";
    default:
      return type.name;
  }
}

// A Python Protocol: its methods have no bodies of their own.
bool is_protocol(const Symbol& type) {
  return std::ranges::any_of(type.bases,
                             [](const std::string& base) { return last_component(base) == "Protocol"; });
}

bool takes(const Symbol& callee, std::int32_t arguments) {
  if (arguments < 0) return true;
  std::int32_t least = 0;
  std::int32_t most = 0;
  for (const Parameter& parameter : callee.parameters) {
    if (parameter.variadic) return arguments >= least;
    ++most;
    if (!parameter.has_default) ++least;
  }
  return arguments >= least && arguments <= most;
}

}  // namespace

// Overloads of one name in one file are one target: the first that takes the arguments.
std::vector<Targets::Reached> Targets::without_overloads(const std::vector<Reached>& reached,
                                                         const CallSite& call) {
  std::vector<Reached> distinct;
  for (const Reached& one : reached) {
    auto same = std::ranges::find_if(distinct, [&](const Reached& other) {
      return other.symbol.file == one.symbol.file && other.symbol->qualified == one.symbol->qualified;
    });
    if (same == distinct.end()) {
      distinct.push_back(one);
      continue;
    }
    // A twin of another #if branch, or an overload that takes the arguments.
    bool twin = same->symbol->guard == Guard::elsewhere && one.symbol->guard != Guard::elsewhere;
    if (twin || (!takes(*same->symbol, call.arguments) && takes(*one.symbol, call.arguments))) *same = one;
  }
  return distinct;
}

// Can an argument of these classes be passed for this parameter? Yes where nothing speaks against it.
bool Targets::accepts(const SymbolRef& callee, const CallSite& call, const std::vector<Found>& arguments) {
  if (!takes(*callee, call.arguments)) return false;
  for (std::size_t i = 0; i < arguments.size() && i < callee->parameters.size(); ++i) {
    std::vector<Meaning> wanted =
        evaluator_.classes_of({callee.file, callee->parent}, callee->parameters[i].type);
    if (wanted.size() != 1 || wanted.front().kind != Meaning::Kind::symbol) continue;
    if (arguments[i].values.size() != 1 || arguments[i].values.front().kind != Meaning::Kind::instance)
      continue;
    bool complete = true;
    std::vector<SymbolRef> chain = evaluator_.base_chain(arguments[i].values.front().symbol, complete);
    if (std::ranges::find(chain, wanted.front().symbol) == chain.end()) return false;
  }
  return true;
}

// Overloads that stand in different files: those go whose parameters are of other classes than what is
// passed.
void Targets::drop_by_types(std::vector<Reached>& distinct, const CallSite& call) {
  const SourceFile& own = evaluator_.reader().own();
  if (distinct.size() < 2 || own.family != Family::c || call.passed.empty()) return;
  for (const Reached& one : distinct)
    if (one.symbol->qualified != distinct.front().symbol->qualified) return;
  std::vector<Found> arguments;
  for (const Argument& passed : call.passed) {
    bool readable =
        passed.kind == ValueKind::name || passed.kind == ValueKind::member || passed.kind == ValueKind::call;
    std::string text = passed.kind == ValueKind::call ? passed.value + "()" : passed.value;
    arguments.push_back(readable ? evaluator_.value(evaluator_.evaluate({&own, call.caller}, text))
                                 : Found{});
  }
  std::vector<Reached> fitting;
  for (const Reached& one : distinct)
    if (accepts(one.symbol, call, arguments)) fitting.push_back(one);
  if (!fitting.empty() && fitting.size() < distinct.size()) distinct = std::move(fitting);
}

// One function built in several ways: the variants for other systems than this program's are left out, and
// one that is for this very system goes before one for many.
void Targets::drop_other_systems(std::vector<Reached>& distinct) {
  if (distinct.size() < 2) return;
  for (const Reached& one : distinct)
    if (one.symbol->qualified != distinct.front().symbol->qualified) return;
  auto drop = [&](auto&& unwanted) {
    if (std::ranges::all_of(distinct, unwanted) || std::erase_if(distinct, unwanted) == 0) return;
    for (Reached& one : distinct) {
      one.inferred = true;
      one.rule = distinct.size() == 1 ? "build variant" : one.rule;
    }
  };
  drop([](const Reached& one) {
    return one.symbol->guard == Guard::elsewhere || is_for_another_system(one.symbol.file->path);
  });
  if (distinct.size() > 1)
    drop([](const Reached& one) { return !is_for_this_system(one.symbol.file->path); });
}

// All that is left is built for another system, and the caller is not: it may be called there.
bool Targets::is_foreign(const std::vector<Reached>& distinct, const CallSite& call) const {
  const SourceFile& own = evaluator_.reader().own();
  if (own.family != Family::c || is_for_another_system(own.path)) return false;
  if (call.caller != no_symbol && own.symbol(call.caller).guard == Guard::elsewhere) return false;
  return std::ranges::all_of(distinct, [](const Reached& one) {
    bool foreign = one.symbol->guard == Guard::elsewhere || is_for_another_system(one.symbol.file->path);
    return foreign && !one.symbol->declaration;
  });
}

// In a class template, members reached through a value hang on the template's arguments: another
// specialisation may have others. Its own members by bare name or `this` are sure.
bool Targets::depends_on_template(const std::vector<Reached>& distinct, const CallSite& call) {
  const SourceFile& own = evaluator_.reader().own();
  bool bare = call.receiver_kind == ReceiverKind::none || call.receiver_kind == ReceiverKind::self ||
              call.kind == CallKind::construct;
  if (bare || own.family != Family::c || !in_template({&own, call.caller})) return false;
  return std::ranges::all_of(
      distinct, [&](const Reached& one) { return in_template({one.symbol.file, one.symbol.index}); });
}

bool Targets::in_template(Place place) {
  for (const Meaning& around : evaluator_.class_around(place))
    for (SymbolRef at = around.symbol; at; at.index = at->parent) {
      if (has_decorator(*at, "template")) return true;
      if (at->parent == no_symbol) break;
    }
  return false;
}

std::vector<Target> Targets::of(const Found& callee, const CallSite& call) {
  std::vector<Reached> reached;
  for (const Meaning& value : callee.values) reach(value, call, 0, reached);
  if (call.name != "[]" && call.key == "as")  // a type assertion took the compiler's word away
    for (Reached& one : reached) one.inferred = true;
  std::vector<Reached> distinct = without_overloads(reached, call);
  drop_by_types(distinct, call);
  drop_other_systems(distinct);
  std::vector<Target> out;
  // Several definitions of one name are one call and no answer; several types of a receiver are several
  // calls.
  bool same_name = std::ranges::all_of(distinct, [&](const Reached& one) {
    return one.symbol->qualified == distinct.front().symbol->qualified;
  });
  bool flows = !same_name && std::ranges::all_of(distinct, [](const Reached& one) {
    return one.inferred || one.rule != "include";
  });
  bool foreign = is_foreign(distinct, call);
  bool dependent = depends_on_template(distinct, call);
  bool some_possible =
      foreign || dependent || (distinct.size() > 1 && (!flows || distinct.size() > flow_targets));
  for (const Reached& one : distinct) {
    std::string_view tier = some_possible                         ? "possible"
                            : one.inferred || distinct.size() > 1 ? "inferred"
                                                                  : "proved";
    std::string_view rule = foreign ? "other system" : dependent ? "template" : one.rule;
    out.push_back({one.symbol, tier, rule, static_cast<std::int32_t>(distinct.size())});
  }
  if (out.size() != 1 || call.receiver_kind == ReceiverKind::super_) return out;
  std::vector<SymbolRef> more = overrides(out.front().symbol);
  bool abstract = out.front().symbol->declaration;
  for (const SymbolRef& one : more)
    out.push_back({one, more.size() == 1 && abstract ? "inferred" : "possible", "override",
                   static_cast<std::int32_t>(more.size())});
  return out;
}

void Targets::reach(const Meaning& value, const CallSite& call, int depth, std::vector<Reached>& out) {
  if (depth > 4) return;
  switch (value.kind) {
    case Meaning::Kind::symbol:
      break;
    case Meaning::Kind::instance:
      if (is_protocol(*value.symbol)) return;  // says what can be called, runs nothing
      for (Meaning inner : evaluator_.members(value, "__call__").values) {
        inner.inferred = true;  // through a value, whatever its type
        if (inner.kind == Meaning::Kind::symbol) reach(inner, call, depth + 1, out);
      }
      return;
    case Meaning::Kind::above: {
      bool complete = true;
      for (const SymbolRef& one : evaluator_.base_chain(value.symbol, complete)) {
        bool part = one->qualified == value.symbol->qualified;  // of the class itself
        if (part || one->kind == SymbolKind::interface) continue;
        return reach_constructor(symbol_value(one, "base chain"), out);
      }
      return;
    }
    case Meaning::Kind::module:  // a CommonJS module that is a function
      for (const Meaning& inner : evaluator_.module_member(*value.file, "default").values)
        reach(inner, call, depth + 1, out);
      return;
    default:
      return;
  }
  const Symbol& symbol = *value.symbol;
  if (runs_code(symbol.kind)) {
    out.push_back({evaluator_.definition_of(value.symbol), value.rule, value.inferred});
  } else if (is_class_like(symbol.kind)) {
    reach_constructor(value, out);
  } else if (symbol.kind == SymbolKind::type_alias) {
    for (const Meaning& type : evaluator_.classes_of({value.symbol.file, symbol.parent}, symbol.type))
      if (type.kind == Meaning::Kind::symbol && !(type.symbol == value.symbol))
        reach(type, call, depth + 1, out);
  } else if (symbol.kind != SymbolKind::macro && symbol.kind != SymbolKind::enum_member) {
    reach_held(value, call, depth, out);
  }
}

// What a variable holds. A global that holds an object with __call__ is what the caller names, and is the
// target itself: it is the one that runs the object's method.
void Targets::reach_held(const Meaning& variable, const CallSite& call, int depth,
                         std::vector<Reached>& out) {
  for (Meaning inner : evaluator_.value_of(variable.symbol).values) {
    if (inner.symbol == variable.symbol) continue;
    if (is_callable_global(variable.symbol, inner)) {
      out.push_back({variable.symbol, variable.rule, variable.inferred});
      continue;
    }
    bool initialises = call.kind == CallKind::construct && variable.symbol.file->family == Family::c;
    if (initialises && inner.kind == Meaning::Kind::instance) inner.kind = Meaning::Kind::symbol;  // : f_(x)
    if (inner.symbol) reach(inner, call, depth + 1, out);
  }
}

bool Targets::is_callable_global(SymbolRef variable, const Meaning& held) {
  if (variable.file->family != Family::python || variable->parent != no_symbol) return false;
  if (held.kind != Meaning::Kind::instance || is_protocol(*held.symbol)) return false;
  return std::ranges::any_of(evaluator_.members(held, "__call__").values, [](const Meaning& one) {
    return one.kind == Meaning::Kind::symbol && runs_code(one.symbol->kind);
  });
}

std::vector<Target> Targets::held_by(SymbolRef global) {
  Found objects{.bound = true};
  for (const Meaning& held : evaluator_.value_of(global).values)
    if (is_callable_global(global, held)) objects.values.push_back(held);
  return of(objects, {.caller = global.index, .name = global->name, .arguments = -1});
}

void Targets::reach_constructor(const Meaning& type, std::vector<Reached>& out) {
  Family family = type.symbol.file->family;
  if (type.symbol->kind == SymbolKind::enum_type && family == Family::c) return;
  if (type.symbol.file->language == "c") return;  // C has no constructors
  Meaning made = type;
  made.kind = Meaning::Kind::instance;
  bool found = false;
  for (const Meaning& one : evaluator_.members(made, constructor_name(family, *type.symbol)).values) {
    if (one.kind != Meaning::Kind::symbol || !runs_code(one.symbol->kind)) continue;
    bool named_so = family == Family::python || family == Family::ruby || family == Family::php;
    if (!named_so && one.symbol->kind != SymbolKind::constructor) continue;
    out.push_back({evaluator_.definition_of(one.symbol), "constructor", type.inferred});
    found = true;
  }
  if (!found) out.push_back({type.symbol, "constructor", type.inferred});
}

std::vector<SymbolRef> Targets::overrides(SymbolRef method) {
  std::vector<SymbolRef> out;
  if (!method->is_virtual && !(method->declaration && method.file->family != Family::c)) return out;
  for (const Meaning& type : evaluator_.class_around({method.file, method.index}))
    if (type.kind == Meaning::Kind::symbol) collect_overrides(type.symbol, method->name, 0, out);
  std::erase(out, method);
  if (out.size() > override_targets) out.clear();
  return out;
}

void Targets::collect_overrides(SymbolRef type, std::string_view name, int depth,
                                std::vector<SymbolRef>& out) {
  if (depth > 6 || out.size() > override_targets) return;
  for (const SymbolRef& derived : evaluator_.reader().derived(type->name)) {
    bool complete = true;
    std::vector<SymbolRef> chain = evaluator_.base_chain(derived, complete);
    if (derived == type || std::ranges::find(chain, type) == chain.end()) continue;
    for (const Meaning& one : evaluator_.own_members(derived, name))
      if (std::ranges::find(out, one.symbol) == out.end() && !one.symbol->declaration)
        out.push_back(one.symbol);
    collect_overrides(derived, name, depth + 1, out);
  }
}

}  // namespace mira::code
