// C and C++: what is visible is what the includes reach; a declaration leads to the one
// definition that the project has for it.
#include <algorithm>

#include "knowledge/code/resolve_builtins.h"
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"

namespace mira::code {
namespace {

constexpr std::size_t name_files_limit = 400;

bool path_ends_with(std::string_view path, std::string_view written) {
  return path == written || (path.ends_with(written) && path[path.size() - written.size() - 1] == '/');
}

std::string_view scope_of(const Symbol& symbol) {
  std::string_view qualified = symbol.qualified;
  if (qualified.size() <= symbol.name.size()) return {};
  qualified.remove_suffix(symbol.name.size());
  if (qualified.ends_with("::")) qualified.remove_suffix(2);
  return qualified;
}

// The namespaces and classes around a place, outermost first, as one path: "leveldb::DBImpl".
std::string_view scope_around(Place place) {
  return place.scope == no_symbol ? std::string_view()
                                  : std::string_view(place.file->symbol(place.scope).qualified);
}

// Is `inner` the scope `outer` or a scope inside it?
bool within(std::string_view inner, std::string_view outer) {
  return outer.empty() || inner == outer ||
         (inner.starts_with(outer) && inner.substr(outer.size()).starts_with("::"));
}

bool scope_ends_with(std::string_view scope, std::string_view path) {
  return scope == path ||
         (scope.ends_with(path) && scope.substr(0, scope.size() - path.size()).ends_with("::"));
}

// A member of a class, which a bare name outside the class does not reach.
bool is_member(const SymbolRef& one) {
  if (!one->scope_name.empty()) return true;
  return one->parent != no_symbol && is_class_like(one.file->symbol(one->parent).kind);
}

// What one translation unit shows: the file being resolved and the place's file, with all they include.
class Sight {
 public:
  Sight(Evaluator& evaluator, const SourceFile& from)
      : own_(evaluator.reader().own()),
        from_(from),
        own_closure_(evaluator.include_closure(own_)),
        from_closure_(evaluator.include_closure(from)) {}
  bool shows(const SourceFile* file) const {
    return file == &own_ || file == &from_ || own_closure_.contains(file) || from_closure_.contains(file);
  }

 private:
  const SourceFile& own_;
  const SourceFile& from_;
  const std::set<const SourceFile*>& own_closure_;
  const std::set<const SourceFile*>& from_closure_;
};

bool usable(const SymbolRef& one, const Sight& sight) {
  if (one->kind == SymbolKind::macro || one->kind == SymbolKind::namespace_) return false;
  if (one->visibility == Visibility::file && !sight.shows(one.file)) return false;
  return one->parent == no_symbol || !runs_code(one.file->symbol(one->parent).kind);
}

std::vector<SymbolRef> with_body(const std::vector<SymbolRef>& all) {
  std::vector<SymbolRef> out;
  for (const SymbolRef& one : all)
    if (!one->declaration) out.push_back(one);
  return out;
}

Found as_found(const std::vector<SymbolRef>& chosen, std::string_view rule, bool inferred) {
  Found out;
  for (const SymbolRef& one : chosen) {
    Meaning value = symbol_value(one, rule);
    value.inferred = inferred;
    add_value(out.values, value);
  }
  return out;
}

// What is left of candidates that share a name: bodies in sight, else the bodies that a declaration in sight
// or nothing else stands for.
Found choose(const std::vector<SymbolRef>& candidates, const Sight& sight, const SourceFile& from) {
  std::vector<SymbolRef> seen;
  std::vector<SymbolRef> hidden;
  for (const SymbolRef& one : candidates) (sight.shows(one.file) ? seen : hidden).push_back(one);
  std::vector<SymbolRef> bodies = with_body(seen);
  if (!bodies.empty()) return as_found(bodies, "include", false);
  std::vector<SymbolRef> elsewhere = with_body(hidden);
  bool declared = !seen.empty();
  if (!declared)  // a type that was only announced, a function that nothing here declares
    std::erase_if(elsewhere,
                  [&](const SymbolRef& one) { return !runs_code(one->kind) && !is_class_like(one->kind); });
  if (elsewhere.empty()) return as_found(seen, "include", false);
  return as_found(elsewhere, declared ? "include" : "unique definition", !declared && from.language != "c");
}

// Namespaces opened by `using namespace` in a file.
bool opened(const SourceFile& file, std::string_view scope) {
  for (const Import& import : file.facts.imports)
    if (import.name == "*" && scope_ends_with(scope, import.module)) return true;
  return false;
}

bool is_include(const Import& import) {
  return import.name.empty() && import.alias.empty();
}

}  // namespace

const std::set<const SourceFile*>& Evaluator::include_closure(const SourceFile& file) {
  auto at = closures_.find(&file);
  if (at != closures_.end()) return at->second;
  std::set<const SourceFile*>& closure = closures_[&file];
  std::vector<const SourceFile*> open{&file};
  while (!open.empty()) {
    const SourceFile* now = open.back();
    open.pop_back();
    if (now != &reader_.own()) reader_.read_imports(*now);
    for (const Import& import : now->facts.imports) {
      if (!is_include(import)) continue;
      for (const Meaning& target : c_import(*this, *now, import))
        if (target.kind == Meaning::Kind::module && closure.insert(target.file).second)
          open.push_back(target.file);
    }
  }
  return closure;
}

std::vector<Meaning> c_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  auto module = [](const SourceFile& target) {
    return Meaning{.kind = Meaning::Kind::module, .file = &target, .rule = "include"};
  };
  if (!import.name.empty())
    return import.name == "*"
               ? std::vector<Meaning>()
               : c_qualified(evaluator, {&file, import.scope}, import.module, import.name).values;
  if (!import.alias.empty())
    return {{.kind = Meaning::Kind::package, .name = import.module, .rule = "import"}};
  if (!import.system) {
    auto near = relative_path(folder_of(file.path), import.module);
    if (near)
      if (const SourceFile* target = evaluator.reader().file(*near)) return {module(*target)};
  }
  std::string_view written = import.module;
  while (written.starts_with("../") || written.starts_with("./"))
    written.remove_prefix(written.find('/') + 1);
  const SourceFile* best = nullptr;
  for (const SourceFile* one : evaluator.reader().package(module_name_key(module_name_of(written, true)))) {
    if (!path_ends_with(one->path, written)) continue;
    if (!best || shared_folders(one->path, file.path) > shared_folders(best->path, file.path)) best = one;
  }
  if (best) return {module(*best)};
  return {external_value(import.module)};
}

