#include "faces/cli/config_action.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "faces/cli/print.h"
#include "platform/base/config_folder.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/workspace/project.h"

namespace mira::cli {
namespace {

namespace fs = std::filesystem;
using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Origin;
using contracts::ParamKind;
using contracts::Reply;
using contracts::Setting;
using contracts::SettingKey;

std::string variable(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text == nullptr ? std::string() : std::string(text);
}

// Of a key: what holds, where it stands, and what it hides.
Json explained(const SettingKey& key, const contracts::Settings& settings, const Json& built_in) {
  Json hidden = Json::array();
  const Setting* holds = settings.holding(key.name);
  for (const Setting& one : settings.given)
    if (one.key == key.name && &one != holds)
      hidden.push_back({{"value", one.value}, {"from", origin_name(one.origin)}, {"place", one.place}});
  if (holds != nullptr) hidden.push_back({{"value", built_in}, {"from", "built in"}, {"place", ""}});
  std::string option = key.param->name;
  std::ranges::replace(option, '_', '-');
  return {{"key", key.name},
          {"value", holds != nullptr ? holds->value : built_in},
          {"from", origin_name(holds != nullptr ? holds->origin : Origin::built_in)},
          {"place", holds != nullptr ? holds->place : ""},
          {"hides", std::move(hidden)},
          {"help", key.param->help},
          {"variable", key.variable},
          {"option", fmt::format("mira {} --{}", key.action, option)},
          {"project_may_set", key.in_project}};
}

contracts::SettingFiles find_setting_files() {
  contracts::SettingFiles out;
  if (fs::path folder = base::config_folder(); !folder.empty()) out.user = folder / "config.toml";
  std::error_code error;
  fs::path at = fs::current_path(error);
  // The nearest work tree, as the project is found; nothing is made or opened for it.
  for (; !error && !at.empty(); at = at.parent_path()) {
    std::error_code absent;
    if (fs::exists(at / ".git", absent)) out.project = at / contracts::project_file_name;
    if (!out.project.empty() || at == at.parent_path()) break;
  }
  return out;
}

struct Asked {
  std::vector<SettingKey> keys;
  contracts::SettingFiles files;
  contracts::Settings settings;
};

// Read anew, so that what was just set is seen.
Asked read_all(const contracts::Registry& registry) {
  Asked out{.keys = setting_keys(registry), .files = find_setting_files()};
  out.settings = read_settings(out.keys, out.files, variable);
  return out;
}

Result<const SettingKey*> asked_key(const std::vector<SettingKey>& keys, const std::string& name) {
  if (const SettingKey* key = find_key(keys, name)) return key;
  base::Error error{base::ErrorCode::not_found,
                    fmt::format("there is no setting \"{}\"", base::display_line(name)),
                    "see: mira config list",
                    {}};
  contracts::Registry names;
  for (const SettingKey& key : keys) names.add({.name = key.name});
  for (const std::string& near : names.similar(name)) error.next.push_back("mira config explain " + near);
  if (!error.next.empty()) error.hint = "did you mean: " + base::join(error.next, ", or ") + "?";
  return std::unexpected(std::move(error));
}

std::string value_text(const Json& value) {
  return value.is_string() ? base::display_line(value.get<std::string>()) : dump_line(value);
}

// ---- the verbs. `built_in` are the defaults before any setting was applied.

using Defaults = std::map<std::string, Json>;

Result<Reply> list(const Defaults& built_in, Call& call) {
  Asked asked = read_all(call.registry);
  bool all = call.arguments["every"].get<bool>();
  Json rows = Json::array();
  for (const SettingKey& key : asked.keys)
    if (all || asked.settings.holding(key.name) != nullptr)
      rows.push_back(explained(key, asked.settings, built_in.at(key.name)));
  return Reply{.data = {{"file", base::repair_utf8(asked.files.user.native())},
                        {"project_file", base::repair_utf8(asked.files.project.native())},
                        {"settings", std::move(rows)}},
               .notes = asked.settings.faults};
}

std::string render_list(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& row : reply.data["settings"])
    out += fmt::format("{:<28} {:<12} {}\n", row["key"].get<std::string>(), value_text(row["value"]),
                       row["place"].get<std::string>().empty() ? row["from"].get<std::string>()
                                                               : row["place"].get<std::string>());
  if (out.empty()) out = "Nothing is set: all defaults hold. mira config list --every shows the keys.\n";
  return out + "file: " + base::display_line(reply.data["file"].get<std::string>()) + "\n";
}

Result<Reply> explain(const Defaults& built_in, Call& call) {
  Asked asked = read_all(call.registry);
  const SettingKey* key = MIRA_TRY(asked_key(asked.keys, call.arguments["key"].get<std::string>()));
  return Reply{.data = explained(*key, asked.settings, built_in.at(key->name)),
               .notes = asked.settings.faults};
}

std::string render_explain(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  auto from = [](const Json& one) {
    auto place = one["place"].get<std::string>();
    return one["from"].get<std::string>() + (place.empty() ? "" : ", " + base::display_line(place));
  };
  std::string out = fmt::format("{} = {}  ({})\n{}\n", data["key"].get<std::string>(),
                                value_text(data["value"]), from(data), data["help"].get<std::string>());
  for (const Json& one : data["hides"])
    out += fmt::format("  hides {} ({})\n", value_text(one["value"]), from(one));
  return out + fmt::format("wins over it: the option of {}, then {} in the environment{}\n",
                           data["option"].get<std::string>(), data["variable"].get<std::string>(),
                           data["project_may_set"].get<bool>() ? "" : "; a project's file may not set it");
}

base::Status write_file(const fs::path& file, std::string_view text) {
  MIRA_TRY(base::make_private_folder(file.parent_path()));
  fs::path fresh = file;
  fresh += fmt::format(".mira-{}", ::getpid());
  auto failed = [&] {
    auto out = base::fail(
        base::ErrorCode::unavailable,
        fmt::format("{} cannot be written: {}", base::display_line(file.native()), std::strerror(errno)),
        "check its permissions and the room on the disk");
    ::unlink(fresh.c_str());
    return out;
  };
  int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return failed();
  bool written = write_all(descriptor, text) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  std::error_code error;
  fs::path target = fs::exists(file, error) ? fs::canonical(file, error) : file;
  if (!written || error || ::rename(fresh.c_str(), target.c_str()) != 0) return failed();
  return {};
}

Result<Reply> set(const Defaults& built_in, Call& call) {
  Asked asked = read_all(call.registry);
  const SettingKey* key = MIRA_TRY(asked_key(asked.keys, call.arguments["key"].get<std::string>()));
  if (asked.files.user.empty())
    return base::fail(base::ErrorCode::unavailable, "there is no folder for your configuration",
                      "set HOME, XDG_CONFIG_HOME or MIRA_HOME");
  bool unset = call.arguments["unset"].get<bool>();
  if (unset == call.arguments["value"].is_string())
    return base::fail(base::ErrorCode::usage, "give a value, or --unset",
                      "mira config set context.budget 3000");
  Json value;
  if (!unset) value = MIRA_TRY(value_from_text(*key, call.arguments["value"].get<std::string>()));
  std::ifstream in(asked.files.user, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::string edited = MIRA_TRY(edit_setting(text, *key, value));
  if (edited != text) MIRA_TRY(write_file(asked.files.user, edited));
  Asked now = read_all(call.registry);
  return Reply{.data = explained(*key, now.settings, built_in.at(key->name)), .notes = now.settings.faults};
}

constexpr const char* shape =
    R"({"key": "context.budget", "value": 3000, "from": "user file", "place": "/home/ada/.config/mira/config.toml:2",
 "hides": [{"value": 4000, "from": "built in", "place": ""}], "help": "...", "variable": "MIRA_CONTEXT_BUDGET",
 "option": "mira context --budget", "project_may_set": true})";

