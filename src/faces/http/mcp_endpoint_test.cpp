#include "faces/http/mcp_endpoint.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <thread>

namespace mira::http {
namespace {

using mcp::Json;
using testing::HasSubstr;
using testing::Not;

// What one connection was given, and its end.
class Connection : public Answer {
 public:
  void whole(Response response) override {
    std::lock_guard guard(mutex_);
    head_ = response;
    text_ = response.body;
    over_ = true;
    came_.notify_all();
  }
  void begin(Response head) override {
    std::lock_guard guard(mutex_);
    head_ = head;
    came_.notify_all();
  }
  void write(std::string piece) override {
    std::lock_guard guard(mutex_);
    text_ += piece;
    came_.notify_all();
  }
  void end() override {
    std::lock_guard guard(mutex_);
    over_ = true;
    came_.notify_all();
  }
  void when_gone(std::function<void()> callback) override { gone_ = std::move(callback); }
  base::Deadline deadline() const override { return base::Deadline::never(); }

  // Everything, once it holds `text` or is over.
  std::string until(std::string_view text) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::seconds(20), [&] { return over_ || text_.contains(text); });
    return text_;
  }
  int status() {
    until("\1");
    std::lock_guard guard(mutex_);
    return head_.status;
  }
  std::string header(std::string_view name) {
    std::lock_guard guard(mutex_);
    for (const auto& [key, value] : head_.headers)
      if (key == name) return value;
    return "";
  }
  bool over() {
    std::lock_guard guard(mutex_);
    return over_;
  }
  void leave() { gone_(); }  // as the server does when the client is gone

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  Response head_;
  std::string text_;
  bool over_ = false;
  std::function<void()> gone_ = [] {};
};

