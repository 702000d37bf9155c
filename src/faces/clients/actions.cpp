#include "faces/clients/actions.h"

#include <fmt/format.h>

#include "faces/clients/connect.h"
#include "faces/clients/plugin.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/workspace/project.h"

namespace mira::clients {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;
using contracts::Reply;

enum class Instructions { leave, put, take };  // the block in CLAUDE.md or AGENTS.md

struct Asked {
  Surroundings around;
  std::filesystem::path journal;
  std::vector<const ClientRow*> clients;
  Scope scope = Scope::user;
  Instructions instructions = Instructions::leave;
};

Result<std::vector<const ClientRow*>> asked_clients(const Json& arguments, const Surroundings& around) {
  std::vector<const ClientRow*> out;
  for (const Json& name : arguments["clients"]) {
    const ClientRow* row = find_client(name.get<std::string>());
    if (row == nullptr)
      return base::fail(base::ErrorCode::usage,
                        fmt::format("\"{}\" is not an agent that Mira can connect",
                                    base::display_line(name.get<std::string>())),
                        "choose from: claude, codex, gemini, opencode, cursor");
    out.push_back(row);
  }
  if (!out.empty()) return out;
  for (const ClientRow& row : client_rows())
    if (row.is_present(around)) out.push_back(&row);
  return out;
}

Result<Asked> read_asked(const Call& call) {
  base::Home home = MIRA_TRY(base::find_home());
  auto project = MIRA_TRY(workspace::find_project(".", home));
  Asked asked{.around = MIRA_TRY(find_surroundings(project.root)), .journal = home.data / "connect"};
  asked.scope = call.arguments["scope"] == "project" ? Scope::project : Scope::user;
  asked.clients = MIRA_TRY(asked_clients(call.arguments, asked.around));
  return asked;
}

std::string_view standing_name(Standing standing) {
  switch (standing) {
    case Standing::none:
      return "not connected";
    case Standing::part:
      return "partly connected";
    case Standing::whole:
      return "connected";
  }
  return "";
}

Result<Reply> show_standing(const Asked& asked) {
  Json clients = Json::array();
  for (const ClientRow& row : client_rows()) {
    bool present = row.is_present(asked.around);
    Json one{{"name", row.name}, {"title", row.title}, {"present", present}};
    auto plan = row.plan(asked.around, asked.scope);
    auto stands = plan ? standing(*plan) : Result<Standing>(std::unexpected(plan.error()));
    one["standing"] = stands ? std::string(standing_name(*stands)) : stands.error().message;
    clients.push_back(std::move(one));
  }
  return Reply{.data = {{"clients", std::move(clients)}}};
}

enum class Task { connect, disconnect };
using Planner = std::function<Result<std::vector<FileEdit>>(const ClientRow&, const Plan&)>;
using Writer = std::function<base::Status(const std::vector<FileEdit>&)>;

struct Work {
  Json files = Json::array();
  std::vector<std::string> notes;
  bool failed = false;
};

void add_failure(Work& work, const ClientRow& client, const base::Error& error) {
  work.failed = true;
  work.notes.push_back(
      fmt::format("{}: {}{}{}", client.title, error.message, error.hint.empty() ? "" : "; ", error.hint));
}

void add_instructions(const Asked& asked, const ClientRow& client, Plan& plan, Work& work) {
  if (auto change = instructions_change(client, asked.around, asked.scope))
    plan.changes.push_back(*std::move(change));
  else if (asked.instructions == Instructions::put)
    work.notes.push_back(fmt::format("{} has no file of instructions of this scope", client.title));
}

// What was done, and what the person has to know of it: nothing of that where nothing changed.
void add_outcome(const ClientRow& client, const Plan& plan, Task task, bool write, bool changes, Work& work) {
  if (!changes) {
    work.notes.push_back(fmt::format("{}: nothing to change", client.title));
    return;
  }
  if (write)
    work.notes.push_back(
        fmt::format("{}: {}", client.title,
                    task == Task::connect ? "connected, from its next session on" : "disconnected"));
  if (task == Task::connect) work.notes.insert(work.notes.end(), plan.notes.begin(), plan.notes.end());
}

// One client's files; what fails costs this client only.
void work_on(const Asked& asked, const ClientRow& client, Task task, bool write, const Planner& planner,
             const Writer& writer, Work& work) {
  auto plan = client.plan(asked.around, asked.scope);
  if (!plan) return add_failure(work, client, plan.error());
  if (asked.instructions != Instructions::leave) add_instructions(asked, client, *plan, work);
  auto edits = planner(client, *plan);
  if (!edits) return add_failure(work, client, edits.error());
  if (write) {
    if (auto written = writer(*edits); !written) return add_failure(work, client, written.error());
  }
  add_outcome(client, *plan, task, write, !edits->empty(), work);
  for (const FileEdit& edit : *edits)
    work.files.push_back({{"client", client.name},
                          {"file", base::repair_utf8(edit.file.native())},
                          {"exact", edit.exact},
                          {"diff", difference(edit)}});
}

Result<Reply> work_on_all(const Call& call, const Asked& asked, Task task, const Planner& planner,
                          const Writer& writer) {
  bool write = call.arguments["yes"].get<bool>() && !call.arguments["dry_run"].get<bool>();
  Work work;
  for (const ClientRow* client : asked.clients) work_on(asked, *client, task, write, planner, writer, work);
  if (asked.clients.empty()) work.notes.push_back("no agent that Mira knows was found here");
  if (!write && !work.files.empty()) work.notes.push_back("nothing was written: run it again with --yes");
  return Reply{.data = {{"written", write && !work.files.empty()}, {"files", std::move(work.files)}},
               .notes = std::move(work.notes),
               .exit_code = work.failed ? base::exit_code(base::ErrorCode::failed) : 0};
}

Result<Reply> connect_now(Call& call) {
  Asked asked = MIRA_TRY(read_asked(call));
  bool named = !call.arguments["clients"].empty() || call.arguments["all"].get<bool>();
  if (call.arguments["status"].get<bool>() || !named) return show_standing(asked);
  if (call.arguments["instructions"].get<bool>()) asked.instructions = Instructions::put;
  return work_on_all(call, asked, Task::connect, plan_connect,
                     [&](const std::vector<FileEdit>& edits) { return write_connect(edits, asked.journal); });
}

Result<Reply> disconnect_now(Call& call) {
  Asked asked = MIRA_TRY(read_asked(call));
  bool named = !call.arguments["clients"].empty() || call.arguments["all"].get<bool>();
  if (!named)
    return base::fail(base::ErrorCode::usage, "say which agents to disconnect", "mira disconnect --all");
  asked.instructions = Instructions::take;
  return work_on_all(
      call, asked, Task::disconnect,
      [&](const ClientRow& client, const Plan& plan) { return plan_disconnect(client, plan, asked.journal); },
      [&](const std::vector<FileEdit>& edits) { return write_disconnect(edits, asked.journal); });
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  if (reply.data.contains("clients")) {
    for (const Json& one : reply.data["clients"])
      out += fmt::format("{:<12} {:<18} {}\n", one["title"].get<std::string>(),
                         one["standing"].get<std::string>(),
                         one["present"].get<bool>() ? "" : "(not installed)");
    return out;
  }
  for (const Json& file : reply.data["files"]) out += file["diff"].get<std::string>();
  return out;
}

std::vector<Param> params(bool connecting) {
  std::vector<Param> out{{.name = "clients",
                          .kind = ParamKind::text_list,
                          .help = "claude, codex, gemini, opencode, cursor",
                          .positional = true,
                          .fallback = Json::array(),
                          .choices = {"claude", "codex", "gemini", "opencode", "cursor"}},
                         {.name = "all",
                          .kind = ParamKind::boolean,
                          .help = "every agent that is installed here",
                          .fallback = false},
                         {.name = "scope",
                          .kind = ParamKind::choice,
                          .help = "the user's own configuration, or this project's",
                          .fallback = "user",
                          .choices = {"user", "project"}},
                         {.name = "yes",
                          .kind = ParamKind::boolean,
                          .help = "write; without it the changes are only shown",
                          .fallback = false},
                         {.name = "dry_run",
                          .kind = ParamKind::boolean,
                          .help = "only show the changes, even with --yes",
                          .fallback = false}};
  if (!connecting) return out;
  out.push_back({.name = "instructions",
                 .kind = ParamKind::boolean,
                 .help = "also a marked block in the agent's CLAUDE.md, AGENTS.md or GEMINI.md",
                 .fallback = false});
  out.push_back({.name = "status",
                 .kind = ParamKind::boolean,
                 .help = "show which agents are there and connected",
                 .fallback = false});
  return out;
}

constexpr const char* shape =
    R"({"written": true, "files": [{"client": "claude", "file": "/home/ada/.claude.json", "exact": true, "diff": "--- ..."}]}
// connect --status: {"clients": [{"name": "claude", "title": "Claude Code", "present": true, "standing": "connected"}]})";

Action connect_action() {
  return {.name = "connect",
          .group = "agents",
          .summary = "Put Mira's server and hooks into the configuration of agents",
          .description =
              "Shows what would change in which file, and writes it with --yes. Comments, order and every "
              "other byte stay; "
              "the bytes before are kept, so that disconnect gives them back. A file that cannot be "
              "understood is not touched. Files of instructions (CLAUDE.md, AGENTS.md) are touched only with "
              "--instructions.",
          .params = params(true),
          .examples = {{"mira connect --all", "what would change for the agents installed here"},
                       {"mira connect claude codex --yes", "connect two"},
                       {"mira connect claude --scope project --instructions --yes",
                        "with a few lines in the project's CLAUDE.md"},
                       {"mira connect --status", "which are connected"}},
          .data_shape = shape,
          .needs = contracts::Needs::nothing,
          .read_only = false,
          .handle = connect_now,
          .render = render};
}

Action disconnect_action() {
  return {.name = "disconnect",
          .group = "agents",
          .summary = "Take Mira out of the configuration of agents again",
          .description =
              "Gives back the bytes that were there before connect, when nobody else has written the file "
              "since; else takes out only what is Mira's.",
          .params = params(false),
          .examples = {{"mira disconnect --all --yes", "everywhere"}},
          .data_shape = shape,
          .needs = contracts::Needs::nothing,
          .read_only = false,
          .handle = disconnect_now,
          .render = render};
}

Action plugin_action(std::string version) {
  return {
      .name = "plugin dir",
      .group = "agents",
      .summary = "Print the folder of Mira's plugin for Claude Code and Codex",
      .description =
          "Writes the folder, a marketplace with one plugin, if it is not there or not of this program. Use "
          "the plugin or connect, not both.",
      .params = {},
      .examples = {{"mira plugin dir", "the folder that `claude plugin marketplace add` takes"},
                   {"claude plugin marketplace add \"$(mira plugin dir)\"",
                    "then: claude plugin install "
                    "mira@mira-tools"}},
      .data_shape = R"({"folder": "/home/ada/.local/share/mira/marketplace"})",
      .needs = contracts::Needs::nothing,
      .read_only = false,
      .handle = [version = std::move(version)](Call&) -> Result<Reply> {
        base::Home home = MIRA_TRY(base::find_home());
        Surroundings around = MIRA_TRY(find_surroundings("/"));
        auto folder = MIRA_TRY(write_plugin(home.data / "marketplace", around, version));
        return Reply{.data = {{"folder", base::repair_utf8(folder.native())}}};
      },
      .render = [](const Reply& reply,
                   const contracts::Style&) { return reply.data["folder"].get<std::string>() + "\n"; }};
}

}  // namespace

void add_actions(contracts::Registry& registry, std::string version) {
  registry.add(connect_action());
  registry.add(disconnect_action());
  registry.add(plugin_action(std::move(version)));
}

}  // namespace mira::clients
