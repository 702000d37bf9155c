#include "faces/cli/parse.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::cli {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Action;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;
using contracts::Registry;

// What CLI11 fills in for one action, by parameter name.
struct Values {
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, double> numbers;
  std::map<std::string, bool> flags;
  std::map<std::string, CLI::Option*> options;
  bool from_stdin = false;
};

std::size_t count_positionals(const Action& action) {
  return static_cast<std::size_t>(std::count_if(action.params.begin(), action.params.end(),
                                                [](const Param& param) { return param.positional; }));
}

std::string option_name(const Param& param) {
  std::string name = param.name;
  std::replace(name.begin(), name.end(), '_', '-');
  return param.positional ? name : "--" + name;
}

void declare(CLI::App& app, const Param& param, bool alone, Values& values) {
  std::string name = option_name(param);
  switch (param.kind) {
    case ParamKind::integer:
      values.options[param.name] = app.add_option(name, values.integers[param.name]);
      break;
    case ParamKind::number:
      values.options[param.name] = app.add_option(name, values.numbers[param.name]);
      break;
    case ParamKind::boolean:
      values.options[param.name] = app.add_flag(name, values.flags[param.name]);
      break;
    default: {
      CLI::Option* option = app.add_option(name, values.texts[param.name]);
      bool takes_many = param.positional && (alone || param.kind == ParamKind::text_list);
      if (param.kind != ParamKind::text_list && !takes_many) option->expected(1);
      // A list option takes one word each time, and the first of several words is not all of them.
      if (!param.positional || !takes_many) option->allow_extra_args(false);
      values.options[param.name] = option;
    }
  }
  if (param.reads_stdin) app.add_flag("--stdin", values.from_stdin);
}

Result<std::string> read_stdin() {
  std::string out;
  char buffer[65536];
  while (true) {
    ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0) return base::fail(ErrorCode::failed, "standard input cannot be read");
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > static_cast<std::size_t>(limits::batch_line_bytes)) {
      return base::fail(ErrorCode::usage,
                        fmt::format("standard input is over {} bytes", limits::batch_line_bytes));
    }
  }
}

Result<Json> text_value(const Param& param, std::vector<std::string> words, bool alone, bool from_stdin) {
  if (param.kind == ParamKind::text_list) {
    for (std::string& word : words) word = base::repair_utf8(word);
    return Json(words);
  }
  if (param.reads_stdin && (from_stdin || (words.size() == 1 && words[0] == "-"))) {
    return Json(base::repair_utf8(MIRA_TRY(read_stdin())));
  }
  if (words.size() > 1 && !alone) {
    return base::fail(ErrorCode::usage, fmt::format("\"{}\" was not expected", base::display_line(words[1])));
  }
  return Json(base::repair_utf8(base::join(words, " ")));
}

Result<Json> collect(const Action& action, const Values& values) {
  Json given = Json::object();
  bool alone = count_positionals(action) == 1;
  for (const Param& param : action.params) {
    bool was_given = values.options.at(param.name)->count() > 0;
    if (!was_given && !(param.reads_stdin && values.from_stdin)) continue;
    switch (param.kind) {
      case ParamKind::integer:
        given[param.name] = values.integers.at(param.name);
        break;
      case ParamKind::number:
        given[param.name] = values.numbers.at(param.name);
        break;
      case ParamKind::boolean:
        given[param.name] = values.flags.at(param.name);
        break;
      default:
        given[param.name] =
            MIRA_TRY(text_value(param, values.texts.at(param.name), alone, values.from_stdin));
    }
  }
  return given;
}

void declare_common(CLI::App& app, const Action& action, Invocation& invocation) {
  app.set_help_flag();
  app.add_flag("-h,--help", invocation.help);
  app.add_flag("--json", invocation.json);
  app.add_flag("--plain", invocation.plain);
  app.add_flag("-q,--quiet", invocation.quiet);
  app.add_option("--timeout", invocation.timeout_s);
  bool names_project = std::any_of(action.params.begin(), action.params.end(),
                                   [](const Param& param) { return param.name == "project"; });
  if (action.needs != contracts::Needs::nothing && !names_project)
    app.add_option("--project", invocation.project);
  if (action.batch) app.add_flag("--batch", invocation.batch);
}

// Longest registered name that the leading words spell: "graph export" before "graph".
std::pair<const Action*, std::size_t> find_action(const Registry& registry,
                                                  std::span<char* const> arguments) {
  std::string name;
  std::pair<const Action*, std::size_t> found{nullptr, 0};
  for (std::size_t i = 0; i < arguments.size() && i < 3; ++i) {
    if (arguments[i][0] == '-') break;
    name += (i ? " " : "") + std::string(arguments[i]);
    if (const Action* action = registry.find(name)) found = {action, i + 1};
  }
  return found;
}

bool is_family(const Registry& registry, std::string_view word) {
  return std::ranges::any_of(registry.all(), [&](const Action& action) {
    return action.name.size() > word.size() && action.name[word.size()] == ' ' &&
           action.name.starts_with(word);
  });
}

// "mira config --help", "mira help config": a word that only begins commands.
std::optional<Invocation> help_on_family(const Registry& registry, std::span<char* const> words, bool asked) {
  if (words.empty() || !is_family(registry, words[0])) return std::nullopt;
  for (std::string_view word : words.subspan(1)) asked = asked || word == "-h" || word == "--help";
  if (!asked || (words.size() > 1 && words[1][0] != '-')) return std::nullopt;
  Invocation out;
  out.family = words[0];
  out.help = true;
  return out;
}

