// What the user chose in place of a built-in default: a key "context.budget" is the
// parameter `budget` of the action `context`, so keys, their help and their checks come
// from the registry. Values stand in the environment, the project's file or the user's
// file, and win in this order; an option given at the call wins over all of them. A
// project's file is foreign text: it may set what only reads, and nothing that decides
// what leaves the machine.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/action.h"

namespace mira::contracts {

struct SettingKey {
  std::string name;         // "context.budget", "graph-export.format"
  std::string action;       // "graph export"
  const Param* param;       // of the registry
  std::string variable;     // "MIRA_GRAPH_EXPORT_FORMAT"
  bool in_project = false;  // whether a project's file may set it
};

enum class Origin { built_in, user_file, project_file, environment };
std::string_view origin_name(Origin origin);

struct Setting {
  std::string key;
  Json value;
  Origin origin = Origin::built_in;
  std::string place;  // "/home/ada/.config/mira/config.toml:3" or the variable's name
};

// Where settings may stand.
struct SettingFiles {
  std::filesystem::path user;     // config.toml of the configuration folder; empty: none
  std::filesystem::path project;  // .mira.toml of the project; empty: none
};
inline constexpr std::string_view project_file_name = ".mira.toml";

struct Settings {
  std::vector<Setting> given;       // weakest first: of one key the last one holds
  std::vector<std::string> faults;  // what was not understood or not allowed, with its place

  const Setting* holding(std::string_view key) const;
};

// All keys: optional named parameters of actions that read, those that confirm or page left out.
std::vector<SettingKey> setting_keys(const Registry& registry);
const SettingKey* find_key(const std::vector<SettingKey>& keys, std::string_view name);

using Variable = std::function<std::string(const std::string& name)>;  // "" when not set
Settings read_settings(const std::vector<SettingKey>& keys, const SettingFiles& files,
                       const Variable& variable);
// The registry with the settings as the defaults of their parameters.
Registry configured(const Settings& settings, const Registry& registry);

// A text as the value of a key: "3000", "true", "dense". usage: it does not fit.
base::Result<Json> value_from_text(const SettingKey& key, std::string_view text);
// The file's text with the key set (or taken out, by null); every other byte stays.
// failed: the file is not TOML, or the key stands there in a form that cannot be edited.
base::Result<std::string> edit_setting(std::string_view text, const SettingKey& key, const Json& value);

}  // namespace mira::contracts
