#include "faces/cli/cli.h"
#include "faces/cli/completion.h"
#include "faces/cli/man.h"
#include "faces/cli/reference.h"
#include "faces/cli/statusline.h"

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Reply;

Action completion_action() {
  return {
      .name = "completion",
      .group = "program",
      .summary = "Print the completion script of a shell",
      .description = {},
      .params = {{.name = "shell",
                  .kind = contracts::ParamKind::choice,
                  .help = "bash, zsh or fish",
                  .required = true,
                  .positional = true,
                  .choices = {"bash", "zsh", "fish"}}},
      .examples = {{"mira completion bash > ~/.local/share/bash-completion/completions/mira",
                    "for new shells"}},
      .data_shape = R"({"shell": "bash", "script": "..."})",
      .needs = contracts::Needs::nothing,
      .handle = [](Call& call) -> base::Result<Reply> {
        auto shell = call.arguments["shell"].get<std::string>();
        return Reply{.data = {{"shell", shell}, {"script", completion_script(call.registry, shell)}}};
      },
      .render = [](const Reply& reply,
                   const contracts::Style&) { return reply.data["script"].get<std::string>(); },
  };
}

Action reference_action() {
  return {
      .name = "reference",
      .group = "program",
      .summary = "Print the reference of all commands as Markdown",
      .description = {},
      .params = {},
      .examples = {{"mira reference > docs/reference.md", "how that file is made"}},
      .data_shape = R"({"markdown": "..."})",
      .needs = contracts::Needs::nothing,
      .handle = [](Call& call) -> base::Result<Reply> {
        return Reply{.data = {{"markdown", reference_markdown(call.registry)}}};
      },
      .render = [](const Reply& reply,
                   const contracts::Style&) { return reply.data["markdown"].get<std::string>(); },
  };
}

Action man_action() {
  return {
      .name = "man",
      .group = "program",
      .summary = "Print the manual page",
      .description = {},
      .params = {},
      .examples = {{"mira man | man -l -", "read it"},
                   {"mira man > ~/.local/share/man/man1/mira.1", "keep it"}},
      .data_shape = R"({"page": ".Dd ..."})",
      .needs = contracts::Needs::nothing,
      .handle = [](Call& call) -> base::Result<Reply> {
        return Reply{.data = {{"page", manual_page(call.registry)}}};
      },
      .render = [](const Reply& reply,
                   const contracts::Style&) { return reply.data["page"].get<std::string>(); },
  };
}

Action agent_help_action() {
  return {
      .name = "agent-help",
      .group = "agents",
      .summary = "Print one page for an agent that can only run commands",
      .description = {},
      .params = {},
      .examples = {{"mira agent-help", "what to tell such an agent"}},
      .data_shape = R"({"page": "# Mira, for agents ..."})",
      .needs = contracts::Needs::nothing,
      .handle = [](Call& call) -> base::Result<Reply> {
        return Reply{.data = {{"page", agent_page(call.registry)}}};
      },
      .render = [](const Reply& reply,
                   const contracts::Style&) { return reply.data["page"].get<std::string>(); },
  };
}

}  // namespace

void add_actions(contracts::Registry& registry) {
  registry.add(completion_action());
  registry.add(reference_action());
  registry.add(man_action());
  registry.add(agent_help_action());
  registry.add(statusline_action());
}

}  // namespace mira::cli
