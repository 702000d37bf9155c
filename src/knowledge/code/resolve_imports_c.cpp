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

bool usable(const SymbolRef& one, const SourceFile& from, const std::set<const SourceFile*>& closure) {
  if (one->kind == SymbolKind::macro || one->kind == SymbolKind::namespace_) return false;
  bool here = one.file == &from;
  if (one->visibility == Visibility::file && !here && !closure.contains(one.file)) return false;
  return one->parent == no_symbol || !runs_code(one.file->symbol(one->parent).kind);
}

std::vector<SymbolRef> bodies_or_all(std::vector<SymbolRef> all) {
  std::vector<SymbolRef> bodies;
  for (const SymbolRef& one : all)
    if (!one->declaration) bodies.push_back(one);
  return bodies.empty() ? all : bodies;
}

// What is left of candidates that share a name: those in reach, deepest scope first.
Found choose(Evaluator& evaluator, Place place, const std::vector<SymbolRef>& candidates,
             const std::set<const SourceFile*>& closure) {
  std::vector<SymbolRef> seen;
  std::vector<SymbolRef> hidden;
  for (const SymbolRef& one : candidates)
    (one.file == place.file || closure.contains(one.file) ? seen : hidden).push_back(one);
  Found out;
  if (!seen.empty()) {
    std::vector<SymbolRef> bodies;
    for (const SymbolRef& one : seen)
      if (!one->declaration) bodies.push_back(one);
    if (!bodies.empty() || is_class_like(seen.front()->kind)) {
      for (const SymbolRef& one : bodies_or_all(seen)) add_value(out.values, symbol_value(one, "include"));
      return out;
    }
  }
  std::vector<SymbolRef> bodies;
  for (const SymbolRef& one : hidden)
    if (!one->declaration && runs_code(one->kind)) bodies.push_back(one);
  std::vector<SymbolRef> chosen = bodies.empty() ? seen : bodies;
  bool declared = !seen.empty();
  for (const SymbolRef& one : chosen) {
    Meaning value = symbol_value(one, declared ? "include" : "unique definition");
    value.inferred = !declared && place.file->language != "c";
    add_value(out.values, value);
  }
  (void)evaluator;
  return out;
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
    for (const Import& import : now->facts.imports)
      for (const Meaning& target : c_import(*this, *now, import))
        if (target.kind == Meaning::Kind::module && closure.insert(target.file).second)
          open.push_back(target.file);
  }
  return closure;
}

std::vector<Meaning> c_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  auto module = [](const SourceFile& target) {
    return Meaning{.kind = Meaning::Kind::module, .file = &target, .rule = "include"};
  };
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

Found c_outside(Evaluator& evaluator, Place place, std::string_view name) {
  const std::set<const SourceFile*>& closure = evaluator.include_closure(*place.file);
  bool too_many = false;
  std::vector<SymbolRef> all = evaluator.reader().named(name, name_files_limit, &too_many);
  std::vector<SymbolRef> candidates;
  bool macro = false;
  std::string_view around = scope_around(place);
  for (const SymbolRef& one : all) {
    macro =
        macro || (one->kind == SymbolKind::macro && (one.file == place.file || closure.contains(one.file)));
    if (usable(one, *place.file, closure) && !is_member(one) && within(around, scope_of(*one)))
      candidates.push_back(one);
  }
  if (macro) return {.values = {}, .bound = true, .reason = "macro"};
  Found out = choose(evaluator, place, candidates, closure);
  bool declared = !out.values.empty() && out.values.front().rule == "include";
  if (!declared && is_builtin_function(Family::c, name)) return {};
  if (too_many) return {.values = {}, .bound = true, .reason = "too_many"};
  return out;
}

Found c_qualified(Evaluator& evaluator, Place place, std::string_view path, std::string_view name) {
  if (path == "std" || path.starts_with("std::"))
    return {.values = {external_value(std::string(path) + "::" + std::string(name))}};
  const std::set<const SourceFile*>& closure = evaluator.include_closure(*place.file);
  bool too_many = false;
  std::vector<SymbolRef> candidates;
  for (const SymbolRef& one : evaluator.reader().named(name, name_files_limit, &too_many))
    if (usable(one, *place.file, closure) && scope_ends_with(scope_of(*one), path)) candidates.push_back(one);
  if (too_many) return {.values = {}, .bound = true, .reason = "too_many"};
  return choose(evaluator, place, candidates, closure);
}

}  // namespace mira::code
