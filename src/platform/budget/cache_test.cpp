#include "platform/budget/cache.h"

#include <gmock/gmock.h>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using models::Cacheable;

std::string hash_of(const models::Request& request, const std::string& model = "m") {
  return cache_key(request, "h", model, "low").hash;
}

TEST(CacheKey, ChangesWithAnythingThatIsAsked) {
  models::Request base = question();
  std::set<std::string> hashes{hash_of(base), hash_of(base, "m2"), cache_key(base, "h2", "m", "low").hash,
                               cache_key(base, "h", "m", "high").hash};
  auto with = [&](auto change) {
    models::Request other = base;
    change(other);
    hashes.insert(hash_of(other));
  };
  with([](auto& r) { r.messages[0].text = "hi "; });
  with([](auto& r) { r.messages[0].role = models::Message::Role::assistant; });
  with([](auto& r) { r.messages.push_back({}); });
  with([](auto& r) { r.instructions += "."; });
  with([](auto& r) { r.prompt_version = "test/2"; });
  with([](auto& r) { r.max_output_tokens = 101; });
  with([](auto& r) { r.output = models::OutputSchema{"s", {{"type", "object"}}}; });
  EXPECT_EQ(hashes.size(), 11U);
}

TEST(CacheKey, IsTheSameForWhatDoesNotMatter) {
  models::Request base = question(), other = question();
  other.background = true;
  other.operation = "op";
  other.model = "fast";  // the name of the model that answers counts, not the alias
  EXPECT_EQ(hash_of(base), hash_of(other));
  EXPECT_EQ(hash_of(question("caf\u00e9")), hash_of(question("cafe\u0301")));
}

class CacheTest : public testing::Test, public MoneyWorld {
 protected:
  CacheKey key(const std::string& text) { return cache_key(question(text), "h", "m", "low"); }
  void put(const std::string& text, Cacheable cacheable = Cacheable::always,
           std::int64_t most = cache_bytes) {
    ASSERT_TRUE(keep(*main, key(text), {.text = "answer of " + text, .cost_nano = 7}, cacheable,
                     clock.now_ms(), most));
  }
  bool has(const std::string& text) { return cached(*main, key(text), clock.now_ms())->has_value(); }
};

TEST_F(CacheTest, AnExpiredAnswerIsNeverServed) {
  put("day", Cacheable::for_day);
  put("always");
  clock.advance_ms(day_ttl_ms - 1);
  EXPECT_TRUE(has("day"));
  clock.advance_ms(1);
  EXPECT_FALSE(has("day"));
  EXPECT_TRUE(has("always"));
}

TEST_F(CacheTest, AnAnswerFromTheFutureIsNotServed) {
  put("a");
  clock.advance_ms(-1);
  EXPECT_FALSE(has("a"));
}

TEST_F(CacheTest, WhatWasNotUsedForNinetyDaysGoes) {
  put("unused");
  put("used");
  clock.advance_ms(cache_kept_ms / 2);
  ASSERT_TRUE(note_hit(*main, key("used"), clock.now_ms()));
  clock.advance_ms(cache_kept_ms / 2 + 1);
  put("new");
  EXPECT_FALSE(has("unused"));
  EXPECT_TRUE(has("used"));
}

TEST_F(CacheTest, KeepsTheLastUsedWithinItsSize) {
  for (const char* text : {"a", "b", "c"}) {
    put(text, Cacheable::always, 2 * 80);
    clock.advance_ms(1);
  }
  EXPECT_FALSE(has("a"));
  EXPECT_TRUE(has("b"));
  EXPECT_TRUE(has("c"));
}

TEST_F(CacheTest, AWriteReplacesTheWholeRow) {
  put("a");
  ASSERT_TRUE(note_hit(*main, key("a"), clock.now_ms()));
  clock.advance_ms(5);
  ASSERT_TRUE(
      keep(*main, key("a"), {.text = "new", .usage = {.output = 3}}, Cacheable::for_day, clock.now_ms()));
  auto kept = *cached(*main, key("a"), clock.now_ms());
  EXPECT_EQ(kept->text, "new");
  EXPECT_EQ(kept->cost_nano, std::nullopt);
  EXPECT_EQ(number("SELECT hits FROM llm_cache"), 0);
}

}  // namespace
}  // namespace mira::budget
