#include "knowledge/git/cochange_forest.h"

#include <gtest/gtest.h>

#include <array>

#include "knowledge/git/cochange_features.h"

namespace mira::git {
namespace {

TEST(Forest, AddsUpTheLeavesThatTheFeaturesLeadTo) {
  Forest forest = Forest::parse("# remark\n0<0.5 =1 =2\n1<3 0<0.1 =10 =20 =40\n");
  ASSERT_EQ(forest.trees(), 2u);
  EXPECT_DOUBLE_EQ(forest.sum(std::array{0.5F, 3.0F}), 1 + 20);
  EXPECT_DOUBLE_EQ(forest.sum(std::array{0.6F, 3.1F}), 2 + 40);
  EXPECT_DOUBLE_EQ(forest.sum(std::array{0.0F, 0.0F}), 1 + 10);
}

// Many rows at once, more than go abreast, are what each is alone; ways of unlike length among them.
TEST(Forest, ManyRowsAtOnceAreWhatEachIsAlone) {
  Forest forest = Forest::parse("0<0.5 =1 2<0.25 =2 1<0.75 =4 =8\n=16\n2<0.5 0<0.1 =32 =64 =128\n");
  std::vector<std::array<float, 3>> rows;
  for (int i = 0; i < 27; ++i) {
    rows.push_back(
        {static_cast<float>(i % 3) / 2, static_cast<float>(i / 3 % 3) / 2, static_cast<float>(i / 9) / 2});
  }
  std::vector<const float*> places;
  for (const auto& row : rows) places.push_back(row.data());
  std::vector<double> sums = forest.sums(places, 3);
  ASSERT_EQ(sums.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& r = rows[i];
    double expected = (r[0] <= 0.5F    ? 1
                       : r[2] <= 0.25F ? 2
                       : r[1] <= 0.75F ? 4
                                       : 8) +
                      16 + (r[2] <= 0.5F ? (r[0] <= 0.1F ? 32 : 64) : 128);
    EXPECT_EQ(sums[i], expected) << i;
    EXPECT_EQ(forest.sum(r), expected) << i;
  }
  EXPECT_EQ(forest.sums(places, 1).front(), forest.sum({places.front(), 1})) << "narrower than the trees ask";
  EXPECT_TRUE(forest.sums({}, 3).empty());
}

TEST(Forest, AFeatureThatIsNotThereCountsAsNothing) {
  EXPECT_DOUBLE_EQ(Forest::parse("7<0.5 =1 =2\n").sum({}), 1);
}

TEST(Forest, AnUnreadableTextMakesNoTrees) {
  for (const char* text : {"0<0.5 =1\n", "=x\n", "0>1 =1 =2\n", "0<0.5 =1 =2 =3\n", "-1<0 =1 =2\n"}) {
    EXPECT_EQ(Forest::parse(text).trees(), 0u) << text;
  }
}

TEST(Forest, TheOnesThatComeWithTheProgramAreThere) {
  EXPECT_GT(Forest::order().trees(), 50u);
  EXPECT_GT(Forest::confidence().trees(), 50u);
}

// More of what means "together more often" never makes a partner less likely.
TEST(Forest, TheStatedConfidenceRisesWithTogetherness) {
  std::array<float, feature_count> features{};
  features[static_cast<std::size_t>(Feature::asked_count)] = 1;
  for (Feature rising : {Feature::sized10_mean, Feature::r10_mean, Feature::r40_most, Feature::count_mean}) {
    auto at = static_cast<std::size_t>(rising);
    double before = -1e9;
    for (int step = 0; step <= 20; ++step) {
      features[at] = static_cast<float>(step) / 20;
      double now = Forest::confidence().sum(features);
      EXPECT_GE(now, before);
      before = now;
    }
    features[at] = 0;
  }
}

TEST(Forest, LogisticIsOneHalfAtNothing) {
  EXPECT_DOUBLE_EQ(logistic(0), 0.5);
  EXPECT_GT(logistic(40), 0.999);
  EXPECT_LT(logistic(-40), 0.001);
}

}  // namespace
}  // namespace mira::git
