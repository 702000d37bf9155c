// Claude Code: the server in ~/.claude.json (project: .mcp.json), hooks in settings.json.
// The same hooks as a plugin and in the settings would tell everything twice.
#include "faces/clients/client.h"

namespace mira::clients {
namespace {

constexpr int hook_timeout_s = 5;
constexpr const char* told_tools = "Edit|Write|MultiEdit|NotebookEdit|Bash";

struct Hooked {
  const char* event;
  const char* matcher;  // null: every time
};
constexpr Hooked hooked[] = {{"SessionStart", nullptr},   {"UserPromptSubmit", nullptr},
                             {"PostToolUse", told_tools}, {"PostToolUseFailure", "Bash"},
                             {"PostCompact", nullptr},    {"Stop", nullptr},
                             {"SessionEnd", nullptr}};

bool plugin_is_enabled(std::string_view settings) {
  auto parsed = parse_json_text(settings);
  if (!parsed) return false;
  const JsonNode* plugin = parsed->find({"enabledPlugins", "mira@mira-tools"});
  return plugin != nullptr && settings.substr(plugin->begin, plugin->end - plugin->begin) == "true";
}

}  // namespace

base::Result<Plan> plan_claude(const Surroundings& around, Scope scope) {
  bool user = scope == Scope::user;
  auto settings =
      user ? around.claude_folder / "settings.json" : around.project / ".claude" / "settings.json";
  Plan plan;
  OrderedJson server = user ? OrderedJson{{"type", "stdio"}} : OrderedJson::object();
  server.update(server_entry(around));
  plan.changes.push_back({.kind = Change::Kind::json_member,
                          .file = user ? around.claude_file : around.project / ".mcp.json",
                          .keys = {"mcpServers", "mira"},
                          .value = std::move(server)});
  if (plugin_is_enabled(MIRA_TRY(read_text(around.claude_folder / "settings.json")))) {
    plan.changes.clear();
    plan.notes.push_back(
        "the plugin mira@mira-tools is enabled: it brings server and hooks, nothing is added");
    return plan;
  }
  for (const Hooked& one : hooked) {
    OrderedJson entry = OrderedJson::object();
    if (one.matcher != nullptr) entry["matcher"] = one.matcher;
    entry["hooks"] = OrderedJson::array(
        {{{"type", "command"}, {"command", hook_command(around, "claude")}, {"timeout", hook_timeout_s}}});
    plan.changes.push_back({.kind = Change::Kind::json_element,
                            .file = settings,
                            .keys = {"hooks", one.event},
                            .value = std::move(entry),
                            .mark = hook_mark("claude")});
  }
  return plan;
}

}  // namespace mira::clients
