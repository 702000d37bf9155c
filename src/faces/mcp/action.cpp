#include <unistd.h>

#include <cstdlib>

#include "faces/mcp/stdio.h"
#include "faces/mcp/tools.h"

namespace mira::mcp {
namespace {

constexpr int drain_ms = 600'000;

// Has the index brought up to date while the client starts, where that was asked for before
// (an index is there) or is plainly meant (a repository). A mere folder is left alone.
void warm_up(contracts::Host& host, const std::string& project, base::Deadline deadline) {
  const contracts::Action* status = host.registry().find("status");
  const contracts::Action* index = host.registry().find("index");
  if (status == nullptr || index == nullptr) return;
  base::QuietProgress quiet;
  auto state = host.call(*status, {.project = project, .arguments = Json::object()}, quiet, deadline);
  if (!state || !state->data.value("stale", false)) return;
  bool meant = state->data.value("indexed", false) || state->data["project"].value("git", false);
  auto arguments = contracts::check_arguments(*index, Json::object());
  if (!meant || !arguments) return;
  // Its failure is met again, and told, by the next question.
  [[maybe_unused]] auto ignored =
      host.call(*index, {.project = project, .arguments = *arguments}, quiet, deadline);
}

base::Result<contracts::Reply> serve(contracts::Host& host, const std::string& version,
                                     contracts::Call& call) {
  std::string project =
      call.arguments["project"].is_string() ? call.arguments["project"].get<std::string>() : "";
  Offer offer = mira_offer(host, project, version);
  StdioOptions options{.input = STDIN_FILENO, .output = STDOUT_FILENO};
  if (call.arguments["drain"].get<bool>()) options.grace_ms = drain_ms;
  options.deadline = call.deadline;
  options.when_connected = [&](base::Deadline deadline) { warm_up(host, project, deadline); };
  if (!serve_stdio(offer, options)) std::_Exit(0);  // work that does not stop in time dies with the process
  return contracts::Reply{.data = Json::object()};
}

}  // namespace

contracts::Action mcp_action(contracts::Host& host, std::string version) {
  return {
      .name = "mcp",
      .group = "agents",
      .summary =
          "Serve this project to an agent over the Model Context Protocol on standard input and output",
      .description =
          "Speaks the revisions 2024-11-05 to 2026-07-28, each request in its own. Ends when its input "
          "ends, or by SIGTERM. Agents start it by themselves once it is in their configuration.",
      .params = {{.name = "project", .help = "a path in the project; default: the working folder"},
                 {.name = "drain",
                  .kind = contracts::ParamKind::boolean,
                  .help = "answer all that was asked before the input ended, however long it takes",
                  .fallback = false}},
      .examples = {{"mira mcp", "what an agent runs"},
                   {"mira mcp --drain < requests.jsonl", "answer a file of requests"}},
      .data_shape = "{}",
      .needs = contracts::Needs::nothing,
      .handle = [&host,
                 version = std::move(version)](contracts::Call& call) { return serve(host, version, call); },
      .render = [](const contracts::Reply&, const contracts::Style&) { return std::string(); },
  };
}

}  // namespace mira::mcp
