// Cursor: the server in mcp.json, hooks in hooks.json; written by its documents, not run here.
#include "faces/clients/client.h"

namespace mira::clients {

base::Result<Plan> plan_cursor(const Surroundings& around, Scope scope) {
  auto folder = (scope == Scope::user ? around.home : around.project) / ".cursor";
  Plan plan;
  plan.changes.push_back({.kind = Change::Kind::json_member,
                          .file = folder / "mcp.json",
                          .keys = {"mcpServers", "mira"},
                          .value = server_entry(around)});
  auto hooks = folder / "hooks.json";
  // `version` stays when it is there in another form.
  auto text = MIRA_TRY(read_text(hooks));
  auto parsed = parse_json_text(text.empty() ? "{}" : text);
  if (!parsed || parsed->find({"version"}) == nullptr)
    plan.changes.push_back(
        {.kind = Change::Kind::json_member, .file = hooks, .keys = {"version"}, .value = 1});
  for (const char* event : {"sessionStart", "beforeSubmitPrompt", "postToolUse", "postToolUseFailure",
                            "preCompact", "afterAgentResponse", "stop", "sessionEnd"}) {
    plan.changes.push_back({.kind = Change::Kind::json_element,
                            .file = hooks,
                            .keys = {"hooks", event},
                            .value = {{"command", hook_command(around, "cursor")}},
                            .mark = hook_mark("cursor")});
  }
  return plan;
}

}  // namespace mira::clients
