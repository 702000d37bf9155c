#include "faces/hooks/event.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "faces/hooks/patch.h"
#include "platform/base/text.h"

namespace mira::hooks {
namespace {

constexpr std::array<std::pair<std::string_view, Client>, 5> clients{{{"claude", Client::claude},
                                                                      {"codex", Client::codex},
                                                                      {"gemini", Client::gemini},
                                                                      {"opencode", Client::opencode},
                                                                      {"cursor", Client::cursor}}};

// Names of events in lower case, of all clients.
constexpr std::array<std::pair<std::string_view, Moment>, 17> moments{{
    {"sessionstart", Moment::session_start},
    {"userpromptsubmit", Moment::prompt},
    {"beforesubmitprompt", Moment::prompt},
    {"beforeagent", Moment::prompt},
    {"posttooluse", Moment::edited},
    {"aftertool", Moment::edited},
    {"afterfileedit", Moment::edited},
    {"posttoolusefailure", Moment::failed},
    {"precompact", Moment::before_compaction},
    {"precompress", Moment::before_compaction},
    {"postcompact", Moment::compacted},
    {"stop", Moment::turn_end},
    {"afteragent", Moment::turn_end},
    {"afteragentresponse", Moment::turn_end},
    {"subagentstop", Moment::other},
    {"sessionend", Moment::session_end},
    {"stopfailure", Moment::turn_end},
}};

const Json& member(const Json& object, std::string_view name) {
  static const Json none;
  if (!object.is_object()) return none;
  auto found = object.find(std::string(name));
  return found == object.end() ? none : *found;
}

std::string text(const Json& value) {
  return value.is_string() ? base::repair_utf8(value.get_ref<const std::string&>()) : std::string();
}

std::string text_of(const Json& object, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    std::string found = text(member(object, name));
    if (!found.empty()) return found;
  }
  return {};
}

Replacement replacement_of(const Json& input) {
  return {text_of(input, {"old_string", "oldString", "old_text"}),
          text_of(input, {"new_string", "newString", "new_text"})};
}

// Edit, Write, MultiEdit (Claude), replace and write_file (Gemini), edit and write (opencode),
// afterFileEdit (Cursor), apply_patch (Codex).
std::vector<Edit> edits_of(const Json& input) {
  if (std::string patch = text_of(input, {"patch", "input", "patchText", "command"});
      patch.contains("*** Begin Patch"))
    return read_patch(patch);
  Edit edit{.path = text_of(input, {"file_path", "filePath", "path", "notebook_path", "absolute_path"})};
  if (edit.path.empty()) return {};
  const Json& many = member(input, "edits");
  if (many.is_array()) {
    for (const Json& one : many) edit.replacements.push_back(replacement_of(one));
  } else if (Replacement one = replacement_of(input); !one.before.empty() || !one.after.empty()) {
    edit.replacements.push_back(std::move(one));
  }
  return {std::move(edit)};
}

bool is_editing_tool(std::string_view tool) {
  constexpr std::array<std::string_view, 12> names{
      "edit",        "write", "multiedit",      "notebookedit", "replace",    "write_file",
      "apply_patch", "patch", "search_replace", "edit_file",    "strreplace", "create_file"};
  std::string lower = base::to_lower(tool);
  return std::ranges::find(names, lower) != names.end();
}

bool is_command_tool(std::string_view tool) {
  constexpr std::array<std::string_view, 7> names{
      "bash", "shell", "exec_command", "run_shell_command", "local_shell", "run_terminal_cmd", "terminal"};
  std::string lower = base::to_lower(tool);
  return std::ranges::find(names, lower) != names.end();
}

// All the text in a tool's answer, however it is wrapped.
void collect_text(const Json& value, std::string& out, int depth) {
  constexpr int most_levels = 6;
  if (depth > most_levels) return;
  if (value.is_string()) {
    out += text(value) + "\n";
  } else if (value.is_structured()) {
    for (const auto& item : value) collect_text(item, out, depth + 1);
  }
}

// "Exit code: 2", "Exit Code: 2", "Process exited with code 2" at the start of a line: what Claude Code,
// Codex and Gemini CLI write into the text of a command's answer.
std::optional<int> told_exit_code(std::string_view output) {
  constexpr std::array<std::string_view, 3> leads{"exit code", "process exited with code",
                                                  "exited with code"};
  for (std::string_view line : base::split(output, '\n')) {
    line = base::trim(line);
    if (line.size() > 80) continue;
    std::string lower = base::to_lower(line);
    for (std::string_view lead : leads) {
      if (!lower.starts_with(lead)) continue;
      std::size_t digit = lower.find_first_not_of(": ", lead.size());
      int code = 0;
      if (digit == std::string::npos) continue;
      if (std::from_chars(lower.data() + digit, lower.data() + lower.size(), code).ec == std::errc())
        return code;
    }
  }
  return std::nullopt;
}

std::optional<int> code_member(const Json& response) {
  for (std::string_view name : {"exit_code", "exitCode", "code", "exit"}) {
    for (const Json* one : {&member(response, name), &member(member(response, "metadata"), name)}) {
      if (one->is_number_integer()) return static_cast<int>(one->get<std::int64_t>());
    }
  }
  return std::nullopt;
}

// Claude Code tells of a command that ended well by what it printed alone: one that did not is another event,
// and one that goes on behind the conversation has an id.
bool ended_well_for_claude(const Json& response) {
  const Json& interrupted = member(response, "interrupted");
  return member(response, "stdout").is_string() && interrupted != Json(true) &&
         member(response, "backgroundTaskId").is_null();
}

std::optional<int> exit_code_of(const Json& response) {
  if (response.is_string()) return told_exit_code(text(response));
  if (auto code = code_member(response)) return code;
  if (auto code = told_exit_code(text_of(response, {"llmContent", "output"}))) return code;
  const Json& error = member(response, "isError");
  if (error.is_boolean() && error.get<bool>()) return 1;
  if (ended_well_for_claude(response)) return 0;
  return std::nullopt;
}

// What was typed, whatever shape the arguments have: a line, or words after a shell's "-c".
std::string command_of(const Json& arguments) {
  for (std::string_view name : {"command", "cmd", "script"}) {
    const Json& value = member(arguments, name);
    if (value.is_string()) return text(value);
    if (!value.is_array() || value.empty()) continue;
    if (value.size() == 3 && text(value[1]).starts_with("-") && text(value[1]).ends_with("c"))
      return text(value[2]);
    std::string out;
    for (const Json& word : value) out += (out.empty() ? "" : " ") + text(word);
    return out;
  }
  return {};
}

// A tool's answer; some clients send the JSON of it as a string.
Json answer_of(const Json& input) {
  const Json& response =
      input.contains("tool_response") ? member(input, "tool_response") : member(input, "tool_output");
  if (!response.is_string()) return response;
  Json inner = Json::parse(response.get_ref<const std::string&>(), nullptr, false);
  return inner.is_object() ? inner : response;
}

void read_command(const Json& input, Event& event) {
  const Json response = answer_of(input);
  event.command = command_of(member(input, "tool_input"));
  if (event.moment == Moment::failed) {
    event.output = text_of(input, {"error", "error_message", "tool_output"});
    event.exit_code = told_exit_code(std::string_view(event.output).substr(0, 200)).value_or(1);
    if (event.exit_code == 0) event.exit_code = 1;
    return;
  }
  event.exit_code = exit_code_of(response);
  event.moment = event.exit_code.value_or(0) == 0 ? Moment::ran : Moment::failed;
  if (event.moment == Moment::failed || !event.command.empty())
    collect_text(response, event.output, 0);
  else
    event.moment = Moment::other;
}

void read_tool(const Json& input, Event& event) {
  std::string tool = text_of(input, {"tool_name", "tool"});
  const Json& arguments = member(input, "tool_input");
  if (is_command_tool(tool)) {
    std::string typed;
    collect_text(arguments, typed, 0);
    if (event.moment == Moment::edited && typed.contains("*** Begin Patch"))
      event.edits = read_patch(typed);
    else
      read_command(input, event);
    return;
  }
  bool editing = event.moment == Moment::edited &&
                 (is_editing_tool(tool) || (tool.empty() && member(input, "file_path").is_string()));
  event.edits = editing ? edits_of(arguments.is_object() ? arguments : input) : std::vector<Edit>{};
  if (event.edits.empty()) event.moment = Moment::other;
}

// What another hook put before the user's words.
std::string without_injected(std::string prompt) {
  constexpr std::string_view open = "<hook_context>", close = "</hook_context>";
  std::size_t begin = 0;
  while ((begin = prompt.find(open, begin)) != std::string::npos) {
    std::size_t end = prompt.find(close, begin);
    if (end == std::string::npos) return prompt.substr(0, begin);
    prompt.erase(begin, end + close.size() - begin);
  }
  return std::string(base::trim(prompt));
}

}  // namespace

