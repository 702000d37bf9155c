// Who is let in: every combination of Host, Origin, Sec-Fetch-Site and token, over real
// sockets, for HTTP and for the upgrade to a WebSocket. The body is announced and never
// sent, so an answer shows that nobody waited for it.
#include "tests/e2e/served.h"

namespace mira {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Part {
  std::string lines;  // of the head
  bool good;
};

class Access : public Serve {
 protected:
  std::string at(const std::string& host) { return host + ":" + std::to_string(port); }
  std::vector<Part> hosts() {
    return {{"Host: " + at("127.0.0.1") + "\r\n", true},
            {"Host: " + at("localhost") + "\r\n", true},
            {"Host: " + at("[::1]") + "\r\n", true},
            {"Host: evil.example\r\n", false},
            {"Host: " + at("evil.example") + "\r\n", false},
            {"Host: 127.0.0.1:1\r\n", false},
            {"Host: " + at("localhost.evil.example") + "\r\n", false},
            {"", false}};
  }
  std::vector<Part> origins() {
    return {{"", true},
            {"Origin: http://" + at("localhost") + "\r\n", true},
            {"Origin: http://evil.example\r\n", false},
            {"Origin: null\r\n", false},
            {"Origin: https://" + at("localhost") + "\r\n", false}};
  }
  static std::vector<Part> sites() {
    return {{"", true}, {"Sec-Fetch-Site: same-origin\r\n", true}, {"Sec-Fetch-Site: cross-site\r\n", false}};
  }
  std::vector<Part> tokens() {
    std::string other = token;
    other.back() = other.back() == '0' ? '1' : '0';
    return {{bearer(), true},
            {"", false},
            {"Authorization: Bearer " + other + "\r\n", false},
            {"Authorization: Basic " + token + "\r\n", false}};
  }
  // The status of the answer to a head; "" when there was none.
  std::string status(const std::string& bytes) {
    Wire wire(connect());
    wire.say(bytes);
    std::string line = wire.until("\r\n");
    return line.size() > 12 ? line.substr(9, 3) : "";
  }
};

TEST_F(Access, NoneOfFourHundredAndEightyRequestsGetsInThatShouldNot) {
  int tried = 0, let_in = 0;
  for (const Part& host : hosts())
    for (const Part& origin : origins())
      for (const Part& site : sites())
        for (const Part& given : tokens()) {
          std::string head = host.lines + origin.lines + site.lines + given.lines;
          bool good = host.good && origin.good && site.good && given.good;
          // A good one asks for something that has no body, the others announce one.
          std::string got = good ? status("GET /metrics HTTP/1.1\r\n" + head + "\r\n")
                                 : status("POST /api/v1/status HTTP/1.1\r\n" + head +
                                          "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n");
          ++tried;
          let_in += got == "200" ? 1 : 0;
          EXPECT_EQ(got == "200", good) << head << got;
          EXPECT_THAT(got, testing::AnyOf("200", "401", "403", "400")) << head;
        }
  EXPECT_EQ(tried, 480);
  EXPECT_EQ(let_in, 3 * 2 * 2);
}

TEST_F(Access, NoneOfFourHundredAndEightyUpgradesGetsInThatShouldNot) {
  const std::string upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  int tried = 0, upgraded = 0;
  for (const Part& host : hosts())
    for (const Part& origin : origins())
      for (const Part& site : sites())
        for (const Part& given : tokens()) {
          std::string head = host.lines + origin.lines + site.lines + given.lines;
          // Without the header the token follows in the first message.
          bool good = host.good && origin.good && site.good && (given.good || given.lines.empty());
          std::string got = status("GET /ws HTTP/1.1\r\n" + head + upgrade);
          ++tried;
          upgraded += got == "101" ? 1 : 0;
          EXPECT_EQ(got == "101", good) << head << got;
        }
  EXPECT_EQ(tried, 480);
  EXPECT_EQ(upgraded, 3 * 2 * 2 * 2);
}

class Socket : public Access {
 protected:
  void open(Wire& wire, const std::string& more = "") {
    wire.say("GET /ws HTTP/1.1\r\nHost: " + at("127.0.0.1") + "\r\n" + more +
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_THAT(wire.until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  }
};

TEST_F(Socket, NothingIsAnsweredBeforeTheToken) {
  for (const std::string& first :
       {std::string(R"({"id": 1, "action": "status"})"), std::string(R"({"token": "wrong"})"),
        std::string("not json"), R"({"token": ")" + std::string(5000, 'a') + "\"}"}) {
    Wire wire(connect());
    open(wire);
    wire.frame(first);
    auto [opcode, text] = wire.heard_frame();
    EXPECT_EQ(opcode, 8) << first << text;  // closed
  }
}

TEST_F(Socket, AnswersActionsAfterTheToken) {
  Wire wire(connect());
  open(wire);
  wire.frame(json{{"token", token}}.dump());
  EXPECT_EQ(wire.heard_json()["ok"], true);
  wire.frame(R"({"id": "a", "action": "callers", "input": {"symbol": "add_tax"}})");
  json answer = wire.heard_json();
  while (answer.contains("event")) answer = wire.heard_json();
  EXPECT_EQ(answer["id"], "a");
  EXPECT_EQ(answer["data"]["callers"][0]["name"], "total");
  for (const char* wrong :
       {R"({"action": "status"})", "[1]", R"({"id": 5})", R"({"id": 6, "action": "hook"})"}) {
    wire.frame(wrong);
    json refusal = wire.heard_json();
    while (refusal.contains("event")) refusal = wire.heard_json();
    EXPECT_EQ(refusal["ok"], false) << wrong;
  }
}

TEST_F(Socket, HearsWhatAnotherProcessRemembered) {
  mira.run({"index"});
  Wire wire(connect());
  open(wire, bearer());
  wire.frame(R"({"id": 1, "action": "status"})");
  while (!wire.heard_json().contains("ok")) continue;
  // The first look only remembers; so something is told until it is heard.
  std::atomic<bool> heard{false};
  std::thread teller([&] {
    for (int i = 0; !heard && i < 200; ++i)
      mira.run({"remember", "The shop closes at " + std::to_string(i) + " o'clock on fair days"});
  });
  json event = json::object();
  while (event.value("event", "") != "memory") event = wire.heard_json();
  heard = true;
  teller.join();
  EXPECT_GE(event["data"]["now"]["entries"].get<int>(), 1);
}

TEST_F(Access, EventsAreStreamedAndResumed) {
  mira.run({"index"});
  Wire wire(connect());
  wire.say("GET /api/v1/events HTTP/1.1\r\nHost: " + at("127.0.0.1") + "\r\n" + bearer() + "\r\n");
  EXPECT_THAT(wire.until("\r\n\r\n"), HasSubstr("text/event-stream"));
  std::atomic<bool> heard{false};
  std::thread teller([&] {
    for (int i = 0; !heard && i < 200; ++i)
      mira.run({"remember", "Prices are rounded to " + std::to_string(i) + " cents"});
  });
  json first = wire.event();
  heard = true;
  teller.join();
  ASSERT_TRUE(first.is_object());
  int id = std::stoi(first["id"].get<std::string>());
  EXPECT_GE(id, 1);
  Wire again(connect());
  again.say("GET /api/v1/events HTTP/1.1\r\nHost: " + at("127.0.0.1") +
            "\r\nLast-Event-ID: " + std::to_string(id - 1) + "\r\n" + bearer() + "\r\n");
  again.until("\r\n\r\n");
  EXPECT_EQ(again.event()["id"], first["id"]);
  EXPECT_EQ(status("GET /api/v1/events HTTP/1.1\r\nHost: " + at("127.0.0.1") + "\r\nLast-Event-ID: x\r\n" +
                   bearer() + "\r\n"),
            "400");
}

TEST_F(Access, StreamsEndWithTheServerAndItEndsWell) {
  Wire events(connect());
  events.say("GET /api/v1/events HTTP/1.1\r\nHost: " + at("127.0.0.1") + "\r\n" + bearer() + "\r\n");
  events.until("\r\n\r\n");
  EXPECT_EQ(stop(SIGTERM), 0);
}

}  // namespace
}  // namespace mira
