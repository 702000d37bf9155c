#include "knowledge/code/resolve.h"

#include <algorithm>

#include "knowledge/code/resolve_builtins.h"
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_macros.h"
#include "knowledge/code/resolve_targets.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t name_bytes = 120;
constexpr std::size_t possible_files = 24;  // more holders of a name say nothing
constexpr std::size_t possible_candidates = 12;
constexpr int argument_rounds = 4;  // functions passed through so many functions

std::string written_name(const CallSite& call) {
  std::string out;
  switch (call.receiver_kind) {
    case ReceiverKind::none:
      return call.name;
    case ReceiverKind::self:
      out = call.receiver.empty() ? "self" : call.receiver;
      break;
    case ReceiverKind::super_:
      out = "super";
      break;
    case ReceiverKind::scope:
      return std::string(base::truncate_utf8(call.receiver + "::" + call.name, name_bytes));
    case ReceiverKind::call:
      out = call.receiver + "()";
      break;
    default:
      out = call.receiver;
  }
  if (!call.name.empty()) out += "." + call.name;
  return std::string(base::truncate_utf8(out, name_bytes));
}

class CallResolver {
 public:
  CallResolver(World& world, const SourceFile& file)
      : file_(file),
        reader_(world, file),
        evaluator_(reader_),
        targets_(evaluator_),
        macros_(evaluator_, targets_),
        holders_(holders_of(file)) {}

  Resolution run() {
    learn_arguments();
    for (const CallSite& call : file_.facts.calls) resolve(call);
    run_globals();
    add_dependencies();
    out_.reads = reader_.keys();
    return std::move(out_);
  }

 private:
  void resolve(const CallSite& call) {
    Found callee = find(call);
    if (call.kind == CallKind::raises || call.kind == CallKind::iterates) return unwritten(call, callee);
    if (call.kind == CallKind::macro_token && !is_in_macro(call)) {  // `FINISH;`
      for (const Target& target : macros_.expand(callee, call)) add(call, target);
      return;
    }
    if (call.kind == CallKind::reference || call.kind == CallKind::macro_token) {
      only_possible(call, callee);
      return;
    }
    std::vector<Target> targets = targets_.of(callee, call);
    if (file_.family == Family::c && std::ranges::any_of(callee.values, is_macro))
      for (const Target& target : macros_.expand(callee, call)) targets.push_back(target);
    if (!targets.empty()) {
      for (const Target& target : targets) add(call, target);
      return;
    }
    if (call.kind == CallKind::construct && file_.family == Family::c) return;  // of a plain value
    if (call.kind == CallKind::decorator && call.name.empty()) return;          // the call inside says it
    for (const Meaning& value : callee.values) {
      if (value.kind != Meaning::Kind::external && value.kind != Meaning::Kind::builtin &&
          value.kind != Meaning::Kind::container)
        continue;
      add_external(call, value);
      return;
    }
    by_name_only(call, callee);
  }

  // Who calls a global that holds an object calls what the object runs: the global's own edge says so once.
  void run_globals() {
    if (file_.family != Family::python) return;
    for (std::size_t i = 0; i < file_.facts.symbols.size(); ++i) {
      const Symbol& symbol = file_.facts.symbols[i];
      if (symbol.parent != no_symbol || !holds_a_value(symbol.kind)) continue;
      auto index = static_cast<std::int32_t>(i);
      CallSite site{.caller = index, .name = symbol.name, .arguments = -1, .line = symbol.name_line};
      for (const Target& target : targets_.held_by({&file_, index})) add(site, target);
    }
  }

  // Until no call site has a new callee, or for long enough: functions handed on through functions.
  void learn_arguments() {
    if (!has_untyped_parameters()) return;
    bool learnt = true;
    for (int round = 0; learnt && round < argument_rounds; ++round) {
      learnt = false;
      for (const CallSite& call : file_.facts.calls) {
        if (call.kind == CallKind::reference || call.kind == CallKind::macro_token) continue;
        if (!call.passed.empty() || call.kind == CallKind::decorator) learnt = hand_over(call) || learnt;
      }
    }
  }

  // Only there do values come through arguments; elsewhere a parameter says what it is.
  bool has_untyped_parameters() const {
    if (file_.family != Family::python && file_.family != Family::javascript) return false;
    return std::ranges::any_of(file_.facts.symbols, [](const Symbol& symbol) {
      return runs_code(symbol.kind) && std::ranges::any_of(symbol.parameters, [](const Parameter& one) {
               return one.type.empty() && !one.variadic && !is_self_word(one.name) && one.name != "cls";
             });
    });
  }

