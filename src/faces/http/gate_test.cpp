#include "faces/http/gate.h"

#include <gmock/gmock.h>

namespace mira::http {
namespace {

const Gate gate{.port = 4000, .token = "secret", .most_body_bytes = 1000};

Head good() {
  return {.method = "POST",
          .target = "/api/v1/status",
          .headers = {{"host", "127.0.0.1:4000"},
                      {"authorization", "Bearer secret"},
                      {"content-type", "application/json"}}};
}
Head with(std::string name, std::string value) {
  Head head = good();
  head.headers.erase(name);
  head.headers.emplace(std::move(name), std::move(value));
  return head;
}
int status(const Head& head) {
  auto refusal = refuse(head, gate);
  return refusal ? refusal->status : 200;
}

TEST(TheGate, LetsAGoodRequestIn) {
  EXPECT_EQ(status(good()), 200);
  EXPECT_EQ(status(with("origin", "http://localhost:4000")), 200);
  EXPECT_EQ(status(with("content-type", "application/json; charset=utf-8")), 200);
}

// Every combination of these; only those of good parts alone may pass.
TEST(TheGate, LetsNothingElseInOfHundredsOfCombinations) {
  struct Part {
    std::string value;
    bool good;
  };
  const std::vector<Part> hosts{{"127.0.0.1:4000", true},
                                {"localhost:4000", true},
                                {"LOCALHOST:4000", true},
                                {"[::1]:4000", true},
                                {"evil.example", false},
                                {"evil.example:4000", false},
                                {"127.0.0.1", false},
                                {"127.0.0.1:4001", false},
                                {"localhost.evil.example:4000", false},
                                {"", false}};
  const std::vector<Part> origins{
      {"-", true},     {"http://127.0.0.1:4000", true}, {"https://127.0.0.1:4000", false},
      {"null", false}, {"http://evil.example", false},  {"http://localhost:4000.evil", false}};
  const std::vector<Part> sites{
      {"-", true}, {"same-origin", true}, {"none", true}, {"cross-site", false}, {"same-site", false}};
  const std::vector<Part> tokens{
      {"Bearer secret", true},   {"-", false},      {"Bearer", false},      {"Bearer secre", false},
      {"Bearer secrets", false}, {"secret", false}, {"Basic secret", false}};
  int tried = 0, passed = 0;
  for (const Part& host : hosts)
    for (const Part& origin : origins)
      for (const Part& site : sites)
        for (const Part& token : tokens) {
          Head head{.method = "POST",
                    .target = "/api/v1/status",
                    .headers = {{"content-type", "application/json"}}};
          auto add = [&](const char* name, const Part& part) {
            if (part.value != "-") head.headers.emplace(name, part.value);
          };
          add("host", host);
          add("origin", origin);
          add("sec-fetch-site", site);
          add("authorization", token);
          bool in = status(head) == 200;
          EXPECT_EQ(in, host.good && origin.good && site.good && token.good)
              << host.value << " " << origin.value << " " << site.value << " " << token.value;
          ++tried;
          passed += in ? 1 : 0;
        }
  EXPECT_EQ(tried, 2100);
  EXPECT_EQ(passed, 4 * 2 * 3);
}

TEST(TheGate, TakesOneHostOneOriginOneToken) {
  for (const char* name : {"host", "authorization"}) {
    Head head = good();
    head.headers.emplace(name, std::string(head.get(name)));
    EXPECT_NE(status(head), 200) << name;
  }
  Head head = with("origin", "http://localhost:4000");
  head.headers.emplace("origin", "http://evil.example");
  EXPECT_EQ(status(head), 403);
}

TEST(TheGate, RefusesBySizeAndKindBeforeTheBody) {
  EXPECT_EQ(status(with("content-length", "1000")), 200);
  EXPECT_EQ(status(with("content-length", "1001")), 413);
  EXPECT_EQ(status(with("content-length", "99999999999999999999999")), 413);
  EXPECT_EQ(status(with("content-type", "text/plain")), 415);
}

TEST(TheGate, HealthNeedsNoTokenButTheName) {
  Head head{.method = "GET", .target = "/health", .headers = {{"host", "localhost:4000"}}};
  EXPECT_EQ(status(head), 200);
  head.headers = {{"host", "evil.example"}};
  EXPECT_EQ(status(head), 403);
}

TEST(TheGate, WithoutATokenOfItsOwnLetsNobodyIn) {
  EXPECT_EQ(refuse(with("authorization", "Bearer "), Gate{.port = 4000})->status, 401);
}

}  // namespace
}  // namespace mira::http
