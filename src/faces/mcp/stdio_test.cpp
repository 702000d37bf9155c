// The transport over real pipes: a client thread that speaks, a server that serves.
#include "faces/mcp/stdio.h"

#include "faces/mcp/dispatch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

namespace mira::mcp {
namespace {

using testing::SizeIs;

class Conversation {
 public:
  explicit Conversation(Offer offer, StdioOptions options = {}) : offer_(std::move(offer)) {
    EXPECT_EQ(::pipe2(to_server_, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(from_server_, O_CLOEXEC), 0);
    options.input = to_server_[0];
    options.output = from_server_[1];
    server_ = std::thread([this, options] {
      ended_in_time_ = serve_stdio(offer_, options);
      ::close(from_server_[1]);
    });
  }
  ~Conversation() {
    hang_up();
    ::close(to_server_[0]);
    ::close(from_server_[0]);
  }
  void say(const std::string& bytes) {
    ASSERT_EQ(::write(to_server_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void ask(int id, const std::string& method, Json params = Json::object()) {
    params["_meta"][meta::version] = "2026-07-28";
    params["_meta"][meta::capabilities] = Json::object();
    say(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump() + "\n");
  }
  void call(int id, const std::string& tool, Json meta = Json::object()) {
    ask(id, "tools/call", {{"name", tool}, {"_meta", std::move(meta)}});
  }
  Json hear() {
    while (heard_.find('\n') == std::string::npos) {
      char chunk[4096];
      ssize_t got = ::read(from_server_[0], chunk, sizeof chunk);
      if (got <= 0) return nullptr;
      heard_.append(chunk, static_cast<std::size_t>(got));
    }
    std::size_t end = heard_.find('\n');
    Json message = Json::parse(heard_.substr(0, end), nullptr, false);
    heard_.erase(0, end + 1);
    return message;
  }
  // Ends the input, returns what still came.
  std::vector<Json> hang_up() {
    std::vector<Json> rest;
    if (!server_.joinable()) return rest;
    ::close(to_server_[1]);
    for (Json message = hear(); !message.is_null(); message = hear()) rest.push_back(message);
    server_.join();
    return rest;
  }
  bool ended_in_time() const { return ended_in_time_; }

 private:
  Offer offer_;
  int to_server_[2], from_server_[2];
  std::thread server_;
  std::string heard_;
  bool ended_in_time_ = false;
};

struct Gate {
  std::atomic<bool> entered{false}, open{false};
};

// "quick" answers at once; "waits" until it is cancelled or the gate opens.
Offer offer_with(Gate& gate) {
  Offer offer{.name = "t", .title = "T", .version = "1"};
  Tool quick{.name = "quick", .description = ""};
  quick.call = [](const Json&, CallContext& context) {
    context.progress.update("one", 1, 2, "steps");
    return ToolReply{.text = "done", .structured = std::nullopt};
  };
  Tool waits{.name = "waits", .description = ""};
  waits.call = [&gate](const Json&, CallContext& context) {
    gate.entered = true;
    while (!gate.open && !context.deadline.expired()) std::this_thread::yield();
    return ToolReply{.text = gate.open ? "gate" : "cancelled", .structured = std::nullopt};
  };
  offer.tools.push_back(std::move(quick));
  offer.tools.push_back(std::move(waits));
  return offer;
}

TEST(Stdio, AnswersEachRequestOnItsLine) {
  Gate gate;
  Conversation talk(offer_with(gate));
  talk.say("\n  \nnot json\n");
  talk.ask(1, "tools/list");
  EXPECT_EQ(talk.hear()["error"]["code"], code::parse_error);
  EXPECT_EQ(talk.hear()["id"], 1);
  EXPECT_THAT(talk.hang_up(), SizeIs(0));
  EXPECT_TRUE(talk.ended_in_time());
}

TEST(Stdio, EndsWhenItIsToldToThoughTheInputIsOpen) {
  Gate gate;
  std::atomic<bool> told = false;
  Conversation talk(offer_with(gate),
                    {.grace_ms = 600'000, .deadline = base::Deadline::never().with_cancel(&told)});
  talk.call(1, "quick");
  EXPECT_EQ(talk.hear()["id"], 1);
  talk.call(2, "waits");
  while (!gate.entered) std::this_thread::yield();
  told = true;  // the call is cancelled after its grace, however long that of an ended input is
  EXPECT_TRUE(talk.hear().is_null());
  EXPECT_TRUE(talk.ended_in_time());
}

TEST(Stdio, ASlowCallDoesNotDelayAQuickOne) {
  Gate gate;
  Conversation talk(offer_with(gate));
  talk.call(1, "waits");
  talk.call(2, "quick");
  EXPECT_EQ(talk.hear()["id"], 2);
  gate.open = true;
  EXPECT_EQ(talk.hear()["id"], 1);
}

TEST(Stdio, ACancelledCallStopsAndIsNotAnswered) {
  Gate gate;
  Conversation talk(offer_with(gate));
  talk.call(1, "waits");
  while (!gate.entered) std::this_thread::yield();
  talk.say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})"
           "\n");
  talk.call(2, "quick");
  EXPECT_EQ(talk.hear()["id"], 2);
  EXPECT_THAT(talk.hang_up(), SizeIs(0));
  EXPECT_TRUE(talk.ended_in_time());
}

TEST(Stdio, ProgressReachesOnlyWhoAskedForIt) {
  Gate gate;
  Conversation talk(offer_with(gate));
  talk.call(1, "quick", {{"progressToken", "p"}});
  Json progress = talk.hear();
  EXPECT_EQ(progress["method"], "notifications/progress");
  EXPECT_EQ(progress["params"]["progressToken"], "p");
  EXPECT_EQ(talk.hear()["id"], 1);
  talk.call(2, "quick");
  EXPECT_EQ(talk.hear()["id"], 2);
}

TEST(Stdio, WhatWasAskedBeforeTheEndOfInputIsStillAnswered) {
  Gate gate;
  gate.open = true;
  Conversation talk(offer_with(gate), {.grace_ms = 60'000});
  for (int id = 1; id <= 20; ++id) talk.call(id, id % 2 ? "quick" : "waits");
  EXPECT_THAT(talk.hang_up(), SizeIs(20));
}

TEST(Stdio, WorkIsCancelledWhenTheInputEnds) {
  Gate gate;
  Conversation talk(offer_with(gate), {.grace_ms = 400});
  talk.call(1, "waits");
  while (!gate.entered) std::this_thread::yield();
  EXPECT_THAT(talk.hang_up(), SizeIs(0));
  EXPECT_TRUE(talk.ended_in_time());
}

TEST(Stdio, ALineOverTheLimitIsRefusedAndTheNextIsRead) {
  Gate gate;
  Conversation talk(offer_with(gate));
  std::string huge(static_cast<std::size_t>(5) << 20, ' ');
  huge.insert(0, "{\"a\":\"");
  std::thread speaker([&] { talk.say(huge + "\"}\n"); });
  EXPECT_TRUE(talk.hear().contains("error"));
  speaker.join();
  talk.ask(1, "tools/list");
  EXPECT_EQ(talk.hear()["id"], 1);
}

TEST(Stdio, AnIdInUseIsRefused) {
  Gate gate;
  Conversation talk(offer_with(gate));
  talk.call(1, "waits");
  while (!gate.entered) std::this_thread::yield();
  talk.call(1, "quick");
  EXPECT_TRUE(talk.hear().contains("error"));
  gate.open = true;
  EXPECT_TRUE(talk.hear().contains("result"));
}

// "name" asks the client for a name; "job" is a task where the client takes them.
Offer offer_that_asks() {
  Offer offer{.name = "t", .title = "T", .version = "1", .lists_change = true};
  Tool name{.name = "name", .description = ""};
  name.call = [](const Json&, CallContext& context) {
    Json params{{"message", "Who?"}, {"requestedSchema", {{"type", "object"}}}};
    auto answers = context.client->ask({{"who", "elicitation/create", params}}, {{"round", 1}});
    if (!answers)
      return ToolReply{.text = answers.error().message, .structured = std::nullopt, .is_error = true};
    std::string round = context.client->state().is_null() ? "0" : context.client->state()["round"].dump();
    return ToolReply{.text = (*answers)["who"]["content"]["name"].get<std::string>() + " " + round,
                     .structured = std::nullopt};
  };
  Tool job{.name = "job", .description = "", .task = TaskUse::may};
  job.call = [](const Json& arguments, CallContext& context) {
    bool task = context.client->begin_task();
    while (arguments.value("wait", false) && !context.deadline.expired()) std::this_thread::yield();
    return ToolReply{.text = task ? "as a task" : "plainly", .structured = std::nullopt};
  };
  offer.tools = {name, job};
  offer.read = [](const std::string&, CallContext&) {
    return base::Result<ResourceText>(ResourceText{"text/plain", "1"});
  };
  return offer;
}

Json modern_call(int id, const std::string& tool, Json capabilities, Json more = Json::object()) {
  more["name"] = tool;
  more["_meta"][meta::version] = "2026-07-28";
  more["_meta"][meta::capabilities] = std::move(capabilities);
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", std::move(more)}};
}

TEST(Asking, ALegacyClientIsAskedInTheMiddleOfTheCall) {
  Conversation talk(offer_that_asks());
  talk.say(
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}}}})"
      "\n");
  talk.hear();
  talk.say(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"name"}})"
           "\n");
  Json question = talk.hear();
  EXPECT_EQ(question["method"], "elicitation/create");
  Json answer{{"jsonrpc", "2.0"},
              {"id", question["id"]},
              {"result", {{"action", "accept"}, {"content", {{"name", "Ada"}}}}}};
  talk.say(answer.dump() + "\n");
  EXPECT_EQ(talk.hear()["result"]["content"][0]["text"], "Ada 0");
}