  bool hand_over(const CallSite& call) {
    bool learnt = false;
    for (const Target& target : targets_.of(find(call), call)) {
      if (target.symbol.file != &file_ || target.tier == "possible" || !runs_code(target.symbol->kind))
        continue;
      std::int32_t bound = bound_parameters(target.symbol, call);
      if (call.kind != CallKind::decorator) {
        learnt = evaluator_.hand_over(target.symbol.index, call, bound) || learnt;
      } else if (std::int32_t under = decorated_by(call); under != no_symbol) {
        learnt = evaluator_.hand_decorated(target.symbol.index, under, bound) || learnt;
      }
    }
    return learnt;
  }

  // Python passes the object itself, but where a method is reached through its class.
  std::int32_t bound_parameters(SymbolRef callee, const CallSite& call) {
    bool method = callee->parent != no_symbol && is_class_like(file_.symbol(callee->parent).kind);
    if (file_.family != Family::python || !method || has_decorator(*callee, "staticmethod")) return 0;
    if (callee->kind == SymbolKind::constructor || has_decorator(*callee, "classmethod")) return 1;
    if (call.receiver_kind != ReceiverKind::name) return 1;
    Found owner = evaluator_.evaluate({&file_, call.caller}, call.receiver);
    bool through_class = !owner.values.empty() && std::ranges::all_of(owner.values, [](const Meaning& one) {
      return one.kind == Meaning::Kind::symbol && is_class_like(one.symbol->kind);
    });
    return through_class ? 0 : 1;
  }

  // The definition that follows the decorator.
  std::int32_t decorated_by(const CallSite& call) const {
    std::int32_t best = no_symbol;
    for (std::size_t i = 0; i < file_.facts.symbols.size(); ++i) {
      const Symbol& symbol = file_.facts.symbols[i];
      if (symbol.decorators.empty() || symbol.name_line <= call.line) continue;
      if (best == no_symbol || symbol.name_line < file_.symbol(best).name_line)
        best = static_cast<std::int32_t>(i);
    }
    return best;
  }

  bool is_in_macro(const CallSite& call) const {
    return call.caller != no_symbol && file_.symbol(call.caller).kind == SymbolKind::macro;
  }

  // Code outside callables stands in the class around it, as its lines tell: field initialisers, static
  // blocks.
  Place place_of(const CallSite& call) const {
    std::int32_t innermost = call.caller;
    if (innermost == no_symbol)
      for (std::int32_t holder : holders_) {
        if (file_.symbol(holder).start_line > call.line) break;
        if (file_.symbol(holder).end_line >= call.line) innermost = holder;
      }
    return {&file_, innermost};
  }

  // Classes and namespaces, in whose bodies bare names mean their members. Elsewhere only `this` does.
  static std::vector<std::int32_t> holders_of(const SourceFile& file) {
    std::vector<std::int32_t> out;
    switch (file.family) {
      case Family::jvm:
      case Family::csharp:
      case Family::ruby:
      case Family::rust:
      case Family::c:
        break;
      default:
        return out;
    }
    for (std::size_t i = 0; i < file.facts.symbols.size(); ++i) {
      SymbolKind kind = file.facts.symbols[i].kind;
      if (is_class_like(kind) || kind == SymbolKind::module || kind == SymbolKind::namespace_)
        out.push_back(static_cast<std::int32_t>(i));
    }
    return out;
  }

  // In Java a variable cannot be called, and hides no method of its name.
  Found method_of_java(Place place, const std::string& name) {
    auto methods = [](Found found) {
      std::erase_if(found.values, [](const Meaning& one) {
        return one.kind == Meaning::Kind::symbol && !runs_code(one.symbol->kind);
      });
      if (found.values.empty()) found.bound = false;
      return found;
    };
    for (std::int32_t scope = place.scope; scope != no_symbol; scope = file_.symbol(scope).parent) {
      if (!is_class_like(file_.symbol(scope).kind)) continue;
      Found member = methods(evaluator_.members(symbol_value({&file_, scope}, "self"), name));
      if (member.settled()) return member;
    }
    return methods(evaluator_.lookup({&file_, no_symbol}, name));
  }

