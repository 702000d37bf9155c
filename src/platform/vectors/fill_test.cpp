#include "platform/vectors/fill.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "platform/vectors/local.h"
#include "tests/support/temporary_folder.h"

namespace mira::vectors {
namespace {

using base::Deadline;
using base::Result;

// A model that gives each text the direction of its length, refuses what holds '!', and counts.
class Fill : public testing::Test {
 protected:
  Fill() : index(std::move(*LocalIndex::open(folder_ / "vectors", 1))) {}

  Result<Filled> bring(std::vector<Waiting> texts, const Space& into, Deadline deadline = Deadline::never()) {
    auto embed = [&](std::span<const std::string> some, Deadline) -> Result<std::vector<std::vector<float>>> {
      ++calls;
      std::vector<std::vector<float>> out;
      for (const std::string& text : some) {
        if (text.contains('!')) return base::fail(base::ErrorCode::usage, "no shouting");
        if (out.size() == most_a_call) return out;
        order.push_back(text);
        out.push_back({1, static_cast<float>(text.size())});
      }
      return out;
    };
    return fill(*index, into, std::move(texts), embed, {.batch = 4, .unit = "texts"}, progress, deadline);
  }
  static std::vector<Waiting> texts(std::initializer_list<std::string> some) {
    std::vector<Waiting> out;
    for (const std::string& text : some)
      out.push_back({static_cast<std::int64_t>(out.size()), text, "hash of " + text, {}});
    return out;
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<LocalIndex> index;
  base::QuietProgress progress;
  const Space space{"texts", "model a", 2};
  std::vector<std::string> order;
  std::size_t calls = 0, most_a_call = SIZE_MAX;
};

TEST_F(Fill, EmbedsWhatIsNewInItsOrderAndRemovesWhatIsGone) {
  auto first = bring(texts({"b", "a", "c"}), space);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->embedded, 3);
  EXPECT_EQ(order, (std::vector<std::string>{"b", "a", "c"}));
  auto second = bring(texts({"b", "changed"}), space);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->present, 3);
  EXPECT_EQ(second->embedded, 1);
  EXPECT_EQ(second->removed, 1);
  EXPECT_EQ(second->waiting, 0);
  EXPECT_EQ(order.back(), "changed");
  auto owners = index->owners(space);
  ASSERT_TRUE(owners);
  EXPECT_EQ(*owners, (std::map<std::int64_t, std::string>{{0, "hash of b"}, {1, "hash of changed"}}));
}

TEST_F(Fill, NeverEmbedsATextTwice) {
  ASSERT_TRUE(bring(texts({"a", "b"}), space));
  auto again = bring(texts({"a", "b", "x", "y", "a"}), space);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->embedded, 2);
  EXPECT_EQ(again->reused, 1);
  EXPECT_EQ(order.size(), 4U);
}

TEST_F(Fill, SetsOneTextAsideThatTheModelDoesNotTake) {
  auto done = bring(texts({"a", "b", "no!", "c", "d", "e"}), space);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->embedded, 5);
  EXPECT_EQ(done->refused, 1);
  EXPECT_EQ(done->waiting, 0);
  EXPECT_EQ(index->count(space).value_or(0), 5);
}

TEST_F(Fill, KeepsWhatWasDoneWhenTheTimeIsOver) {
  std::atomic<bool> over = true;
  auto none = bring(texts({"a", "b"}), space, Deadline::never().with_cancel(&over));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->waiting, 2);
  EXPECT_EQ(calls, 0U);
}

// On a busy machine the time of a slice is over before its first batch begins; it gets on all the same.
TEST_F(Fill, MakesOneBatchHoweverLittleTimeIsLeft) {
  for (std::int64_t left : {2, 0}) {
    auto done = bring(texts({"a", "b", "c", "d", "e", "f"}), space, Deadline::after_ms(0));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->waiting, left);
  }
  EXPECT_EQ(index->count(space).value_or(0), 6);
}

// What fails for another reason than the time is told, late or not.
TEST_F(Fill, TellsAFailureThoughTheTimeIsOver) {
  auto embed = [](std::span<const std::string>, Deadline) -> Result<std::vector<std::vector<float>>> {
    return base::fail(base::ErrorCode::over_budget, "the cap is reached");
  };
  auto done = fill(*index, space, texts({"a"}), embed, {.batch = 4, .unit = "texts"}, progress,
                   Deadline::after_ms(0));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::over_budget);
}

TEST_F(Fill, SaysSoWhenAModelAnswersTooLittle) {
  most_a_call = 1;
  auto done = bring(texts({"a", "b"}), space);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::provider);
}

TEST_F(Fill, LetsTheOldModelAnswerUntilTheNewOneHasAll) {
  ASSERT_TRUE(bring(texts({"a", "b"}), space));
  const Space next{"texts", "model b", 2};
  std::atomic<bool> over = true;
  ASSERT_TRUE(bring(texts({"a", "b"}), next, Deadline::never().with_cancel(&over)));
  EXPECT_EQ(index->count(space).value_or(0), 2) << "the old one answers";
  auto done = bring(texts({"a", "b"}), next);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->embedded, 2) << "vectors of another model are none of this one's";
  EXPECT_EQ(index->spaces("texts").value_or(std::vector<Space>()), (std::vector<Space>{next}));
}

}  // namespace
}  // namespace mira::vectors
