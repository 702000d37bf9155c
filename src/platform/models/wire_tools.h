// Tools in both protocols: what is offered, what was called, and the turns of a conversation
// with calls in it. Nothing is stored at the host, so the items it gave, its encrypted reasoning
// among them, are sent back unchanged, reasoning before the call it led to.
#pragma once

#include "platform/models/wire.h"

namespace mira::models {

// By name, whatever order they were given in: the beginning of a prompt stays the same.
nlohmann::json responses_tools(const std::vector<Tool>& tools);
nlohmann::json chat_tools(const std::vector<Tool>& tools);

void append_responses_items(nlohmann::json& input, const Message& message);
nlohmann::json chat_message(const Message& message);

// The items of a whole response: kept as they are, and the calls in them.
void take_output_items(Received& received, const nlohmann::json& output);
// Parts of calls in one chat choice, joined by their index.
void take_chat_calls(Received& received, const nlohmann::json& calls);

}  // namespace mira::models
