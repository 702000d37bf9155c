// package.json, composer.json, vcpkg.json and the locks of npm and composer.
#include <nlohmann/json.hpp>
#include <set>

#include "knowledge/code/semantics/manifests.h"

namespace mira::semantics {
namespace {

using Json = nlohmann::json;

Json object_of(std::string_view text) {
  Json json = Json::parse(text, nullptr, false, true);
  return json.is_object() ? json : Json::object();
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

void add_section(const Json& json, const char* section, std::string_view ecosystem, std::string_view scope,
                 std::string_view text, std::vector<Declared>& out) {
  auto at = json.find(section);
  if (at == json.end() || !at->is_object()) return;
  for (const auto& [name, requirement] : at->items())
    out.push_back({std::string(ecosystem), name, text_of(requirement), std::string(scope),
                   line_of(text, "\"" + name + "\"")});
}

void put(std::map<std::string, std::string>& out, std::set<std::string>& several, const std::string& name,
         const std::string& version) {
  if (name.empty() || version.empty()) return;
  auto [at, fresh] = out.try_emplace(name, version);
  if (!fresh && at->second != version) several.insert(name);
}

}  // namespace

std::vector<Declared> read_package_json(std::string_view text) {
  Json json = object_of(text);
  std::vector<Declared> out;
  add_section(json, "dependencies", "npm", "runtime", text, out);
  add_section(json, "devDependencies", "npm", "development", text, out);
  add_section(json, "peerDependencies", "npm", "peer", text, out);
  add_section(json, "optionalDependencies", "npm", "optional", text, out);
  auto members = json.find("workspaces");
  if (members != json.end() && members->is_object()) members = members->find("packages");
  if (members != json.end() && members->is_array())
    for (const Json& one : *members)
      if (one.is_string())
        out.push_back({"npm", one.get<std::string>(), "", "member",
                       line_of(text, "\"" + one.get<std::string>() + "\"")});
  return out;
}

std::vector<Declared> read_composer_json(std::string_view text) {
  Json json = object_of(text);
  std::vector<Declared> out;
  add_section(json, "require", "composer", "runtime", text, out);
  add_section(json, "require-dev", "composer", "development", text, out);
  return out;
}

std::vector<Declared> read_vcpkg_json(std::string_view text) {
  Json json = object_of(text);
  std::vector<Declared> out;
  auto list = json.find("dependencies");
  if (list == json.end() || !list->is_array()) return out;
  for (const Json& one : *list) {
    std::string name = one.is_object() ? text_of(one.value("name", Json())) : text_of(one);
    std::string version = one.is_object() ? text_of(one.value("version>=", Json())) : std::string();
    if (!name.empty()) out.push_back({"vcpkg", name, version, "runtime", line_of(text, "\"" + name + "\"")});
  }
  return out;
}

std::map<std::string, std::string> read_json_lock(std::string_view text) {
  Json json = object_of(text);
  std::map<std::string, std::string> out;
  std::set<std::string> several;
  auto packages = json.find("packages");
  if (packages != json.end() && packages->is_object())  // npm 7 and later: paths of folders
    for (const auto& [path, one] : packages->items())
      if (path.starts_with("node_modules/") && one.is_object() &&
          path.find("node_modules/", 1) == std::string::npos)
        put(out, several, path.substr(13), text_of(one.value("version", Json())));
  if (packages != json.end() && packages->is_array())  // composer
    for (const Json& one : *packages)
      if (one.is_object())
        put(out, several, text_of(one.value("name", Json())), text_of(one.value("version", Json())));
  auto dependencies = json.find("dependencies");
  if (out.empty() && dependencies != json.end() && dependencies->is_object())
    for (const auto& [name, one] : dependencies->items())
      if (one.is_object()) put(out, several, name, text_of(one.value("version", Json())));
  for (const std::string& name : several) out.erase(name);
  return out;
}

}  // namespace mira::semantics