TEST(Asking, ALegacyClientThatCannotBeAskedGetsAToolError) {
  Conversation talk(offer_that_asks());
  talk.say(
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}})"
      "\n");
  talk.hear();
  talk.say(R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"name"}})"
           "\n");
  EXPECT_EQ(talk.hear()["result"]["isError"], true);
}

TEST(Asking, AModernClientBringsTheAnswersWithItsNextTry) {
  Conversation talk(offer_that_asks());
  Json can{{"elicitation", Json::object()}};
  talk.say(modern_call(1, "name", can).dump() + "\n");
  Json first = talk.hear()["result"];
  EXPECT_EQ(first["resultType"], "input_required");
  EXPECT_EQ(first["inputRequests"]["who"]["method"], "elicitation/create");
  EXPECT_FALSE(first.contains("ttlMs"));
  Json answers{{"who", {{"action", "accept"}, {"content", {{"name", "Ada"}}}}}, {"extra", 1}};
  Json again{{"inputResponses", answers}, {"requestState", first["requestState"]}};
  talk.say(modern_call(2, "name", can, again).dump() + "\n");
  Json second = talk.hear()["result"];
  EXPECT_EQ(second["content"][0]["text"], "Ada 1");
  EXPECT_EQ(second["resultType"], "complete");
}

