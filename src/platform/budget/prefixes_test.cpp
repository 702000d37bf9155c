// Beginnings of requests, through the real client and a scripted host.
#include "platform/budget/prefixes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

support::ModelServer::Answers with_usage(support::Counted counted) {
  return [counted](const support::ModelServer::Seen&, int) {
    return support::stream(support::responses_events({"ok"}, counted));
  };
}

std::vector<ChangedPrefix> changed(AskingWorld& world) {
  auto out = changed_prefixes(*world.main, world.clock.now_ms());
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out.value_or(std::vector<ChangedPrefix>{});
}

TEST(PromptPrefix, IsWhatComesBeforeTheQuestion) {
  models::Request one = question("first"), other = question("second");
  EXPECT_EQ(prefix_hash(one), prefix_hash(other));
  other.instructions += " more";
  EXPECT_NE(prefix_hash(one), prefix_hash(other));
  other = one;
  other.output = models::OutputSchema{"shape", {{"type", "object"}}};
  EXPECT_NE(prefix_hash(one), prefix_hash(other));
  other = one;
  other.tools = {{.name = "look", .description = "looks", .parameters = {{"type", "object"}}}};
  EXPECT_NE(prefix_hash(one), prefix_hash(other));
}

TEST(PromptPrefix, ThatChangesWithoutItsVersionIsTold) {
  AskingWorld world(with_usage({.input = 40, .cached = 30, .output = 5}));
  ASSERT_TRUE(world.ask(question("a")));
  ASSERT_TRUE(world.ask(question("b")));
  EXPECT_TRUE(changed(world).empty()) << "other questions, one beginning";
  models::Request next = question("a");
  next.instructions = "other rules";
  next.prompt_version = "test/2";
  ASSERT_TRUE(world.ask(next));
  EXPECT_TRUE(changed(world).empty()) << "a new version may begin otherwise";
  world.clock.advance_ms(1000);
  next.prompt_version = "test/1";
  ASSERT_TRUE(world.ask(next));
  auto told = changed(world);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].prompt_version, "test/1");
  EXPECT_EQ(told[0].beginnings, 2);
  EXPECT_EQ(told[0].changed_ms, world.clock.now_ms());
  EXPECT_DOUBLE_EQ(told[0].cached_before, 0.75);
  world.clock.advance_ms(prefix_kept_ms + 1);
  EXPECT_TRUE(changed(world).empty()) << "nobody asks like that any more";
  ASSERT_TRUE(world.ask(next));
  EXPECT_EQ(world.number("SELECT count(*) FROM prompt_prefixes"), 1) << "and the rows go";
}

// Eight at once: whoever is first asks, the others are answered by what it kept.
TEST(EqualRequests, InFlightAreOneCall) {
  AskingWorld world(with_usage({.input = 40, .output = 5}));
  constexpr int callers = 8;
  std::latch start(callers);
  std::atomic<int> answered = 0, kept = 0;
  std::vector<std::unique_ptr<store::Connection>> readers;
  for (int i = 0; i < callers; ++i) readers.push_back(open_money(world.folder.path()));
  std::vector<std::jthread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&, i] {
      auto catalog = models::Catalog::load(world.folder.path() / "models.json");
      auto endpoint = models::find_endpoint(*catalog, [](const std::string&) { return std::string("k-1"); });
      models::Breaker breaker;
      MeteredClient client(Connected{*catalog, *endpoint}, Ground{.writer = *world.writer,
                                                                  .main = *readers[i],
                                                                  .clock = world.clock,
                                                                  .breaker = breaker,
                                                                  .project_id = "p1"});
      models::Request request = question();
      request.cacheable = models::Cacheable::always;
      start.arrive_and_wait();
      auto answer = client.ask(request, {}, base::Deadline::after_ms(60'000));
      if (!answer) return;
      ++answered;
      kept += answer->bill.from_cache ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(answered, callers);
  EXPECT_EQ(kept, callers - 1);
  EXPECT_EQ(world.server.seen().size(), 1U);
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE from_cache = 0"), 1);
}

}  // namespace
}  // namespace mira::budget
