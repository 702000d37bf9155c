#include "contracts/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "platform/base/lines.h"
#include "platform/base/text.h"
#include "platform/base/toml.h"

namespace mira::contracts {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr std::uintmax_t most_file_bytes = 1 << 20;

// They confirm, page or hold a whole input: no default of anybody.
bool is_of_one_call(std::string_view name) {
  constexpr std::string_view names[] = {"yes", "dry_run", "all", "cursor", "status", "file", "project", "at"};
  return std::ranges::find(names, name) != std::end(names);
}

std::string key_name(const Action& action, const Param& param) {
  std::string out = action.name;
  std::ranges::replace(out, ' ', '-');
  return out + "." + param.name;
}

base::Status check_value(const Param& param, const Json& value) {
  Action one;
  one.name = "config";
  one.params = {param};
  auto checked = check_arguments(one, {{param.name, value}});
  if (!checked) return std::unexpected(checked.error());
  return {};
}

std::string variable_name(std::string_view key) {
  std::string out = "MIRA_";
  for (char c : key)
    out += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

Json json_of(const toml::node& node) {
  if (auto text = node.value_exact<std::string>()) return base::repair_utf8(*text);
  if (auto number = node.value_exact<std::int64_t>()) return *number;
  if (auto real = node.value_exact<double>()) return *real;
  if (auto flag = node.value_exact<bool>()) return *flag;
  return nullptr;
}

// "did you mean" over the keys.
std::string nearest_key(const std::vector<SettingKey>& keys, std::string_view name) {
  Registry names;
  for (const SettingKey& key : keys)
    if (names.find(key.name) == nullptr) names.add({.name = key.name});
  auto near = names.similar(name);
  return near.empty() ? "see: mira config list" : "did you mean " + near.front() + "?";
}

class FileReader {
 public:
  FileReader(const std::vector<SettingKey>& keys, fs::path file, Origin origin, Settings& out)
      : keys_(keys), file_(std::move(file)), origin_(origin), out_(out) {}

  void read() {
    std::error_code error;
    if (file_.empty() || !fs::is_regular_file(file_, error)) return;
    if (auto size = fs::file_size(file_, error); error || size > most_file_bytes)
      return fault("", "it is too large for a file of settings");
    std::ifstream in(file_, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in && text.empty()) return fault("", "it cannot be read");
    auto parsed = base::parse_toml(text);
    if (!parsed)
      return fault(fmt::format(":{}", parsed.error().line),
                   fmt::format("it is not TOML ({}); nothing of it holds", parsed.error().description));
    for (const auto& [name, node] : *parsed) section(name.str(), node);
  }

 private:
  void section(std::string_view name, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return fault(line_of(node),
                   fmt::format("\"{}\" stands outside a section like [context]", base::display_line(name)));
    for (const auto& [key, value] : *table) take(fmt::format("{}.{}", name, key.str()), value);
  }

  void take(const std::string& name, const toml::node& node) {
    const SettingKey* key = find_key(keys_, name);
    if (key == nullptr)
      return fault(line_of(node), fmt::format("there is no setting \"{}\"; {}", base::display_line(name),
                                              nearest_key(keys_, name)));
    if (origin_ == Origin::project_file && !key->in_project)
      return fault(line_of(node), fmt::format("a project's file may not set {}; it does not hold", name));
    Json value = json_of(node);
    if (value.is_null()) return fault(line_of(node), name + " is no text, number, true or false");
    if (auto fits = check_value(*key->param, value); !fits)
      return fault(line_of(node), fmt::format("{}: {}; {}", name, fits.error().message, fits.error().hint));
    out_.given.push_back(
        {name, std::move(value), origin_, base::repair_utf8(file_.native()) + line_of(node)});
  }

  static std::string line_of(const toml::node& node) { return fmt::format(":{}", node.source().begin.line); }
  void fault(const std::string& line, std::string_view what) {
    out_.faults.push_back(fmt::format("{}{}: {}", base::display_line(file_.native()), line, what));
  }

  const std::vector<SettingKey>& keys_;
  fs::path file_;
  Origin origin_;
  Settings& out_;
};

std::string toml_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The bytes of a value that stands on one line of ASCII.
Result<std::pair<std::size_t, std::size_t>> span_of(std::string_view text, const toml::node& node) {
  const toml::source_region& where = node.source();
  std::size_t begin = base::start_of_line(text, where.begin.line);
  std::size_t end = std::min(text.find('\n', begin), text.size());
  std::string_view line = text.substr(begin, end - begin);
  bool plain = where.begin.line == where.end.line &&
               std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!plain)
    return base::fail(base::ErrorCode::failed, "the value stands there in a form that cannot be edited",
                      "change it by hand");
  return std::pair{begin + where.begin.column - 1, begin + where.end.column - 1};
}

}  // namespace

