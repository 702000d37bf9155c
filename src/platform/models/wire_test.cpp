#include "platform/models/wire.h"

#include <gmock/gmock.h>

namespace mira::models {
namespace {

using nlohmann::json;

Prompt small_prompt() {
  return {.model = "m",
          .effort = "low",
          .instructions = "rules",
          .messages = {{Message::Role::user, "hi"}},
          .max_output_tokens = 100,
          .output = OutputSchema{"shape", {{"type", "object"}}}};
}

Received take(std::vector<json> events, std::string* streamed = nullptr) {
  Received received;
  for (const json& event : events)
    take_responses_event(received, event.dump(), [&](std::string_view part) {
      if (streamed != nullptr) *streamed += part;
    });
  return received;
}

json completed(json usage) {
  return {{"type", "response.completed"},
          {"response", {{"status", "completed"}, {"usage", std::move(usage)}}}};
}

TEST(ResponsesBody, AsksForNothingToBeStored) {
  json body = responses_body(small_prompt());
  EXPECT_EQ(body["store"], false);
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["reasoning"]["effort"], "low");
  EXPECT_EQ(body["max_output_tokens"], 100);
  EXPECT_EQ(body["text"]["format"]["strict"], true);
  EXPECT_FALSE(body.contains("temperature"));
}

TEST(ResponsesBody, FieldsOfTheVendorGoToTheVendorAlone) {
  Prompt prompt = small_prompt();
  prompt.cache_key = "prefix";
  EXPECT_FALSE(responses_body(prompt).contains("prompt_cache_key"));
  EXPECT_FALSE(responses_body(prompt).contains("service_tier"));
  prompt.is_openai = true;
  EXPECT_EQ(responses_body(prompt)["prompt_cache_key"], "prefix");
  EXPECT_EQ(responses_body(prompt)["service_tier"], "default");
}

TEST(ResponsesBody, AsksForTheBeginningToBeKeptByTheOneFieldThatTheModelKnows) {
  struct Row {
    const char *retention, *ttl;
    bool is_openai;
    json kept, options;
  };
  for (const Row& row : {Row{"", "", true, nullptr, nullptr},
                         {"24h", "", true, "24h", nullptr},
                         {"", "30m", true, nullptr, {{"mode", "implicit"}, {"ttl", "30m"}}},
                         {"24h", "30m", true, nullptr, {{"mode", "implicit"}, {"ttl", "30m"}}},
                         {"24h", "30m", false, nullptr, nullptr}}) {
    Prompt prompt = small_prompt();
    prompt.cache_retention = row.retention;
    prompt.cache_ttl = row.ttl;
    prompt.is_openai = row.is_openai;
    json body = responses_body(prompt);
    EXPECT_EQ(body.value("prompt_cache_retention", json()), row.kept) << body;
    EXPECT_EQ(body.value("prompt_cache_options", json()), row.options) << body;
    prompt.leave = {"prompt_cache_retention", "prompt_cache_options"};
    EXPECT_FALSE(responses_body(prompt).contains("prompt_cache_retention"));
    EXPECT_FALSE(responses_body(prompt).contains("prompt_cache_options"));
  }
}

// llama.cpp takes the schema by the name of the other protocol alone; it is a server of one's own machine.
TEST(ResponsesBody, AServerOfThisMachineIsToldTheSchemaByBothNames) {
  Prompt prompt = small_prompt();
  EXPECT_FALSE(responses_body(prompt).contains("response_format"));
  prompt.is_local = true;
  json body = responses_body(prompt);
  EXPECT_EQ(body["response_format"], chat_body(prompt)["response_format"]);
  EXPECT_EQ(body["text"]["format"]["schema"], body["response_format"]["json_schema"]["schema"]);
  prompt.leave = {"response_format"};
  EXPECT_FALSE(responses_body(prompt).contains("response_format"));
  EXPECT_TRUE(responses_body(prompt)["text"].contains("format"));
  prompt.is_openai = true;
  EXPECT_FALSE(responses_body(prompt).contains("response_format"));
}

TEST(ResponsesBody, AHostWithoutSchemasIsToldInWords) {
  Prompt prompt = small_prompt();
  prompt.leave = {"text.format"};
  json body = responses_body(prompt);
  EXPECT_FALSE(body.contains("text"));
  EXPECT_THAT(body["instructions"].get<std::string>(), testing::HasSubstr(R"({"type":"object"})"));
}

TEST(ChatBody, HasTheNamesOfItsHost) {
  Prompt prompt = small_prompt();
  EXPECT_EQ(chat_body(prompt)["max_tokens"], 100);
  prompt.is_openai = true;
  EXPECT_EQ(chat_body(prompt)["max_completion_tokens"], 100);
  EXPECT_FALSE(chat_body(prompt).contains("max_tokens"));
  EXPECT_EQ(chat_body(prompt)["messages"][0]["role"], "system");
}

TEST(ResponsesEvents, AnUnknownOneIsPassedOver) {
  std::string streamed;
  Received received = take({{{"type", "response.created"}, {"response", {{"model", "m-2"}}}},
                            {{"type", "response.new_thing.delta"}, {"delta", "no"}},
                            {{"type", "response.output_text.delta"}, {"delta", "yes"}},
                            {{"no", "type"}},
                            completed({{"input_tokens", 10}, {"output_tokens", 3}})},
                           &streamed);
  EXPECT_EQ(received.text, "yes");
  EXPECT_EQ(streamed, "yes");
  EXPECT_EQ(received.ending, Ending::complete);
  EXPECT_EQ(received.unknown_events, 2);
  EXPECT_EQ(received.model, "m-2");
}

TEST(ResponsesEvents, CachedAndWrittenArePartsOfTheInput) {
  Received received =
      take({completed({{"input_tokens", 100},
                       {"input_tokens_details", {{"cached_tokens", 30}, {"cache_write_tokens", 20}}},
                       {"output_tokens", 9},
                       {"output_tokens_details", {{"reasoning_tokens", 4}}}})});
  EXPECT_EQ(received.usage.fresh, 50);
  EXPECT_EQ(received.usage.cached, 30);
  EXPECT_EQ(received.usage.written, 20);
  EXPECT_EQ(received.usage.reasoning, 4);
}

TEST(ResponsesEvents, ASecondEndChangesNothing) {
  Received received = take({completed({{"input_tokens", 10}, {"output_tokens", 3}}),
                            completed({{"input_tokens", 99}, {"output_tokens", 99}}),
                            {{"type", "response.failed"}, {"response", {{"status", "failed"}}}}});
  EXPECT_EQ(received.ending, Ending::complete);
  EXPECT_EQ(received.usage.fresh, 10);
}

TEST(ResponsesEvents, EndsAreToldApart) {
  auto ended = [](json response) {
    return take({{{"type", "response.incomplete"}, {"response", std::move(response)}}}).ending;
  };
  EXPECT_EQ(ended({{"status", "incomplete"}, {"incomplete_details", {{"reason", "max_output_tokens"}}}}),
            Ending::cut_by_length);
  EXPECT_EQ(ended({{"status", "incomplete"}, {"incomplete_details", {{"reason", "content_filter"}}}}),
            Ending::filtered);
  EXPECT_EQ(take({{{"type", "error"}, {"code", "server_error"}, {"message", "oh"}}}).ending, Ending::failed);
  EXPECT_EQ(take({{{"type", "response.output_text.delta"}, {"delta", "cut"}}}).ending, Ending::none);
  json refusal = json::array({{{"type", "refusal"}, {"refusal", "I will not"}}});
  EXPECT_EQ(take({{{"type", "response.completed"},
                   {"response", {{"status", "completed"}, {"output", {{{"content", refusal}}}}}}}})
                .ending,
            Ending::refused);
}

TEST(ResponsesEvents, GarbageIsCountedAndSurvived) {
  Received received;
  for (std::string_view data :
       {"{", "null", "\xff\xfe", "[1]", R"({"type":7})", R"({"type":"response.completed"})",
        R"({"type":"response.completed","response":{"usage":{"input_tokens":"x"}}})"})
    take_responses_event(received, data, {});
  EXPECT_EQ(received.garbage_events, 4);
}

TEST(ChatEvents, UsageComesInTheLastOne) {
  Received received;
  for (
      std::string_view data :
      {R"({"choices":[{"delta":{"content":"a"}}]})", R"({"choices":[{"delta":{"content":"b"}}]})",
       R"({"choices":[{"delta":{},"finish_reason":"length"}]})",
       R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}})",
       "[DONE]"})
    take_chat_event(received, data, {});
  EXPECT_EQ(received.text, "ab");
  EXPECT_EQ(received.ending, Ending::cut_by_length);
  EXPECT_EQ(received.usage.fresh, 4);
  EXPECT_EQ(received.usage.cached, 3);
}

TEST(ChatBody, AnAnswerWithoutAStreamIsReadToo) {
  Received received;
  take_chat_body(
      received,
      R"({"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}})");
  EXPECT_EQ(received.text, "whole");
  EXPECT_EQ(received.ending, Ending::complete);
}

}  // namespace
}  // namespace mira::models