TEST(Asking, WhatAClientBringsIsChecked) {
  Conversation talk(offer_that_asks());
  Json can{{"elicitation", Json::object()}};
  Json who{{"who", {{"action", "accept"}, {"content", {{"name", "Ada"}}}}}};
  const std::vector<Json> wrong{{{"inputResponses", nullptr}},
                                {{"inputResponses", {{"who", 12345}}}},
                                {{"inputResponses", {{"who", {{"action", "perhaps"}}}}}},
                                {{"inputResponses", who}, {"requestState", 3}},
                                {{"inputResponses", who}, {"requestState", "abc.def"}}};
  int id = 0;
  for (const Json& more : wrong) {
    talk.say(modern_call(++id, "name", can, more).dump() + "\n");
    EXPECT_EQ(talk.hear()["error"]["code"], code::invalid_params) << more;
  }
  talk.say(modern_call(++id, "name", Json::object()).dump() + "\n");
  Json error = talk.hear()["error"];
  EXPECT_EQ(error["code"], code::missing_capability);
  EXPECT_TRUE(error["data"]["requiredCapabilities"].contains("elicitation"));
}

Json takes_tasks() {
  Json out;
  out["extensions"][tasks_extension] = Json::object();
  return out;
}

Json task_request(int id, const std::string& method, const Json& task, Json capabilities = takes_tasks()) {
  Json params{{"taskId", task}};
  params["_meta"][meta::version] = "2026-07-28";
  params["_meta"][meta::capabilities] = std::move(capabilities);
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
}

