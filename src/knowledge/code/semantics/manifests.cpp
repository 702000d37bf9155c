#include "knowledge/code/semantics/manifests.h"

#include <algorithm>
#include <array>

namespace mira::semantics {
namespace {

using Read = std::vector<Declared> (*)(std::string_view);

struct Format {
  std::string_view name;  // of the file; ".csproj" for an ending
  Read read;
};

constexpr std::array<Format, 19> formats{{
    {"package.json", read_package_json},
    {"composer.json", read_composer_json},
    {"vcpkg.json", read_vcpkg_json},
    {"Cargo.toml", read_cargo_toml},
    {"pyproject.toml", read_pyproject},
    {"pom.xml", read_pom},
    {".csproj", read_csproj},
    {".fsproj", read_csproj},
    {"setup.cfg", read_setup_cfg},
    {"go.mod", read_go_mod},
    {"Gemfile", read_gemfile},
    {".gemspec", read_gemfile},
    {"build.gradle", read_gradle},
    {"build.gradle.kts", read_gradle},
    {"CMakeLists.txt", read_cmake},
    {"conanfile.txt", read_conanfile},
    {"meson.build", read_meson},
    {"Pipfile", read_pyproject},
    {"gems.rb", read_gemfile},
}};

constexpr std::array<std::string_view, 3> json_locks{"package-lock.json", "composer.lock",
                                                     "npm-shrinkwrap.json"};
constexpr std::array<std::string_view, 3> toml_locks{"Cargo.lock", "poetry.lock", "uv.lock"};

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_requirements(std::string_view name) {
  return name.starts_with("requirements") && (name.ends_with(".txt") || name.ends_with(".in"));
}

Read format_of(std::string_view path) {
  std::string_view name = file_name(path);
  if (is_requirements(name)) return read_requirements;
  for (const Format& one : formats) {
    bool ending = one.name.starts_with('.');
    if (ending ? name.ends_with(one.name) : name == one.name) return one.read;
  }
  return nullptr;
}

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

int line_of(std::string_view text, std::string_view wanted) {
  std::size_t at = text.find(wanted);
  if (wanted.empty() || at == std::string_view::npos) return 0;
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

bool is_dependency_manifest(std::string_view path) {
  return format_of(path) != nullptr;
}

bool is_lock_file(std::string_view path) {
  return is_among(json_locks, file_name(path)) || is_among(toml_locks, file_name(path));
}

std::vector<Declared> read_manifest(std::string_view path, std::string_view text) {
  Read read = format_of(path);
  if (read == nullptr) return {};
  std::vector<Declared> out = read(text);
  auto key = [](const Declared& one) { return std::tie(one.name, one.scope); };
  std::ranges::stable_sort(out, [&](const Declared& a, const Declared& b) { return key(a) < key(b); });
  auto twice =
      std::ranges::unique(out, [&](const Declared& a, const Declared& b) { return key(a) == key(b); });
  out.erase(twice.begin(), twice.end());
  return out;
}

std::map<std::string, std::string> read_lock(std::string_view path, std::string_view text) {
  return is_among(json_locks, file_name(path)) ? read_json_lock(text) : read_toml_lock(text);
}

}  // namespace mira::semantics
