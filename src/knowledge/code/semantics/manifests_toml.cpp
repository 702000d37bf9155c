// Cargo.toml, pyproject.toml, Pipfile, and the locks of cargo, poetry and uv.
#include <set>

#include "knowledge/code/semantics/manifests.h"
#include "platform/base/toml.h"

namespace mira::semantics {
namespace {

toml::table table_of(std::string_view text) {
  auto parsed = base::parse_toml(text);
  return parsed ? std::move(*parsed) : toml::table();
}

int line_at(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

// `name = "1.2"` or `name = { version = "1.2", optional = true }`.
void add_table(const toml::table* table, std::string_view ecosystem, std::string_view scope,
               std::vector<Declared>& out) {
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    Declared one{std::string(ecosystem), std::string(key.str()), "", std::string(scope), line_at(node)};
    if (auto text = node.value<std::string>()) one.requirement = *text;
    if (const toml::table* details = node.as_table()) {
      one.requirement = (*details)["version"].value_or(std::string());
      if (auto renamed = (*details)["package"].value<std::string>()) one.name = *renamed;
      if ((*details)["optional"].value_or(false)) one.scope = "optional";
    }
    if (ecosystem == "pypi" && one.name == "python") continue;
    if (ecosystem == "pypi" && one.requirement == "*") one.requirement.clear();
    out.push_back(std::move(one));
  }
}

void add_requirements(const toml::array* list, std::string_view scope, std::vector<Declared>& out) {
  if (list == nullptr) return;
  for (const toml::node& node : *list) {
    auto text = node.value<std::string>();
    Declared one = text ? read_python_requirement(*text) : Declared();
    if (one.name.empty()) continue;
    one.scope = scope;
    one.line = line_at(node);
    out.push_back(std::move(one));
  }
}

template <class View>
void add_groups(const View& groups, std::string_view scope, std::vector<Declared>& out) {
  if (const toml::table* table = groups.as_table())
    for (const auto& [key, node] : *table) add_requirements(node.as_array(), scope, out);
}

}  // namespace

std::vector<Declared> read_cargo_toml(std::string_view text) {
  toml::table table = table_of(text);
  std::vector<Declared> out;
  auto add_all = [&](const toml::table& from) {
    add_table(from["dependencies"].as_table(), "cargo", "runtime", out);
    add_table(from["dev-dependencies"].as_table(), "cargo", "development", out);
    add_table(from["build-dependencies"].as_table(), "cargo", "build", out);
  };
  add_all(table);
  add_table(table["workspace"]["dependencies"].as_table(), "cargo", "runtime", out);
  if (const toml::table* targets = table["target"].as_table())
    for (const auto& [key, node] : *targets)
      if (const toml::table* one = node.as_table()) add_all(*one);
  if (const toml::array* members = table["workspace"]["members"].as_array())
    for (const toml::node& node : *members)
      if (auto name = node.value<std::string>()) out.push_back({"cargo", *name, "", "member", line_at(node)});
  return out;
}

std::vector<Declared> read_pyproject(std::string_view text) {
  toml::table table = table_of(text);
  std::vector<Declared> out;
  add_requirements(table["project"]["dependencies"].as_array(), "runtime", out);
  add_groups(table["project"]["optional-dependencies"], "optional", out);
  add_groups(table["dependency-groups"], "development", out);
  add_requirements(table["build-system"]["requires"].as_array(), "build", out);
  auto poetry = table["tool"]["poetry"];
  add_table(poetry["dependencies"].as_table(), "pypi", "runtime", out);
  add_table(poetry["dev-dependencies"].as_table(), "pypi", "development", out);
  if (const toml::table* groups = poetry["group"].as_table())
    for (const auto& [key, node] : *groups)
      if (const toml::table* group = node.as_table())
        add_table((*group)["dependencies"].as_table(), "pypi", "development", out);
  add_table(table["packages"].as_table(), "pypi", "runtime", out);  // Pipfile
  add_table(table["dev-packages"].as_table(), "pypi", "development", out);
  return out;
}

std::map<std::string, std::string> read_toml_lock(std::string_view text) {
  toml::table table = table_of(text);
  std::map<std::string, std::string> out;
  std::set<std::string> several;
  if (const toml::array* packages = table["package"].as_array())
    for (const toml::node& node : *packages) {
      const toml::table* one = node.as_table();
      if (one == nullptr) continue;
      std::string name = (*one)["name"].value_or(std::string()),
                  version = (*one)["version"].value_or(std::string());
      auto [at, fresh] = out.try_emplace(name, version);
      if (!fresh && at->second != version) several.insert(name);
    }
  for (const std::string& name : several) out.erase(name);
  return out;
}

}  // namespace mira::semantics
