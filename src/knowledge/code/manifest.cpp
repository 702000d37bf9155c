#include "knowledge/code/manifest.h"

#include <array>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::code {
namespace {

using Json = nlohmann::ordered_json;

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// JSON as tsconfig has it: comments, and commas before a closing bracket.
Json relaxed_json(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (!quoted && c == ',') {
      std::size_t next = text.find_first_not_of(" \t\r\n", i + 1);
      if (next != std::string_view::npos && (text[next] == '}' || text[next] == ']')) continue;
    }
    plain += c;
  }
  return Json::parse(plain, nullptr, false, true);
}

std::string text_of(const Json& json, const char* key) {
  auto at = json.find(key);
  return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// Every path under an entry of "exports", whatever the conditions are called.
void collect_paths(const Json& json, const std::string& subpath, Facts& facts, int depth) {
  if (json.is_string()) facts.exports.push_back({subpath, json.get<std::string>()});
  if (depth > 8 || !json.is_structured()) return;
  for (const auto& [key, value] : json.items()) collect_paths(value, subpath, facts, depth + 1);
}

// "imports": names that start with # and stand for paths of the package itself, or for other packages.
void collect_imports(const Json& json, const std::string& pattern, Facts& facts, int depth) {
  if (json.is_string()) facts.imports.push_back({.module = pattern, .name = json.get<std::string>()});
  if (depth > 8 || !json.is_structured()) return;
  for (const auto& [key, value] : json.items()) collect_imports(value, pattern, facts, depth + 1);
}

void read_package_json(const Json& json, Facts& facts) {
  facts.package = text_of(json, "name");
  auto imports = json.find("imports");
  if (imports != json.end() && imports->is_object())
    for (const auto& [pattern, value] : imports->items())
      if (pattern.starts_with('#')) collect_imports(value, pattern, facts, 0);
  auto exports = json.find("exports");
  if (exports != json.end() && exports->is_object() && !exports->empty() &&
      exports->begin().key().starts_with('.'))
    for (const auto& [subpath, value] : exports->items()) collect_paths(value, subpath, facts, 0);
  else if (exports != json.end())
    collect_paths(*exports, ".", facts, 0);
  for (const char* field : {"source", "module", "main", "types"})
    if (std::string path = text_of(json, field); !path.empty()) facts.exports.push_back({".", path});
}

void read_tsconfig(const Json& json, Facts& facts) {
  auto options = json.find("compilerOptions");
  if (options == json.end() || !options->is_object()) return;
  facts.package = text_of(*options, "baseUrl");
  auto paths = options->find("paths");
  if (paths == options->end() || !paths->is_object()) return;
  for (const auto& [pattern, targets] : paths->items())
    if (targets.is_array())
      for (const Json& target : targets)
        if (target.is_string())
          facts.imports.push_back({.module = pattern, .name = target.get<std::string>()});
}

void read_composer(const Json& json, Facts& facts) {
  facts.package = text_of(json, "name");
  for (const char* section : {"autoload", "autoload-dev"}) {
    auto load = json.find(section);
    if (load == json.end() || !load->is_object() || !load->contains("psr-4")) continue;
    for (const auto& [prefix, folder] : (*load)["psr-4"].items())
      if (folder.is_string()) facts.imports.push_back({.module = prefix, .name = folder.get<std::string>()});
  }
}

void read_go_mod(std::string_view text, Facts& facts) {
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (!line.starts_with("module ")) continue;
    line = base::trim(line.substr(7));
    if (line.size() > 1 && line.front() == '"') line = line.substr(1, line.size() - 2);
    facts.package = std::string(line.substr(0, line.find_first_of(" \t")));
    return;
  }
}

void read_cargo(std::string_view text, Facts& facts) {
  bool in_package = false;
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (line.starts_with('[')) in_package = line == "[package]";
    if (!in_package || !line.starts_with("name")) continue;
    std::size_t open = line.find('"');
    std::size_t close = line.rfind('"');
    if (open == std::string_view::npos || close <= open) continue;
    facts.package = std::string(line.substr(open + 1, close - open - 1));
    for (char& c : facts.package)
      if (c == '-') c = '_';
    return;
  }
}

}  // namespace

bool is_manifest(std::string_view path) {
  std::string_view name = file_name(path);
  constexpr std::array<std::string_view, 6> names{"go.mod",     "package.json",  "tsconfig.json",
                                                  "Cargo.toml", "composer.json", "jsconfig.json"};
  for (std::string_view one : names)
    if (name == one) return true;
  return false;
}

std::optional<Facts> manifest_facts(std::string_view path, std::string_view text) {
  if (!is_manifest(path)) return std::nullopt;
  Facts facts;
  std::string_view name = file_name(path);
  if (name == "go.mod") {
    read_go_mod(text, facts);
    return facts;
  }
  if (name == "Cargo.toml") {
    read_cargo(text, facts);
    return facts;
  }
  Json json = relaxed_json(text);
  if (!json.is_object()) return std::nullopt;
  if (name == "package.json") read_package_json(json, facts);
  if (name == "tsconfig.json" || name == "jsconfig.json") read_tsconfig(json, facts);
  if (name == "composer.json") read_composer(json, facts);
  return facts;
}

}  // namespace mira::code