  Found find(const CallSite& call) {
    Place place = place_of(call);
    if (call.kind == CallKind::construct && call.name == "constructor" &&
        (file_.family == Family::jvm || file_.family == Family::csharp))
      return constructor_of(place, call.receiver_kind == ReceiverKind::super_);
    if (file_.family == Family::ruby && call.name == "class") return {.values = {external_value("std")}};
    switch (call.receiver_kind) {
      case ReceiverKind::none:
        if (file_.language == "java" && call.kind == CallKind::call) return method_of_java(place, call.name);
        if (call.kind == CallKind::construct) return type_of(place, call.name);
        return evaluator_.lookup(place, call.name);
      case ReceiverKind::literal:
        return of_literal(call);
      case ReceiverKind::self:
        return member_of_self(place, call);
      case ReceiverKind::super_:
        if (file_.family == Family::ruby) return member_of(evaluator_.evaluate(place, "super"), call.name);
        return evaluator_.evaluate(place, super_text(call));
      case ReceiverKind::scope:
        if (file_.family == Family::ruby && !call.receiver.empty())
          return member_of(evaluator_.evaluate(place, call.receiver), call.name);
        return evaluator_.evaluate(place, call.receiver + separator() + call.name);
      case ReceiverKind::call:
        if (call.name.empty()) return evaluator_.value(evaluator_.evaluate(place, call.receiver + "()"));
        if (file_.family == Family::ruby)  // there a member that is named is called
          return member_of(evaluator_.evaluate(place, with_call(call.receiver)), call.name);
        return evaluator_.evaluate(place, with_call(call.receiver) + "." + call.name);
      case ReceiverKind::new_:
        return evaluator_.members(evaluator_.instances_of(place, call.receiver), call.name);
      case ReceiverKind::name:
      case ReceiverKind::expression:
        if (call.name == "[]") return element_of(evaluator_.evaluate(place, call.receiver), call.key);
        return member_of(evaluator_.evaluate(place, call.receiver), call.name);
    }
    return {};
  }

  // `Logger Logger = new Logger()`: what is made is of the type, not of the member of its name.
  Found type_of(Place place, const std::string& name) {
    Found found = evaluator_.lookup(place, name);
    bool typed = file_.family == Family::csharp || file_.family == Family::jvm;
    bool member = typed && std::ranges::any_of(found.values, [](const Meaning& one) {
                    return one.kind == Meaning::Kind::symbol && holds_a_value(one.symbol->kind);
                  });
    return member ? evaluator_.lookup({&file_, no_symbol}, name) : found;
  }

  // this(...) and super(...), base(...)
  Found constructor_of(Place place, bool above) {
    Found out{.values = evaluator_.class_around(place), .bound = true, .reason = "external"};
    if (above)
      for (Meaning& value : out.values) value.kind = Meaning::Kind::above;
    return out;
  }

  // "x".shout(): the language's own, unless the project adds it.
  Found of_literal(const CallSite& call) {
    std::string_view type = call.receiver == "string" ? "String" : call.receiver == "number" ? "Int" : "";
    if (file_.family == Family::csharp)
      type = call.receiver == "number" ? std::string_view("int") : call.receiver;
    std::vector<Meaning> added = evaluator_.extensions_of(type, call.name);
    if (added.empty()) added.push_back(external_value("std"));
    return {.values = std::move(added)};
  }

  // Members are looked up without taking the value of a property: it is called here.
  Found member_of(const Found& owners, const std::string& name) {
    Found out = evaluator_.members(owners.values, name);
    if (owners.values.empty()) out.reason = owners.reason.empty() ? "unknown_receiver" : owners.reason;
    return out;
  }

  Found element_of(const Found& owners, const std::string& key) {
    Found out{.values = evaluator_.elements(owners.values, key), .bound = true, .reason = "dynamic"};
    for (Meaning& value : out.values) value.inferred = true;
    return out;
  }

  Found member_of_self(Place place, const CallSite& call) {
    std::string_view written = call.receiver;
    if (!written.empty() && !is_self_word(written))
      return member_of(evaluator_.evaluate(place, written), call.name);
    if (file_.family == Family::python) {
      Found self = evaluator_.lookup(place, "self");
      if (!self.values.empty()) return member_of(self, call.name);
    }
    Found declared = evaluator_.declared_self(place);
    if (declared.settled()) return member_of(declared, call.name);
    Found owners{.values = evaluator_.class_around(place), .bound = true};
    for (Meaning& value : owners.values)
      if (value.kind == Meaning::Kind::symbol && !evaluator_.runs_on_class(place))
        value.kind = Meaning::Kind::instance;
    return member_of(owners, call.name);
  }

  std::string super_text(const CallSite& call) const {
    std::string head = file_.family == Family::python   ? "super()"
                       : file_.family == Family::csharp ? "base"
                       : file_.family == Family::php    ? "parent"
                                                        : "super";
    return call.name == "super" || call.name.empty() ? head : head + "." + call.name;
  }

  static std::string with_call(const std::string& receiver) {
    return receiver.ends_with(')') ? receiver : receiver + "()";
  }

  const char* separator() const {
    return file_.family == Family::c || file_.family == Family::rust || file_.family == Family::php ||
                   file_.family == Family::ruby
               ? "::"
               : ".";
  }

