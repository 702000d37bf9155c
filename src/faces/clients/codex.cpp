// Codex: the server in config.toml, hooks in hooks.json, in Claude's shape.
#include <fmt/format.h>

#include "faces/clients/client.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

constexpr int hook_timeout_s = 5;

// A TOML basic string.
std::string toml_text(std::string_view text) {
  return nlohmann::json(base::repair_utf8(text)).dump();
}

}  // namespace

base::Result<Plan> plan_codex(const Surroundings& around, Scope scope) {
  auto folder = scope == Scope::user ? around.codex_folder : around.project / ".codex";
  Plan plan;
  plan.changes.push_back(
      {.kind = Change::Kind::toml_table,
       .file = folder / "config.toml",
       .keys = {"mcp_servers.mira"},
       .body = fmt::format("command = {}\nargs = [\"mcp\"]\n", toml_text(around.binary.string()))});
  for (const char* event :
       {"SessionStart", "UserPromptSubmit", "PostToolUse", "PostCompact", "Stop", "SessionEnd"}) {
    OrderedJson hook{
        {"type", "command"}, {"command", hook_command(around, "codex")}, {"timeout", hook_timeout_s}};
    plan.changes.push_back({.kind = Change::Kind::json_element,
                            .file = folder / "hooks.json",
                            .keys = {"hooks", event},
                            .value = {{"hooks", OrderedJson::array({hook})}},
                            .mark = hook_mark("codex")});
  }
  plan.notes.push_back("Codex asks once whether to trust new hooks");
  return plan;
}

}  // namespace mira::clients
