// The transport over real pipes: a client thread that speaks, a server that serves.
#include "faces/mcp/stdio.h"

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

}  // namespace
}  // namespace mira::mcp