  // Sites of statements that write no call: told only where they run code of the project.
  void unwritten(const CallSite& call, Found callee) {
    if (call.kind == CallKind::raises)
      std::erase_if(callee.values, [](const Meaning& one) {  // of an object nothing is made
        return one.kind != Meaning::Kind::symbol || runs_code(one.symbol->kind);
      });
    for (const Target& target : targets_.of(callee, call)) add(call, target);
    if (call.kind != CallKind::iterates) return;
    Found next;
    for (const Meaning& iter : callee.values)
      for (const Meaning& iterator : evaluator_.results(iter))
        if (iterator.kind == Meaning::Kind::instance)
          add_values(next.values, evaluator_.members(iterator, "__next__").values);
    for (const Target& target : targets_.of(next, call)) add(call, target);
  }

  void only_possible(const CallSite& call, const Found& callee) {
    for (Target target : targets_.of(callee, call)) {
      if (!runs_code(target.symbol->kind)) continue;
      target.tier = "possible";
      target.rule = call.kind == CallKind::reference ? "reference" : "macro";
      add(call, target);
    }
  }

  void by_name_only(const CallSite& call, const Found& callee) {
    bool member = call.receiver_kind != ReceiverKind::none && call.receiver_kind != ReceiverKind::scope;
    if (member && is_common_member(file_.family, call.name)) return add_external(call, external_value("std"));
    if (!member && callee.bound) return add_open(call, callee.reason.empty() ? "dynamic" : callee.reason);
    if (call.name.empty()) return add_open(call, callee.reason.empty() ? "dynamic" : callee.reason);
    bool too_many = false;
    std::vector<SymbolRef> candidates;
    for (const SymbolRef& one : reader_.named(call.name, possible_files, &too_many)) {
      if (!runs_code(one->kind) || (one->declaration && !one->is_virtual)) continue;
      bool in_type = !one->scope_name.empty() || one->kind != SymbolKind::function;
      if (in_type != member && file_.family != Family::c) continue;
      if (one->visibility == Visibility::file && one.file != &file_ && file_.family == Family::c) continue;
      candidates.push_back(one);
    }
    if (too_many || candidates.size() > possible_candidates) return add_open(call, "too_many");
    std::string_view reason = member ? "unknown_receiver" : "external";
    if (!callee.reason.empty()) reason = callee.reason;
    if (candidates.empty()) return add_open(call, reason);
    for (const SymbolRef& one : candidates)
      add(call, {one, "possible", "name only", static_cast<std::int32_t>(candidates.size())});
  }

  void add(const CallSite& call, const Target& target) {
    out_.edges.push_back({.caller = call.caller,
                          .callee = target.symbol,
                          .callee_name = written_name(call),
                          .line = call.line,
                          .tier = target.tier,
                          .rule = target.rule,
                          .candidates = target.candidates});
  }

  void add_external(const CallSite& call, const Meaning& value) {
    std::string name = value.kind == Meaning::Kind::external ? value.name : "std";
    out_.edges.push_back({.caller = call.caller,
                          .callee_name = written_name(call),
                          .external = "external:" + name,
                          .line = call.line,
                          .tier = "external",
                          .rule = "external"});
  }

  void add_open(const CallSite& call, std::string_view reason) {
    out_.edges.push_back({.caller = call.caller,
                          .callee_name = written_name(call),
                          .line = call.line,
                          .tier = "unresolved",
                          .rule = reason,
                          .open_name = call.name});
  }

  void add_dependencies() {
    for (const Import& import : file_.facts.imports) {
      std::string items = import.name;
      if (!out_.dependencies.empty()) {
        Dependency& last = out_.dependencies.back();
        if (last.name == import.module && last.line == import.line && !items.empty() && !last.items.empty()) {
          last.items += "," + items;
          pass_on(import, last);
          continue;
        }
      }
      Dependency dependency{.name = import.module, .kind = "unresolved", .items = items, .line = import.line};
      for (const Meaning& value : import_values(evaluator_, file_, import)) classify(value, dependency);
      pass_on(import, dependency);
      out_.dependencies.push_back(std::move(dependency));
    }
  }

  void pass_on(const Import& import, Dependency& dependency) const {
    if (!import.reexport || dependency.kind == "local" || import.name.empty() || import.name == "*") return;
    dependency.passed_on.emplace_back(local_name(import, file_.family));
  }

  static void classify(const Meaning& value, Dependency& dependency) {
    const SourceFile* target = value.file ? value.file : value.symbol.file;
    if (target) {
      dependency.kind = "local";
      dependency.target_path = target->path;
    } else if (value.kind == Meaning::Kind::external) {
      dependency.kind = "package";
    } else if (value.kind == Meaning::Kind::package) {
      dependency.kind = "local";
      dependency.target_path = value.name;
    }
  }

  const SourceFile& file_;
  Reader reader_;
  Evaluator evaluator_;
  Targets targets_;
  Macros macros_;
  std::vector<std::int32_t> holders_;  // in order of their lines
  Resolution out_;
};

}  // namespace

Resolution resolve_file(World& world, const SourceFile& file) {
  return CallResolver(world, file).run();
}

}  // namespace mira::code
