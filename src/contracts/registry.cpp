#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "contracts/action.h"
#include "platform/base/text.h"

namespace mira::contracts {
namespace {

// Damerau-Levenshtein distance (adjacent swaps count one), bytes.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string_view expected(ParamKind kind) {
  switch (kind) {
    case ParamKind::text:
      return "a text";
    case ParamKind::integer:
      return "a whole number";
    case ParamKind::number:
      return "a number";
    case ParamKind::boolean:
      return "true or false";
    case ParamKind::choice:
      return "one of its choices";
    case ParamKind::text_list:
      return "a list of texts";
  }
  return "a value";
}

bool has_kind(ParamKind kind, const Json& value) {
  switch (kind) {
    case ParamKind::text:
    case ParamKind::choice:
      return value.is_string();
    case ParamKind::integer:
      return value.is_number_integer();
    case ParamKind::number:
      return value.is_number();
    case ParamKind::boolean:
      return value.is_boolean();
    case ParamKind::text_list:
      return value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
  }
  return false;
}

base::Status check_range(const Param& param, const Json& value) {
  if (param.kind == ParamKind::choice) {
    auto text = value.get<std::string>();
    if (std::find(param.choices.begin(), param.choices.end(), text) == param.choices.end()) {
      return base::fail(base::ErrorCode::usage,
                        fmt::format("{} cannot be \"{}\"", param.name, base::display_line(text)),
                        "choose one of: " + base::join(param.choices, ", "));
    }
  }
  if (param.kind == ParamKind::integer) {
    bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
    auto number = too_large ? INT64_MAX : value.get<std::int64_t>();
    if (too_large || number < param.minimum || number > param.maximum) {
      return base::fail(base::ErrorCode::usage, fmt::format("{} is out of range", param.name),
                        fmt::format("it must be from {} to {}", param.minimum, param.maximum));
    }
  }
  return {};
}

base::Result<Json> check_one(const Param& param, const Json& given) {
  auto found = given.find(param.name);
  if (found == given.end() || found->is_null()) {
    if (param.required) return base::fail(base::ErrorCode::usage, param.name + " is missing", param.help);
    return param.fallback;
  }
  if (!has_kind(param.kind, *found)) {
    return base::fail(base::ErrorCode::usage, fmt::format("{} must be {}", param.name, expected(param.kind)),
                      param.help);
  }
  if (param.required && param.kind == ParamKind::text_list && found->empty()) {
    return base::fail(base::ErrorCode::usage, param.name + " is empty", param.help);
  }
  MIRA_TRY(check_range(param, *found));
  return *found;
}

}  // namespace

void Registry::add(Action action) {
  if (find(action.name) != nullptr) {
    fmt::print(stderr, "action {} is registered twice\n", action.name);
    std::abort();
  }
  actions_.push_back(std::move(action));
}

const Action* Registry::find(std::string_view name) const {
  auto found =
      std::find_if(actions_.begin(), actions_.end(), [&](const Action& a) { return a.name == name; });
  return found == actions_.end() ? nullptr : &*found;
}

std::vector<std::string> Registry::similar(std::string_view name) const {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const Action& action : actions_) {
    std::size_t distance = edit_distance(name.substr(0, 64), action.name);
    bool prefix = !name.empty() && action.name.starts_with(name);
    if (prefix || distance <= std::max<std::size_t>(1, action.name.size() / 3)) {
      near.emplace_back(prefix ? 0 : distance, action.name);
    }
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> out;
  for (auto& [distance, candidate] : near) {
    if (out.size() < 3) out.push_back(std::move(candidate));
  }
  return out;
}

base::Result<Json> check_arguments(const Action& action, const Json& given) {
  if (!given.is_object()) return base::fail(base::ErrorCode::usage, "arguments must be a JSON object");
  for (const auto& [name, value] : given.items()) {
    bool known = std::any_of(action.params.begin(), action.params.end(),
                             [&](const Param& param) { return param.name == name; });
    if (!known) {
      return base::fail(base::ErrorCode::usage,
                        fmt::format("{} has no parameter \"{}\"", action.name, base::display_line(name)),
                        fmt::format("see: mira {} --help", action.name));
    }
  }
  Json checked = Json::object();
  for (const Param& param : action.params) checked[param.name] = MIRA_TRY(check_one(param, given));
  return checked;
}

}  // namespace mira::contracts
