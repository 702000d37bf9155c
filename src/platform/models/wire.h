// The two protocols as pure functions: a request to JSON, an event to what is known of
// the answer so far. Events of unknown kinds are counted and passed over; an event that
// is no JSON is counted as garbage; whether the answer is whole is told by its last one.
#pragma once

#include <string>
#include <string_view>

#include "platform/models/client.h"
#include "platform/models/endpoint.h"

namespace mira::models {

// What one request says, after the catalogue and the mask.
struct Prompt {
  std::string model, effort;  // effort "": not sent
  std::string instructions;
  std::vector<Message> messages;
  int max_output_tokens = 0;
  std::optional<OutputSchema> output;
  std::vector<Tool> tools;
  std::string cache_key;  // groups requests with the same beginning; at most 64 characters
  // How long the host is to keep that beginning, by the field that the model knows; "": not said.
  std::string cache_retention, cache_ttl;
  bool is_openai = false;          // the vendor's own host: fields that others refuse may be sent
  bool is_local = false;           // a server of this machine
  std::vector<std::string> leave;  // fields the host has refused
};

nlohmann::json responses_body(const Prompt& prompt);
nlohmann::json chat_body(const Prompt& prompt);

enum class Ending { none, complete, cut_by_length, filtered, refused, failed };

struct Received {
  std::string text;
  Ending ending = Ending::none;  // none: the stream was cut
  bool begun = false;            // anything of an answer came
  bool has_usage = false;
  Usage usage;
  std::vector<ToolCall> calls;
  nlohmann::json items;  // of a whole response, as they came; null in the other protocol
  std::string model, tier;
  std::string error_code, error_message, error_field;
  int unknown_events = 0, garbage_events = 0;
};

// One event of a stream, or a whole answer in one body.
void take_responses_event(Received& received, std::string_view data, const OnText& on_text);
void take_responses_body(Received& received, std::string_view body);
void take_chat_event(Received& received, std::string_view data, const OnText& on_text);
void take_chat_body(Received& received, std::string_view body);
// {"error": {...}} of a refused request.
void take_error_body(Received& received, std::string_view body);

}  // namespace mira::models
