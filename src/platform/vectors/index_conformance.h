// What every vector store must do, as one test that runs over each of them. `make` gives
// a store without points; `reopen` gives the same one as a new process would see it.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <random>

#include "platform/vectors/index.h"

namespace mira::vectors {

inline std::vector<std::int64_t> owners_of(const std::vector<Near>& near) {
  std::vector<std::int64_t> out;
  for (const Near& one : near) out.push_back(one.owner);
  return out;
}

class IndexConformance : public testing::Test {
 protected:
  virtual std::unique_ptr<Index> reopen() = 0;

  Neighbours near(Index& index, const Space& space, const std::vector<float>& question,
                  std::size_t limit = 10, const Filter& filter = {}) {
    auto found = index.nearest(space, question, limit, filter);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found ? *found : Neighbours{};
  }
  static Point point(std::int64_t owner, std::vector<float> numbers, std::vector<std::string> tags = {}) {
    return {owner, "hash " + std::to_string(owner), std::move(numbers), std::move(tags)};
  }

  const Space plane{"places", "model a", 2};

  void check_all() {
    finds_by_direction_whatever_the_length();
    breaks_ties_by_owner();
    filters_by_groups_of_tags();
    replaces_and_removes();
    refuses_what_cannot_be_compared();
    keeps_models_apart();
    knows_the_vector_of_a_text();
    gives_way_to_another_model();
  }

