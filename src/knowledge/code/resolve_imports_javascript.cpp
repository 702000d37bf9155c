// JavaScript and TypeScript: a specifier is a path that lacks its extension, or a
// package. Packages of the same repository are found by their manifests.
#include <algorithm>
#include <array>
#include <optional>

#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"

namespace mira::code {
namespace {

constexpr std::array<std::string_view, 9> extensions{".ts",  ".tsx", ".mts", ".cts", ".js",
                                                     ".jsx", ".mjs", ".cjs", ".d.ts"};

// "./a.js" stands for a.ts where the source is TypeScript.
constexpr std::array<std::array<std::string_view, 2>, 5> rewrites{
    {{".js", ".ts"}, {".js", ".tsx"}, {".jsx", ".tsx"}, {".mjs", ".mts"}, {".cjs", ".cts"}}};

const SourceFile* file_at(Evaluator& evaluator, const std::string& path) {
  const SourceFile* file = evaluator.reader().file(path);
  return file && file->family == Family::javascript ? file : nullptr;
}

const SourceFile* file_or_index(Evaluator& evaluator, const std::string& path) {
  for (const auto& [from, to] : rewrites)
    if (path.ends_with(from))
      if (const SourceFile* file =
              file_at(evaluator, path.substr(0, path.size() - from.size()) + std::string(to)))
        return file;
  if (const SourceFile* file = file_at(evaluator, path)) return file;
  for (std::string_view extension : extensions)
    if (const SourceFile* file = file_at(evaluator, path + std::string(extension))) return file;
  for (std::string_view extension : extensions)
    if (const SourceFile* file = file_at(evaluator, join_path(path, "index") + std::string(extension)))
      return file;
  return nullptr;
}

std::string without_extension(std::string_view path) {
  std::size_t slash = path.rfind('/');
  std::size_t dot = path.find('.', slash == std::string_view::npos ? 0 : slash + 1);
  return std::string(path.substr(0, dot));
}

// A path that a manifest names: as it stands, else the source that it is built from.
const SourceFile* source_of(Evaluator& evaluator, std::string_view folder, std::string_view written) {
  auto path = relative_path(folder, written);
  if (!path) return nullptr;
  if (const SourceFile* file = file_or_index(evaluator, *path)) return file;
  if (const SourceFile* file = file_or_index(evaluator, without_extension(*path))) return file;
  std::string inner = path->substr(folder.empty() ? 0 : std::min(path->size(), folder.size() + 1));
  for (std::string_view built :
       {"dist/", "lib/", "build/", "out/", "esm/", "cjs/"}) {  // dist/esm/a.js: src/a.ts
    if (!inner.starts_with(built)) continue;
    inner.erase(0, built.size());
    if (const SourceFile* file =
            file_or_index(evaluator, join_path(folder, "src/" + without_extension(inner))))
      return file;
  }
  return file_or_index(evaluator, join_path(folder, "src/" + without_extension(inner)));
}

// A package of this repository: "name", "name/sub", "@scope/name/sub".
const SourceFile* workspace_package(Evaluator& evaluator, std::string_view written) {
  std::size_t cut = written.find('/');
  if (written.starts_with('@') && cut != std::string_view::npos) cut = written.find('/', cut + 1);
  std::string_view name = written.substr(0, cut);
  std::string subpath = cut == std::string_view::npos ? "." : "." + std::string(written.substr(cut));
  for (const SourceFile* manifest : evaluator.reader().manifests(name)) {
    std::string_view folder = folder_of(manifest->path);
    for (const ExportedName& entry : manifest->facts.exports)
      if (entry.name == subpath)
        if (const SourceFile* file = source_of(evaluator, folder, entry.local)) return file;
    if (subpath != ".")
      if (const SourceFile* file = source_of(evaluator, folder, subpath)) return file;
    if (subpath == ".")
      if (const SourceFile* file = source_of(evaluator, folder, "src/index")) return file;
  }
  return nullptr;
}

// What `written` stands for under a pattern with at most one star, "" when it does not fit.
std::string filled_in(std::string_view pattern, std::string target, std::string_view written) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == written ? target : std::string();
  std::string_view head = pattern.substr(0, star);
  std::string_view tail = pattern.substr(star + 1);
  bool fits =
      written.starts_with(head) && written.ends_with(tail) && written.size() >= head.size() + tail.size();
  if (!fits) return {};
  std::size_t hole = target.find('*');
  if (hole != std::string::npos)
    target.replace(hole, 1, written.substr(head.size(), written.size() - head.size() - tail.size()));
  return target;
}

const SourceFile* through_patterns(Evaluator& evaluator, const SourceFile& config, std::string_view written) {
  auto base = relative_path(folder_of(config.path), config.facts.package);
  if (!base) return nullptr;
  for (const Import& row : config.facts.imports) {
    std::string target = filled_in(row.module, row.name, written);
    auto path = target.empty() ? std::nullopt : relative_path(*base, target);
    if (path)
      if (const SourceFile* file = file_or_index(evaluator, *path)) return file;
  }
  return nullptr;
}

// "#types/tree": a name of the package around the file, in the "imports" of its package.json.
const SourceFile* package_import(Evaluator& evaluator, const SourceFile& file, std::string_view written) {
  std::string_view folder = folder_of(file.path);
  while (true) {
    if (const SourceFile* manifest = evaluator.reader().file(join_path(folder, "package.json"))) {
      evaluator.reader().read_imports(*manifest);
      for (const Import& row : manifest->facts.imports) {
        std::string target = filled_in(row.module, row.name, written);
        if (target.empty()) continue;
        const SourceFile* found = target.starts_with('.') ? source_of(evaluator, folder, target)
                                                          : workspace_package(evaluator, target);
        if (found) return found;
      }
      return nullptr;  // the nearest package is the one around the file
    }
    if (folder.empty()) return nullptr;
    folder = folder_of(folder);
  }
}

// Path aliases of the nearest tsconfig.json or jsconfig.json that has some.
const SourceFile* path_alias(Evaluator& evaluator, const SourceFile& file, std::string_view written) {
  std::string_view folder = folder_of(file.path);
  while (true) {
    for (std::string_view name : {"tsconfig.json", "jsconfig.json"})
      if (const SourceFile* config = evaluator.reader().file(join_path(folder, name))) {
        evaluator.reader().read_imports(*config);
        if (const SourceFile* target = through_patterns(evaluator, *config, written)) return target;
      }
    if (folder.empty()) return nullptr;
    folder = folder_of(folder);
  }
}

}  // namespace

std::vector<Meaning> javascript_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  const SourceFile* target = nullptr;
  if (import.module.starts_with('.')) {
    auto path = relative_path(folder_of(file.path), import.module);
    target = path ? file_or_index(evaluator, *path) : nullptr;
    if (!target) return {};
  } else {
    target = path_alias(evaluator, file, import.module);
    if (!target && import.module.starts_with('#')) target = package_import(evaluator, file, import.module);
    if (!target) target = workspace_package(evaluator, import.module);
  }
  if (!target) {
    std::string name = import.module;
    if (!import.name.empty() && import.name != "*") name += "." + import.name;
    return {external_value(std::move(name))};
  }
  if (import.name.empty() || import.name == "*")
    return {{.kind = Meaning::Kind::module, .file = target, .rule = "import"}};
  std::vector<Meaning> out = evaluator.module_member(*target, import.name).values;
  if (out.empty() && import.name == "default")
    out.push_back({.kind = Meaning::Kind::module, .file = target, .rule = "import"});
  return out;
}

Found javascript_outside(Evaluator&, const SourceFile&, std::string_view) {
  return {};
}

}  // namespace mira::code
