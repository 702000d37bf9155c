#include "faces/cli/reference.h"

#include <fmt/format.h>

#include "faces/cli/help.h"

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Param;

std::string escape_cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string param_table(const Action& action) {
  if (action.params.empty()) return "";
  std::string out = "| option | meaning | default |\n|---|---|---|\n";
  for (const Param& param : action.params) {
    std::string fallback = param.required             ? "required"
                           : param.fallback.is_null() ? ""
                                                      : param.fallback.dump();
    out += fmt::format("| `{}` | {} | {} |\n", escape_cell(param_label(param)), escape_cell(param.help),
                       fallback);
  }
  return out + "\n";
}

std::string_view needs_text(const Action& action) {
  switch (action.needs) {
    case contracts::Needs::nothing:
      return "Needs no project.";
    case contracts::Needs::project:
      return "Reads the project as it was last indexed.";
    case contracts::Needs::fresh:
      return "Brings the index up to date first.";
  }
  return "";
}

std::string section(const Action& action) {
  std::string out = fmt::format("## mira {}\n\n{}.", action.name, action.summary);
  if (!action.description.empty()) out += " " + action.description;
  out += fmt::format("\n\n```\n{}\n```\n\n", usage_line(action));
  for (const auto& example : action.examples)
    out += fmt::format("- `{}`: {}\n", example.command, example.what);
  if (!action.examples.empty()) out += "\n";
  out += param_table(action);
  out += std::string(needs_text(action)) + (action.batch ? " Takes `--batch`.\n" : "\n");
  if (!action.data_shape.empty())
    out += fmt::format("\nWith `--json`, `data` is\n\n```json\n{}\n```\n", action.data_shape);
  return out + "\n";
}

}  // namespace

std::string reference_markdown(const contracts::Registry& registry) {
  std::string out =
      "# Reference\n\n"
      "Made from the program's own definitions by `mira reference`; a test fails when they differ.\n\n"
      "Every command takes `--json` (one object: `{\"ok\":true,\"data\":..,\"notes\":[..]}` or\n"
      "`{\"ok\":false,\"error\":{\"code\",\"message\",\"hint\",\"next\"}}`), `--help`, `--plain`, `--quiet` "
      "and `--timeout SECONDS`.\n\n"
      "| exit code | `error.code` | meaning |\n|---|---|---|\n"
      "| 0 | | done, an empty list too |\n| 1 | failed | anything without a better name |\n"
      "| 2 | usage | the request itself is wrong |\n| 3 | not_found | the one thing asked for does not exist "
      "|\n"
      "| 4 | unavailable | store damaged, of a newer version, full, or forbidden |\n"
      "| 5 | locked | somebody else holds the lock |\n| 6 | over_budget | a spending cap would be passed |\n"
      "| 7 | provider | a model or vector server refused |\n| 124 | timeout | `--timeout` passed |\n"
      "| 130 | interrupted | Ctrl-C |\n\n";
  for (const Action& action : registry.all()) out += section(action);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace mira::cli
