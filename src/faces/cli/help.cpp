#include "faces/cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "faces/cli/parse.h"
#include "platform/base/text.h"

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Param;
using contracts::ParamKind;

constexpr auto groups = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"context", "Ask"},
    {"code", "Code"},
    {"git", "History and people"},
    {"memory", "Memory"},
    {"builds", "Builds and tests"},
    {"money", "Models and money"},
    {"agents", "Agents"},
    {"project", "Project"},
    {"program", "Program"},
});

std::string upper(std::string text) {
  for (char& c : text) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string value_label(const Param& param) {
  switch (param.kind) {
    case ParamKind::integer:
    case ParamKind::number:
      return "N";
    case ParamKind::choice:
      return base::join(param.choices, "|");
    case ParamKind::boolean:
      return "";
    default:
      return upper(param.name);
  }
}

std::string fallback_text(const Param& param) {
  if (param.fallback.is_null() || param.kind == ParamKind::boolean) return "";
  if (param.fallback.is_string()) {
    auto text = param.fallback.get<std::string>();
    return text.empty() ? "" : fmt::format(" (default: {})", text);
  }
  return param.fallback.is_array() ? "" : fmt::format(" (default: {})", param.fallback.dump());
}

std::string row(std::string_view left, std::string_view right) {
  return fmt::format("  {:<26}  {}\n", left, right);
}

}  // namespace

std::string param_label(const Param& param) {
  std::string name = param.name;
  std::replace(name.begin(), name.end(), '_', '-');
  if (param.positional) return upper(name) + (param.kind == ParamKind::text_list ? "..." : "");
  std::string value = value_label(param);
  return "--" + name + (value.empty() ? "" : " " + value);
}

std::string usage_line(const Action& action) {
  std::string out = "mira " + action.name;
  for (bool positional : {true, false}) {
    for (const Param& param : action.params) {
      if (param.positional != positional) continue;
      out += param.required ? " " + param_label(param) : " [" + param_label(param) + "]";
    }
  }
  return out;
}

std::string help(const Action& action) {
  std::string out = fmt::format("{}: {}\n\n", action.name, action.summary);
  for (const auto& example : action.examples)
    out += fmt::format("  {}\n      {}\n", example.command, example.what);
  out += fmt::format("\nUsage: {}\n", usage_line(action));
  if (!action.description.empty()) out += fmt::format("\n{}\n", action.description);
  if (!action.params.empty()) out += "\n";
  for (const Param& param : action.params) out += row(param_label(param), param.help + fallback_text(param));
  bool takes_stdin =
      std::any_of(action.params.begin(), action.params.end(), [](const Param& p) { return p.reads_stdin; });
  if (takes_stdin) out += row("--stdin", "read the text from standard input, as \"-\" does");
  out += "\n";
  for (const CommonOption& option : common_options(action)) out += row(option.flags, option.help);
  return out;
}

std::string family_help(const contracts::Registry& registry, std::string_view family) {
  const std::string first = std::string(family) + " ";
  std::string examples, rows;
  for (const Action& action : registry.all()) {
    if (!action.name.starts_with(first)) continue;
    rows += row(action.name, action.summary);
    if (action.examples.empty()) continue;
    const auto& example = action.examples.front();
    examples += fmt::format("  {}\n      {}\n", example.command, example.what);
  }
  return fmt::format("{}: several commands\n\n{}\n{}\nmira {} COMMAND --help shows its options.\n", family,
                     examples, rows, family);
}

std::vector<const Action*> in_order(const contracts::Registry& registry) {
  std::vector<const Action*> out;
  for (const auto& [group, title] : groups) {
    for (const Action& action : registry.all()) {
      if (action.group == group) out.push_back(&action);
    }
  }
  return out;
}

std::string overview(const contracts::Registry& registry) {
  std::string out =
      "mira: what your coding agent keeps forgetting about this project\n\n"
      "  mira context \"why does login fail after a restart\"\n"
      "      the cited evidence that fits the question, within a token budget\n"
      "  mira search \"retry with backoff\"\n"
      "  mira callers parse_header\n"
      "  mira cochange src/server.c\n";
  for (const auto& [group, title] : groups) {
    std::string rows;
    for (const Action* action : in_order(registry)) {
      if (action->group == group) rows += row(action->name, action->summary);
    }
    if (!rows.empty()) out += fmt::format("\n{}\n{}", title, rows);
  }
  out += "\nmira COMMAND --help shows examples and options. Every command takes --json.\n";
  return out;
}

}  // namespace mira::cli