base::Error unknown_verb(const Registry& registry, std::span<char* const> arguments) {
  std::string first = arguments[0];
  base::Error error{ErrorCode::usage,
                    fmt::format("\"{}\" is not a command of mira", base::display_line(first)),
                    "see: mira --help",
                    {}};
  for (const Action& action : registry.all()) {
    if (action.name.starts_with(first + " ")) error.next.push_back("mira " + action.name);
  }
  if (arguments.size() > 1 && error.next.empty()) {
    for (const std::string& name : registry.similar(first + " " + arguments[1]))
      error.next.push_back("mira " + name);
  }
  if (error.next.empty()) {
    for (const std::string& name : registry.similar(first)) error.next.push_back("mira " + name);
  }
  if (!error.next.empty()) error.hint = "did you mean: " + base::join(error.next, ", or ") + "?";
  return error;
}

std::string nearest_option(const Action& action, const std::string& message) {
  Registry names;
  for (const Param& param : action.params) {
    if (!param.positional && names.find(option_name(param)) == nullptr)
      names.add({.name = option_name(param)});
  }
  for (const char* common : {"--json", "--project", "--plain", "--quiet", "--timeout", "--help"}) {
    if (names.find(common) == nullptr) names.add({.name = common});
  }
  std::size_t at = message.find("--");
  if (at == std::string::npos) return "";
  std::string word = message.substr(at, message.find_first_of(" ='\"", at) - at);
  std::vector<std::string> near = names.similar(word);
  return near.empty() || near[0] == word ? "" : "did you mean " + near[0] + "? ";
}

// "--limit must be a number, not x": what was given where a number is due ("Could not convert: --limit = x").
std::string sentence_of(const CLI::ParseError& error) {
  std::string said = base::display_line(error.what());
  constexpr std::string_view prefix = "Could not convert: ";
  std::size_t sign = said.find(" = ");
  if (!said.starts_with(prefix) || sign == std::string::npos) return said;
  return fmt::format("{} must be a number, not {}", said.substr(prefix.size(), sign - prefix.size()),
                     said.substr(sign + 3));
}

// `--json` of an action that has forms of its own asks for that one.
bool offers_json_format(const Action& action) {
  return std::any_of(action.params.begin(), action.params.end(), [](const Param& param) {
    return param.name == "format" &&
           std::find(param.choices.begin(), param.choices.end(), "json") != param.choices.end();
  });
}

Result<Invocation> parse_action(const Action& action, std::span<char* const> rest) {
  Invocation invocation;
  invocation.action = &action;
  CLI::App app;
  Values values;
  declare_common(app, action, invocation);
  bool alone = count_positionals(action) == 1;
  for (const Param& param : action.params) declare(app, param, alone, values);
  std::vector<std::string> words(rest.rbegin(), rest.rend());  // CLI11 wants them reversed
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    if (invocation.help) return invocation;
    std::string message = sentence_of(error);
    return base::fail(ErrorCode::usage, message,
                      fmt::format("{}see: mira {} --help", nearest_option(action, message), action.name));
  }
  if (invocation.help || invocation.batch) return invocation;
  Json given = MIRA_TRY(collect(action, values));
  if (invocation.json && !given.contains("format") && offers_json_format(action)) given["format"] = "json";
  auto checked = contracts::check_arguments(action, given);
  if (!checked) {
    base::Error error = checked.error();
    error.hint += (error.hint.empty() ? "" : "; ") + fmt::format("see: mira {} --help", action.name);
    return std::unexpected(std::move(error));
  }
  invocation.arguments = std::move(*checked);
  if (auto project = invocation.arguments.find("project"); project != invocation.arguments.end()) {
    if (project->is_string()) invocation.project = project->get<std::string>();
  }
  return invocation;
}

}  // namespace

std::vector<CommonOption> common_options(const Action& action) {
  std::vector<CommonOption> out;
  bool names_project = std::any_of(action.params.begin(), action.params.end(),
                                   [](const Param& param) { return param.name == "project"; });
  if (action.needs != contracts::Needs::nothing && !names_project) {
    out.push_back({"--project DIR", "a path in the project; default: the working folder"});
  }
  if (action.batch) out.push_back({"--batch", "answer one JSON request a line from standard input"});
  out.push_back({"--json", "print the machine-readable form"});
  out.push_back({"--timeout SECONDS", "give up after this long, exit code 124"});
  out.push_back({"--plain", "no colour, no redrawn lines"});
  out.push_back({"-q, --quiet", "no progress and no notes"});
  out.push_back({"-h, --help", "this help"});
  return out;
}

Result<Invocation> parse(const Registry& registry, std::span<char* const> arguments) {
  Invocation overview;
  if (arguments.empty()) return overview;
  std::string_view first = arguments[0];
  if (first == "-h" || first == "--help" || (first == "help" && arguments.size() == 1)) {
    overview.help = true;
    return overview;
  }
  if (first == "help") {
    auto [action, used] = find_action(registry, arguments.subspan(1));
    if (action == nullptr)
      if (auto family = help_on_family(registry, arguments.subspan(1), true)) return *family;
    if (action == nullptr) return std::unexpected(unknown_verb(registry, arguments.subspan(1)));
    overview.action = action;
    overview.help = true;
    return overview;
  }
  if (first == "--version") {
    const Action* version = registry.find("version");
    if (version != nullptr) return parse_action(*version, arguments.subspan(1));
  }
  auto [action, used] = find_action(registry, arguments);
  if (action == nullptr)
    if (auto family = help_on_family(registry, arguments, false)) return *family;
  if (action == nullptr) return std::unexpected(unknown_verb(registry, arguments));
  return parse_action(*action, arguments.subspan(used));
}

}  // namespace mira::cli
