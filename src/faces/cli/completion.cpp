#include "faces/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "faces/cli/help.h"
#include "faces/cli/parse.h"
#include "platform/base/text.h"

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Param;
using contracts::ParamKind;
using contracts::Registry;

std::string first_word(const Action& action) {
  return action.name.substr(0, action.name.find(' '));
}

// What begins the command lines: each with what stands beside it in a list, in the order of the registry.
struct First {
  std::string word, summary;
  std::vector<const Action*> seconds;  // commands of two words
};

std::vector<First> firsts(const Registry& registry) {
  std::vector<First> out;
  for (const Action& action : registry.all()) {
    std::string word = first_word(action);
    auto known = std::ranges::find(out, word, &First::word);
    if (known == out.end()) known = out.insert(out.end(), {word, "", {}});
    if (action.name == word)
      known->summary = action.summary;
    else
      known->seconds.push_back(&action);
  }
  for (First& first : out)
    if (first.summary.empty()) first.summary = "several commands: mira " + first.word + " --help";
  return out;
}

std::string second_word(const Action& action) {
  return action.name.substr(action.name.find(' ') + 1);
}

std::string words_of(const std::vector<First>& all) {
  std::string out;
  for (const First& first : all) out += (out.empty() ? "" : " ") + first.word;
  return out;
}

std::string seconds_of(const First& first) {
  std::string out;
  for (const Action* action : first.seconds) out += (out.empty() ? "" : " ") + second_word(*action);
  return out;
}

std::string flag_of(const Param& param) {
  std::string label = param_label(param);
  return label.substr(0, label.find(' '));
}

std::string flags_of(const Action& action) {
  std::string out = "--help --json --plain --quiet --timeout";
  for (const CommonOption& option : common_options(action)) {
    std::string_view flag = option.flags.substr(0, option.flags.find(' '));
    if (flag == "--project" || flag == "--batch") out += " " + std::string(flag);
  }
  for (const Param& param : action.params)
    if (!param.positional) out += " " + flag_of(param);
  return out;
}

// What may stand without a flag, where that is known: "bash zsh fish".
std::string positional_values(const Action& action) {
  std::vector<std::string> out;
  for (const Param& param : action.params)
    if (param.positional) out.insert(out.end(), param.choices.begin(), param.choices.end());
  return base::join(out, " ");
}

// case branches of bash and zsh: what one command takes.
std::string branches(const Registry& registry) {
  std::string out;
  for (bool two_words : {true, false}) {
    for (const Action& action : registry.all()) {
      if ((action.name != first_word(action)) != two_words) continue;
      out += fmt::format("    \"{} \"*) options=\"{}\"", action.name, flags_of(action));
      if (std::string values = positional_values(action); !values.empty())
        out += fmt::format(" values=\"{}\"", values);
      std::string options;
      for (const Param& param : action.params) {
        if (param.positional || param.choices.empty()) continue;
        options +=
            fmt::format(" {}) values=\"{}\" only=1 ;;", flag_of(param), base::join(param.choices, " "));
      }
      if (!options.empty()) out += fmt::format("\n      case \"$before\" in{} esac", options);
      out += " ;;\n";
    }
  }
  return out;
}

std::string second_branches(const std::vector<First>& all) {
  std::string out;
  for (const First& first : all)
    if (!first.seconds.empty())
      out += fmt::format("    {}) seconds=\"{}\" ;;\n", first.word, seconds_of(first));
  return out;
}

constexpr std::string_view bash_text = R"(# bash completion of mira, made by `mira completion bash`
_mira() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local first="${{COMP_WORDS[1]}}" at="$COMP_CWORD" options="" values="" seconds="" only=""
  local firsts="{firsts}"
  local line="${{COMP_WORDS[*]:1:COMP_CWORD-1}} "
  if [ "$first" = help ] && [ "$at" -gt 1 ]; then
    first="${{COMP_WORDS[2]}}" at=$((at - 1)) line="-"
  fi
  case "$first" in
{seconds}  esac
  if [ "$at" -eq 1 ]; then
    values="$firsts" only=1
    [ "$COMP_CWORD" -eq 1 ] && values="$values help" options="--help --version"
  else
    case "$line" in
{branches}    esac
    [ "$at" -eq 2 ] && [ -n "$seconds" ] && values="$seconds $values"
    [ "$line" = - ] && only=1
  fi
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$word")) ;;
  esac
  if [ "${{#COMPREPLY[@]}}" -eq 0 ] && [ -z "$only" ]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -F _mira mira
)";

