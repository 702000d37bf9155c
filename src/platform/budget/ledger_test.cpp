#include "platform/budget/ledger.h"

#include <gmock/gmock.h>

#include <random>

#include "platform/budget/history.h"
#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using testing::SizeIs;

const models::Price price{{1'000'000, 100'000, 1'250'000, 10'000'000}, 0, {}};

class LedgerTest : public testing::Test, public MoneyWorld {
 protected:
  Draft draft(std::int64_t input = 1000, std::int64_t output = 100) {
    return {.call_id = "c",
            .project_id = "p1",
            .host = "h",
            .model = "m",
            .effort = "low",
            .price = price,
            .input_bound = input,
            .output_bound = output,
            .started_ms = clock.now_ms(),
            .deadline_ms = clock.now_ms() + 60'000};
  }
  base::Result<std::int64_t> reserve(const Draft& one) {
    return ledger.reserve(one, base::Deadline::after_ms(60'000));
  }
  std::int64_t counted() { return number("SELECT sum(counted_nano) FROM budget_tracking"); }

  Ledger ledger{*writer, clock};
};

TEST_F(LedgerTest, ReservesTheWorstCaseAndFreesTheRest) {
  auto row = reserve(draft());
  ASSERT_TRUE(row);
  EXPECT_EQ(counted(), 1'250'000 + 1'000'000);
  auto cost =
      ledger.settle(*row, {.usage = {.fresh = 500, .cached = 100, .output = 10}, .rates = price.rates});
  ASSERT_TRUE(cost);
  EXPECT_EQ(**cost, 500'000 + 10'000 + 100'000);
  EXPECT_EQ(counted(), **cost);
}

TEST_F(LedgerTest, ACapHoldsToTheLastNanoDollar) {
  cap(Scope::day, 2 * 2'250'000 - 1);
  EXPECT_TRUE(reserve(draft()));
  auto refused = reserve(draft());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::over_budget);
  cap(Scope::day, 2 * 2'250'000);
  EXPECT_TRUE(reserve(draft()));
}

TEST_F(LedgerTest, EveryKindOfCapIsHeld) {
  for (auto [scope, subject] : std::vector<std::pair<Scope, std::string>>{{Scope::request, ""},
                                                                          {Scope::operation, "op"},
                                                                          {Scope::day, ""},
                                                                          {Scope::month, ""},
                                                                          {Scope::project, "p1"}}) {
    cap(scope, 2'249'999, subject);
    Draft one = draft();
    one.operation = "op";
    auto refused = reserve(one);
    ASSERT_FALSE(refused) << scope_name(scope);
    EXPECT_THAT(refused.error().message, HasSubstr(scope_name(scope)));
    cap(scope, std::nullopt, subject);
  }
  cap(Scope::project, 1, "another");
  EXPECT_TRUE(reserve(draft()));
}

TEST_F(LedgerTest, DayAndMonthHaveDefaults) {
  Draft dear = draft();
  dear.output_bound = 600'000;  // $6
  EXPECT_FALSE(reserve(dear));
  cap(Scope::day, std::nullopt);
  EXPECT_TRUE(reserve(dear));
  ASSERT_TRUE(reset_cap(*main, Scope::day, ""));
  EXPECT_FALSE(reserve(draft()));
}

TEST_F(LedgerTest, AnUnknownPriceIsRefusedUnderAnyCap) {
  Draft unknown = draft();
  unknown.price.reset();
  EXPECT_THAT(reserve(unknown).error().message, HasSubstr("price of m at h is not known"));
  cap(Scope::day, std::nullopt);
  cap(Scope::month, std::nullopt);
  auto row = reserve(unknown);
  ASSERT_TRUE(row);
  EXPECT_EQ(*ledger.settle(*row, {.usage = {.fresh = 5, .output = 5}}), std::nullopt);
  EXPECT_EQ(number("SELECT count(*) FROM budget_tracking WHERE cost_nano IS NULL AND fresh_tokens = 5"), 1);
}

TEST_F(LedgerTest, AFreeCallPassesEveryCap) {
  cap(Scope::day, 0);
  Draft local = draft();
  local.price = models::Price{};
  EXPECT_TRUE(reserve(local));
  EXPECT_FALSE(reserve(draft()));
}

TEST_F(LedgerTest, AReleasedCallCostsNothing) {
  auto row = reserve(draft());
  ASSERT_TRUE(ledger.release(*row, "req"));
  EXPECT_EQ(counted(), 0);
  EXPECT_EQ(number("SELECT count(*) FROM budget_tracking WHERE state = 'failed'"), 1);
}

TEST_F(LedgerTest, ADeadProcessesReservationStaysCountedAndIsToldApart) {
  ASSERT_TRUE(reserve(draft()));
  std::int64_t before = counted();
  clock.advance_ms(60'000 + unknown_after_ms + 1);
  ASSERT_TRUE(ledger.release(*reserve(draft()), ""));
  EXPECT_EQ(counted(), before);
  Sum sum = *total(*main, *current_window(*main, Span::month, clock.now_ms()));
  EXPECT_EQ(sum.unknown_nano, before);
  EXPECT_EQ(sum.spent_nano, 0);
}

TEST_F(LedgerTest, SettlesOnce) {
  auto row = reserve(draft());
  Settlement done{.usage = {.fresh = 1}, .rates = price.rates};
  EXPECT_TRUE(ledger.settle(*row, done));
  EXPECT_FALSE(ledger.settle(*row, done));
}

TEST_F(LedgerTest, BackgroundWorkLeavesHalfOfTheDay) {
  cap(Scope::day, 3 * 2'250'000);
  Draft background = draft();
  background.background = true;
  EXPECT_TRUE(reserve(background));
  EXPECT_THAT(reserve(background).error().message, HasSubstr("background"));
  EXPECT_TRUE(reserve(draft()));
}

TEST_F(LedgerTest, MoneyOfYesterdayIsNotTodays) {
  cap(Scope::day, 2'250'000);
  EXPECT_TRUE(reserve(draft()));
  EXPECT_FALSE(reserve(draft()));
  clock.advance_ms(86'400'000);
  EXPECT_TRUE(reserve(draft()));
  clock.advance_ms(-86'400'000);  // a clock that jumps back finds its day as it left it
  EXPECT_FALSE(reserve(draft()));
}

TEST_F(LedgerTest, TheSumOfTheRowsIsRecomputedFromTokensAndRates) {
  std::mt19937_64 random(42);
  cap(Scope::day, std::nullopt);
  cap(Scope::month, std::nullopt);
  auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  for (int i = 0; i < 200; ++i) {
    auto row = reserve(draft(400'000, 5'000));
    ASSERT_TRUE(row);
    if (i % 7 == 0) {
      ASSERT_TRUE(ledger.release(*row, ""));
      continue;
    }
    models::Rates rates{up_to(9'999'999), up_to(999'999), up_to(12'345'678), up_to(99'999'999)};
    models::Usage usage{up_to(99'999), up_to(99'999), up_to(99'999), up_to(5'000)};
    ASSERT_TRUE(ledger.settle(*row, {.usage = usage, .rates = rates}));
  }
  std::int64_t recomputed = 0, rows = 0;
  ASSERT_TRUE(main->each(
      "SELECT fresh_tokens, cached_tokens, written_tokens, output_tokens, input_pico, cached_pico,"
      " cache_write_pico, output_pico FROM budget_tracking WHERE state = 'settled'",
      [&](const store::Row& r) {
        ++rows;
        recomputed +=
            models::cost_nano(models::Usage{r.integer(0), r.integer(1), r.integer(2), r.integer(3)},
                              models::Rates{r.integer(4), r.integer(5), r.integer(6), r.integer(7)});
      }));
  EXPECT_EQ(rows, 171);
  EXPECT_EQ(counted(), recomputed);
  Sum sum = *total(*main, *current_window(*main, Span::month, clock.now_ms()));
  EXPECT_EQ(sum.spent_nano, recomputed);
}

TEST_F(LedgerTest, HistoryGroupsWhatWasSpent) {
  for (const char* model : {"a", "b", "b"}) {
    Draft one = draft();
    one.model = model;
    ASSERT_TRUE(ledger.settle(*reserve(one), {.usage = {.fresh = 1000}, .rates = price.rates}));
  }
  auto groups = history(*main, {0, clock.now_ms() + 1}, GroupBy::model);
  ASSERT_THAT(*groups, SizeIs(2));
  EXPECT_EQ((*groups)[0].name, "b");
  EXPECT_EQ((*groups)[0].spent_nano, 2'000'000);
  EXPECT_EQ((*history(*main, {0, clock.now_ms() + 1}, GroupBy::day))[0].name, local_date(clock.now_ms()));
}

TEST(Pressure, WarnsFromSeventyPercent) {
  auto standing = [](std::int64_t counted) {
    return std::vector<Standing>{{.cap = {.scope = Scope::day, .cap_nano = 100}, .counted_nano = counted}};
  };
  EXPECT_THAT(warnings(standing(69)), SizeIs(0));
  EXPECT_THAT(warnings(standing(70)), SizeIs(1));
  EXPECT_THAT(warnings(standing(90))[0], testing::StartsWith("nearly all is gone"));
  EXPECT_DOUBLE_EQ(*pressure(standing(40)), 0.4);
  EXPECT_EQ(pressure({}), std::nullopt);
}

TEST(Forecast, FollowsThePaceAndSaysWhenTheCapIsReached) {
  constexpr std::int64_t day = 86'400'000;
  Standing month{
      .cap = {.scope = Scope::month, .cap_nano = 150}, .window = {0, 30 * day}, .counted_nano = 100};
  auto pace = forecast(month, 10 * day);
  ASSERT_TRUE(pace);
  EXPECT_EQ(pace->month_nano, 300);
  EXPECT_EQ(*pace->cap_reached_ms, 15 * day);
  EXPECT_EQ(forecast(month, 1000), std::nullopt);
}

}  // namespace
}  // namespace mira::budget