using Verb = Result<Reply> (*)(const Defaults&, Call&);

Action verb(std::string name, std::string summary, std::shared_ptr<const Defaults> built_in, Verb handle) {
  return {.name = "config " + std::move(name),
          .group = "program",
          .summary = std::move(summary),
          .description = {},
          .params = {},
          .examples = {},
          .data_shape = shape,
          .needs = contracts::Needs::nothing,
          .handle = [built_in = std::move(built_in), handle](Call& call) { return handle(*built_in, call); },
          .render = render_explain};
}

contracts::Param key_param() {
  return {.name = "key", .help = "the setting, \"context.budget\"", .required = true, .positional = true};
}

}  // namespace

void configure(contracts::Registry& registry) {
  contracts::Settings settings = read_all(registry).settings;
  if (!settings.given.empty()) registry = configured(settings, registry);
}

std::vector<std::string> setting_faults(const contracts::Registry& registry) {
  return read_all(registry).settings.faults;
}

void add_config_actions(contracts::Registry& registry) {
  auto built_in = std::make_shared<Defaults>();
  for (const SettingKey& key : setting_keys(registry)) (*built_in)[key.name] = key.param->fallback;
  Action listing = verb("list", "Show what is set, and where", built_in, list);
  listing.description =
      "Settings stand in config.toml of the configuration folder, in .mira.toml of a project, and in the "
      "environment; "
      "the later wins, and an option given at the call wins over all. A project's file may set only what "
      "reads.";
  listing.params = {
      {.name = "every", .kind = ParamKind::boolean, .help = "also what is not set", .fallback = false}};
  listing.examples = {{"mira config list --every", "all keys"}};
  listing.data_shape =
      R"({"file": "/home/ada/.config/mira/config.toml", "project_file": "", "settings": [{"key": "...", ...}]})";
  listing.render = render_list;
  registry.add(std::move(listing));
  Action explaining = verb("explain", "Show a setting's value and where it comes from", built_in, explain);
  explaining.params = {key_param()};
  explaining.examples = {{"mira config explain context.budget", "which value holds, and why"}};
  registry.add(std::move(explaining));
  Action getting = verb("get", "Print the value of a setting", built_in, explain);
  getting.params = {key_param()};
  getting.examples = {{"mira config get context.budget", "for a script"}};
  getting.render = [](const Reply& reply, const contracts::Style&) {
    return value_text(reply.data["value"]) + "\n";
  };
  registry.add(std::move(getting));
  Action setting = verb("set", "Set a value in your configuration file", built_in, set);
  setting.description = "Comments, order and every other byte of the file stay.";
  setting.params = {key_param(),
                    {.name = "value", .help = "the value", .positional = true},
                    {.name = "unset",
                     .kind = ParamKind::boolean,
                     .help = "take it out, so that the default holds",
                     .fallback = false}};
  setting.examples = {{"mira config set context.budget 3000", "for every project"},
                      {"mira config set context.budget --unset", "back to the default"}};
  setting.read_only = false;
  registry.add(std::move(setting));
}

}  // namespace mira::cli
