// opencode: the server in opencode.json (or .jsonc), hooks as a plugin file of its own.
#include "faces/clients/client.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

// Runs `mira hook` with a limit of time; whatever goes wrong, the agent goes on.
constexpr std::string_view plugin_head =
    R"(// Written by `mira connect opencode`; `mira disconnect opencode` takes it away.
import { spawn } from "node:child_process"

const MIRA = )";
constexpr std::string_view plugin_body = R"(
const LIMIT_MS = { SessionStart: 1000, Stop: 500, Ran: 500 } // others 300

function hook(input, kind = input.hook_event_name) {
  return new Promise((resolve) => {
    try {
      const child = spawn(MIRA, ["hook", input.hook_event_name, "--client", "opencode"], {
        stdio: ["pipe", "pipe", "ignore"],
      })
      let out = ""
      const limit = LIMIT_MS[kind] ?? 300
      const timer = setTimeout(() => { child.kill("SIGKILL"); resolve("") }, limit)
      const end = (text) => { clearTimeout(timer); resolve(text) }
      child.on("error", () => end(""))
      child.stdin.on("error", () => {})
      child.stdout.on("data", (chunk) => { out += chunk })
      child.on("close", () => {
        try { end(JSON.parse(out).hookSpecificOutput.additionalContext ?? "") } catch { end("") }
      })
      child.stdin.end(JSON.stringify(input))
    } catch { resolve("") }
  })
}

// The text of a tool's answer, in whichever form it comes.
function words(answer) {
  if (typeof answer === "string") return answer
  return Array.isArray(answer) ? answer.map((part) => part?.text ?? "").join("\n") : ""
}

export const MiraPlugin = async ({ directory }) => {
  const pending = new Map()
  const last = new Map() // the text that was written last in a session
  const asked = new Set() // messages of the user
  const keep = (session, text) => {
    if (text) pending.set(session, (pending.get(session) ?? "") + text + "\n")
  }
  return {
    "chat.message": async (input, output) => {
      try {
        const session = input.sessionID ?? output.message.sessionID
        asked.add(output.message.id)
        const prompt = output.parts.filter((p) => p.type === "text" && !p.synthetic).map((p) => p.text).join("\n")
        keep(session, await hook({ hook_event_name: "UserPromptSubmit", session_id: session, cwd: directory, prompt }))
        const text = pending.get(session)
        pending.delete(session)
        if (!text) return
        output.parts.push({
          id: "prt_" + Date.now().toString(36) + Math.random().toString(36).slice(2),
          sessionID: session, messageID: output.message.id, type: "text", text, synthetic: true,
        })
      } catch {}
    },
    "tool.execute.after": async (input, output) => {
      try {
        if (input.tool === "bash") {
          const exit = output.metadata?.exit ?? output.metadata?.exitCode ?? (output.isError ? 1 : undefined)
          keep(input.sessionID, await hook({
            hook_event_name: "PostToolUse", session_id: input.sessionID, cwd: directory,
            tool_name: "bash", tool_input: { command: (input.args ?? output.args)?.command ?? "" },
            tool_response: { exit, output: words(output.output ?? output.content) },
          }, "Ran"))
          return
        }
        if (!["edit", "write", "patch", "multiedit", "apply_patch"].includes(input.tool)) return
        keep(input.sessionID, await hook({
          hook_event_name: "PostToolUse", session_id: input.sessionID, cwd: directory,
          tool_name: input.tool, tool_input: input.args ?? output.args ?? {},
        }))
      } catch {}
    },
    event: async ({ event }) => {
      try {
        const session = event.properties?.sessionID ?? event.properties?.info?.id
        if (event.type === "session.created")
          keep(session, await hook({ hook_event_name: "SessionStart", session_id: session, cwd: directory, source: "startup" }))
        if (event.type === "session.compacted")
          keep(session, await hook({ hook_event_name: "SessionStart", session_id: session, cwd: directory, source: "compact" }))
        if (event.type === "message.part.updated" && event.properties?.part?.type === "text")
          last.set(event.properties.part.sessionID, event.properties.part)
        if (event.type === "session.idle") {
          const part = last.get(session)
          last.delete(session)
          const said = part && !part.synthetic && !asked.has(part.messageID) ? part.text : ""
          await hook({ hook_event_name: "Stop", session_id: session, cwd: directory, last_assistant_message: said })
        }
      } catch {}
    },
  }
}
)";

bool is_file(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

}  // namespace

base::Result<Plan> plan_opencode(const Surroundings& around, Scope scope) {
  bool user = scope == Scope::user;
  auto folder = user ? around.config_home / "opencode" : around.project;
  auto config = folder / "opencode.json";
  if (!is_file(config) && is_file(folder / "opencode.jsonc")) config = folder / "opencode.jsonc";
  std::string binary = base::repair_utf8(around.binary.string());
  Plan plan;
  plan.changes.push_back(
      {.kind = Change::Kind::json_member,
       .file = config,
       .keys = {"mcp", "mira"},
       .value = {{"type", "local"}, {"command", OrderedJson::array({binary, "mcp"})}, {"enabled", true}}});
  auto plugins = user ? folder / "plugins" : around.project / ".opencode" / "plugins";
  plan.changes.push_back(
      {.kind = Change::Kind::whole_file,
       .file = plugins / "mira.ts",
       .body = std::string(plugin_head) + nlohmann::json(binary).dump() + std::string(plugin_body)});
  return plan;
}

}  // namespace mira::clients
