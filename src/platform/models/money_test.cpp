#include "platform/models/money.h"

#include <gtest/gtest.h>

#include "platform/models/catalog.h"

namespace mira::models {
namespace {

const Price& price_of(const Catalog& catalog, std::string_view model, std::string_view date,
                      std::string_view tier = "standard") {
  const PriceRow* row = catalog.price("api.openai.com", model, tier, *day_ms(date));
  EXPECT_NE(row, nullptr) << model;
  return row->price;
}

TEST(Cost, CachedTokensAreAPartOfTheInput) {
  Catalog catalog = *Catalog::load("/proc/self/no such file");
  Usage usage{.fresh = 10'000, .cached = 2'000, .output = 500};
  EXPECT_EQ(cost_nano(usage, price_of(catalog, "gpt-5.1", "2026-11-24")), 17'750'000);
}

TEST(Cost, LongContextPricesTheWholeRequest) {
  Catalog catalog = *Catalog::load("/proc/self/no such file");
  const Price& price = price_of(catalog, "gpt-6.1-terra", "2026-11-24");
  Usage usage{.fresh = 150'000, .cached = 100'000, .written = 50'000, .output = 2'000};
  EXPECT_EQ(cost_nano(usage, price), 450'000'000);
  EXPECT_EQ(cost_nano(Usage{.fresh = 272'000}, price), 272'000'000);
  EXPECT_EQ(cost_nano(Usage{.fresh = 272'001}, price), 2 * 272'001'000LL);
}

TEST(Cost, IsRoundedUpOnce) {
  Rates rates{.input = 1, .output = 1};
  EXPECT_EQ(cost_nano(Usage{.fresh = 1, .output = 1}, rates), 1);
  EXPECT_EQ(cost_nano(Usage{.fresh = 1000, .output = 1}, rates), 2);
  EXPECT_EQ(cost_nano(Usage{}, rates), 0);
}

TEST(WorstCase, TakesTheDearestInputAndTheLongRates) {
  Catalog catalog = *Catalog::load("/proc/self/no such file");
  const Price& price = price_of(catalog, "gpt-6.1-terra", "2026-11-24");
  EXPECT_EQ(worst_case_nano(1'000, 100, price), 1'250'000 + 500'000);
  EXPECT_EQ(worst_case_nano(300'000, 100, price), 750'000'000 + 750'000);
}

TEST(WorstCase, IsNoLessThanAnyCostWithinIt) {
  Catalog catalog = *Catalog::load("/proc/self/no such file");
  for (const PriceRow& row : catalog.prices()) {
    for (std::int64_t input : {0, 1, 272'000, 272'001, 900'000}) {
      Usage split{.fresh = input / 3, .cached = input / 3, .written = input - 2 * (input / 3), .output = 777};
      EXPECT_LE(cost_nano(split, row.price), worst_case_nano(input, 777, row.price)) << row.model;
    }
  }
}

TEST(Amounts, AreExact) {
  EXPECT_EQ(pico_per_token("1.25"), 1'250'000);
  EXPECT_EQ(pico_per_token("0.0000001"), std::nullopt);
  EXPECT_EQ(pico_per_token("1.2.3"), std::nullopt);
  EXPECT_EQ(pico_per_token("-1"), std::nullopt);
  EXPECT_EQ(nano_of_dollars("$2.50"), 2'500'000'000);
  EXPECT_EQ(nano_of_dollars(""), std::nullopt);
  EXPECT_EQ(nano_of_dollars("99999999999999999999"), std::nullopt);
  EXPECT_EQ(dollars(17'750'000), "$0.01775");
  EXPECT_EQ(dollars(5'000'000'000), "$5.00");
}

}  // namespace
}  // namespace mira::models
