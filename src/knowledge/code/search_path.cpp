#include "knowledge/code/search_path.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::array<std::string_view, 11> test_folders = {"test", "tests",     "testing",  "__tests__",
                                                           "spec", "specs",     "testdata", "fixtures",
                                                           "e2e",  "__mocks__", "testsuite"};
constexpr std::array<std::string_view, 12> example_folders = {
    "example", "examples",  "sample",     "samples",    "demo",     "demos",
    "bench",   "benchmark", "benchmarks", "playground", "tutorial", "tutorials"};
constexpr std::array<std::string_view, 12> vendored_folders = {
    "vendor", "vendored", "third_party", "thirdparty",       "third-party",   "node_modules",
    "deps",   "external", "extern",      "bower_components", "site-packages", "dist"};
constexpr std::array<std::string_view, 16> data_extensions = {
    ".json", ".lock", ".csv", ".tsv",  ".svg", ".xml", ".yaml", ".yml",
    ".toml", ".ini",  ".po",  ".snap", ".map", ".txt", ".html", ".css"};
constexpr std::array<std::string_view, 5> prose_extensions = {".md", ".rst", ".adoc", ".mdx", ".org"};
constexpr std::array<std::string_view, 5> header_extensions = {".h", ".hpp", ".hh", ".hxx", ".inc"};
constexpr std::array<std::string_view, 5> source_extensions = {".c", ".cc", ".cpp", ".cxx", ".m"};
constexpr std::array<std::string_view, 3> own_systems = {"linux", "unix", "posix"};
constexpr std::array<std::string_view, 29> other_systems = {
    "win",     "win32", "win64", "windows", "wince", "darwin",  "macos", "osx",     "apple",   "ios",
    "android", "aix",   "os390", "zos",     "sunos", "solaris", "bsd",   "freebsd", "openbsd", "netbsd",
    "cygwin",  "msdos", "dos",   "haiku",   "hurd",  "qnx",     "vms",   "os400",   "amiga"};

// Written for readers of the project, whatever they end in: "ChangeLog", "RELEASE-NOTES", "NEWS".
constexpr std::array<std::string_view, 12> notes = {
    "authors", "changelog", "changes", "contributing",  "copying",      "history",
    "license", "news",      "readme",  "release-notes", "releasenotes", "thanks"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool ends_with_any(std::string_view text, std::span<const std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return text.ends_with(e); });
}

bool is_test_name(std::string_view name) {
  std::string_view stem = name.substr(0, name.rfind('.'));
  return name.starts_with("test_") || name.starts_with("test-") || stem.ends_with("_test") ||
         stem.ends_with("-test") || stem.ends_with(".test") || stem.ends_with(".spec") ||
         stem.ends_with("_tests") || stem == "conftest" || stem.ends_with("_spec") || stem == "test" ||
         stem == "tests";
}

// FooTest.java, FooTests.cs: case says it.
bool is_test_class_file(std::string_view name) {
  std::string_view stem = name.substr(0, name.rfind('.'));
  return (stem.ends_with("Test") || stem.ends_with("Tests") || stem.ends_with("TestCase")) && stem.size() > 4;
}

// This program runs on Linux: code that names another system only is not what runs here.
bool is_for_other_system(std::string_view lower_path) {
  bool other = false;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= lower_path.size(); ++at) {
    bool border = at == lower_path.size() || lower_path[at] == '/' || lower_path[at] == '_' ||
                  lower_path[at] == '-' || lower_path[at] == '.';
    if (!border) continue;
    std::string_view word = lower_path.substr(start, at - start);
    other |= contains(other_systems, word);
    start = at + 1;
  }
  return other;
}

}  // namespace

bool is_system_name(std::string_view word) {
  return contains(other_systems, word) || contains(own_systems, word);
}

PathVersion path_version(std::string_view path) {
  std::size_t start = 0;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', start)) {
    std::string_view folder = path.substr(start, slash - start);
    int version = 0;
    if (folder.size() > 1 && folder[0] == 'v') {
      auto [end, error] = std::from_chars(folder.data() + 1, folder.data() + folder.size(), version);
      if (error == std::errc() && end == folder.data() + folder.size())
        return {path.substr(0, start), version};
    }
    start = slash + 1;
  }
  return {};
}

std::string_view file_stem(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

PathTraits path_traits(std::string_view path) {
  std::string lower = base::to_lower(path);
  std::vector<std::string_view> parts = base::split(lower, '/');
  std::string_view name = parts.back();
  parts.pop_back();
  PathTraits traits;
  traits.test = is_test_name(name) || is_test_class_file(path.substr(path.rfind('/') + 1));
  for (std::string_view folder : parts) {
    traits.test |= contains(test_folders, folder);
    traits.example |= contains(example_folders, folder);
    traits.vendored |= contains(vendored_folders, folder);
    traits.prose |= folder == "docs" || folder == "doc";
  }
  traits.data = ends_with_any(name, data_extensions);
  traits.prose |= ends_with_any(name, prose_extensions) || (!name.contains('.') && contains(notes, name));
  traits.type_declarations = name.ends_with(".d.ts") || name.ends_with(".pyi");
  traits.header = ends_with_any(name, header_extensions);
  traits.source = ends_with_any(name, source_extensions);
  traits.other_system = is_for_other_system(lower);
  return traits;
}

}  // namespace mira::code
