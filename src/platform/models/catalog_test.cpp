#include "platform/models/catalog.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace mira::models {
namespace {

using testing::HasSubstr;

constexpr std::string_view openai = "api.openai.com";
constexpr const char* no_file = "/proc/self/no such file";

class CatalogFile : public testing::Test {
 protected:
  base::Result<Catalog> load(std::string_view text) {
    std::ofstream(folder / "models.json") << text;
    return Catalog::load(folder / "models.json");
  }
  support::TemporaryFolder folder;
};

TEST(BuiltIn, EveryAliasLeadsToAPricedModel) {
  Catalog catalog = *Catalog::load(no_file);
  for (const char* name : {"fast", "default", "deep"}) {
    const Alias* alias = catalog.alias(name);
    ASSERT_NE(alias, nullptr) << name;
    EXPECT_NE(catalog.model(openai, alias->model), nullptr) << name;
    EXPECT_NE(catalog.price(openai, alias->model, "standard", *day_ms("2026-11-24")), nullptr) << name;
  }
}

// Under the caps that hold from the first call a model without a price is refused.
TEST(BuiltIn, ModelsThatEmbedHaveAPrice) {
  Catalog catalog = *Catalog::load(no_file);
  for (auto [name, pico] :
       {std::pair("text-embedding-3-large", 130'000), {"text-embedding-3-small", 20'000}}) {
    EXPECT_NE(catalog.model(openai, name), nullptr) << name;
    const PriceRow* price = catalog.price(openai, name, "standard", *day_ms("2026-11-24"));
    ASSERT_NE(price, nullptr) << name;
    EXPECT_EQ(price->price.rates.input, pico) << name;
  }
}

TEST(BuiltIn, EveryPriceSaysItsSourceAndWhenItWasChecked) {
  Catalog catalog = *Catalog::load(no_file);
  for (const PriceRow& row : catalog.prices()) {
    EXPECT_FALSE(row.source.empty()) << row.model;
    EXPECT_TRUE(day_ms(row.checked)) << row.model;
  }
}

TEST(BuiltIn, AModelIsToldHowLongToKeepABeginningByOneFieldAtMost) {
  auto catalog = Catalog::load("");
  ASSERT_TRUE(catalog);
  std::size_t retained = 0, lasting = 0;
  for (const ModelRow& row : catalog->models()) {
    EXPECT_TRUE(row.cache_retention.empty() || row.cache_ttl.empty()) << row.id;
    retained += row.cache_retention.empty() ? 0 : 1;
    lasting += row.cache_ttl.empty() ? 0 : 1;
  }
  EXPECT_GT(retained, 0U);
  EXPECT_GT(lasting, 0U);
  EXPECT_EQ(catalog->model("api.openai.com", "gpt-5.1")->cache_retention, "24h");
  EXPECT_EQ(catalog->model("api.openai.com", "gpt-6.2-sol")->cache_ttl, "30m");
}

TEST(PriceRow, IsTheLatestThatHoldsAtTheTime) {
  Catalog catalog = *Catalog::load(no_file);
  auto input = [&](std::string_view date) {
    return catalog.price(openai, "gpt-5.6-sol", "standard", *day_ms(date))->price.rates.input;
  };
  EXPECT_EQ(input("2026-08-20"), 5'000'000);
  EXPECT_EQ(input("2026-08-21"), 4'000'000);
  EXPECT_EQ(catalog.price(openai, "gpt-5.6-sol", "standard", *day_ms("2026-01-01")), nullptr);
}

TEST(PriceRow, IsNeverChosenByLikeness) {
  Catalog catalog = *Catalog::load(no_file);
  std::int64_t now = *day_ms("2026-11-24");
  EXPECT_EQ(catalog.price(openai, "gpt-5.4-mini-2026-02-02", "standard", now), nullptr);
  EXPECT_EQ(catalog.price("other.example", "gpt-5.1", "standard", now), nullptr);
}

TEST_F(CatalogFile, WinsRowByRow) {
  Catalog catalog = *load(R"({// mine
    "aliases": [{"name": "default", "model": "my-model"}],
    "prices": [{"model": "gpt-5.1", "host": "api.openai.com", "from": "2025-11-13", "input": "2", "output": "3"}]})");
  EXPECT_EQ(catalog.alias("default")->model, "my-model");
  EXPECT_EQ(catalog.alias("fast")->model, "gpt-5.4-mini");
  const PriceRow* row = catalog.price(openai, "gpt-5.1", "standard", *day_ms("2026-11-24"));
  EXPECT_EQ(row->price.rates, (Rates{2'000'000, 2'000'000, 2'000'000, 3'000'000}));
}

TEST_F(CatalogFile, ThatIsWrongIsAnErrorThatNamesTheRow) {
  for (auto [text, what] : std::vector<std::pair<const char*, const char*>>{
           {"[]", "not a JSON object"},
           {R"({"prices": [{"model": "a", "host": "b"}]})", "prices, row 1"},
           {R"({"prices": [{"model": "a", "host": "b", "input": "cheap"}]})", "dollars for a million tokens"},
           {R"({"models": [{"id": "a", "host": "b", "efforts": ["huge"]}]})", "an effort is one of"},
           {R"({"models": [{"id": "a", "host": "b", "until": "soon"}]})", "is not a date"},
           {R"({"models": {}})", "not a list"},
           {R"({"endpoint": {"protocol": "smoke"}})", "protocol"}}) {
    auto wrong = load(text);
    ASSERT_FALSE(wrong) << text;
    EXPECT_EQ(wrong.error().code, base::ErrorCode::usage);
    EXPECT_THAT(wrong.error().message, HasSubstr(what));
  }
}

TEST(Effort, IsTheNextHigherAllowedOne) {
  ModelRow row{.efforts = {"low", "medium", "high"}};
  EXPECT_EQ(allowed_effort(row, "none"), "low");
  EXPECT_EQ(allowed_effort(row, "medium"), "medium");
  EXPECT_EQ(allowed_effort(row, "max"), "high");
  EXPECT_EQ(allowed_effort({}, "low"), "");
}

TEST(Day, IsMidnightUtc) {
  EXPECT_EQ(day_ms("1970-01-02"), 86'400'000);
  EXPECT_EQ(day_ms("2026-02-30"), std::nullopt);
  EXPECT_EQ(day_ms("2026-1-1"), std::nullopt);
  EXPECT_EQ(day_ms("20260101xx"), std::nullopt);
}

}  // namespace
}  // namespace mira::models
