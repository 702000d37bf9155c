// Many programs on one project at the same moment: one indexes, the others wait or
// read, nobody fails, and the index is whole.
#include <gmock/gmock.h>

#include <thread>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;
using support::Ran;

void make_project(FakeRepo& repo) {
  for (int i = 0; i < 60; ++i) {
    std::string n = std::to_string(i);
    repo.write("src/part" + n + ".py",
               "def part_" + n + "():\n    return part_" + std::to_string((i + 1) % 60) + "()\n");
  }
  repo.commit("Many parts");
}

std::vector<Ran> run_at_once(const Mira& mira, const std::vector<std::vector<std::string>>& commands) {
  std::vector<Ran> results(commands.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    threads.emplace_back([&, i] { results[i] = mira.run(commands[i]); });
  }
  threads.clear();  // joins
  return results;
}

TEST(ManyProcesses, AHundredFirstStartsAtOnceAllAnswer) {
  FakeRepo repo;
  make_project(repo);
  Mira mira(repo.root().parent_path());
  mira.in(repo.root());
  for (const Ran& ran : run_at_once(mira, std::vector(100, std::vector<std::string>{"symbols", "part_7"}))) {
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, testing::HasSubstr("src/part7.py:1"));
  }
  EXPECT_EQ(mira.run({"doctor"}).exit_code, 0);
}

TEST(ManyProcesses, QuestionsAreAnsweredWhileTheIndexMoves) {
  FakeRepo repo;
  make_project(repo);
  Mira mira(repo.root().parent_path());
  mira.in(repo.root());
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  for (int round = 0; round < 3; ++round) {
    repo.write("src/new" + std::to_string(round) + ".py",
               "def fresh_" + std::to_string(round) + "():\n    return 1\n");
    repo.commit("Round " + std::to_string(round));
    std::vector<std::vector<std::string>> commands(6, {"callers", "part_7"});
    commands.push_back({"index"});
    commands.push_back({"cochange", "src/part1.py"});
    for (const Ran& ran : run_at_once(mira, commands)) EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
  EXPECT_EQ(mira.run({"symbols", "fresh_2"}).exit_code, 0);
}

}  // namespace
}  // namespace mira
