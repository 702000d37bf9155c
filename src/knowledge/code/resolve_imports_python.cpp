// Python: modules are files, packages are folders, absolute imports start at a folder
// that is not itself a package.
#include <algorithm>

#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_paths.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

// Top-level modules that come with Python; a project file of that name wins only from its own folder tree.
constexpr std::string_view standard_modules =
    " abc argparse array ast asyncio atexit base64 bisect builtins calendar cmath code codecs collections "
    "concurrent"
    " configparser contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib dis email "
    "enum errno"
    " faulthandler fnmatch fractions functools gc getopt getpass gettext glob graphlib gzip hashlib heapq "
    "hmac html http"
    " imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma marshal "
    "math mimetypes"
    " mmap multiprocessing numbers operator os pathlib pdb pickle pkgutil platform pprint profile queue "
    "random re"
    " readline reprlib resource sched secrets select selectors shelve shlex shutil signal site smtplib socket"
    " socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig "
    "tarfile"
    " tempfile termios textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc "
    "types typing"
    " unicodedata unittest urllib uuid venv warnings weakref webbrowser wsgiref xml xmlrpc zipfile zipimport "
    "zlib zoneinfo"
    " _thread __future__ ";

bool is_standard(std::string_view name) {
  return standard_modules.find(" " + std::string(name) + " ") != std::string_view::npos;
}

Meaning module_value(const SourceFile& file) {
  return {.kind = Meaning::Kind::module, .file = &file, .rule = "import"};
}

// folder/name as a module file, a package, or a folder that holds Python files.
std::vector<Meaning> module_at(Evaluator& evaluator, const std::string& stem) {
  if (const SourceFile* file = evaluator.reader().file(stem + "/__init__.py")) return {module_value(*file)};
  if (const SourceFile* file = evaluator.reader().file(stem + ".py")) return {module_value(*file)};
  if (const SourceFile* file = evaluator.reader().file(stem + ".pyi")) return {module_value(*file)};
  return {};
}

std::vector<Meaning> module_under(Evaluator& evaluator, const std::string& root,
                                  const std::vector<std::string_view>& parts) {
  std::string path = root;
  for (std::string_view part : parts) path = join_path(path, part);
  return module_at(evaluator, path);
}

bool is_package(Evaluator& evaluator, std::string_view folder) {
  return !folder.empty() && evaluator.reader().has_file(std::string(folder) + "/__init__.py");
}

// Folders above a file from which absolute imports may start, nearest first.
std::vector<std::string> roots_above(Evaluator& evaluator, const SourceFile& file) {
  std::vector<std::string> out;
  std::string_view folder = folder_of(file.path);
  while (true) {
    if (!is_package(evaluator, folder)) out.emplace_back(folder);
    if (folder.empty()) return out;
    folder = folder_of(folder);
  }
}

// Elsewhere in the project: a package or module of this name whose folder is a root.
std::vector<std::string> roots_elsewhere(Evaluator& evaluator, const SourceFile& file, std::string_view top) {
  std::vector<std::string> out;
  for (const SourceFile* candidate : evaluator.reader().package(module_name_key(top))) {
    std::string_view folder = folder_of(candidate->path);
    if (candidate->path.ends_with("/__init__.py")) folder = folder_of(folder);
    if (!is_package(evaluator, folder)) out.emplace_back(folder);
  }
  std::ranges::stable_sort(out, [&](const std::string& a, const std::string& b) {
    return shared_folders(a, file.path) > shared_folders(b, file.path);
  });
  return out;
}

std::vector<Meaning> absolute_module(Evaluator& evaluator, const SourceFile& file, std::string_view dotted) {
  std::vector<std::string_view> parts = base::split(dotted, '.');
  for (const std::string& root : roots_above(evaluator, file)) {
    std::vector<Meaning> found = module_under(evaluator, root, parts);
    if (!found.empty()) return found;
  }
  if (is_standard(parts.front())) return {external_value(std::string(dotted))};
  for (const std::string& root : roots_elsewhere(evaluator, file, parts.front())) {
    std::vector<Meaning> found = module_under(evaluator, root, parts);
    if (!found.empty()) return found;
  }
  return {external_value(std::string(dotted))};
}

std::vector<Meaning> relative_module(Evaluator& evaluator, const SourceFile& file, std::string_view dotted) {
  std::string_view folder = folder_of(file.path);
  dotted.remove_prefix(1);
  while (dotted.starts_with('.')) {
    folder = folder_of(folder);
    dotted.remove_prefix(1);
  }
  std::string path(folder);
  if (!dotted.empty())
    for (std::string_view part : base::split(dotted, '.')) path = join_path(path, part);
  std::vector<Meaning> found = module_at(evaluator, path);
  if (found.empty()) found.push_back({.kind = Meaning::Kind::package, .name = path, .rule = "import"});
  return found;
}

std::vector<Meaning> module_of(Evaluator& evaluator, const SourceFile& file, std::string_view written) {
  if (written.empty()) return {};
  return written.starts_with('.') ? relative_module(evaluator, file, written)
                                  : absolute_module(evaluator, file, written);
}

}  // namespace

std::vector<Meaning> python_import(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  if (import.name.empty()) {
    std::string_view module = import.module;
    if (import.alias.empty() && !module.starts_with('.')) module = module.substr(0, module.find('.'));
    return module_of(evaluator, file, module);
  }
  std::vector<Meaning> modules = module_of(evaluator, file, import.module);
  if (import.name == "*") return modules;
  std::vector<Meaning> out = evaluator.members(modules, import.name).values;
  // A folder without __init__.py holds modules too (PEP 420).
  bool outside =
      std::ranges::all_of(modules, [](const Meaning& one) { return one.kind == Meaning::Kind::external; });
  if (outside && !import.module.starts_with('.')) {
    std::vector<Meaning> inner = absolute_module(evaluator, file, import.module + "." + import.name);
    bool inside =
        std::ranges::none_of(inner, [](const Meaning& one) { return one.kind == Meaning::Kind::external; });
    if (inside) out = std::move(inner);
  }
  for (Meaning& value : out)
    if (value.rule != "flow") value.rule = "import";
  return out;
}

Found python_outside(Evaluator& evaluator, const SourceFile& file, std::string_view name) {
  Found out;
  if (name.starts_with('_')) return out;
  for (const Import& import : file.facts.imports) {
    if (import.name != "*") continue;
    for (const Meaning& module : python_import(evaluator, file, import)) {
      if (module.kind == Meaning::Kind::external) continue;
      Found starred = evaluator.members(module, name);
      add_values(out.values, starred.values);
      out.bound = out.bound || starred.bound;
    }
  }
  return out;
}

Found python_submodule(Evaluator& evaluator, const SourceFile& package_init, std::string_view name) {
  if (!package_init.path.ends_with("__init__.py")) return {};
  return {.values = module_at(evaluator, join_path(folder_of(package_init.path), name))};
}

Found python_package_member(Evaluator& evaluator, const Meaning& package, std::string_view name) {
  return {.values = module_at(evaluator, join_path(package.name, name))};
}

}  // namespace mira::code
