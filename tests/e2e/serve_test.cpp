// The HTTP server as a client meets it: the built program, raw bytes over a socket.
#include <sys/stat.h>

#include "tests/e2e/served.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Serve, AnActionAnswersAsItsJsonFormDoes) {
  std::string response = post("/api/v1/callers", R"({"symbol": "add_tax"})");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200"));
  json body = body_of(response);
  EXPECT_EQ(body["ok"], true);
  EXPECT_EQ(body["data"]["callers"][0]["name"], "total");
}

TEST_F(Serve, ErrorsHaveTheStatusOfTheirCode) {
  EXPECT_THAT(post("/api/v1/callers", R"({"symbol": "ad_tax"})"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(post("/api/v1/callers", "{}"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/api/v1/callers", "[1"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/api/v1/nothing", "{}"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(post("/api/v1/hook", "{}"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get("/api/v1/callers"), StartsWith("HTTP/1.1 405"));
}

TEST_F(Serve, TheDocumentDescribesEveryRoute) {
  json document = body_of(get("/api/v1/openapi.json"));
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_TRUE(document["paths"].contains("/api/v1/graph/export"));
  EXPECT_FALSE(document["paths"].contains("/api/v1/hook"));
  json schema =
      document["paths"]["/api/v1/callers"]["post"]["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_EQ(schema["required"], json::array({"symbol"}));
}

TEST_F(Serve, HealthReadyAndMetrics) {
  EXPECT_THAT(exchange(head("GET", "/health") + "\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get("/ready"), HasSubstr("{\"ready\":true}"));
  EXPECT_THAT(get("/metrics"), HasSubstr("mira_requests_total"));
  EXPECT_THAT(exchange(head("GET", "/metrics") + "\r\n"), StartsWith("HTTP/1.1 401"));
}

TEST_F(Serve, RefusesBeforeTheBodyComes) {
  // The body is announced and never sent: an answer shows that nobody waits for it.
  std::string announced = "Content-Type: application/json\r\nContent-Length: 1000\r\n";
  EXPECT_THAT(
      exchange("POST /api/v1/status HTTP/1.1\r\nHost: evil.example\r\n" + bearer() + announced + "\r\n"),
      StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(exchange(head("POST", "/api/v1/status", announced) + "\r\n"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(exchange(head("POST", "/api/v1/status",
                            bearer() + "Content-Type: application/json\r\nContent-Length: "
                                       "5000000\r\n") +
                       "\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(exchange(head("POST", "/api/v1/status",
                            bearer() + "Content-Type: text/plain\r\nContent-Length: 2\r\n") +
                       "\r\n"),
              StartsWith("HTTP/1.1 415"));
}

TEST_F(Serve, AnEndlessHeadIsCutOff) {
  EXPECT_THAT(exchange(head("GET", "/health", "X: " + std::string(100'000, 'a') + "\r\n") + "\r\n"),
              StartsWith("HTTP/1.1 431"));
}

TEST_F(Serve, ChunksOverTheLimitAreRefused) {
  std::string chunk = "100000\r\n" + std::string(0x100000, ' ') + "\r\n";
  std::string body;
  for (int i = 0; i < 6; ++i) body += chunk;
  std::string response =
      exchange(head("POST", "/api/v1/status",
                    bearer() + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n") +
               body);
  EXPECT_TRUE(response.empty() || response.starts_with("HTTP/1.1 413")) << response.substr(0, 80);
  EXPECT_THAT(get("/ready"), StartsWith("HTTP/1.1 200"));
}

TEST_F(Serve, BytesThatAreNoHttpEndTheConnectionAndNothingElse) {
  for (const std::string& bytes :
       {std::string("\r\n\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(1000, '\0') + "\r\n\r\n",
        std::string("\x16\x03\x01 tls?\r\n\r\n")})
    exchange(bytes);
  EXPECT_THAT(get("/ready"), StartsWith("HTTP/1.1 200"));
}

TEST_F(Serve, ManyAtOnceAreAllAnswered) {
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      if (post("/api/v1/callers", R"({"symbol": "add_tax"})").starts_with("HTTP/1.1 200")) ++answered;
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 16);
}

TEST_F(Serve, TheTokenIsForThisUserAndGoesWithTheServer) {
  struct stat status{};
  ASSERT_EQ(::stat((mira.home() / "serve.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(token.size(), 64u);
  int idle = connect();  // a client that waits is no reason to stay
  EXPECT_EQ(stop(SIGTERM), 0);
  ::close(idle);
  EXPECT_FALSE(fs::exists(mira.home() / "serve.json"));
}

}  // namespace
}  // namespace mira