// "works" tells its progress, then waits until the gate opens or it is cancelled.
class Endpoint : public testing::Test {
 protected:
  Endpoint() {
    mcp::Tool works{.name = "works", .description = ""};
    works.call = [this](const Json&, mcp::CallContext& context) {
      context.progress.update("half", 1, 2, "steps");
      while (!open_ && !context.deadline.expired()) std::this_thread::yield();
      cancelled_ = !open_;
      return mcp::ToolReply{.text = "the end", .structured = std::nullopt};
    };
    offer_.tools.push_back(std::move(works));
    endpoint_ = std::make_unique<McpEndpoint>(offer_, mcp::ServiceOptions{.threads = 2, .grace_ms = 2'000});
  }
  ~Endpoint() override {
    open_ = true;
    endpoint_->end();
  }

  using Headers = std::multimap<std::string, std::string, std::less<>>;
  std::shared_ptr<Connection> ask(const std::string& method, Headers headers, const std::string& body = "") {
    auto connection = std::make_shared<Connection>();
    endpoint_->answer({.method = method, .target = "/mcp", .headers = std::move(headers)}, body, connection);
    return connection;
  }
  std::string begin_session(const std::string& version = "2025-11-25") {
    Json params{{"protocolVersion", version},
                {"capabilities", Json::object()},
                {"clientInfo", {{"name", "t"}, {"version", "1"}}}};
    auto first = ask(
        "POST", {}, Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", params}}.dump());
    EXPECT_EQ(first->status(), 200) << first->until("\1");
    return first->header("Mcp-Session-Id");
  }
  std::shared_ptr<Connection> call(const std::string& session, int id) {
    Json params{{"name", "works"}, {"_meta", {{"progressToken", "p"}}}};
    return ask("POST", {{"mcp-session-id", session}},
               Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", params}}.dump());
  }
  std::shared_ptr<Connection> come_back(const std::string& session, const std::string& event) {
    return ask("GET", {{"mcp-session-id", session}, {"last-event-id", event}});
  }

  mcp::Offer offer_{.name = "t", .title = "T", .version = "1"};
  std::atomic<bool> open_{false}, cancelled_{false};
  std::unique_ptr<McpEndpoint> endpoint_;
};

TEST_F(Endpoint, AClientThatLeftComesBackForTheRest) {
  std::string session = begin_session();
  auto first = call(session, 2);
  EXPECT_THAT(first->until("half"), HasSubstr("id: s1-1\n"));
  first->leave();
  auto second = come_back(session, "s1-1");
  open_ = true;
  std::string rest = second->until("the end");
  EXPECT_THAT(rest, HasSubstr("id: s1-2\n"));
  EXPECT_THAT(rest, HasSubstr("the end"));
  EXPECT_THAT(rest, Not(HasSubstr("half"))) << "what it had already";
  EXPECT_FALSE(cancelled_);
}

TEST_F(Endpoint, AConnectionWhoseEndIsSeenLateDoesNotTakeTheNextOneWithIt) {
  std::string session = begin_session();
  auto first = call(session, 2);
  first->until("half");
  auto second = come_back(session, "s1-0");
  EXPECT_THAT(second->until("half"), HasSubstr("half")) << "what it has not seen";
  first->leave();
  open_ = true;
  EXPECT_THAT(second->until("the end"), HasSubstr("the end"));
}

TEST_F(Endpoint, WhatIsOverIsToldAgainToWhoAsks) {
  std::string session = begin_session();
  open_ = true;
  auto first = call(session, 2);
  first->until("the end");
  auto again = come_back(session, "s1-1");
  EXPECT_THAT(again->until("the end"), HasSubstr("the end"));
  EXPECT_TRUE(again->over());
}

TEST_F(Endpoint, EventsAndSessionsThatAreNotKnownAreNotFound) {
  std::string session = begin_session(), other = begin_session();
  auto first = call(session, 2);
  first->until("half");
  for (const char* event : {"", "-", "s1", "s1-", "s1-x", "s1-1x", "s1-99999999999999999999", "s9-1", "1"}) {
    SCOPED_TRACE(event);
    EXPECT_EQ(come_back(session, event)->status(), 404);
  }
  EXPECT_EQ(come_back(other, "s1-1")->status(), 404) << "the stream of another session";
  EXPECT_EQ(come_back("nobody", "s1-1")->status(), 404);
}

TEST_F(Endpoint, EveryWayInHasItsStatus) {
  std::string session = begin_session();
  std::string list = R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})";
  std::string told = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
  struct {
    std::string what, method;
    Headers headers;
    std::string body;
    int status;
  } table[] = {
      {"a legacy request", "POST", {{"mcp-session-id", session}}, list, 200},
      {"with its version",
       "POST",
       {{"mcp-session-id", session}, {"mcp-protocol-version", "2025-11-25"}},
       list,
       200},
      {"with one that is none",
       "POST",
       {{"mcp-session-id", session}, {"mcp-protocol-version", "1999-01-01"}},
       list,
       400},
      {"without a session", "POST", {}, list, 400},
      {"of a session that is not known", "POST", {{"mcp-session-id", "nobody"}}, list, 404},
      {"a notification", "POST", {{"mcp-session-id", session}}, told, 202},
      {"no JSON", "POST", {{"mcp-session-id", session}}, "{", 400},
      {"a batch", "POST", {{"mcp-session-id", session}}, "[" + list + "]", 400},
      {"an empty body", "POST", {{"mcp-session-id", session}}, "", 400},
      {"a listener without a session", "GET", {}, "", 405},
      {"another method", "PUT", {{"mcp-session-id", session}}, "", 405},
      {"the end of a session that is not known", "DELETE", {{"mcp-session-id", "nobody"}}, "", 404},
      {"the end", "DELETE", {{"mcp-session-id", session}}, "", 204},
      {"after the end", "POST", {{"mcp-session-id", session}}, list, 404},
      {"the end again", "DELETE", {{"mcp-session-id", session}}, "", 404},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(ask(row.method, row.headers, row.body)->status(), row.status);
  }
}

TEST_F(Endpoint, TheEndOfASessionCancelsItsWork) {
  std::string session = begin_session();
  auto first = call(session, 2);
  first->until("half");
  EXPECT_EQ(ask("DELETE", {{"mcp-session-id", session}})->status(), 204);
  while (!cancelled_) std::this_thread::yield();
  EXPECT_EQ(endpoint_->sessions(), 0u);
}

TEST_F(Endpoint, AModernClientThatLeavesCancelsItsCall) {
  Json meta{
      {mcp::meta::version, "2026-07-28"}, {mcp::meta::capabilities, Json::object()}, {"progressToken", "p"}};
  Json params{{"name", "works"}, {"_meta", meta}};
  auto connection = ask(
      "POST", {{"mcp-protocol-version", "2026-07-28"}, {"mcp-method", "tools/call"}, {"mcp-name", "works"}},
      Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "tools/call"}, {"params", params}}.dump());
  EXPECT_THAT(connection->until("half"), HasSubstr("half"));
  connection->leave();
  while (!cancelled_) std::this_thread::yield();
}

}  // namespace
}  // namespace mira::http
