// What is stated must come true as often as it says: the map alone, and the windows
// that a repository's own commits fill.
#include "knowledge/git/stated_confidence.h"

#include <gtest/gtest.h>

#include "knowledge/git/cochange.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

StatedWindow window_of(std::vector<std::array<double, 3>> answers) {  // stated, share that came true, answers
  StatedWindow out;
  for (auto [stated, share, count] : answers) {
    out.count(AskedKind::one, stated, true, share * count);
    out.count(AskedKind::one, stated, false, (1 - share) * count);
  }
  return out;
}

TEST(StatedMap, IsTheIdentityWhereNothingWasCounted) {
  for (double p : {0.0, 0.01, 0.3, 0.5, 0.99, 1.0}) EXPECT_DOUBLE_EQ(StatedMap()(p), p);
  StatedWindow window = window_of({{0.5, 1, 1e6}});
  std::array windows{window};
  EXPECT_DOUBLE_EQ(StatedMap(windows, AskedKind::several)(0.5), 0.5);
}

TEST(StatedMap, TellsWhatCameTrue) {
  struct Case {
    const char* what;
    std::vector<std::array<double, 3>> counted;
    double stated, least, most;
  };
  const std::vector<Case> cases = {
      {"much evidence moves it all the way", {{0.86, 0.95, 1e6}}, 0.86, 0.949, 0.951},
      {"downwards too", {{0.6, 0.2, 1e6}}, 0.6, 0.199, 0.201},
      {"little evidence hardly", {{0.6, 0.0, 3}}, 0.6, 0.58, 0.6},
      {"as much as the doubt: halfway", {{0.6, 0.2, 300}}, 0.6, 0.39, 0.41},
      {"what was right stays", {{0.1, 0.1, 1e6}, {0.9, 0.9, 1e6}}, 0.5, 0.45, 0.55},
      {"between two it lies between", {{0.2, 0.1, 1e6}, {0.8, 0.6, 1e6}}, 0.5, 0.1, 0.6},
      {"beyond the last it goes on", {{0.5, 0.7, 1e6}}, 0.9, 0.9, 0.97},
      {"never certain of never", {{0.9, 0, 1e6}}, 0.9, 0, 0.01},
      {"nor of always", {{0.9, 1, 1e6}}, 0.9, 0.99, 1},
  };
  for (const Case& one : cases) {
    std::array windows{window_of(one.counted)};
    double found = StatedMap(windows, AskedKind::one)(one.stated);
    EXPECT_GE(found, one.least) << one.what;
    EXPECT_LE(found, one.most) << one.what;
  }
}

TEST(StatedMap, RisesWhateverWasCounted) {
  std::uint32_t state = 7;
  auto random = [&] { return double((state = state * 1664525 + 1013904223) >> 8) / (1 << 24); };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::array<double, 3>> answers;
    for (int i = 0; i < 12; ++i) answers.push_back({random(), random(), 2000 * random()});
    std::array windows{window_of(answers), window_of({{random(), random(), 500}})};
    StatedMap map(windows, AskedKind::one);
    double last = -1;
    for (double p = 0; p <= 1; p += 0.01) {
      double now = map(p);
      EXPECT_GE(now, last - 1e-12) << p;
      EXPECT_GE(now, 0);
      EXPECT_LE(now, 1);
      last = now;
    }
  }
}

// Commits of several files: a.c goes with a.h always, with b.c at times.
std::string commits(int from, int to, const std::string& parent) {
  std::string stream;
  for (int i = from; i < to; ++i) {
    std::string time = std::to_string(1'700'000'000 + 3600 * i), text = std::to_string(i) + "\n";
    auto put = [&](const char* path) {
      stream +=
          std::string("M 100644 inline ") + path + "\ndata " + std::to_string(text.size()) + "\n" + text;
    };
    stream += "commit refs/heads/main\ncommitter Ada <ada@example.org> " + time + " +0000\ndata 2\nm\n";
    if (i == from && !parent.empty()) stream += "from " + parent + "\n";
    put("a.c");
    put("a.h");
    if (i % 3 == 0) put("b.c");
    if (i % 5 == 0) put("docs/a.md");
    stream += "\n";
  }
  return stream;
}

std::string rows(World& world) {
  std::string out;
  must(world.index->each(
      "SELECT window, asked, bin, chain, weight, stated, came_true FROM git_stated ORDER BY 1, 2, 3",
      [&](const store::Row& row) {
        for (int i = 0; i < 4; ++i) out += std::to_string(row.integer(i)) + " ";
        for (int i = 4; i < 7; ++i) out += std::to_string(row.real(i)) + " ";
        out += "\n";
      }));
  return out;
}

std::int64_t windows(World& world) {
  return must(world.index->integer("SELECT count(DISTINCT window) FROM git_stated")).value_or(0);
}

class StatedWindows : public testing::Test {
 protected:
  void grow(int from, int to) {
    world_.repo.import(commits(from, to, from == 0 ? "" : world_.repo.head()));
    world_.refresh();
    world_.refresh_later();
  }
  World world_;
};

TEST_F(StatedWindows, AreCountedByTwoHundredCommits) {
  grow(0, 199);
  EXPECT_EQ(windows(world_), 0);
  grow(199, 401);
  EXPECT_EQ(windows(world_), 2);
  EXPECT_EQ(must(world_.index->integer("SELECT count(*) FROM git_stated WHERE weight > 0 AND asked = 1"))
                    .value_or(0) > 0,
            true);
}

TEST_F(StatedWindows, AreTheSameReadInPiecesOrAtOnce) {
  for (int at = 0; at < 650; at += 130) grow(at, at + 130);
  std::string pieces = rows(world_);
  EXPECT_EQ(windows(world_), 3);
  world_.forget();
  world_.refresh();
  world_.refresh_later();
  EXPECT_EQ(rows(world_), pieces);
}

TEST_F(StatedWindows, OfAHistoryThatWasRewrittenAreCountedAgain) {
  grow(0, 420);
  std::string before = rows(world_);
  world_.repo.reset("HEAD~300");
  world_.repo.import(commits(5000, 5300, world_.repo.head()));
  world_.refresh();
  world_.refresh_later();
  EXPECT_NE(rows(world_), before);
  std::string rewritten = rows(world_);
  world_.forget();
  world_.refresh();
  world_.refresh_later();
  EXPECT_EQ(rows(world_), rewritten);
}

TEST_F(StatedWindows, CorrectWhatComesAfterThemAndNothingBefore) {
  grow(0, 450);
  auto archive = must(load_archive(*world_.index));
  ASSERT_EQ(archive->stated.size(), 2u);
  Cochange model(archive);
  auto asked_at = [&](std::size_t moment) {
    auto ada = archive->find_person("ada@example.org");
    return model.rank({{"a.c"}, moment, ada, archive->history.commits[moment - 1].author_time_s, 10});
  };
  for (const Partner& partner : asked_at(archive->stated[0].end - 1)) {
    EXPECT_DOUBLE_EQ(partner.confidence, partner.stated) << partner.path;
  }
  std::vector<Partner> now = asked_at(450);
  ASSERT_FALSE(now.empty());
  EXPECT_EQ(now[0].path, "a.h");  // it never failed to come, so it is surer than the trees say
  EXPECT_GT(now[0].confidence, now[0].stated);
}

}  // namespace
}  // namespace mira::git
