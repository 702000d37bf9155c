// Ruby: constants and top-level methods are global to what is loaded; require names files,
// it binds nothing. One holder in the project is taken as meant, several are not.
#include <algorithm>
#include <set>

#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"

namespace mira::code {
namespace {

constexpr std::size_t holders_limit = 60;
constexpr std::size_t required_limit = 300;

bool is_constant(std::string_view name) {
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

bool at_top(const SymbolRef& one) {
  if (one->parent == no_symbol) return true;
  SymbolKind parent = one.file->symbol(one->parent).kind;
  return parent == SymbolKind::module || parent == SymbolKind::namespace_;
}

}  // namespace

std::vector<Meaning> ruby_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  std::string written = import.module;
  if (!written.ends_with(".rb")) written += ".rb";
  auto near = relative_path(folder_of(file.path), written);
  if (near)
    if (const SourceFile* target = evaluator.reader().file(*near))
      return {{.kind = Meaning::Kind::module, .file = target, .rule = "import"}};
  for (std::string_view home = folder_of(file.path);; home = folder_of(home)) {  // the load path of a gem
    for (std::string_view part : {"lib", "test", "spec"})
      if (const SourceFile* target = evaluator.reader().file(join_path(join_path(home, part), written)))
        return {{.kind = Meaning::Kind::module, .file = target, .rule = "import"}};
    if (home.empty()) break;
  }
  return {external_value(import.module)};
}

namespace {

// Files that a file requires, and what those require.
bool is_required(Evaluator& evaluator, const SourceFile& from, const SourceFile& wanted) {
  std::vector<const SourceFile*> pending{&from};
  std::set<const SourceFile*> seen{&from};
  while (!pending.empty() && seen.size() < required_limit) {
    const SourceFile& file = *pending.back();
    pending.pop_back();
    evaluator.reader().read_imports(file);
    for (const Import& import : file.facts.imports)
      for (const Meaning& one : ruby_import(evaluator, file, import)) {
        if (one.file == &wanted) return true;
        if (one.file && seen.insert(one.file).second) pending.push_back(one.file);
      }
  }
  return false;
}

// A method written outside all classes is everybody's where its file is loaded.
Found top_method(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  bool too_many = false;
  Found out;
  for (const SymbolRef& one : evaluator.reader().named(name, holders_limit, &too_many)) {
    if (!runs_code(one->kind) || one->parent != no_symbol || one->visibility == Visibility::file) continue;
    if (one.file != &file && !is_required(evaluator, file, *one.file)) continue;
    Meaning value = symbol_value(one, "import");
    value.inferred = one.file != &file;
    add_value(out.values, value);
  }
  if (out.values.size() > 1) return {.values = {}, .bound = true, .reason = "too_many"};
  return out;
}

// How many of the modules around a place the constant stands in; -1 when it stands elsewhere.
int nearness(Place place, const SymbolRef& constant) {
  std::string_view around = constant->qualified;
  around.remove_suffix(std::min(around.size(), constant->name.size()));
  if (around.empty()) return 0;
  around.remove_suffix(2);
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = place.file->symbol(scope).parent)
    if (place.file->symbol(scope).qualified == around) return static_cast<int>(around.size());
  return -1;
}

}  // namespace

Found ruby_outside(Evaluator& evaluator, Place place, std::string_view name) {
  if (!is_constant(name)) return top_method(evaluator, *place.file, name);
  bool too_many = false;
  int best = -1;
  std::vector<SymbolRef> meant;
  for (const SymbolRef& one : evaluator.reader().named(name, holders_limit, &too_many)) {
    bool fits = is_class_like(one->kind) || one->kind == SymbolKind::module ||
                one->kind == SymbolKind::namespace_ || one->kind == SymbolKind::constant;
    int near = nearness(place, one);
    if (!fits || near < best || (near < 0 && !at_top(one))) continue;
    if (near > best) meant.clear();
    best = near;
    meant.push_back(one);
  }
  Found out;
  for (const SymbolRef& one : meant) {
    if (one->qualified != meant.front()->qualified)  // a class in several files is one class
      return {.values = {}, .bound = true, .reason = "too_many"};
    Meaning value = symbol_value(one, best < 0 ? "unique definition" : "scope");
    value.inferred = one.file != place.file;
    add_value(out.values, value);
  }
  return out;
}

}  // namespace mira::code