std::optional<Client> client_named(std::string_view name) {
  for (const auto& [known, client] : clients)
    if (known == name) return client;
  return std::nullopt;
}

std::string_view client_name(Client client) {
  for (const auto& [name, known] : clients)
    if (known == client) return name;
  return "";
}

bool is_of_codex(const Json& input) {
  return input.is_object() &&
         (input.contains("turn_id") || text(member(input, "transcript_path")).contains("/rollout-"));
}

Moment moment_named(std::string_view event_name) {
  std::string lower = base::to_lower(event_name.substr(0, 64));
  for (const auto& [name, moment] : moments)
    if (name == lower) return moment;
  return Moment::other;
}

std::optional<Event> read_event(Client client, std::string_view told, const Json& input) {
  if (!input.is_object()) return std::nullopt;
  Event event{.client = client};
  event.name = text_of(input, {"hook_event_name"});
  if (event.name.empty()) event.name = told;
  event.moment = moment_named(event.name);
  event.session = text_of(input, {"session_id", "conversation_id", "sessionID"});
  event.folder = text_of(input, {"cwd", "directory"});
  const Json& roots = member(input, "workspace_roots");
  if (event.folder.empty() && roots.is_array() && !roots.empty()) event.folder = text(roots[0]);
  event.model = text_of(input, {"model"});
  event.after_compaction = text_of(input, {"source"}) == "compact";
  // Gemini CLI tells of a compression it was asked for; of its own it tells at every turn of the model.
  if (base::to_lower(event.name) == "precompress" && text_of(input, {"trigger"}) == "manual")
    event.moment = Moment::compacted;
  // Cursor tells of a compaction once, before it.
  if (client == Client::cursor && event.moment == Moment::before_compaction) event.moment = Moment::compacted;
  if (event.moment == Moment::prompt) event.prompt = without_injected(text_of(input, {"prompt"}));
  if (event.moment == Moment::turn_end)
    event.answer = text_of(input, {"last_assistant_message", "prompt_response", "text"});
  if (event.moment == Moment::edited || event.moment == Moment::failed) read_tool(input, event);
  return event;
}

}  // namespace mira::hooks
