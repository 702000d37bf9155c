#include "platform/models/wire_tools.h"

#include <algorithm>

namespace mira::models {
namespace {

using nlohmann::json;

constexpr std::size_t most_calls = 128;  // of one answer

std::vector<const Tool*> by_name(const std::vector<Tool>& tools) {
  std::vector<const Tool*> out;
  for (const Tool& tool : tools) out.push_back(&tool);
  std::ranges::sort(out, {}, [](const Tool* tool) { return tool->name; });
  return out;
}

std::string text_of(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

json message_item(const char* role, const char* type, const std::string& text) {
  return {{"type", "message"}, {"role", role}, {"content", json::array({{{"type", type}, {"text", text}}})}};
}

}  // namespace

json responses_tools(const std::vector<Tool>& tools) {
  json out = json::array();
  for (const Tool* tool : by_name(tools))
    out.push_back({{"type", "function"},
                   {"name", tool->name},
                   {"description", tool->description},
                   {"parameters", tool->parameters},
                   {"strict", true}});
  return out;
}

json chat_tools(const std::vector<Tool>& tools) {
  json out = json::array();
  for (const Tool* tool : by_name(tools))
    out.push_back({{"type", "function"},
                   {"function",
                    {{"name", tool->name},
                     {"description", tool->description},
                     {"parameters", tool->parameters},
                     {"strict", true}}}});
  return out;
}

void append_responses_items(json& input, const Message& message) {
  if (message.role == Message::Role::tool) {
    input.push_back(
        {{"type", "function_call_output"}, {"call_id", message.call_id}, {"output", message.text}});
    return;
  }
  if (message.role == Message::Role::user) {
    input.push_back(message_item("user", "input_text", message.text));
    return;
  }
  if (message.items.is_array()) {  // as the host gave them
    for (const json& item : message.items) input.push_back(item);
    return;
  }
  if (!message.text.empty()) input.push_back(message_item("assistant", "output_text", message.text));
  for (const ToolCall& call : message.calls)
    input.push_back({{"type", "function_call"},
                     {"call_id", call.id},
                     {"name", call.name},
                     {"arguments", call.arguments}});
}

json chat_message(const Message& message) {
  if (message.role == Message::Role::tool)
    return {{"role", "tool"}, {"tool_call_id", message.call_id}, {"content", message.text}};
  bool is_user = message.role == Message::Role::user;
  json out{{"role", is_user ? "user" : "assistant"}, {"content", message.text}};
  if (message.calls.empty()) return out;
  if (message.text.empty()) out["content"] = nullptr;
  out["tool_calls"] = json::array();
  for (const ToolCall& call : message.calls)
    out["tool_calls"].push_back({{"id", call.id},
                                 {"type", "function"},
                                 {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  return out;
}

void take_output_items(Received& received, const json& output) {
  if (!output.is_array()) return;
  received.items = output;
  received.calls.clear();
  for (const json& item : output) {
    if (!item.is_object() || text_of(item, "type") != "function_call") continue;
    if (received.calls.size() < most_calls)
      received.calls.push_back({text_of(item, "call_id"), text_of(item, "name"), text_of(item, "arguments")});
  }
}

void take_chat_calls(Received& received, const json& calls) {
  if (!calls.is_array()) return;
  std::size_t place = 0;
  for (const json& part : calls) {
    std::size_t index = place++;
    if (!part.is_object()) continue;
    if (auto named = part.find("index"); named != part.end() && named->is_number_unsigned())
      index = named->get<std::size_t>();
    if (index >= most_calls) continue;
    if (received.calls.size() <= index) received.calls.resize(index + 1);
    ToolCall& call = received.calls[index];
    if (std::string id = text_of(part, "id"); !id.empty()) call.id = id;
    auto function = part.find("function");
    if (function == part.end() || !function->is_object()) continue;
    call.name += text_of(*function, "name");
    call.arguments += text_of(*function, "arguments");
    received.begun = true;
  }
}

}  // namespace mira::models