TEST(Tasks, ACallBecomesATaskOnlyForClientsThatTakeThem) {
  Conversation talk(offer_that_asks());
  talk.say(modern_call(1, "job", Json::object()).dump() + "\n");
  EXPECT_EQ(talk.hear()["result"]["content"][0]["text"], "plainly");
  talk.say(modern_call(2, "job", takes_tasks()).dump() + "\n");
  Json task = talk.hear()["result"];
  EXPECT_EQ(task["resultType"], "task");
  EXPECT_EQ(task["status"], "working");
  EXPECT_TRUE(task["ttlMs"].is_number_integer());
  Json seen = Json::object();
  for (int id = 3; seen.value("status", "") != "completed"; ++id) {
    talk.say(task_request(id, "tasks/get", task["taskId"]).dump() + "\n");
    seen = talk.hear()["result"];
    ASSERT_TRUE(seen.contains("status")) << seen;
  }
  EXPECT_EQ(seen["result"]["content"][0]["text"], "as a task");
  EXPECT_FALSE(seen["result"].contains("resultType"));
}

TEST(Tasks, ACancelledTaskStopsAndStaysCancelled) {
  Conversation talk(offer_that_asks());
  talk.say(modern_call(1, "job", takes_tasks(), {{"arguments", {{"wait", true}}}}).dump() + "\n");
  Json id = talk.hear()["result"]["taskId"];
  for (int again : {2, 3}) {
    talk.say(task_request(again, "tasks/cancel", id).dump() + "\n");
    EXPECT_EQ(talk.hear()["result"]["resultType"], "complete");
  }
  talk.say(task_request(4, "tasks/get", id).dump() + "\n");
  EXPECT_EQ(talk.hear()["result"]["status"], "cancelled");
  EXPECT_THAT(talk.hang_up(), SizeIs(0));
  EXPECT_TRUE(talk.ended_in_time());
}

TEST(Tasks, UnknownOnesAndOldMethodsAreRefused) {
  Conversation talk(offer_that_asks());
  talk.say(task_request(1, "tasks/get", "none").dump() + "\n");
  EXPECT_EQ(talk.hear()["error"]["code"], code::invalid_params);
  talk.say(task_request(2, "tasks/list", "none").dump() + "\n");
  EXPECT_EQ(talk.hear()["error"]["code"], code::method_not_found);
  talk.say(task_request(3, "tasks/get", "none", Json::object()).dump() + "\n");
  EXPECT_EQ(talk.hear()["error"]["code"], code::missing_capability);
}

TEST(Listening, HearsWhatItAskedForUnderItsIdAndNothingElse) {
  Offer offer = offer_that_asks();
  auto changes = offer.changes;
  Conversation talk(offer);
  talk.ask(5, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}});
  Json first = talk.hear();
  EXPECT_EQ(first["method"], "notifications/subscriptions/acknowledged");
  EXPECT_EQ(first["params"]["notifications"]["toolsListChanged"], true);
  changes->tell(Changes::Kind::prompts);
  changes->tell(Changes::Kind::tools);
  Json told = talk.hear();
  EXPECT_EQ(told["method"], "notifications/tools/list_changed");
  EXPECT_EQ(told["params"]["_meta"][meta::subscription], 5);
  talk.say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})"
           "\n");
  talk.ask(6, "tools/list");
  EXPECT_EQ(talk.hear()["id"], 6);
  changes->tell(Changes::Kind::tools);
  EXPECT_THAT(talk.hang_up(), SizeIs(0));
}

}  // namespace
}  // namespace mira::mcp
