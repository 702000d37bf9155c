// Every line of the retry table, and what a host can do to who reads it, over real sockets.
#include "platform/models/provider.h"

#include <gmock/gmock.h>

#include <atomic>

#include "tests/support/model_server.h"

namespace mira::models {
namespace {

using support::ModelServer;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class Host {
 public:
  explicit Host(ModelServer::Answers answers, Protocol protocol = Protocol::responses, HttpLimits limits = {})
      : server(std::move(answers)),
        provider({.base = server.base(), .host = server.host(), .key = "k-17", .protocol = protocol}, breaker,
                 {.first_ms = 1, .most_ms = 2, .limits = limits}) {}

  Outcome send(base::Deadline deadline = base::Deadline::after_ms(60'000)) {
    Prompt prompt{.model = "m", .messages = {{Message::Role::user, "hi"}}, .max_output_tokens = 50};
    return provider.send(prompt, [this](std::string_view part) { streamed += part; }, deadline);
  }

  ModelServer server;
  Breaker breaker;
  Provider provider;
  std::string streamed;
};

ModelServer::Script hello() {
  return support::stream(support::responses_events({"hel", "lo"}));
}

// The first `count` requests get that answer, the rest a good one.
ModelServer::Answers first(int count, ModelServer::Script bad) {
  return [count, bad = std::move(bad)](const ModelServer::Seen&, int number) {
    return number < count ? bad : hello();
  };
}

TEST(Provider, StreamsAnAnswer) {
  Host host(first(0, {}));
  Outcome out = host.send();
  EXPECT_EQ(out.verdict.fault, Fault::none);
  EXPECT_EQ(out.received.text, "hello");
  EXPECT_EQ(host.streamed, "hello");
  EXPECT_TRUE(out.charged);
  EXPECT_EQ(out.request_id, "req-7");
}

TEST(Provider, TriesAgainWhatCostNothing) {
  for (int code : {408, 409, 500, 502, 503}) {
    Host host(first(2, support::status(code, "{}")));
    EXPECT_EQ(host.send().received.text, "hello") << code;
    EXPECT_THAT(host.server.seen(), SizeIs(3)) << code;
  }
  Host busy(
      first(1, support::status(429, R"({"error":{"code":"rate_limit_exceeded"}})", "Retry-After: 0\r\n")));
  EXPECT_EQ(busy.send().received.text, "hello");
}

TEST(Provider, GivesUpAfterThreeTries) {
  Host host(first(99, support::status(503, R"({"error":{"message":"too busy"}})")));
  Outcome out = host.send();
  EXPECT_EQ(out.verdict.fault, Fault::again);
  EXPECT_FALSE(out.charged);
  EXPECT_THAT(host.server.seen(), SizeIs(3));
  EXPECT_THAT(out.verdict.message, HasSubstr("503: too busy"));
}

TEST(Provider, WaitsAsLongAsTheHostAsksOrGivesUpAtOnce) {
  Host host(first(1, support::status(429, "{}", "Retry-After: 100\r\n")));
  Outcome out = host.send(base::Deadline::after_ms(20'000));
  EXPECT_EQ(out.verdict.fault, Fault::again);
  EXPECT_THAT(host.server.seen(), SizeIs(1));
}

TEST(Provider, StopsWhereAFurtherTryWouldFailToo) {
  struct Case {
    int code;
    const char* body;
    Fault fault;
  };
  for (const Case& c :
       {Case{401, "{}", Fault::unauthorised}, Case{403, "{}", Fault::unauthorised},
        Case{404, R"({"error":{"code":"model_not_found"}})", Fault::model_not_found},
        Case{400, R"({"error":{"code":"context_length_exceeded"}})", Fault::too_long},
        Case{400, R"({"error":{"message":"no"}})", Fault::failed}, Case{418, "no json", Fault::failed},
        Case{429, R"({"error":{"code":"insufficient_quota"}})", Fault::out_of_money}}) {
    Host host(first(99, support::status(c.code, c.body)));
    EXPECT_EQ(host.send().verdict.fault, c.fault) << c.code << c.body;
    EXPECT_THAT(host.server.seen(), SizeIs(1)) << c.code << c.body;
  }
}

TEST(Provider, LeavesOutAFieldTheHostDoesNotKnowOnce) {
  Host host(first(1, support::status(400, R"({"error":{"code":"unsupported_parameter","param":"store"}})")));
  Outcome out = host.send();
  EXPECT_EQ(out.received.text, "hello");
  EXPECT_THAT(out.left_out, testing::ElementsAre("store"));
  EXPECT_TRUE(host.server.seen()[0].json().contains("store"));
  EXPECT_FALSE(host.server.seen()[1].json().contains("store"));
  Host stubborn(first(99, support::status(400, R"({"error":{"param":"store","message":"store"}})")));
  EXPECT_EQ(stubborn.send().verdict.fault, Fault::field);
  EXPECT_THAT(stubborn.server.seen(), SizeIs(2));
}

// The vendor's words, as a gateway on this machine hands them on: they name two fields, and one is at fault.
TEST(Provider, LeavesOutTheFieldThatIsRefusedAndNotTheOneThatIsAdvised) {
  Host host([](const ModelServer::Seen& seen, int) {
    if (!seen.json().contains("response_format")) return hello();
    return support::status(
        400,
        R"({"error":{"message":"Unsupported parameter: 'response_format'. In the Responses API, this parameter )"
        R"(has moved to 'text.format'.","param":null,"code":"unsupported_parameter"}})");
  });
  Prompt prompt{.model = "m", .output = OutputSchema{"check", {{"type", "object"}}}};
  Outcome out = host.provider.send(prompt, {}, base::Deadline::after_ms(60'000));
  EXPECT_EQ(out.received.text, "hello");
  EXPECT_THAT(out.left_out, testing::ElementsAre("response_format"));
  EXPECT_TRUE(host.server.seen()[1].json()["text"].contains("format"));
}

TEST(Provider, FindsOutWhichProtocolAHostSpeaks) {
  Host host(
      [](const ModelServer::Seen& seen, int) {
        if (seen.path == "/v1/responses") return support::status(404, "nothing here");
        return support::stream(support::chat_events({"by ", "chat"}));
      },
      Protocol::unknown);
  EXPECT_EQ(host.send().received.text, "by chat");
  EXPECT_EQ(host.provider.endpoint().protocol, Protocol::chat);
  host.send();
  EXPECT_THAT(host.server.seen(), SizeIs(3));
}

// A server of this machine may be another one tomorrow, on the same port.
TEST(Provider, AHostThatSpeaksAnotherProtocolThanBeforeIsFoundOutAgain) {
  for (Protocol before : {Protocol::responses, Protocol::chat}) {
    auto answers = [before](const ModelServer::Seen& seen, int) {
      bool is_chat = seen.path == "/v1/chat/completions";
      if (is_chat == (before == Protocol::chat)) return support::status(404, "gone");
      return support::stream(is_chat ? support::chat_events({"hello"})
                                     : support::responses_events({"hello"}));
    };
    Host host(answers, before);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(host.send().received.text, "hello");
    EXPECT_THAT(host.server.seen(), SizeIs(3)) << "found out once";
    Breaker breaker;
    Provider named({.base = host.server.base(),
                    .host = host.server.host(),
                    .protocol = before,
                    .is_protocol_named = true},
                   breaker, {.first_ms = 1, .most_ms = 2});
    EXPECT_EQ(named.send({.model = "m"}, {}, base::Deadline::after_ms(60'000)).verdict.fault,
              Fault::no_protocol);
  }
}

TEST(Provider, ACutAnywhereIsACutAndNeverAnAnswer) {
  std::string whole = hello().bytes;
  std::size_t last_event = whole.rfind("data: ");
  for (std::size_t only = whole.find("data: "); only < last_event; only = whole.find("data: ", only + 1)) {
    Host host(
        [&](const ModelServer::Seen&, int) { return ModelServer::Script{.bytes = whole, .only = only}; });
    Outcome out = host.send();
    EXPECT_EQ(out.verdict.fault, Fault::cut) << only;
    EXPECT_TRUE(out.charged) << only;
    EXPECT_THAT(host.server.seen(), SizeIs(1)) << only;
  }
}

TEST(Provider, AWholeAnswerIsOneHoweverTheConnectionEnds) {
  ModelServer::Script late = hello();
  late.bytes += "data: nonsense";
  late.hangs = true;
  Host host(first(99, late));
  EXPECT_EQ(host.send().received.text, "hello");
}

TEST(Provider, ReadsASlowDrip) {
  ModelServer::Script drip = hello();
  drip.part = 1;
  Host host(first(99, drip));
  EXPECT_EQ(host.send().received.text, "hello");
}

TEST(Provider, EndsWithAHostThatSaysNothing) {
  HttpLimits short_limits{.first_byte_ms = 100, .silence_ms = 100};
  Host silent(first(99, {.bytes = "", .hangs = true}), Protocol::responses, short_limits);
  Outcome out = silent.send();
  EXPECT_EQ(out.verdict.fault, Fault::cut);
  EXPECT_TRUE(out.charged);  // the request was sent: what became of it is not known
  ModelServer::Script half = hello();
  half.only = half.bytes.size() / 2;
  half.hangs = true;
  Host stuck(first(99, half), Protocol::responses, short_limits);
  EXPECT_EQ(stuck.send().verdict.fault, Fault::cut);
}

TEST(Provider, KeepsTheDeadlineAndTheCancel) {
  Host host(first(99, {.bytes = "", .hangs = true}));
  EXPECT_EQ(host.send(base::Deadline::after_ms(50)).verdict.code, base::ErrorCode::timeout);
  std::atomic<bool> cancelled = true;
  EXPECT_EQ(host.send(base::Deadline::never().with_cancel(&cancelled)).verdict.code,
            base::ErrorCode::interrupted);
}

TEST(Provider, SurvivesGarbage) {
  using namespace std::string_literals;
  for (std::string bytes : {"HTTP/1.1 200 OK\r\n\r\n\xff\xfe\0garbage"s, std::string("not http at all"),
                            std::string("HTTP/1.1 200 OK\r\n\r\ndata: {\n\ndata: []\n\n"),
                            std::string("HTTP/1.1 200 OK\r\n\r\n{\"status\": 7}"), std::string()}) {
    Host host([&](const ModelServer::Seen&, int) { return ModelServer::Script{.bytes = bytes}; });
    Outcome out = host.send();
    EXPECT_NE(out.verdict.fault, Fault::none) << bytes;
    EXPECT_EQ(out.received.text, "") << bytes;
  }
}

TEST(Provider, TakesNoMoreThanTenMegabytes) {
  std::string much;
  while (much.size() < (11U << 20U))
    much += support::event({{"type", "response.thing"}, {"x", std::string(9000, 'x')}});
  Host host([&](const ModelServer::Seen&, int) { return support::stream(much); });
  Outcome out = host.send();
  EXPECT_EQ(out.verdict.fault, Fault::failed);
  EXPECT_THAT(out.verdict.message, HasSubstr("over"));
}

TEST(Provider, NeverSaysTheKey) {
  Host host(first(99, support::status(401, R"({"error":{"message":"bad key k-17 here"}})")));
  Outcome out = host.send();
  EXPECT_THAT(out.verdict.message, Not(HasSubstr("k-17")));
  EXPECT_EQ(host.server.seen()[0].headers.at("authorization"), "Bearer k-17");
}

TEST(Provider, FollowsNoRedirect) {
  ModelServer other([](const ModelServer::Seen&, int) { return hello(); });
  Host host(first(99, support::status(302, "", "Location: " + other.base() + "/responses\r\n")));
  EXPECT_EQ(host.send().verdict.fault, Fault::failed);
  EXPECT_THAT(other.seen(), SizeIs(0));
}

TEST(Provider, NobodyListening) {
  std::string base, host_name;
  {
    ModelServer gone(support::always(""));
    base = gone.base();
    host_name = gone.host();
  }
  Breaker breaker;
  Provider provider({.base = base, .host = host_name}, breaker, {.first_ms = 1, .most_ms = 2});
  Outcome out = provider.send({.model = "m"}, {}, base::Deadline::after_ms(60'000));
  EXPECT_EQ(out.verdict.fault, Fault::again);
  EXPECT_FALSE(out.charged);
  EXPECT_EQ(out.tries, 3);
}

TEST(Breaker, LeavesAHostAloneAfterFiveFailures) {
  Host host(first(99, support::status(500, "{}")));
  host.send();
  Outcome out = host.send();
  EXPECT_THAT(host.server.seen(), SizeIs(5));
  EXPECT_THAT(out.verdict.message, HasSubstr("is not asked"));
  EXPECT_FALSE(out.charged);
}

TEST(Breaker, LeavesAHostWithoutCreditAloneAtOnce) {
  Host host(first(99, support::status(429, R"({"error":{"code":"insufficient_quota"}})")));
  host.send();
  host.send();
  EXPECT_THAT(host.server.seen(), SizeIs(1));
}

TEST(Wait, IsJitteredBoundedAndNoShorterThanAsked) {
  std::mt19937_64 random(7);
  RetryPolicy policy;
  for (int i = 0; i < 200; ++i) {
    EXPECT_LE(wait_before_ms(policy, 2, {}, random), 500);
    EXPECT_LE(wait_before_ms(policy, 9, {}, random), 8000);
    EXPECT_GE(wait_before_ms(policy, 2, 700, random), 700);
  }
  EXPECT_EQ(retry_after_ms("3", 0), 3000);
  EXPECT_EQ(retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 50), 10'000);
  EXPECT_EQ(retry_after_ms("soon", 0), std::nullopt);
}

}  // namespace
}  // namespace mira::models