std::string_view origin_name(Origin origin) {
  switch (origin) {
    case Origin::built_in:
      return "built in";
    case Origin::user_file:
      return "user file";
    case Origin::project_file:
      return "project file";
    case Origin::environment:
      return "environment";
  }
  return "";
}

const Setting* Settings::holding(std::string_view key) const {
  for (auto one = given.rbegin(); one != given.rend(); ++one)
    if (one->key == key) return &*one;
  return nullptr;
}

std::vector<SettingKey> setting_keys(const Registry& registry) {
  std::vector<SettingKey> out;
  for (const Action& action : registry.all()) {
    bool sends = action.group == "money" || action.name == "ask";
    if (!action.read_only && !sends) continue;
    if (action.group == "agents" || action.group == "program") continue;
    for (const Param& param : action.params) {
      if (param.required || param.positional || param.kind == ParamKind::text_list ||
          is_of_one_call(param.name))
        continue;
      std::string name = key_name(action, param);
      out.push_back({name, action.name, &param, variable_name(name), action.read_only && !sends});
    }
  }
  return out;
}

const SettingKey* find_key(const std::vector<SettingKey>& keys, std::string_view name) {
  auto found = std::ranges::find(keys, name, &SettingKey::name);
  return found == keys.end() ? nullptr : &*found;
}

Settings read_settings(const std::vector<SettingKey>& keys, const SettingFiles& files,
                       const Variable& variable) {
  Settings out;
  FileReader(keys, files.user, Origin::user_file, out).read();
  FileReader(keys, files.project, Origin::project_file, out).read();
  for (const SettingKey& key : keys) {
    std::string text = variable(key.variable);
    if (text.empty()) continue;
    auto value = value_from_text(key, text);
    if (value)
      out.given.push_back({key.name, std::move(*value), Origin::environment, key.variable});
    else
      out.faults.push_back(
          fmt::format("{}: {}; {}", key.variable, value.error().message, value.error().hint));
  }
  return out;
}

Registry configured(const Settings& settings, const Registry& registry) {
  Registry out;
  for (Action action : registry.all()) {
    for (Param& param : action.params) {
      const Setting* held = settings.holding(key_name(action, param));
      if (held != nullptr) param.fallback = held->value;
    }
    out.add(std::move(action));
  }
  return out;
}

Result<Json> value_from_text(const SettingKey& key, std::string_view text) {
  text = base::trim(text);
  Json value = base::repair_utf8(text);
  ParamKind kind = key.param->kind;
  if (kind == ParamKind::boolean && (text == "true" || text == "1")) value = true;
  if (kind == ParamKind::boolean && (text == "false" || text == "0")) value = false;
  if (kind == ParamKind::integer || kind == ParamKind::number) {
    Json number = Json::parse(text, nullptr, false);
    if (number.is_number()) value = std::move(number);
  }
  MIRA_TRY(check_value(*key.param, value));
  return value;
}

Result<std::string> edit_setting(std::string_view text, const SettingKey& key, const Json& value) {
  auto parsed = base::parse_toml(text);
  if (!parsed)
    return base::fail(base::ErrorCode::failed,
                      fmt::format("line {} is not TOML: {}", parsed.error().line, parsed.error().description),
                      "mend the file, then try again");
  std::string section = key.name.substr(0, key.name.find('.'));
  std::string newline = text.contains("\r\n") ? "\r\n" : "\n";
  const toml::table* table = (*parsed)[section].as_table();
  const toml::node* old = table == nullptr ? nullptr : table->get(key.param->name);
  std::string out(text);
  if (old != nullptr) {
    auto [begin, end] = MIRA_TRY(span_of(text, *old));
    if (!value.is_null()) return out.replace(begin, end - begin, toml_text(value));
    std::size_t first = base::start_of_line(text, old->source().begin.line);
    std::size_t next = std::min(text.find('\n', first), text.size() - 1) + 1;
    return out.erase(first, next - first);
  }
  if (value.is_null()) return out;
  std::string line = fmt::format("{} = {}{}", key.param->name, toml_text(value), newline);
  if (table != nullptr && !table->is_inline()) {
    std::size_t header = base::start_of_line(text, table->source().begin.line);
    std::size_t next = text.find('\n', header);
    if (next == std::string_view::npos) return out + newline + line;
    return out.insert(next + 1, line);
  }
  if (!out.empty() && !out.ends_with('\n')) out += newline;
  return out + (out.empty() ? "" : newline) + fmt::format("[{}]{}{}", section, newline, line);
}

}  // namespace mira::contracts