 private:
  void finds_by_direction_whatever_the_length() {
    auto index = reopen();
    ASSERT_TRUE(
        index->upsert(plane, std::vector{point(1, {9, 0}), point(2, {0.1F, 0.1F}), point(3, {0, 4})}));
    auto found = near(*reopen(), plane, {2, 1});
    EXPECT_EQ(owners_of(found.best), (std::vector<std::int64_t>{2, 1, 3}));
    EXPECT_NEAR(found.best[0].score, 3 / std::sqrt(10.0), 1e-3);
    EXPECT_NEAR(found.best[2].score, 1 / std::sqrt(5.0), 1e-3);
    EXPECT_EQ(found.looked_at, 3U);
    EXPECT_EQ(near(*index, plane, {2, 1}, 1).best.size(), 1U);
    EXPECT_TRUE(near(*index, plane, {2, 1}, 0).best.empty());
    ASSERT_TRUE(index->drop(plane));
    EXPECT_TRUE(near(*reopen(), plane, {2, 1}).best.empty());
  }
  void breaks_ties_by_owner() {
    auto index = reopen();
    ASSERT_TRUE(index->upsert(plane, std::vector{point(30, {1, 1}), point(10, {2, 2}), point(20, {3, 3})}));
    EXPECT_EQ(owners_of(near(*index, plane, {1, 0}).best), (std::vector<std::int64_t>{10, 20, 30}));
    ASSERT_TRUE(index->drop(plane));
  }
  void filters_by_groups_of_tags() {
    auto index = reopen();
    ASSERT_TRUE(index->upsert(
        plane, std::vector{point(1, {1, 0}, {"scope=1", "kind=a"}), point(2, {1, 0}, {"scope=2", "kind=a"}),
                           point(3, {1, 0}, {"scope=2", "kind=b"}), point(4, {1, 0})}));
    struct Row {
      Filter filter;
      std::vector<std::int64_t> wanted;
    };
    const Row rows[] = {{{}, {1, 2, 3, 4}},
                        {{{{"scope=1"}}}, {1}},
                        {{{{"scope=1", "scope=2"}}}, {1, 2, 3}},
                        {{{{"scope=2"}, {"kind=a"}}}, {2}},
                        {{{{"scope=9"}}}, {}},
                        {{{{}}}, {}}};
    for (const Row& row : rows) {
      auto found = near(*index, plane, {1, 0}, 10, row.filter);
      EXPECT_EQ(owners_of(found.best), row.wanted);
      EXPECT_EQ(found.looked_at, row.wanted.size());
    }
    ASSERT_TRUE(index->drop(plane));
  }
  void replaces_and_removes() {
    auto index = reopen();
    ASSERT_TRUE(
        index->upsert(plane, std::vector{point(1, {1, 0}, {"scope=1"}), point(2, {0, 1}, {"scope=1"})}));
    ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {-1, 0}, {"scope=2"})}));
    auto found = near(*index, plane, {1, 0});
    EXPECT_EQ(owners_of(found.best), (std::vector<std::int64_t>{2, 1}));
    EXPECT_NEAR(found.best[1].score, -1, 1e-3);
    EXPECT_EQ(owners_of(near(*index, plane, {1, 0}, 10, {{{"scope=1"}}}).best),
              (std::vector<std::int64_t>{2}));
    ASSERT_TRUE(index->remove(plane, std::vector<std::int64_t>{2, 77}));
    EXPECT_EQ(owners_of(near(*reopen(), plane, {0, 1}).best), (std::vector<std::int64_t>{1}));
    auto owners = index->owners(plane);
    ASSERT_TRUE(owners);
    EXPECT_EQ(*owners, (std::map<std::int64_t, std::string>{{1, "hash 1"}}));
    ASSERT_TRUE(index->upsert(plane, std::vector{point(2, {0, 1})}));
    EXPECT_EQ(owners_of(near(*index, plane, {0, 1}).best), (std::vector<std::int64_t>{2, 1}));
    ASSERT_TRUE(index->drop(plane));
  }
  void refuses_what_cannot_be_compared() {
    auto index = reopen();
    float infinite = std::numeric_limits<float>::infinity();
    for (const std::vector<float>& wrong :
         {std::vector<float>{1}, {1, 2, 3}, {}, {0, 0}, {infinite, 1}, {std::nanf(""), 1}}) {
      auto put = index->upsert(plane, std::vector{point(1, {1, 0}), point(2, wrong)});
      ASSERT_FALSE(put);
      EXPECT_EQ(put.error().code, base::ErrorCode::usage);
      auto asked = index->nearest(plane, wrong, 3);
      ASSERT_FALSE(asked);
      EXPECT_EQ(asked.error().code, base::ErrorCode::usage);
    }
    EXPECT_TRUE(near(*index, plane, {1, 0}).best.empty()) << "all or none";
  }
  void keeps_models_apart() {
    auto index = reopen();
    Space other{"places", "model b", 2}, elsewhere{"sayings", "model a", 2};
    ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {1, 0})}));
    ASSERT_TRUE(index->upsert(other, std::vector{point(2, {1, 0})}));
    ASSERT_TRUE(index->upsert(elsewhere, std::vector{point(3, {1, 0})}));
    EXPECT_EQ(owners_of(near(*index, plane, {1, 0}).best), (std::vector<std::int64_t>{1}));
    EXPECT_EQ(owners_of(near(*index, other, {1, 0}).best), (std::vector<std::int64_t>{2}));
    auto spaces = index->spaces("places");
    ASSERT_TRUE(spaces);
    EXPECT_EQ(*spaces, (std::vector<Space>{plane, other}));
    ASSERT_TRUE(index->drop(plane));
    EXPECT_TRUE(near(*index, plane, {1, 0}).best.empty());
    EXPECT_EQ(owners_of(near(*index, other, {1, 0}).best), (std::vector<std::int64_t>{2}));
    ASSERT_TRUE(index->drop(other));
    ASSERT_TRUE(index->drop(elsewhere));
  }
  // The old space answers until the new one is whole; then it goes.
  void gives_way_to_another_model() {
    auto index = reopen();
    const Space next{"places", "model c", 3}, missing{"places", "nobody's", 3};
    ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {1, 0})}));
    ASSERT_TRUE(index->activate(plane));
    ASSERT_TRUE(index->activate(plane)) << "once more";
    ASSERT_TRUE(index->upsert(next, std::vector{point(1, {0, 0, 1}, {"scope=1"})}));
    EXPECT_EQ(owners_of(near(*reopen(), plane, {1, 0}).best), (std::vector<std::int64_t>{1}));
    ASSERT_TRUE(index->activate(missing)) << "there is none: nothing is switched";
    ASSERT_TRUE(index->activate(next));
    ASSERT_TRUE(index->drop(plane));
    ASSERT_TRUE(index->drop(plane)) << "gone already";
    EXPECT_EQ(*index->spaces("places"), (std::vector<Space>{next}));
    EXPECT_EQ(owners_of(near(*reopen(), next, {0, 0, 2}, 10, {{{"scope=1", "scope=2"}}}).best),
              (std::vector<std::int64_t>{1}));
    ASSERT_TRUE(index->drop(next));
  }
  void knows_the_vector_of_a_text() {
    auto index = reopen();
    EXPECT_EQ(index->count(plane).value_or(-1), 0);
    ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {3, 4}), point(2, {1, 0})}));
    EXPECT_EQ(index->count(plane).value_or(-1), 2);
    auto known = index->of_content(plane, "hash 1");
    ASSERT_TRUE(known && *known);
    EXPECT_NEAR((**known)[0], 0.6, 1e-3);
    EXPECT_FALSE(*index->of_content(plane, "hash 3"));
    EXPECT_FALSE(*index->of_content({"places", "model b", 2}, "hash 1"));
    ASSERT_TRUE(index->drop(plane));
  }
};

}  // namespace mira::vectors
