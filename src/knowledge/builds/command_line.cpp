#include "knowledge/builds/command_line.h"

#include <algorithm>
#include <array>

#include "knowledge/builds/scan.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

constexpr auto showers = std::to_array<std::string_view>(
    {"ag",   "awk",  "bat",        "cat",  "cut",  "diff", "echo", "find",   "git",
     "grep", "head", "journalctl", "less", "ls",   "mira", "more", "printf", "rg",
     "sed",  "sort", "tail",       "tee",  "tree", "uniq", "wc",   "zcat"});

bool is_shower(std::string_view command) {
  const std::string_view program = base_name(command.substr(0, command.find_first_of(" \t")));
  return std::ranges::find(showers, program) != showers.end();
}

// Where `what` stands last outside quotes; npos when it does not.
std::size_t last_outside_quotes(std::string_view text, std::string_view what) {
  std::size_t found = std::string_view::npos;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote == 0 && c == '\\') {
      ++at;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (text.substr(at).starts_with(what)) {
      found = at;
    }
  }
  return found;
}

bool take_end(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text = base::trim(text.substr(0, text.size() - end.size()));
  return true;
}

bool take_redirections(std::string_view& text) {
  bool any = false;
  for (const std::string_view one : {"2>&1", "2>/dev/null", "2> /dev/null", "|&"})
    any = take_end(text, one) || any;
  return any;
}

// "cd DIR && rest", "cd DIR; rest".
bool take_folder(std::string_view& text, std::string& folder) {
  std::string_view rest = text;
  if (!take(rest, "cd ")) return false;
  rest = base::trim(rest);
  const std::size_t end = rest.find_first_of(" ;&|");
  if (end == std::string_view::npos || rest.find_first_of("'\"$`~") < end) return false;
  const std::string_view named = rest.substr(0, end);
  rest = base::trim(rest.substr(end));
  if (!take(rest, "&&") && !take(rest, ";")) return false;
  folder = named[0] == '/' || folder.empty() ? std::string(named) : folder + "/" + std::string(named);
  text = base::trim(rest);
  return true;
}

// "... | tail -20": what only cuts the output away.
bool take_pager(std::string_view& text) {
  const std::size_t bar = last_outside_quotes(text, "|");
  if (bar == std::string_view::npos || (bar > 0 && text[bar - 1] == '|')) return false;
  if (!is_shower(base::trim(text.substr(bar + 1)))) return false;
  text = base::trim(text.substr(0, bar));
  return true;
}

}  // namespace

TypedCommand read_command(std::string_view line) {
  TypedCommand out;
  std::string_view text = base::trim(line);
  while (take_folder(text, out.folder)) {
  }
  while (take_redirections(text) || take_pager(text)) {
    if (text.size() < line.size() && last_outside_quotes(line, "|") != std::string_view::npos)
      out.own_exit_code = false;
  }
  for (const std::string_view joint : {"|", ";"}) {
    if (last_outside_quotes(text, joint) != std::string_view::npos) out.own_exit_code = false;
  }
  out.command = std::string(text);
  out.only_shows = is_shower(text);
  return out;
}

}  // namespace mira::builds
