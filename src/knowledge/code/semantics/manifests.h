// Manifests and lock files as data: what a project asks for, in which version and for
// what. Read, never run: of Gemfile, gradle, CMake and meson only the plain statements
// are understood, and what is computed there stays unknown. Broken files give nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mira::semantics {

struct Declared {
  std::string ecosystem;  // "npm", "cargo", "go", "pypi", "maven", "composer", "rubygems", "nuget", "cmake",
                          // "vcpkg", "conan", "meson"
  std::string name;       // as the ecosystem writes it; Maven: "group:artifact"
  std::string requirement;  // as written
  std::string scope =
      "runtime";  // runtime, development, build, optional, peer, member (a workspace's own part)
  int line = 0;
  bool operator==(const Declared&) const = default;
};

bool is_dependency_manifest(std::string_view path);
bool is_lock_file(std::string_view path);
std::vector<Declared> read_manifest(std::string_view path, std::string_view text);
// Package to version; of several versions of one package the highest written last is not chosen: it is left
// out.
std::map<std::string, std::string> read_lock(std::string_view path, std::string_view text);

// One function a format, in the file of its syntax.
std::vector<Declared> read_package_json(std::string_view text);
std::vector<Declared> read_composer_json(std::string_view text);
std::vector<Declared> read_vcpkg_json(std::string_view text);
std::vector<Declared> read_cargo_toml(std::string_view text);
std::vector<Declared> read_pyproject(std::string_view text);
std::vector<Declared> read_pom(std::string_view text);
std::vector<Declared> read_csproj(std::string_view text);
std::vector<Declared> read_requirements(std::string_view text);
std::vector<Declared> read_setup_cfg(std::string_view text);
std::vector<Declared> read_go_mod(std::string_view text);
std::vector<Declared> read_gemfile(std::string_view text);
std::vector<Declared> read_gradle(std::string_view text);
std::vector<Declared> read_cmake(std::string_view text);
std::vector<Declared> read_conanfile(std::string_view text);
std::vector<Declared> read_meson(std::string_view text);
std::map<std::string, std::string> read_json_lock(std::string_view text);
std::map<std::string, std::string> read_toml_lock(std::string_view text);

// "requests[socks]>=2,<3 ; python_version<'3'" as name and requirement; empty name: no requirement.
Declared read_python_requirement(std::string_view text);
// Line of the first place where the text stands, from 1; 0: nowhere.
int line_of(std::string_view text, std::string_view wanted);

}  // namespace mira::semantics
