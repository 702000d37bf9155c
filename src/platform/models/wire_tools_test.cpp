#include "platform/models/wire_tools.h"

#include <gtest/gtest.h>

namespace mira::models {
namespace {

using nlohmann::json;

Prompt with_tools() {
  json schema{{"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
  return {.model = "m",
          .messages = {{Message::Role::user, "hi"}},
          .max_output_tokens = 100,
          .tools = {{"write", "Writes.", schema}, {"read", "Reads.", schema}}};
}

TEST(Tools, AreOfferedByNameSoThatThePromptsBeginningStaysTheSame) {
  Prompt prompt = with_tools(), turned = with_tools();
  std::swap(turned.tools[0], turned.tools[1]);
  for (auto body_of : {responses_body, chat_body}) EXPECT_EQ(body_of(prompt).dump(), body_of(turned).dump());
  json flat = responses_body(prompt)["tools"];
  EXPECT_EQ(flat[0]["name"], "read");
  EXPECT_EQ(flat[0]["strict"], true);
  EXPECT_EQ(chat_body(prompt)["tools"][1]["function"]["name"], "write");
  EXPECT_EQ(responses_body(prompt)["include"], json({"reasoning.encrypted_content"}));
  EXPECT_FALSE(responses_body({.model = "m"}).contains("tools"));
  EXPECT_FALSE(responses_body({.model = "m"}).contains("include"));
}

json completed(json output) {
  return {{"type", "response.completed"},
          {"response", {{"status", "completed"}, {"output", std::move(output)}}}};
}

TEST(ResponsesCalls, AreReadAndTheirItemsGoBackUnchanged) {
  json items = json::parse(R"([
    {"type":"reasoning","id":"r1","encrypted_content":"gAAA==","summary":[]},
    {"type":"message","content":[{"type":"output_text","text":"I look."}]},
    {"type":"function_call","id":"f1","call_id":"c1","name":"read","arguments":"{\"path\":\"a\"}","status":"completed"},
    {"type":"something_new","x":1}])");
  Received received;
  take_responses_event(received,
                       json{{"type", "response.function_call_arguments.delta"}, {"delta", "{"}}.dump(), {});
  EXPECT_TRUE(received.begun) << "arguments are paid for too";
  take_responses_event(received, completed(items).dump(), {});
  EXPECT_EQ(received.ending, Ending::complete);
  EXPECT_EQ(received.text, "I look.");
  ASSERT_EQ(received.calls.size(), 1U);
  EXPECT_EQ(received.calls[0].id, "c1");
  EXPECT_EQ(received.calls[0].arguments, R"({"path":"a"})");
  Prompt next = with_tools();
  next.messages.push_back({.role = Message::Role::assistant,
                           .text = received.text,
                           .calls = received.calls,
                           .items = received.items});
  next.messages.push_back({.role = Message::Role::tool, .text = "the file", .call_id = "c1"});
  json input = responses_body(next)["input"];
  ASSERT_EQ(input.size(), 6U);
  for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(input[i + 1], items[i]);
  EXPECT_EQ(input[5], json::parse(R"({"type":"function_call_output","call_id":"c1","output":"the file"})"));
}

TEST(ResponsesCalls, OfAnotherHostAreMadeFromWhatIsKnownOfThem) {
  Prompt next{.model = "m"};
  next.messages = {{.role = Message::Role::assistant, .text = "", .calls = {{"c1", "read", "{}"}}}};
  json input = responses_body(next)["input"];
  ASSERT_EQ(input.size(), 1U);
  EXPECT_EQ(input[0],
            json::parse(R"({"type":"function_call","call_id":"c1","name":"read","arguments":"{}"})"));
}

TEST(ChatCalls, AreJoinedFromTheirParts) {
  Received received;
  for (
      const char* delta :
      {R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"read","arguments":""}}]})",
       R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"path\""}}]})",
       R"({"tool_calls":[{"index":1,"id":"c2","function":{"name":"write","arguments":"{}"}}]})",
       R"({"tool_calls":[{"index":0,"function":{"arguments":":\"a\"}"}}]})"})
    take_chat_event(received, json{{"choices", {{{"index", 0}, {"delta", json::parse(delta)}}}}}.dump(), {});
  take_chat_event(received, R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})", {});
  EXPECT_EQ(received.ending, Ending::complete);
  ASSERT_EQ(received.calls.size(), 2U);
  EXPECT_EQ(received.calls[0].arguments, R"({"path":"a"})");
  EXPECT_EQ(received.calls[1].name, "write");
  Prompt next = with_tools();
  next.messages.push_back({.role = Message::Role::assistant, .text = "", .calls = received.calls});
  next.messages.push_back({.role = Message::Role::tool, .text = "done", .call_id = "c2"});
  json messages = chat_body(next)["messages"];
  EXPECT_TRUE(messages[1]["content"].is_null());
  EXPECT_EQ(messages[1]["tool_calls"][1]["function"]["name"], "write");
  EXPECT_EQ(messages[2], json::parse(R"({"role":"tool","tool_call_id":"c2","content":"done"})"));
}

TEST(ChatCalls, SurviveWhateverAHostSends) {
  Received received;
  for (const char* calls : {R"(7)", R"([7])", R"([{"index":-1}])", R"([{"index":1000000000,"id":"x"}])",
                            R"([{"function":7}])", R"([{"index":"a","function":{"name":7,"arguments":[]}}])"})
    take_chat_calls(received, json::parse(calls));
  EXPECT_LE(received.calls.size(), 1U);
  take_output_items(received, json::parse(R"([7,{"type":"function_call"}])"));
  EXPECT_EQ(received.calls.size(), 1U);
}

}  // namespace
}  // namespace mira::models