constexpr std::string_view zsh_text = R"(#compdef mira
# zsh completion of mira, made by `mira completion zsh`
_mira() {{
  local -a commands
  local first="$words[2]" at=$CURRENT before="$words[CURRENT-1]" options="" values="" seconds="" only=""
  local line="${{words[2,CURRENT-1]}} "
  commands=(
{commands}  )
  if [[ "$first" == help ]] && (( at > 2 )); then
    first="$words[3]" line="-"
    (( at -= 1 ))
  fi
  if (( at == 2 )); then
    if [[ "$PREFIX" == -* ]]; then compadd -- --help --version; else _describe 'command' commands; fi
    return
  fi
  case "$first" in
{seconds}  esac
  case "$line" in
{branches}  esac
  (( at == 3 )) && values="$seconds $values"
  [[ "$line" == - ]] && only=1
  if [[ "$PREFIX" == -* ]]; then
    compadd -- ${{=options}}
    return
  fi
  [[ -n "${{values// /}}" ]] && compadd -- ${{=values}} && return
  [[ -z "$only" ]] && _files
}}
compdef _mira mira
)";

std::string bash_completion(const Registry& registry) {
  const std::vector<First> all = firsts(registry);
  return fmt::format(bash_text, fmt::arg("firsts", words_of(all)), fmt::arg("seconds", second_branches(all)),
                     fmt::arg("branches", branches(registry)));
}

std::string zsh_completion(const Registry& registry) {
  const std::vector<First> all = firsts(registry);
  std::string commands;
  for (const First& first : all) {
    std::string summary;
    for (char c : first.summary)
      summary += c == '\'' ? std::string("'\\''") : c == ':' ? "\\:" : std::string(1, c);
    commands += fmt::format("    '{}:{}'\n", first.word, summary);
  }
  commands += "    'help:Help on a command'\n";
  return fmt::format(zsh_text, fmt::arg("commands", commands), fmt::arg("seconds", second_branches(all)),
                     fmt::arg("branches", branches(registry)));
}

std::string fish_quoted(std::string_view text) {
  std::string quoted;
  for (char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return "'" + quoted + "'";
}

std::string fish_option(const Action& action, const Param& param) {
  std::string out = fmt::format("complete -c mira -n '__mira_is {}' -l {} -d {}", action.name,
                                flag_of(param).substr(2), fish_quoted(param.help));
  if (!param.choices.empty())
    out += fmt::format(" -x -a '{}'", base::join(param.choices, " "));
  else if (param.kind != ParamKind::boolean)
    out += " -r";
  return out + "\n";
}

std::string fish_completion(const Registry& registry) {
  const std::vector<First> all = firsts(registry);
  std::string out =
      "# fish completion of mira, made by `mira completion fish`\n"
      "function __mira_is # the command line begins with these words\n"
      "  set -l given (commandline -opc)\n"
      "  set -l last (math 1 + (count $argv))\n"
      "  test (count $given) -ge $last; and test \"$given[2..$last]\" = \"$argv\"\n"
      "end\n"
      "function __mira_at # and nothing else is there yet\n"
      "  test (count (commandline -opc)) -eq (math 1 + (count $argv)); and __mira_is $argv\n"
      "end\n";
  for (const First& first : all)
    out += fmt::format("complete -c mira -n __fish_use_subcommand -f -a {} -d {}\n", first.word,
                       fish_quoted(first.summary));
  out += fmt::format(
      "complete -c mira -n __fish_use_subcommand -f -a help -d 'Help on a command'\n"
      "complete -c mira -n '__mira_at help' -f -a '{}'\n",
      words_of(all));
  for (const First& first : all) {
    for (const Action* action : first.seconds) {
      out += fmt::format("complete -c mira -n '__mira_at {0}' -f -a {1} -d {2}\n", first.word,
                         second_word(*action), fish_quoted(action->summary));
    }
    if (!first.seconds.empty())
      out +=
          fmt::format("complete -c mira -n '__mira_at help {}' -f -a '{}'\n", first.word, seconds_of(first));
  }
  for (const Action& action : registry.all()) {
    if (std::string values = positional_values(action); !values.empty())
      out += fmt::format("complete -c mira -n '__mira_is {}' -f -a '{}'\n", action.name, values);
    for (const Param& param : action.params)
      if (!param.positional) out += fish_option(action, param);
  }
  out +=
      "complete -c mira -n 'not __fish_use_subcommand' -l json -d 'print the machine-readable form'\n"
      "complete -c mira -n 'not __fish_use_subcommand' -l plain -d 'no colour, no redrawn lines'\n"
      "complete -c mira -n 'not __fish_use_subcommand' -s q -l quiet -d 'no progress and no notes'\n"
      "complete -c mira -n 'not __fish_use_subcommand' -l timeout -x -d 'give up after this many seconds'\n"
      "complete -c mira -s h -l help -d 'help, on every level'\n";
  return out;
}

}  // namespace

std::string completion_script(const Registry& registry, std::string_view shell) {
  if (shell == "zsh") return zsh_completion(registry);
  if (shell == "fish") return fish_completion(registry);
  return bash_completion(registry);
}

}  // namespace mira::cli
