// Gemini CLI: server and hooks in one settings.json; timeouts are milliseconds there.
#include "faces/clients/client.h"

namespace mira::clients {
namespace {

constexpr int hook_timeout_ms = 5000;
constexpr int server_timeout_ms = 30'000;

struct Hooked {
  const char* event;
  const char* matcher;
};
constexpr Hooked hooked[] = {{"SessionStart", nullptr},
                             {"BeforeAgent", nullptr},
                             {"AfterTool", "replace|write_file|run_shell_command"},
                             {"AfterAgent", nullptr},
                             {"PreCompress", "manual"},
                             {"SessionEnd", nullptr}};

}  // namespace

base::Result<Plan> plan_gemini(const Surroundings& around, Scope scope) {
  auto settings = (scope == Scope::user ? around.home : around.project) / ".gemini" / "settings.json";
  Plan plan;
  OrderedJson server = server_entry(around);
  server["timeout"] = server_timeout_ms;
  plan.changes.push_back({.kind = Change::Kind::json_member,
                          .file = settings,
                          .keys = {"mcpServers", "mira"},
                          .value = std::move(server)});
  for (const Hooked& one : hooked) {
    OrderedJson entry = OrderedJson::object();
    if (one.matcher != nullptr) entry["matcher"] = one.matcher;
    entry["hooks"] = OrderedJson::array({{{"name", "mira"},
                                          {"type", "command"},
                                          {"command", hook_command(around, "gemini")},
                                          {"timeout", hook_timeout_ms}}});
    plan.changes.push_back({.kind = Change::Kind::json_element,
                            .file = settings,
                            .keys = {"hooks", one.event},
                            .value = std::move(entry),
                            .mark = hook_mark("gemini")});
  }
  plan.notes.push_back("Gemini CLI starts servers in folders that it was told to trust only");
  return plan;
}

}  // namespace mira::clients
