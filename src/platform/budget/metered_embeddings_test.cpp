#include "platform/budget/metered_embeddings.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using base::ErrorCode;
using nlohmann::json;
using support::ModelServer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A vector for each text, in reverse order, and ten tokens each.
ModelServer::Script vectors(const ModelServer::Seen& seen) {
  json texts = seen.json().at("input"), data = json::array();
  for (std::size_t i = texts.size(); i-- > 0;)
    data.push_back({{"index", i}, {"embedding", {1, static_cast<int>(i)}}});
  return support::status(200, json{{"data", data}, {"usage", {{"prompt_tokens", 10 * texts.size()}}}}.dump());
}

class Metered : public MoneyWorld {
 public:
  explicit Metered(ModelServer::Answers answers) : server(std::move(answers)) {}
  base::Result<Embedded> embed(std::vector<std::string> texts, const std::string& model = "test-model") {
    std::ofstream(folder / "models.json") << server.configuration().dump();
    auto catalog = models::Catalog::load(folder / "models.json");
    auto endpoint = models::find_endpoint(*catalog, [](const std::string&) { return std::string("k-1"); });
    MeteredEmbeddings embeddings(
        {*catalog, *endpoint},
        {.writer = *writer, .main = *main, .clock = clock, .breaker = breaker, .project_id = "p1"},
        {.first_ms = 1, .most_ms = 2});
    return embeddings.embed({.model = model, .dimensions = 2, .texts = std::move(texts), .background = true},
                            base::Deadline::after_ms(60'000));
  }
  ModelServer server;
  models::Breaker breaker;
};

TEST(MeteredEmbeddings, AreARowOfTheLedgerWithTheirCost) {
  Metered world([](const ModelServer::Seen& seen, int) { return vectors(seen); });
  auto made = world.embed({"one", "two", "three"});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_THAT(made->vectors, SizeIs(3));
  EXPECT_NEAR(made->vectors[1][0], std::sqrt(0.5), 1e-6);
  EXPECT_EQ(*made->bill.cost_nano, 30'000);
  EXPECT_EQ(world.number("SELECT cost_nano FROM budget_tracking WHERE state = 'settled' AND background = 1"
                         " AND purpose = 'embedding' AND fresh_tokens = 30 AND project_id = 'p1'"),
            30'000);
  EXPECT_EQ(world.server.seen().at(0).path, "/v1/embeddings");
}

TEST(MeteredEmbeddings, AreNotAskedForAboveACapNorWithoutAPriceUnderOne) {
  Metered world([](const ModelServer::Seen& seen, int) { return vectors(seen); });
  world.cap(Scope::request, 100'000);
  EXPECT_EQ(world.embed({std::string(1000, 'x')}).error().code, ErrorCode::over_budget);
  EXPECT_EQ(world.embed({"x"}, "a model without a price").error().code, ErrorCode::over_budget);
  EXPECT_THAT(world.server.seen(), IsEmpty());
  EXPECT_TRUE(world.embed({"x"}));
}

TEST(MeteredEmbeddings, CountTheWorstWhenTheHostSaysWhatCannotBe) {
  for (const char* usage : {R"(null)", R"({"prompt_tokens":-1})", R"({"prompt_tokens":1000000})"}) {
    Metered world([&](const ModelServer::Seen&, int) {
      return support::status(200, fmt::format(R"({{"data":[{{"embedding":[1,2]}}],"usage":{}}})", usage));
    });
    auto made = world.embed({"four"});
    ASSERT_TRUE(made) << usage << made.error().message;
    EXPECT_TRUE(made->bill.estimated) << usage;
    EXPECT_EQ(*made->bill.cost_nano, 20'000) << usage;
  }
}

TEST(MeteredEmbeddings, PayForAnAnswerThatIsOfNoUse) {
  Metered world([](const ModelServer::Seen&, int) { return support::status(200, R"({"data":[]})"); });
  auto made = world.embed({"four"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::provider);
  EXPECT_EQ(world.number("SELECT cost_nano FROM budget_tracking WHERE state = 'settled'"), 20'000);
}

TEST(MeteredEmbeddings, TryAgainWhatCostNothingAndLeaveOutWhatTheHostDoesNotKnow) {
  Metered busy([](const ModelServer::Seen& seen, int number) {
    return number == 0 ? support::status(503, "{}") : vectors(seen);
  });
  EXPECT_TRUE(busy.embed({"a"}));
  EXPECT_EQ(busy.number("SELECT count(*) FROM budget_tracking"), 1);
  Metered plain([](const ModelServer::Seen& seen, int) {
    if (!seen.json().contains("dimensions")) return vectors(seen);
    return support::status(
        400, R"({"error":{"code":"unsupported_parameter","param":"dimensions","message":"no"}})");
  });
  EXPECT_TRUE(plain.embed({"a"})) << "its own dimensions are the ones asked for";
  EXPECT_THAT(plain.server.seen(), SizeIs(2));
}

TEST(MeteredEmbeddings, SendNoSecretAndFreeWhatWasRefused) {
  Metered world([](const ModelServer::Seen&, int) {
    return support::status(400,
                           R"({"error":{"code":"context_length_exceeded","message":"too long a text"}})");
  });
  auto made = world.embed({"key = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\""});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::usage) << "the text is set aside, the others go on";
  EXPECT_THAT(world.server.seen().at(0).body, Not(HasSubstr("ghp_0123456789")));
  EXPECT_EQ(world.number("SELECT sum(cost_nano) FROM budget_tracking"), 0);
}

}  // namespace
}  // namespace mira::budget
