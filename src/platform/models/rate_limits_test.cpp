// What hosts say of their limits, and that a host whose limit is used up is let rest, over real sockets.
#include "platform/models/rate_limits.h"

#include <gmock/gmock.h>

#include "platform/models/provider.h"
#include "tests/support/model_server.h"

namespace mira::models {
namespace {

using support::ModelServer;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Duration, IsReadAsHostsWriteIt) {
  struct Row {
    const char* text;
    std::optional<std::int64_t> ms;
  };
  for (const Row& row : {Row{"1s", 1000},
                         {"6m0s", 360'000},
                         {"1h2m3.5s", 3'723'500},
                         {"20ms", 20},
                         {"2", 2000},
                         {"0.5", 500},
                         {"0s", 0},
                         {"1d", 86'400'000},
                         {"8.64s", 8640},
                         {"0.4ms", 1},
                         {"999999d", std::int64_t{7} * 86'400'000},
                         {"", {}},
                         {"soon", {}},
                         {"-1", {}},
                         {"-3s", {}},
                         {"5x", {}},
                         {"1s 2", {}},
                         {"1s2", {}},
                         {"s", {}},
                         {"1sm", {}},
                         {"inf", {}},
                         {"nan", {}},
                         {"2026-11-30T10:00:00Z", {}}})
    EXPECT_EQ(duration_ms(row.text), row.ms) << row.text;
}

std::map<std::string, std::string> headers(std::string what, std::string limit, std::string remaining,
                                           std::string reset) {
  return {{"x-ratelimit-limit-" + what, std::move(limit)},
          {"x-ratelimit-remaining-" + what, std::move(remaining)},
          {"x-ratelimit-reset-" + what, std::move(reset)}};
}

TEST(RateLimits, LetARequestWaitForItsPartOfTheLimit) {
  struct Row {
    const char *what, *limit, *remaining, *reset;
    std::int64_t tokens, wait_ms;
  };
  for (const Row& row : {Row{"requests", "500", "499", "120ms", 9000, 0},
                         {"requests", "500", "1", "60s", 9000, 0},
                         {"requests", "60", "0", "60s", 9000, 1000},  // one of sixty
                         {"tokens", "1000", "500", "30s", 500, 0},
                         {"tokens", "1000", "500", "30s", 600, 6000},
                         {"tokens", "1000", "0", "60s", 5000, 60'000},  // more than there ever is: all of it
                         {"tokens", "1000", "0", "", 100, 0},           // no word of when
                         {"requests", "-1", "-1", "1s", 100, 0},
                         {"requests", "0", "0", "1s", 100, 0},
                         {"requests", "many", "0", "1s", 100, 0},
                         {"requests", "500", "none", "1s", 100, 0},
                         {"images", "5", "0", "60s", 100, 0}})
    EXPECT_EQ(rate_limits_of(headers(row.what, row.limit, row.remaining, row.reset)).wait_ms(row.tokens),
              row.wait_ms)
        << row.what << " " << row.limit << " " << row.remaining << " " << row.reset;
  EXPECT_EQ(rate_limits_of({}).all_free_ms(), std::nullopt);
  EXPECT_EQ(rate_limits_of(headers("tokens", "10", "3", "9s")).all_free_ms(), std::nullopt);
  EXPECT_EQ(rate_limits_of(headers("tokens", "10", "0", "9s")).all_free_ms(), 9000);
}

class Limited : public testing::Test {
 protected:
  static ModelServer::Script with(std::string more, int status = 200) {
    if (status != 200) return support::status(status, "{}", more);
    auto out = support::stream(support::responses_events({"hello"}));
    out.bytes.insert(out.bytes.find("\r\n") + 2, more);
    return out;
  }
  static std::string limit(std::string what, std::string remaining, std::string reset) {
    std::string out;
    for (const auto& [name, text] : headers(std::move(what), "100", std::move(remaining), std::move(reset)))
      out += name + ": " + text + "\r\n";
    return out;
  }
  Outcome send(const ModelServer& server, Breaker& breaker, std::int64_t within_ms = 60'000) {
    Provider provider(
        {.base = server.base(), .host = server.host(), .key = "k", .protocol = Protocol::responses}, breaker,
        {.first_ms = 1, .most_ms = 2});
    Prompt prompt{.model = "m", .messages = {{Message::Role::user, std::string(200, 'x')}}};
    return provider.send(prompt, {}, base::Deadline::after_ms(within_ms));
  }
};

TEST_F(Limited, AHostThatIsUsedUpIsNotAskedBeforeItIsFree) {
  for (const char* what : {"requests", "tokens"}) {
    Breaker breaker;
    ModelServer server([&](const ModelServer::Seen&, int) { return with(limit(what, "0", "10h")); });
    EXPECT_EQ(send(server, breaker).verdict.fault, Fault::none);
    Outcome second = send(server, breaker);
    EXPECT_EQ(second.verdict.fault, Fault::failed);
    EXPECT_FALSE(second.charged);
    EXPECT_THAT(second.verdict.message, HasSubstr("as often as it allows; it may be asked again in "));
    EXPECT_THAT(server.seen(), SizeIs(1)) << what;
    EXPECT_EQ(breaker.limits(server.host()).requests.limit, what == std::string("requests") ? 100 : 0);
  }
}

TEST_F(Limited, AHostThatIsFreeInTimeIsWaitedFor) {
  Breaker breaker;
  ModelServer server([](const ModelServer::Seen&, int) { return with(limit("requests", "0", "200ms")); });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(server, breaker).received.text, "hello");
  EXPECT_THAT(server.seen(), SizeIs(3));
}

TEST_F(Limited, OneThatSaysNothingOfItIsAskedAsBefore) {
  Breaker breaker;
  ModelServer server([](const ModelServer::Seen&, int) { return with(limit("requests", "-1", "-1")); });
  for (int i = 0; i < 2; ++i) EXPECT_EQ(send(server, breaker, 5000).received.text, "hello");
}

TEST_F(Limited, ARefusalIsWaitedOutByTheLimitsWhereTheHostNamesNoTime) {
  auto answers = [](std::string refusal) {
    return [refusal = std::move(refusal)](const ModelServer::Seen&, int number) {
      return number == 0 ? with(refusal, 429) : with("");
    };
  };
  Breaker breaker, another;
  ModelServer far(answers(limit("tokens", "0", "10h")));
  EXPECT_EQ(send(far, breaker).verdict.fault, Fault::again);
  EXPECT_THAT(far.seen(), SizeIs(1)) << "ten hours are not waited for";
  ModelServer near(answers(limit("tokens", "0", "5ms")));
  EXPECT_EQ(send(near, another).received.text, "hello");
}

}  // namespace
}  // namespace mira::models
