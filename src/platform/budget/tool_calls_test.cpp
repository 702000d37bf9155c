// A conversation with calls in it, through the metered client, against a scripted host: each request is a
// row, and nothing of it is ever answered from the cache.
#include <gmock/gmock.h>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using nlohmann::json;
using support::ModelServer;
using testing::SizeIs;

models::Request with_tool() {
  models::Request out = question("what is in a?");
  out.tools = {{"read", "Reads a file.", {{"type", "object"}}}};
  out.cacheable = models::Cacheable::always;
  out.output = models::OutputSchema{
      "shape", {{"type", "object"}, {"properties", {{"n", {{"type", "integer"}}}}}, {"required", {"n"}}}};
  return out;
}

ModelServer::Script calling() {
  json items = json::parse(R"([{"type":"reasoning","id":"r1","encrypted_content":"gAAA"},
    {"type":"function_call","call_id":"c1","name":"read","arguments":"{\"path\":\"a\"}"}])");
  return support::stream(support::event({{"type", "response.completed"},
                                         {"response",
                                          {{"status", "completed"},
                                           {"output", items},
                                           {"usage", {{"input_tokens", 40}, {"output_tokens", 10}}}}}}));
}

TEST(ToolCalls, GoOnWithWhatTheHostGaveAndEachRequestIsARow) {
  AskingWorld world([](const ModelServer::Seen& seen, int) {
    bool has_result = seen.body.contains("function_call_output");
    return has_result ? support::stream(support::responses_events({R"({"n":3})"})) : calling();
  });
  models::Request request = with_tool();
  auto first = world.ask(request);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->finish, models::Finish::calls) << "and it is not asked to repair its form";
  ASSERT_THAT(first->turn.calls, SizeIs(1));
  EXPECT_EQ(first->turn.calls[0].name, "read");
  request.messages.push_back(first->turn);
  request.messages.push_back({.role = models::Message::Role::tool, .text = "three", .call_id = "c1"});
  auto second = world.ask(request);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->structured["n"], 3);
  json input = world.server.seen().at(1).json()["input"];
  ASSERT_EQ(input.size(), 4U);
  EXPECT_EQ(input[1]["encrypted_content"], "gAAA");
  EXPECT_EQ(input[2]["call_id"], "c1");
  EXPECT_EQ(input[3]["output"], "three");
  ASSERT_TRUE(world.ask(request));
  EXPECT_THAT(world.server.seen(), SizeIs(3)) << "never from the cache";
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE state = 'settled'"), 3);
  EXPECT_EQ(world.number("SELECT count(*) FROM llm_cache"), 0);
}

TEST(ToolCalls, SendNoSecretThatAToolFound) {
  AskingWorld world([](const ModelServer::Seen&, int) {
    return support::stream(support::responses_events({R"({"n":3})"}));
  });
  models::Request request = with_tool();
  request.messages.push_back(
      {.role = models::Message::Role::assistant, .calls = {{"c1", "read", R"({"path":".env"})"}}});
  request.messages.push_back({.role = models::Message::Role::tool,
                              .text = "TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345",
                              .call_id = "c1"});
  ASSERT_TRUE(world.ask(request));
  EXPECT_THAT(world.server.seen().at(0).body, testing::Not(testing::HasSubstr("ghp_0123456789")));
}

}  // namespace
}  // namespace mira::budget
