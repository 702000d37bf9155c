#include "platform/models/wire.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/models/wire_tools.h"

namespace mira::models {
namespace {

using nlohmann::json;

constexpr int smallest_output_tokens = 16;  // the API refuses less

bool sends(const Prompt& prompt, std::string_view field) {
  return std::ranges::find(prompt.leave, field) == prompt.leave.end();
}

// A host that takes no schema is told it in words.
std::string instructions_of(const Prompt& prompt, std::string_view format_field) {
  if (!prompt.output || sends(prompt, format_field)) return prompt.instructions;
  return prompt.instructions + "\nAnswer with one JSON object and nothing else. It has this JSON Schema:\n" +
         prompt.output->schema.dump();
}

json chat_format(const OutputSchema& output) {
  return {{"type", "json_schema"},
          {"json_schema", {{"name", output.name}, {"schema", output.schema}, {"strict", true}}}};
}

json parsed(std::string_view text) {
  json out =
      json::parse(base::is_valid_utf8(text) ? std::string(text) : base::repair_utf8(text), nullptr, false);
  return out;
}

const json& child(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& object, const char* name) {
  const json& found = child(object, name);
  return found.is_string() ? found.get<std::string>() : "";
}

// A count of tokens; absent is 0, and what is no count is -1.
std::int64_t count_of(const json& object, const char* name) {
  const json& found = child(object, name);
  if (found.is_null()) return 0;
  return found.is_number_integer() ? found.get<std::int64_t>() : -1;
}

void take_error(Received& received, const json& error) {
  if (!error.is_object()) return;
  received.error_code = text_of(error, "code");
  if (received.error_code.empty()) received.error_code = text_of(error, "type");
  received.error_message = text_of(error, "message");
  received.error_field = text_of(error, "param");
}

void take_text(Received& received, const std::string& part, const OnText& on_text) {
  if (part.empty()) return;
  received.begun = true;
  received.text += part;
  if (on_text) on_text(part);
}

void take_responses_usage(Received& received, const json& usage) {
  if (!usage.is_object()) return;
  const json& input = child(usage, "input_tokens_details");
  const json& output = child(usage, "output_tokens_details");
  Usage& out = received.usage;
  out.cached = count_of(input, "cached_tokens");
  out.written = count_of(input, "cache_write_tokens");
  out.fresh = count_of(usage, "input_tokens") - out.cached - out.written;
  out.output = count_of(usage, "output_tokens");
  out.reasoning = count_of(output, "reasoning_tokens");
  received.has_usage = true;
}

Ending responses_ending(const json& response, bool refused) {
  std::string status = text_of(response, "status");
  if (status == "completed") return refused ? Ending::refused : Ending::complete;
  if (status != "incomplete") return Ending::failed;
  bool by_length = text_of(child(response, "incomplete_details"), "reason") == "max_output_tokens";
  return by_length ? Ending::cut_by_length : Ending::filtered;
}

// The text and the refusals of a whole response's output items.
std::string output_text(const json& response, bool& refused) {
  std::string out;
  for (const json& item : child(response, "output")) {
    for (const json& part : child(item, "content")) {
      if (text_of(part, "type") == "output_text") out += text_of(part, "text");
      if (text_of(part, "type") == "refusal") {
        refused = true;
        out += text_of(part, "refusal");
      }
    }
  }
  return out;
}

void take_response(Received& received, const json& response) {
  if (!response.is_object()) return;
  if (std::string model = text_of(response, "model"); !model.empty()) received.model = model;
  if (std::string tier = text_of(response, "service_tier"); !tier.empty()) received.tier = tier;
}

void take_final_response(Received& received, const json& response) {
  if (received.ending != Ending::none) return;  // a second end changes nothing
  take_response(received, response);
  bool refused = false;
  std::string whole = output_text(response, refused);
  if (received.text.empty()) received.text = std::move(whole);
  take_output_items(received, child(response, "output"));
  take_responses_usage(received, child(response, "usage"));
  take_error(received, child(response, "error"));
  received.ending = responses_ending(response, refused);
  received.begun = received.begun || !received.text.empty() || !received.calls.empty();
}

bool is_known_responses_event(const std::string& type) {
  static constexpr std::string_view known[] = {
      "response.created",      "response.in_progress",   "response.queued",
      "response.output_item.", "response.content_part.", "response.output_text.",
      "response.refusal.",     "response.reasoning_",    "response.function_call_arguments.",
  };
  return std::ranges::any_of(known, [&](std::string_view name) { return type.starts_with(name); });
}

void take_chat_usage(Received& received, const json& usage) {
  if (!usage.is_object()) return;
  Usage& out = received.usage;
  out.cached = count_of(child(usage, "prompt_tokens_details"), "cached_tokens");
  out.written = 0;
  out.fresh = count_of(usage, "prompt_tokens") - out.cached;
  out.output = count_of(usage, "completion_tokens");
  out.reasoning = count_of(child(usage, "completion_tokens_details"), "reasoning_tokens");
  received.has_usage = true;
}

void take_finish_reason(Received& received, const std::string& reason, bool refused) {
  if (reason.empty() || received.ending != Ending::none) return;
  if (reason == "length")
    received.ending = Ending::cut_by_length;
  else if (reason == "content_filter")
    received.ending = Ending::filtered;
  else
    received.ending = refused ? Ending::refused : Ending::complete;
}

void take_chat_choice(Received& received, const json& choice, const char* message, const OnText& on_text) {
  const json& part = child(choice, message);
  take_text(received, text_of(part, "content"), on_text);
  take_chat_calls(received, child(part, "tool_calls"));
  std::string refusal = text_of(part, "refusal");
  take_text(received, refusal, on_text);
  if (!text_of(part, "reasoning_content").empty()) received.begun = true;
  take_finish_reason(received, text_of(choice, "finish_reason"), !refusal.empty());
}

void take_chat(Received& received, const json& event, const char* message, const OnText& on_text) {
  take_response(received, event);
  take_chat_usage(received, child(event, "usage"));
  if (const json& error = child(event, "error"); error.is_object()) {
    take_error(received, error);
    received.ending = Ending::failed;
  }
  const json& choices = child(event, "choices");
  if (choices.is_array() && !choices.empty())
    take_chat_choice(received, choices[0], message, on_text);
  else if (!choices.is_array() && !child(event, "error").is_object())
    ++received.unknown_events;
}

}  // namespace

json responses_body(const Prompt& prompt) {
  json input = json::array();
  for (const Message& message : prompt.messages) append_responses_items(input, message);
  json body{{"model", prompt.model},
            {"instructions", instructions_of(prompt, "text.format")},
            {"input", std::move(input)},
            {"max_output_tokens", std::max(prompt.max_output_tokens, smallest_output_tokens)},
            {"stream", true}};
  if (sends(prompt, "store")) body["store"] = false;
  if (!prompt.tools.empty()) body["tools"] = responses_tools(prompt.tools);
  // Without a store at the host its reasoning goes on only if it comes along, encrypted.
  if (!prompt.tools.empty() && sends(prompt, "store") && sends(prompt, "include"))
    body["include"] = json::array({"reasoning.encrypted_content"});
  if (!prompt.effort.empty() && sends(prompt, "reasoning.effort") && sends(prompt, "reasoning"))
    body["reasoning"] = {{"effort", prompt.effort}};
  if (prompt.output && sends(prompt, "text.format"))
    body["text"]["format"] = {{"type", "json_schema"},
                              {"name", prompt.output->name},
                              {"schema", prompt.output->schema},
                              {"strict", true}};
  if (!prompt.is_openai) {
    // llama.cpp takes the other protocol's name of it, and passes over text.format in silence.
    if (prompt.is_local && prompt.output && sends(prompt, "response_format"))
      body["response_format"] = chat_format(*prompt.output);
    return body;
  }
  if (sends(prompt, "service_tier")) body["service_tier"] = "default";
  if (!prompt.cache_key.empty() && sends(prompt, "prompt_cache_key"))
    body["prompt_cache_key"] = prompt.cache_key;
  if (!prompt.cache_ttl.empty() && sends(prompt, "prompt_cache_options"))
    body["prompt_cache_options"] = {{"mode", "implicit"}, {"ttl", prompt.cache_ttl}};
  else if (!prompt.cache_retention.empty() && sends(prompt, "prompt_cache_retention"))
    body["prompt_cache_retention"] = prompt.cache_retention;
  return body;
}

json chat_body(const Prompt& prompt) {
  json messages = json::array();
  std::string instructions = instructions_of(prompt, "response_format");
  if (!instructions.empty()) messages.push_back({{"role", "system"}, {"content", instructions}});
  for (const Message& message : prompt.messages) messages.push_back(chat_message(message));
  json body{{"model", prompt.model}, {"messages", std::move(messages)}, {"stream", true}};
  if (!prompt.tools.empty()) body["tools"] = chat_tools(prompt.tools);
  if (sends(prompt, "stream_options")) body["stream_options"] = {{"include_usage", true}};
  body[prompt.is_openai ? "max_completion_tokens" : "max_tokens"] =
      std::max(prompt.max_output_tokens, smallest_output_tokens);
  if (!prompt.effort.empty() && sends(prompt, "reasoning_effort")) body["reasoning_effort"] = prompt.effort;
  if (prompt.output && sends(prompt, "response_format"))
    body["response_format"] = chat_format(*prompt.output);
  return body;
}

void take_responses_event(Received& received, std::string_view data, const OnText& on_text) {
  json event = parsed(data);
  if (!event.is_object()) {
    received.garbage_events += data == "[DONE]" ? 0 : 1;
    return;
  }
  std::string type = text_of(event, "type");
  if (type == "response.output_text.delta" || type == "response.refusal.delta") {
    take_text(received, text_of(event, "delta"), on_text);
  } else if (type == "response.completed" || type == "response.incomplete" || type == "response.failed") {
    take_final_response(received, child(event, "response"));
  } else if (type == "error") {
    take_error(received, child(event, "error").is_object() ? child(event, "error") : event);
    if (received.ending == Ending::none) received.ending = Ending::failed;
  } else if (!is_known_responses_event(type)) {
    ++received.unknown_events;
  } else {
    if (type.ends_with(".delta")) received.begun = true;  // reasoning is paid for too
    take_response(received, child(event, "response"));
  }
}

void take_responses_body(Received& received, std::string_view body) {
  json response = parsed(body);
  if (!response.is_object()) {
    ++received.garbage_events;
    return;
  }
  take_final_response(received, response);
}

void take_chat_event(Received& received, std::string_view data, const OnText& on_text) {
  if (base::trim(data) == "[DONE]") return;
  json event = parsed(data);
  if (!event.is_object()) {
    ++received.garbage_events;
    return;
  }
  take_chat(received, event, "delta", on_text);
}

void take_chat_body(Received& received, std::string_view body) {
  json answer = parsed(body);
  if (!answer.is_object()) {
    ++received.garbage_events;
    return;
  }
  take_chat(received, answer, "message", {});
}

void take_error_body(Received& received, std::string_view body) {
  json answer = parsed(body);
  take_error(received, child(answer, "error"));
  if (!received.error_message.empty()) return;
  const json& plain = child(answer, "error");
  received.error_message = plain.is_string() ? plain.get<std::string>() : text_of(answer, "message");
}

}  // namespace mira::models
