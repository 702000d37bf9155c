#include "faces/cli/statusline.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "platform/base/text.h"

namespace mira::cli {
namespace {

using contracts::Json;

constexpr std::size_t most_input_bytes = 1 << 20;
constexpr std::size_t most_part_bytes = 60;

const Json& at(const Json& object, std::initializer_list<const char*> keys) {
  static const Json none;
  const Json* value = &object;
  for (const char* key : keys) {
    if (!value->is_object() || !value->contains(key)) return none;
    value = &(*value)[key];
  }
  return *value;
}

std::string text_at(const Json& object, std::initializer_list<const char*> keys) {
  const Json& value = at(object, keys);
  if (!value.is_string()) return {};
  return base::display_line(base::truncate_utf8(value.get_ref<const std::string&>(), most_part_bytes));
}

std::string folder_name(const std::string& path) {
  std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string read_input(int descriptor) {
  std::string out;
  std::array<char, 16384> chunk;
  while (descriptor >= 0 && out.size() < most_input_bytes) {
    ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    out.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return out;
}

}  // namespace

std::string status_line(std::string_view input) {
  Json told = Json::parse(input, nullptr, false);
  std::vector<std::string> parts{"mira"};
  std::string model = text_at(told, {"model", "display_name"});
  if (!model.empty()) parts.push_back(model);
  std::string folder = folder_name(text_at(told, {"workspace", "current_dir"}));
  if (!folder.empty()) parts.push_back(folder);
  const Json& used = at(told, {"context_window", "used_percentage"});
  if (used.is_number()) parts.push_back(fmt::format("context {:.0f} %", used.get<double>()));
  const Json& cost = at(told, {"cost", "total_cost_usd"});
  if (cost.is_number()) parts.push_back(fmt::format("${:.2f}", cost.get<double>()));
  return base::join(parts, " | ");
}

contracts::Action statusline_action() {
  return {
      .name = "statusline",
      .group = "agents",
      .summary = "Print one line for Claude Code's status line from the JSON on standard input",
      .description = {},
      .params = {},
      .examples = {{"mira statusline < status.json", "what Claude Code runs as its statusLine command"}},
      .data_shape = R"({"line": "mira | Opus | shop | context 41 % | $0.52"})",
      .needs = contracts::Needs::nothing,
      .handle = [](contracts::Call& call) -> base::Result<contracts::Reply> {
        return contracts::Reply{.data = {{"line", status_line(read_input(call.input))}}};
      },
      .render = [](const contracts::Reply& reply,
                   const contracts::Style&) { return reply.data["line"].get<std::string>() + "\n"; },
  };
}

}  // namespace mira::cli
