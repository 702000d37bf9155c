// Rust: the module tree follows the files; paths start at crate, self, super, a name in
// scope or another crate of the workspace.
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

std::string_view stem_of(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".rs") ? name.substr(0, name.size() - 3) : name;
}

bool owns_folder(std::string_view path) {
  std::string_view stem = stem_of(path);
  return stem == "mod" || stem == "lib" || stem == "main";
}

// Where the child modules of a file are.
std::string module_folder(const SourceFile& file) {
  std::string_view folder = folder_of(file.path);
  return owns_folder(file.path) ? std::string(folder) : join_path(folder, stem_of(file.path));
}

std::vector<Meaning> as_module(const SourceFile* file) {
  if (!file) return {};
  return {{.kind = Meaning::Kind::module, .file = file, .rule = "import"}};
}

std::vector<Meaning> child_module(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  std::string stem = join_path(module_folder(file), name);
  if (const SourceFile* child = evaluator.reader().file(stem + ".rs")) return as_module(child);
  return as_module(evaluator.reader().file(stem + "/mod.rs"));
}

std::vector<Meaning> crate_root(Evaluator& evaluator, std::string_view folder) {
  while (true) {
    for (std::string_view name : {"lib.rs", "main.rs"})
      if (const SourceFile* root = evaluator.reader().file(join_path(folder, name))) return as_module(root);
    if (folder.empty()) return {};
    folder = folder_of(folder);
  }
}

std::vector<Meaning> parent_module(Evaluator& evaluator, const SourceFile& file) {
  std::string_view folder = folder_of(file.path);
  std::string_view stem = stem_of(file.path);
  if (stem == "lib" || stem == "main") return {};
  std::string_view home = stem == "mod" ? folder_of(folder) : folder;
  for (std::string_view name : {"mod.rs", "lib.rs", "main.rs"})
    if (const SourceFile* parent = evaluator.reader().file(join_path(home, name))) return as_module(parent);
  return as_module(evaluator.reader().file(std::string(home) + ".rs"));
}

// The inline module around a place, else the file.
Meaning module_around(Place place, bool above) {
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = place.file->symbol(scope).parent) {
    if (place.file->symbol(scope).kind != SymbolKind::module) continue;
    if (!above) return symbol_value({place.file, scope}, "scope");
    above = false;
  }
  return {
      .kind = above ? Meaning::Kind::package : Meaning::Kind::module, .file = place.file, .rule = "scope"};
}

std::vector<Meaning> start_of(Evaluator& evaluator, Place place, std::string_view first) {
  if (first == "crate") return crate_root(evaluator, folder_of(place.file->path));
  if (first == "self") return {module_around(place, false)};
  if (first == "super") {
    Meaning around = module_around(place, true);
    if (around.kind == Meaning::Kind::package) return parent_module(evaluator, *place.file);
    return {around};
  }
  if (first == "Self") {
    std::vector<Meaning> around = evaluator.class_around(place);
    return around;
  }
  Found found = evaluator.lookup(place, first);
  if (!found.values.empty()) return found.values;
  for (const SourceFile* manifest : evaluator.reader().manifests(first)) {
    std::string source = join_path(folder_of(manifest->path), "src");
    if (const SourceFile* root = evaluator.reader().file(source + "/lib.rs")) return as_module(root);
  }
  return {};
}

Found member_of(Evaluator& evaluator, const Meaning& owner, std::string_view name) {
  if (owner.kind == Meaning::Kind::symbol && owner.symbol->kind == SymbolKind::module &&
      owner.symbol->declaration) {
    Found out;
    for (const Meaning& file : child_module(evaluator, *owner.symbol.file, owner.symbol->name))
      out = member_of(evaluator, file, name);
    return out;
  }
  if (owner.kind != Meaning::Kind::module) return evaluator.members(owner, name);
  Found out = evaluator.module_member(*owner.file, name);
  if (!out.settled()) out = rust_outside(evaluator, *owner.file, name);
  if (!out.settled()) out.values = child_module(evaluator, *owner.file, name);
  return out;
}

}  // namespace

Found rust_path(Evaluator& evaluator, Place place, std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::string_view part : base::split(path, ':'))
    if (!part.empty()) parts.push_back(part);
  if (parts.empty()) return {};
  std::vector<Meaning> now = start_of(evaluator, place, parts.front());
  if (now.empty()) return {.values = {external_value(std::string(path))}};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "super" && now.front().kind == Meaning::Kind::module) {
      now = parent_module(evaluator, *now.front().file);
      continue;
    }
    std::vector<Meaning> next;
    for (const Meaning& one : now) add_values(next, member_of(evaluator, one, parts[i]).values);
    now = std::move(next);
  }
  return {.values = std::move(now), .bound = true};
}

std::vector<Meaning> rust_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  std::string path = import.module;
  if (!import.name.empty() && import.name != "*" && import.name != "self") {
    if (!path.empty()) path += "::";
    path += import.name;
  }
  std::string_view first = std::string_view(path).substr(0, path.find("::"));
  bool names_itself = !path.contains("::") && local_name(import, Family::rust) == first;
  if (names_itself) return {external_value(path)};
  return rust_path(evaluator, {&file, import.scope}, path).values;
}

namespace {

Found among_globs(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  Found out;
  for (const Import& import : file.facts.imports) {
    if (import.name != "*" || import.module.empty()) continue;
    for (const Meaning& module : rust_path(evaluator, {&file, import.scope}, import.module).values) {
      if (module.kind == Meaning::Kind::external ||
          (module.kind == Meaning::Kind::module && module.file == &file))
        continue;
      Found one = module.kind == Meaning::Kind::module ? evaluator.module_member(*module.file, name)
                                                       : evaluator.members(module, name);
      add_values(out.values, one.values);
    }
  }
  out.bound = !out.values.empty();
  return out;
}

}  // namespace

// Finding where a glob import leads may ask for a name that only glob imports could give.
Found rust_outside(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  return evaluator.answer_once(file, name, [&] { return among_globs(evaluator, file, name); });
}

}  // namespace mira::code
