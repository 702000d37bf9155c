// Languages whose files declare a package or namespace (Java, Kotlin, C#, PHP), and Go,
// whose package is a folder under the module that go.mod names.
#include <algorithm>

#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

char separator_of(Family family) {
  return family == Family::php ? '\\' : '.';
}

bool is_top_level(const SymbolRef& one) {
  if (!one->scope_name.empty() && one.file->family == Family::go) return false;
  if (one->parent == no_symbol) return true;
  SymbolKind parent = one.file->symbol(one->parent).kind;
  return parent == SymbolKind::namespace_ || parent == SymbolKind::module;
}

Found top_level(const std::vector<SymbolRef>& symbols, std::string_view rule, const SourceFile& from) {
  Found out;
  for (const SymbolRef& one : symbols) {
    if (!is_top_level(one)) continue;
    if (one->visibility == Visibility::file && one.file != &from) continue;
    add_value(out.values, symbol_value(one, rule));
  }
  out.bound = !out.values.empty();
  return out;
}

std::string written_path(const Import& import, Family family) {
  std::string path = import.module;
  if (!import.name.empty() && import.name != "*") {
    if (!path.empty()) path += separator_of(family);
    path += import.name;
  }
  if (path.starts_with('\\')) path.erase(0, 1);
  return path;
}

// The longest package prefix of a dotted path that holds the next part, then members.
std::vector<Meaning> dotted(Evaluator& evaluator, const SourceFile& file, std::string_view path) {
  char separator = separator_of(file.family);
  for (std::size_t cut = path.rfind(separator); cut != std::string_view::npos && cut > 0;
       cut = path.rfind(separator, cut - 1)) {
    std::vector<std::string_view> rest = base::split(path.substr(cut + 1), separator);
    Found found =
        top_level(evaluator.reader().named_in_package(path.substr(0, cut), rest.front()), "import", file);
    for (std::size_t i = 1; i < rest.size() && !found.values.empty(); ++i)
      found = evaluator.members(found.values, rest[i]);
    if (!found.values.empty()) return found.values;
  }
  return {};
}

bool opens_package(const Import& import, Family family) {
  return import.name == "*" || (family == Family::csharp && import.alias.empty());
}

Found in_opened_packages(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  Found out;
  for (const Import& import : file.facts.imports) {
    if (!opens_package(import, file.family)) continue;
    Found one = top_level(evaluator.reader().named_in_package(import.module, name), "import", file);
    if (!one.settled())
      for (const Meaning& type : dotted(evaluator, file, import.module)) {
        Found member = evaluator.members(type, name);
        add_values(one.values, member.values);
      }
    add_values(out.values, one.values);
  }
  out.bound = !out.values.empty();
  return out;
}

Found in_enclosing_packages(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  std::string_view package = file.facts.package;
  char separator = separator_of(file.family);
  while (true) {
    Found found = package.empty()
                      ? Found{}
                      : top_level(evaluator.reader().named_in_package(package, name), "package", file);
    if (found.settled() || file.family != Family::csharp) return found;
    std::size_t cut = package.rfind(separator);
    if (cut == std::string_view::npos) return found;
    package = package.substr(0, cut);
  }
}

// Files that declare no package share one.
Found in_no_package(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  bool too_many = false;
  std::vector<SymbolRef> all = evaluator.reader().named(name, 100, &too_many);
  std::erase_if(all, [&](const SymbolRef& one) {
    return !one.file->facts.package.empty() || (one->parent != no_symbol);
  });
  Found out = top_level(all, "package", file);
  for (Meaning& value : out.values) value.inferred = true;
  return out;
}

// The module path of the go.mod above a folder, and that folder.
std::pair<std::string, std::string> go_module(Evaluator& evaluator, std::string_view folder) {
  while (true) {
    if (const SourceFile* manifest = evaluator.reader().file(join_path(folder, "go.mod"))) {
      evaluator.reader().read_imports(*manifest);
      return {manifest->facts.package, std::string(folder)};
    }
    if (folder.empty()) return {};
    folder = folder_of(folder);
  }
}

}  // namespace

std::vector<Meaning> go_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  auto [module, folder] = go_module(evaluator, folder_of(file.path));
  std::string_view path = import.module;
  if (!module.empty() && (path == module || path.starts_with(module + "/"))) {
    std::string inner = path == module ? folder : join_path(folder, path.substr(module.size() + 1));
    return {{.kind = Meaning::Kind::package, .name = inner + "/", .rule = "import"}};
  }
  return {external_value(import.module)};
}

std::vector<Meaning> packaged_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  std::string path = written_path(import, file.family);
  std::vector<Meaning> out = dotted(evaluator, file, path);
  if (!out.empty()) return out;
  if (file.family == Family::php && !path.contains('\\')) {
    Found global = in_no_package(evaluator, file, path);
    if (!global.values.empty()) return global.values;
  }
  if (!evaluator.reader().package(path).empty())
    return {{.kind = Meaning::Kind::package, .name = path, .rule = "import"}};
  std::ranges::replace(path, '\\', '.');
  return {external_value(path)};
}

namespace {

// import . "example.com/shop/log"
Found in_dot_imports(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  Found out;
  for (const Import& import : file.facts.imports) {
    if (import.name != "*") continue;
    for (const Meaning& package : go_import(evaluator, file, import))
      if (package.kind == Meaning::Kind::package) {
        Found one = top_level(evaluator.reader().named_in_package(package.name, name), "import", file);
        add_values(out.values, one.values);
      }
  }
  out.bound = !out.values.empty();
  return out;
}

}  // namespace

Found packaged_outside(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  if (file.family == Family::go) {
    Found own = top_level(evaluator.reader().named_in_package(std::string(folder_of(file.path)) + "/", name),
                          "package", file);
    return own.settled() ? own : in_dot_imports(evaluator, file, name);
  }
  Found out = in_enclosing_packages(evaluator, file, name);
  if (out.settled()) return out;
  out = in_opened_packages(evaluator, file, name);
  if (out.settled()) return out;
  if (file.facts.package.empty() || file.family == Family::php) return in_no_package(evaluator, file, name);
  return out;
}

Found packaged_member(Evaluator& evaluator, const Meaning& package, std::string_view name) {
  const SourceFile& own = evaluator.reader().own();
  Found found = top_level(evaluator.reader().named_in_package(package.name, name), "import", own);
  if (found.settled() || own.family == Family::go) return found;
  std::string inner = package.name + separator_of(own.family) + std::string(name);
  if (!evaluator.reader().package(inner).empty())
    found.values.push_back({.kind = Meaning::Kind::package, .name = inner, .rule = "import"});
  return found;
}

}  // namespace mira::code
