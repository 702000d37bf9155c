#include "app/quiet.h"

#include <gtest/gtest.h>

#include <optional>

namespace mira::app {
namespace {

constexpr std::int64_t an_hour = 3'600'000;

TEST(Quiet, IsThereBeforeAnybodyAsked) {
  Quiet quiet;
  EXPECT_TRUE(quiet.has_lasted(0));
  EXPECT_FALSE(*quiet.disturbed());
}

TEST(Quiet, EndsWithTheFirstQuestionAndComesBackAfterTheLast) {
  Quiet quiet;
  ASSERT_TRUE(quiet.has_lasted(0));
  std::optional<Quiet::Question> first(std::in_place, quiet), second(std::in_place, quiet);
  EXPECT_TRUE(*quiet.disturbed());
  EXPECT_FALSE(quiet.has_lasted(0));
  first.reset();
  EXPECT_FALSE(quiet.has_lasted(0)) << "another still waits";
  second.reset();
  EXPECT_TRUE(*quiet.disturbed()) << "until somebody asks whether it may go on";
  EXPECT_FALSE(quiet.has_lasted(an_hour));
  EXPECT_TRUE(*quiet.disturbed());
  EXPECT_TRUE(quiet.has_lasted(0));
  EXPECT_FALSE(*quiet.disturbed());
}

TEST(Quiet, IsDisturbedWithoutAQuestionToo) {
  Quiet quiet;
  quiet.disturb();
  EXPECT_TRUE(*quiet.disturbed());
}

}  // namespace
}  // namespace mira::app
