// Ruby: constants and top-level methods are global to what is loaded; require names files,
// it binds nothing. One holder in the project is taken as meant, several are not.
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"

namespace mira::code {
namespace {

constexpr std::size_t holders_limit = 60;

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
  if (const SourceFile* target = evaluator.reader().file(join_path("lib", written)))
    return {{.kind = Meaning::Kind::module, .file = target, .rule = "import"}};
  return {external_value(import.module)};
}

Found ruby_outside(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  bool too_many = false;
  Found out;
  bool constant = is_constant(name);
  for (const SymbolRef& one : evaluator.reader().named(name, holders_limit, &too_many)) {
    bool fits = constant ? is_class_like(one->kind) || one->kind == SymbolKind::module ||
                               one->kind == SymbolKind::namespace_ || one->kind == SymbolKind::constant
                         : runs_code(one->kind) && one->parent == no_symbol;
    if (!fits || !at_top(one)) continue;
    Meaning value = symbol_value(one, "unique definition");
    value.inferred = one.file != &file;
    add_value(out.values, value);
  }
  bool reopened = constant && out.values.size() > 1;  // a class in several files is one class
  if (out.values.size() > 1 && !reopened) return {.values = {}, .bound = true, .reason = "too_many"};
  return out;
}

}  // namespace mira::code
