#include "faces/http/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <thread>

namespace mira::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A client of raw bytes.
class Peer {
 public:
  explicit Peer(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Peer() { ::close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void no_more() { ::shutdown(socket_, SHUT_WR); }
  // Reads on until what came holds `text`, or the end.
  std::string until(std::string_view text) {
    while (came_.find(text) == std::string::npos && more()) continue;
    return came_;
  }
  std::string rest() {
    while (more()) continue;
    return came_;
  }
  // At least so many bytes, and takes them away; fewer at the end.
  std::string take(std::size_t bytes) {
    while (came_.size() < bytes && more()) continue;
    std::string out = came_.substr(0, bytes);
    came_.erase(0, out.size());
    return out;
  }

 private:
  bool more() {
    char chunk[4096];
    ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
    if (got > 0) came_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  std::string came_;
};

// Says back what it hears.
class Echo : public TalkHandler {
 public:
  explicit Echo(std::shared_ptr<Talk> talk) : talk_(std::move(talk)) {}
  void received(std::string text) override {
    if (text == "bye") return talk_->close(1000, "as you wish");
    talk_->send("heard " + text);
  }
  void gone() override {}

 private:
  std::shared_ptr<Talk> talk_;
};

// The real server over a handler that says back the request.
class HttpServer : public testing::Test {
 protected:
  void start(ServerOptions options) {
    options.token = "secret";
    auto started = Server::start(
        options,
        [](const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer) {
          if (head.path() == "/stream") {
            answer->begin({.body = "", .content_type = "text/plain"});
            answer->write("one ");
            answer->write("two");
            return answer->end();
          }
          if (head.path() == "/silent") return;
          if (head.path() == "/nothing") return answer->whole({.status = 204, .body = ""});
          answer->whole({.body = head.method + " " + head.target + " [" + body + "]"});
        },
        [](const Head&, std::shared_ptr<Talk> talk) { return std::make_shared<Echo>(std::move(talk)); });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
    loop_ = std::thread([this] { server_->run(); });
  }
  void SetUp() override {
    start({.most_head_bytes = 2000, .most_body_bytes = 1000, .most_message_bytes = 500});
  }
  void TearDown() override { stop(); }
  void stop() {
    if (!server_) return;
    server_->stop();
    loop_.join();
    server_.reset();
  }

  std::string host() const { return "Host: 127.0.0.1:" + std::to_string(server_->port()) + "\r\n"; }
  std::string known() const { return host() + "Authorization: Bearer secret\r\n"; }
  std::string get(std::string_view path) const {
    return "GET " + std::string(path) + " HTTP/1.1\r\n" + known() + "\r\n";
  }
  std::string post(std::string_view path, std::string_view more) const {
    return "POST " + std::string(path) + " HTTP/1.1\r\n" + known() + "Content-Type: application/json\r\n" +
           std::string(more);
  }
  // Until the server closes, which it does after a last request; one that closes its own side is gone.
  std::string exchange(std::string_view bytes) {
    Peer peer(server_->port());
    peer.send(std::string(bytes) + "GET /last HTTP/1.1\r\n" + known() + "Connection: close\r\n\r\n");
    return peer.rest();
  }
  // Of a client that goes in the middle.
  std::string broken_off(std::string_view bytes) {
    Peer peer(server_->port());
    peer.send(bytes);
    peer.no_more();
    return peer.rest();
  }

  std::unique_ptr<Server> server_;
  std::thread loop_;
};

std::string status_of(std::string_view answer) {
  return std::string(answer.substr(0, answer.find("\r\n")));
}

TEST_F(HttpServer, ReadsBodiesOfEveryFraming) {
  struct {
    std::string what, more, body;
  } table[] = {
      {"none", "Content-Length: 0\r\n\r\n", "[]"},
      {"a length", "Content-Length: 5\r\n\r\nhello", "[hello]"},
      {"the largest", "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'),
       "[" + std::string(1000, 'x') + "]"},
      {"chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "[hello]"},
      {"a chunk with an extension", "Transfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n0\r\n\r\n",
       "[hello]"},
      {"chunks with a trailer", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
       "[hello]"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    std::string answer = exchange(post("/echo", row.more));
    EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
    EXPECT_THAT(answer, HasSubstr("POST /echo " + row.body));
  }
}

TEST_F(HttpServer, RefusesWhatIsNoRequestAndWhatIsTooMuch) {
  struct {
    std::string what, bytes, status;
  } table[] = {
      {"words", "hello there\r\n\r\n", "HTTP/1.1 400 Bad Request"},
      {"no version", "GET /health\r\n" + host() + "\r\n", "HTTP/1.1 400 Bad Request"},
      {"another protocol", "GET /health HTTP/9.9\r\n" + host() + "\r\n", "HTTP/1.1 400 Bad Request"},
      {"a field without a colon", "GET /health HTTP/1.1\r\n" + host() + "nonsense\r\n\r\n",
       "HTTP/1.1 400 Bad Request"},
      {"a NUL in a field", "GET /health HTTP/1.1\r\n" + host() + std::string("A: b\0c\r\n\r\n", 10),
       "HTTP/1.1 400 Bad Request"},
      {"no host", "GET /health HTTP/1.1\r\n\r\n", "HTTP/1.1 403 Forbidden"},
      {"two hosts", "GET /health HTTP/1.1\r\n" + host() + host() + "\r\n", "HTTP/1.1 403 Forbidden"},
      {"a head over the limit",
       "GET /health HTTP/1.1\r\n" + host() + "A: " + std::string(3000, 'a') + "\r\n\r\n",
       "HTTP/1.1 431 Request Header Fields Too Large"},
      {"many fields over the limit",
       [&] {
         std::string out = "GET /health HTTP/1.1\r\n" + host();
         for (int i = 0; i < 400; ++i) out += "A" + std::to_string(i) + ": b\r\n";
         return out + "\r\n";
       }(),
       "HTTP/1.1 431 Request Header Fields Too Large"},
      {"a length over the limit", post("/echo", "Content-Length: 1001\r\n\r\n"),
       "HTTP/1.1 413 Payload Too Large"},
      {"a length that no number holds", post("/echo", "Content-Length: 99999999999999999999999\r\n\r\n"),
       "HTTP/1.1 400 Bad Request"},
      {"a length below nothing", post("/echo", "Content-Length: -1\r\n\r\n"), "HTTP/1.1 400 Bad Request"},
      {"two lengths", post("/echo", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
       "HTTP/1.1 400 Bad Request"},
      {"a length and chunks",
       post("/echo", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
       "HTTP/1.1 400 Bad Request"},
      {"chunks and a length",
       post("/echo", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
       "HTTP/1.1 400 Bad Request"},
      {"a chunk of no size", post("/echo", "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
       "HTTP/1.1 400 Bad Request"},
      {"a chunk longer than said", post("/echo", "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n"),
       "HTTP/1.1 400 Bad Request"},
      {"chunks over the limit",
       post("/echo", "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n"),
       "HTTP/1.1 413 Payload Too Large"},
      {"a form",
       "POST /echo HTTP/1.1\r\n" + known() + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
       "HTTP/1.1 415 Unsupported Media Type"},
      {"no type", "POST /echo HTTP/1.1\r\n" + known() + "Content-Length: 2\r\n\r\n{}",
       "HTTP/1.1 415 Unsupported Media Type"},
      {"no token", "GET /echo HTTP/1.1\r\n" + host() + "\r\n", "HTTP/1.1 401 Unauthorized"},
      {"a preflight of a page", "OPTIONS /echo HTTP/1.1\r\n" + host() + "Origin: http://evil.example\r\n\r\n",
       "HTTP/1.1 403 Forbidden"},
      {"no upgrade at the socket's path", get("/ws"), "HTTP/1.1 426 Upgrade Required"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(status_of(exchange(row.bytes)), row.status);
  }
  EXPECT_EQ(status_of(exchange(get("/echo"))), "HTTP/1.1 200 OK") << "it serves on";
}

TEST_F(HttpServer, ABodyThatEndsEarlyIsNotTaken) {
  for (const char* more :
       {"Content-Length: 50\r\n\r\nhello", "Content-Length: 50\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    SCOPED_TRACE(more);
    EXPECT_EQ(status_of(broken_off(post("/echo", more))), "HTTP/1.1 400 Bad Request");
  }
  EXPECT_EQ(status_of(broken_off("GET /echo HTT")), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(status_of(exchange(get("/echo"))), "HTTP/1.1 200 OK") << "it serves on";
}

TEST_F(HttpServer, RequestsSentAtOnceAreAnsweredInOrder) {
  std::string answer = exchange(post("/one", "Content-Length: 1\r\n\r\na") + get("/two") +
                                post("/three", "Transfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n") +
                                get("/stream") + get("/five"));
  std::size_t at = 0;
  for (const char* part :
       {"POST /one [a]", "GET /two []", "POST /three [c]", "one ", "two", "GET /five []"}) {
    std::size_t found = answer.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << " in " << answer;
    at = found;
  }
}

TEST_F(HttpServer, ABadRequestEndsTheConnectionAfterTheAnswersBeforeIt) {
  std::string answer = exchange(get("/one") + "nonsense\r\n\r\n" + get("/three"));
  EXPECT_THAT(answer, HasSubstr("GET /one []"));
  EXPECT_THAT(answer, HasSubstr("400 Bad Request"));
  EXPECT_THAT(answer, Not(HasSubstr("/three")));
}

TEST_F(HttpServer, AHeadIsAnsweredWithoutABodyAndTheConnectionGoesOn) {
  std::string answer = exchange("HEAD /echo HTTP/1.1\r\n" + known() + "\r\n" + get("/next"));
  EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 13\r\n"));  // of "HEAD /echo []", which is not sent
  EXPECT_THAT(answer, Not(HasSubstr("HEAD /echo []")));
  std::size_t body = answer.find("\r\n\r\n") + 4;
  EXPECT_THAT(answer.substr(body), StartsWith("HTTP/1.1 200 OK")) << "the next answer follows the head";
  EXPECT_THAT(answer, HasSubstr("GET /next []"));
}

TEST_F(HttpServer, AHeadThatIsRefusedHasNoBodyEither) {
  std::string answer = exchange("HEAD /echo HTTP/1.1\r\n" + host() + "\r\n");
  EXPECT_EQ(status_of(answer), "HTTP/1.1 401 Unauthorized");
  EXPECT_EQ(answer.find("\r\n\r\n") + 4, answer.size());
}

TEST_F(HttpServer, AClientThatAsksWhetherItsBodyIsWantedIsTold) {
  Peer wanted(server_->port());
  ASSERT_TRUE(wanted.send(post("/echo", "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")));
  EXPECT_THAT(wanted.until("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  ASSERT_TRUE(wanted.send("hello"));
  EXPECT_THAT(wanted.until("[hello]"), HasSubstr("HTTP/1.1 200 OK"));

  Peer refused(server_->port());
  ASSERT_TRUE(
      refused.send("POST /echo HTTP/1.1\r\n" + host() +
                   "Content-Type: application/json\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(status_of(refused.rest()), "HTTP/1.1 401 Unauthorized");
}

TEST_F(HttpServer, KeepsOrClosesTheConnectionAsItIsAsked) {
  struct {
    std::string what, head;
    bool goes_on;
  } table[] = {
      {"1.1", "HTTP/1.1\r\n" + known(), true},
      {"1.1, close", "HTTP/1.1\r\n" + known() + "Connection: close\r\n", false},
      {"1.0", "HTTP/1.0\r\n" + known(), false},
      {"1.0, keep-alive", "HTTP/1.0\r\n" + known() + "Connection: keep-alive\r\n", true},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    std::string answer = exchange("GET /first " + row.head + "\r\n" + get("/second"));
    EXPECT_THAT(answer, HasSubstr("/first"));
    EXPECT_EQ(answer.find("/second") != std::string::npos, row.goes_on);
  }
}

TEST_F(HttpServer, WhatComesInPiecesIsPutTogether) {
  std::string whole = post("/echo", "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
  Peer peer(server_->port());
  for (char byte : whole) ASSERT_TRUE(peer.send({&byte, 1}));
  EXPECT_THAT(peer.until("[hello]"), HasSubstr("POST /echo [hello]"));
}

TEST_F(HttpServer, AnAnswerWithoutABodyKeepsTheConnection) {
  std::string answer = exchange(get("/nothing") + get("/next"));
  EXPECT_EQ(status_of(answer), "HTTP/1.1 204 No Content");
  EXPECT_THAT(answer, HasSubstr("GET /next []"));
}

TEST_F(HttpServer, WorkThatForgetsToAnswerIsAnsweredFor) {
  EXPECT_EQ(status_of(exchange(get("/silent"))), "HTTP/1.1 500 Internal Server Error");
}

// A byte now and then is no request: the time for a whole head, or a whole body, is over some day.
TEST_F(HttpServer, AClientThatDripsIsLeft) {
  stop();
  start({.head_ms = 200});
  for (const std::string& begin :
       {std::string("GET /echo HTTP/1.1\r\nA: "), post("/echo", "Content-Length: 9000\r\n\r\n")}) {
    Peer peer(server_->port());
    ASSERT_TRUE(peer.send(begin));
    bool left = false;
    for (int i = 0; i < 4000 && !left; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      left = !peer.send("a");
    }
    EXPECT_TRUE(left);
  }
}

TEST_F(HttpServer, MoreConnectionsThanTheLimitAreClosed) {
  stop();
  start({.most_connections = 2});
  Peer first(server_->port()), second(server_->port());
  ASSERT_TRUE(first.send(get("/echo")));
  EXPECT_THAT(first.until("[]"), HasSubstr("200 OK"));
  ASSERT_TRUE(second.send(get("/echo")));
  EXPECT_THAT(second.until("[]"), HasSubstr("200 OK"));
  EXPECT_EQ(Peer(server_->port()).rest(), "");
}

// --- WebSocket

enum Opcode : unsigned char { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

std::string frame(Opcode opcode, std::string_view payload, bool last = true, bool masked = true) {
  std::string out(1, static_cast<char>((last ? 0x80 : 0) | opcode));
  unsigned char mask = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    out += static_cast<char>(mask | payload.size());
  } else {
    out += static_cast<char>(mask | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xff);
  }
  constexpr std::string_view key = "\x11\x22\x33\x44";
  if (masked) out += key;
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(masked ? payload[i] ^ key[i % 4] : payload[i]);
  return out;
}

struct Heard {
  int opcode = -1;
  std::string payload;
  int code() const {  // of a close
    if (payload.size() < 2) return 0;
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
  }
};

Heard hear(Peer& peer) {
  std::string head = peer.take(2);
  if (head.size() < 2) return {};
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7f;
  if (size == 126) {
    std::string more = peer.take(2);
    size = static_cast<unsigned char>(more[0]) * 256u + static_cast<unsigned char>(more[1]);
  }
  return {head[0] & 0xf, peer.take(size)};
}

class WebSocket : public HttpServer {
 protected:
  std::unique_ptr<Peer> open() {
    auto peer = std::make_unique<Peer>(server_->port());
    peer->send("GET /ws HTTP/1.1\r\n" + known() +
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    std::string head = peer->until("\r\n\r\n");
    EXPECT_THAT(head, StartsWith("HTTP/1.1 101 "));
    EXPECT_THAT(head, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));  // of RFC 6455
    peer->take(head.find("\r\n\r\n") + 4);
    return peer;
  }
};

TEST_F(WebSocket, MessagesComeWholeHoweverTheyAreSent) {
  struct {
    std::string what, bytes, heard;
  } table[] = {
      {"one frame", frame(text, "hello"), "heard hello"},
      {"an empty one", frame(text, ""), "heard "},
      {"three frames", frame(text, "he", false) + frame(more, "l", false) + frame(more, "lo"), "heard hello"},
      {"the largest", frame(text, std::string(500, 'x')), "heard " + std::string(500, 'x')},
      {"letters cut in two", frame(text, "\xC3", false) + frame(more, "\xA4"), "heard \xC3\xA4"},
  };
  auto peer = open();
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    ASSERT_TRUE(peer->send(row.bytes));
    Heard heard = hear(*peer);
    EXPECT_EQ(heard.opcode, text);
    EXPECT_EQ(heard.payload, row.heard);
  }
}

TEST_F(WebSocket, APingIsAnsweredEvenBetweenTheFramesOfAMessage) {
  auto peer = open();
  ASSERT_TRUE(peer->send(frame(text, "he", false) + frame(ping, "are you there") + frame(more, "llo")));
  Heard first = hear(*peer), second = hear(*peer);
  EXPECT_EQ(first.opcode, pong);
  EXPECT_EQ(first.payload, "are you there");
  EXPECT_EQ(second.payload, "heard hello");
  ASSERT_TRUE(peer->send(frame(pong, "unasked") + frame(text, "on")));
  EXPECT_EQ(hear(*peer).payload, "heard on");
}

TEST_F(WebSocket, WhatIsAgainstTheProtocolEndsItWithItsCode) {
  struct {
    std::string what, bytes;
    int code;
  } table[] = {
      {"no mask", frame(text, "hello", true, false), 1002},
      {"reserved bits", "\xF1\x80" + std::string("\x11\x22\x33\x44"), 1002},
      {"an opcode that is none", frame(static_cast<Opcode>(3), "a"), 1002},
      {"a continuation of nothing", frame(more, "a"), 1002},
      {"a message inside another", frame(text, "a", false) + frame(text, "b"), 1002},
      {"a ping in pieces", frame(ping, "a", false), 1002},
      {"a ping too long", frame(ping, std::string(126, 'a')), 1002},
      {"text that is no UTF-8", frame(text, "\xFF\xFE"), 1007},
      {"a message too large", frame(text, std::string(501, 'x')), 1009},
      {"a message too large in pieces",
       frame(text, std::string(300, 'x'), false) + frame(more, std::string(300, 'x')), 1009},
      {"a close of one byte", frame(close, "a"), 1002},
      {"a close with a code that none may send", frame(close, "\x03\xED"), 1002},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    auto peer = open();
    ASSERT_TRUE(peer->send(row.bytes));
    Heard heard = hear(*peer);
    EXPECT_EQ(heard.opcode, close);
    EXPECT_EQ(heard.code(), row.code);
    EXPECT_EQ(peer->rest(), "");
  }
  auto peer = open();
  ASSERT_TRUE(peer->send(frame(text, "hello")));
  EXPECT_EQ(hear(*peer).payload, "heard hello") << "others are served on";
}

TEST_F(WebSocket, ACloseIsAnsweredAndOneOfTheServerSaysWhy) {
  auto left = open();
  ASSERT_TRUE(left->send(frame(close, "\x03\xE8")));
  Heard heard = hear(*left);
  EXPECT_EQ(heard.opcode, close);
  EXPECT_EQ(heard.code(), 1000);
  auto asked = open();
  ASSERT_TRUE(asked->send(frame(text, "bye")));
  heard = hear(*asked);
  EXPECT_EQ(heard.opcode, close);
  EXPECT_EQ(heard.code(), 1000);
  EXPECT_EQ(heard.payload.substr(2), "as you wish");
}

TEST_F(WebSocket, TheEndOfTheServerIsTold) {
  auto peer = open();
  ASSERT_TRUE(peer->send(frame(text, "hello")));
  hear(*peer);
  server_->stop();
  Heard heard = hear(*peer);
  EXPECT_EQ(heard.opcode, close);
  EXPECT_EQ(heard.code(), 1001);
}

}  // namespace
}  // namespace mira::http