namespace {

// Macros in sight that stand for a name here. One that hangs on no condition hides the others.
std::vector<SymbolRef> macros_of(const std::vector<SymbolRef>& named, const Sight& sight) {
  std::vector<SymbolRef> out;
  for (const SymbolRef& one : named)
    if (one->kind == SymbolKind::macro && one->guard != Guard::elsewhere && sight.shows(one.file))
      out.push_back(one);
  auto sure = std::ranges::find_if(out, [](const SymbolRef& one) { return one->guard == Guard::none; });
  return sure == out.end() ? out : std::vector<SymbolRef>{*sure};
}

// A name that is a macro, or in another configuration perhaps a function.
Found with_macros(Found functions, const std::vector<SymbolRef>& macros) {
  bool hidden = std::ranges::any_of(macros, [](const SymbolRef& one) { return one->guard == Guard::none; });
  std::erase_if(functions.values, [&](const Meaning& value) {
    return hidden && !(value.kind == Meaning::Kind::symbol && value.symbol->guard == Guard::open);
  });
  Found out{.values = {}, .bound = true, .reason = "macro"};
  for (Meaning& value : functions.values) {
    if (value.kind != Meaning::Kind::symbol || !runs_code(value.symbol->kind)) continue;
    value.inferred = true;
    value.rule = "function or macro";
    out.values.push_back(value);
  }
  for (const SymbolRef& one : macros) add_value(out.values, symbol_value(one, "macro"));
  return out;
}

}  // namespace

Found c_outside(Evaluator& evaluator, Place place, std::string_view name) {
  Sight sight(evaluator, *place.file);
  bool too_many = false;
  std::vector<SymbolRef> candidates;
  std::vector<SymbolRef> all = evaluator.reader().named(name, name_files_limit, &too_many);
  std::string_view around = scope_around(place);
  for (const SymbolRef& one : all) {
    if (!usable(one, sight) || is_member(one)) continue;
    std::string_view scope = scope_of(*one);
    if (within(around, scope) || opened(*place.file, scope) || opened(evaluator.reader().own(), scope))
      candidates.push_back(one);
  }
  Found out = choose(candidates, sight, *place.file);
  std::vector<SymbolRef> macros = macros_of(all, sight);
  if (!macros.empty()) return with_macros(std::move(out), macros);
  bool declared = !out.values.empty() && out.values.front().rule != "unique definition";
  if (!declared && is_builtin_function(Family::c, name)) return {};
  if (too_many) return {.values = {}, .bound = true, .reason = "too_many"};
  return out;
}

Found c_qualified(Evaluator& evaluator, Place place, std::string_view path, std::string_view name) {
  if (path == "std" || path.starts_with("std::"))
    return {.values = {external_value(std::string(path) + "::" + std::string(name))}};
  Sight sight(evaluator, *place.file);
  bool too_many = false;
  std::vector<SymbolRef> candidates;
  for (const SymbolRef& one : evaluator.reader().named(name, name_files_limit, &too_many))
    if (usable(one, sight) && scope_ends_with(scope_of(*one), path)) candidates.push_back(one);
  if (too_many) return {.values = {}, .bound = true, .reason = "too_many"};
  return choose(candidates, sight, *place.file);
}

}  // namespace mira::code
