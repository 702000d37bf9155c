// Many processes that spend at once and are killed in the middle of it: whatever happens,
// what is settled and reserved together is never over the cap, and the rows add up.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "platform/budget/ledger.h"
#include "platform/budget/schema.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace mira::budget {
namespace {

constexpr int callers = 32, calls_each = 30, kills = 40;
constexpr std::int64_t cap_nano = 123'456'789;
const models::Price price{{1'250'000, 125'000, 1'250'000, 10'000'000}, 0, {}};

std::unique_ptr<store::Connection> open_money(const std::filesystem::path& folder) {
  auto connection = store::Connection::open(folder / "mira.db", {});
  if (!connection) return nullptr;
  store::Schema schemas[] = {schema()};
  if (!store::migrate(*connection, folder / "mira.db", schemas, store::Which::main, folder / "backups", 1))
    return nullptr;
  return std::make_unique<store::Connection>(std::move(*connection));
}

// One caller: reserves, "calls", settles or fails. Exits 0 unless something but a cap refused it.
void spend(const std::filesystem::path& folder, unsigned seed) {
  auto connection = open_money(folder);
  if (!connection) ::_exit(2);
  support::FakeClock clock(1'795'600'000'000);
  auto writer = store::Writer::start(std::move(*connection));
  Ledger ledger(*writer, clock);
  std::mt19937_64 random(seed);
  auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  for (int i = 0; i < calls_each; ++i) {
    Draft draft{.call_id = "c", .project_id = "p", .host = "h", .model = "m", .price = price};
    draft.input_bound = up_to(2'000);
    draft.output_bound = up_to(500);
    draft.started_ms = clock.now_ms();
    draft.deadline_ms = draft.started_ms + 60'000;
    auto row = ledger.reserve(draft, base::Deadline::after_ms(120'000));
    if (!row && row.error().code == base::ErrorCode::over_budget) continue;
    if (!row) ::_exit(3);
    models::Usage usage{.fresh = up_to(draft.input_bound), .output = up_to(draft.output_bound)};
    bool done = i % 5 == 0 ? ledger.release(*row, "").has_value()
                           : ledger.settle(*row, {.usage = usage, .rates = price.rates}).has_value();
    if (!done) ::_exit(4);
  }
  ::_exit(0);
}

class Spenders : public testing::Test {
 protected:
  pid_t start(unsigned seed) {
    pid_t child = ::fork();
    if (child == 0) spend(folder_.path(), seed);
    return child;
  }
  std::int64_t number(store::Sql sql) { return open_money(folder_.path())->integer(sql)->value_or(-1); }

  support::TemporaryFolder folder_;
};

TEST_F(Spenders, KilledOrNotNeverPassACap) {
  ASSERT_TRUE(set_cap(*open_money(folder_.path()), Scope::day, "", cap_nano, 1));
  std::mt19937_64 random(11);
  std::vector<pid_t> running;
  unsigned seed = 0;
  for (int i = 0; i < callers; ++i) running.push_back(start(++seed));
  for (int i = 0; i < kills; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 20));
    std::size_t victim = random() % running.size();
    ::kill(running[victim], SIGKILL);
    ::waitpid(running[victim], nullptr, 0);
    if (i % 8 == 0) {
      EXPECT_LE(number("SELECT sum(counted_nano) FROM budget_tracking"), cap_nano);
    }
    running[victim] = start(++seed);
  }
  for (pid_t child : running) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  std::int64_t counted = number("SELECT sum(counted_nano) FROM budget_tracking");
  EXPECT_LE(counted, cap_nano);
  EXPECT_GT(counted, cap_nano / 2);  // it was reached for
  EXPECT_EQ(number("SELECT sum((fresh_tokens * input_pico + output_tokens * output_pico + 999) / 1000)"
                   " FROM budget_tracking WHERE state = 'settled'"),
            number("SELECT sum(cost_nano) FROM budget_tracking WHERE state = 'settled'"));
  EXPECT_EQ(counted,
            number("SELECT sum(iif(state = 'reserved', reserved_nano, cost_nano)) FROM budget_tracking"));
}

}  // namespace
}  // namespace mira::budget
