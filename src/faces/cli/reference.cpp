#include "faces/cli/reference.h"

#include <fmt/format.h>

#include "faces/cli/help.h"
#include "faces/cli/parse.h"
#include "platform/base/text.h"

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

std::string flags_of(const Action& action) {
  std::string out = "--help --json --plain --quiet --timeout";
  for (const CommonOption& option : common_options(action)) {
    std::string_view flag = option.flags.substr(0, option.flags.find(' '));
    if (flag == "--project" || flag == "--batch") out += " " + std::string(flag);
  }
  for (const Param& param : action.params) {
    if (param.positional) continue;
    std::string label = param_label(param);
    out += " " + label.substr(0, label.find(' '));
  }
  return out;
}

std::string names(const contracts::Registry& registry) {
  std::vector<std::string> first;
  for (const Action& action : registry.all()) {
    std::string word = action.name.substr(0, action.name.find(' '));
    if (first.empty() || first.back() != word) first.push_back(word);
  }
  return base::join(first, " ");
}

std::string bash_completion(const contracts::Registry& registry) {
  std::string out =
      "# bash completion of mira, made by `mira completion bash`\n_mira() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" options=\"\"\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  out += fmt::format(
      "    COMPREPLY=($(compgen -W \"{} help --help --version\" -- \"$word\"))\n    return\n  fi\n",
      names(registry));
  out += "  case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
  for (bool two_words : {true, false}) {
    for (const Action& action : registry.all()) {
      if ((action.name.find(' ') != std::string::npos) != two_words) continue;
      out += fmt::format("    \"{}\"*) options=\"{}\" ;;\n", action.name + (two_words ? "" : " "),
                         flags_of(action));
    }
  }
  out +=
      "  esac\n"
      "  case \"$word\" in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}\ncomplete -o filenames -F _mira mira\n";
  return out;
}

std::string zsh_completion(const contracts::Registry& registry) {
  std::string out =
      "#compdef mira\n# zsh completion of mira, made by `mira completion zsh`\n_mira() {\n"
      "  local -a commands\n  commands=(\n";
  for (const Action& action : registry.all()) {
    if (action.name.find(' ') != std::string::npos) continue;
    std::string summary;
    for (char c : action.summary)
      summary += c == '\'' ? std::string("'\\''") : c == ':' ? "\\:" : std::string(1, c);
    out += fmt::format("    '{}:{}'\n", action.name, summary);
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe 'command' commands\n    return\n  fi\n"
      "  case \"$words[2]\" in\n";
  for (const Action& action : registry.all()) {
    std::string first = action.name.substr(0, action.name.find(' '));
    out += fmt::format("    {}) [[ \"$PREFIX\" == -* ]] && compadd -- {} || _files ;;\n", first,
                       flags_of(action));
  }
  return out + "  esac\n}\ncompdef _mira mira\n";
}

std::string fish_completion(const contracts::Registry& registry) {
  std::string out = "# fish completion of mira, made by `mira completion fish`\n";
  auto quote = [](std::string_view text) {
    std::string quoted;
    for (char c : text) quoted += c == '\'' ? std::string("\\'") : std::string(1, c);
    return "'" + quoted + "'";
  };
  for (const Action& action : registry.all()) {
    std::string first = action.name.substr(0, action.name.find(' '));
    out +=
        fmt::format("complete -c mira -n __fish_use_subcommand -a {} -d {}\n", first, quote(action.summary));
    for (const Param& param : action.params) {
      if (param.positional) continue;
      std::string label = param_label(param);
      std::string flag =
          label.substr(2, label.find(' ') == std::string::npos ? std::string::npos : label.find(' ') - 2);
      out += fmt::format("complete -c mira -n '__fish_seen_subcommand_from {}' -l {} -d {}\n", first, flag,
                         quote(param.help));
    }
  }
  return out;
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

std::string completion_script(const contracts::Registry& registry, std::string_view shell) {
  if (shell == "zsh") return zsh_completion(registry);
  if (shell == "fish") return fish_completion(registry);
  return bash_completion(registry);
}

}  // namespace mira::cli
