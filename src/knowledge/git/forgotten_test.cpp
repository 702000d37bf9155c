// "What did I forget?": the working tree, what is staged, a range of commits.
#include <gtest/gtest.h>

#include "knowledge/git/speak_up.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

int edition = 0;

std::string text_of_edition(const std::string& path) {
  return path + " has some lines\nto be known by\nedition " + std::to_string(++edition) + "\n";
}

std::string change(World& world, const std::vector<std::string>& paths) {
  support::FakeCommit commit;
  for (const std::string& path : paths) commit.files.emplace_back(path, text_of_edition(path));
  return world.repo.commit(commit);
}

// Commits of these files, all at once: a process a commit would take too long.
class Stream {
 public:
  void commit(const std::vector<std::string>& paths) {
    text_ += "commit refs/heads/main\nauthor Ada <ada@example.org> " + std::to_string(time_) +
             " +0000\ncommitter Ada <ada@example.org> " + std::to_string(time_) + " +0000\ndata 6\nchange\n";
    time_ += 3600;
    for (const std::string& path : paths) {
      std::string body = text_of_edition(path);
      text_ += "M 100644 inline " + path + "\ndata " + std::to_string(body.size()) + "\n" + body + "\n";
    }
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::int64_t time_ = 1704110400;
};

// a.c and a.h always together; other files alone and in pairs.
void make_history(World& world, int rounds = 40) {
  Stream stream;
  stream.commit({"a.c", "a.h", "b.c", "c.c"});
  for (int i = 0; i < rounds; ++i) {
    stream.commit({"a.c", "a.h"});
    stream.commit({"b.c"});
    stream.commit({i % 2 == 0 ? "c.c" : "b.c", "d" + std::to_string(i % 7) + ".c"});
  }
  world.repo.import(stream.text());
}

std::vector<std::string> named(const Json& data) {
  std::vector<std::string> out;
  for (const Json& partner : data["partners"]) out.push_back(partner["path"]);
  return out;
}

Json asked(World& world, const Json& arguments) {
  world.refresh();
  world.refresh_later();
  return must(world.act("cochange", arguments));
}

TEST(Forgotten, TheWorkingTreeIsAskedAboutAndTheMissingFileNamed) {
  World world;
  make_history(world);
  world.repo.write("a.c", text_of_edition("a.c"));
  Json data = asked(world, {{"working", true}});
  EXPECT_EQ(data["changed"], Json::array({"a.c"}));
  EXPECT_EQ(named(data), std::vector<std::string>{"a.h"});
  EXPECT_GE(data["measured"]["precision"], 0.70);
  EXPECT_GT(data["measured"]["coverage"], 0.0);
  EXPECT_LE(data["speaks_from"], data["partners"][0]["confidence"]);
}

TEST(Forgotten, AFileThatIsChangedAlreadyIsNotNamed) {
  World world;
  make_history(world);
  world.repo.write("a.c", text_of_edition("a.c"));
  world.repo.write("a.h", text_of_edition("a.h"));
  EXPECT_TRUE(named(asked(world, {{"working", true}})).empty());
}

TEST(Forgotten, ItIsSilentWhereNothingIsSureUnlessAllIsWanted) {
  World world;
  make_history(world);
  world.repo.write("c.c", text_of_edition("c.c"));
  EXPECT_TRUE(named(asked(world, {{"working", true}})).empty());
  EXPECT_FALSE(named(asked(world, {{"working", true}, {"all", true}})).empty());
}

TEST(Forgotten, BeforeItWasMeasuredItIsSilent) {
  World world;
  make_history(world, 5);
  world.repo.write("a.c", text_of_edition("a.c"));
  world.refresh();
  Json data = must(world.act("cochange", {{"working", true}}));
  EXPECT_TRUE(named(data).empty());
  EXPECT_TRUE(data["measured"].is_null());
}

TEST(Forgotten, APersonReadsItInEveryCase) {
  World world;
  make_history(world, 5);
  world.repo.write("a.c", text_of_edition("a.c"));
  for (bool measured : {false, true}) {
    world.refresh();
    if (measured) world.refresh_later();
    for (const Json& arguments :
         {Json{{"working", true}}, Json{{"working", true}, {"all", true}}, Json{{"files", {"a.c"}}}}) {
      contracts::Reply reply{.data = must(world.act("cochange", arguments))};
      std::string text;
      for (const contracts::Action& action : world.feature.actions) {
        if (action.name == "cochange") text = action.render(reply, {});
      }
      bool named_any = !reply.data["partners"].empty();
      EXPECT_EQ(text.find(" %  ") != std::string::npos, named_any) << arguments.dump() << text;
    }
  }
}

TEST(Forgotten, NothingChangedIsNoError) {
  World world;
  make_history(world, 5);
  Json data = asked(world, {{"working", true}});
  EXPECT_TRUE(data["changed"].empty());
  EXPECT_TRUE(named(data).empty());
}

TEST(Forgotten, WhatIsStagedCountsAndWhatIsNotDoesNot) {
  for (const char* version : {"2", "3", "4"}) {
    World world;
    make_history(world);
    world.repo.write("a.c", text_of_edition("a.c"));
    world.repo.write("new file.c", "int x;\n");
    world.repo.git({"add", "a.c", "new file.c"});
    world.repo.git({"update-index", "--index-version", version});
    world.repo.write("b.c", text_of_edition("b.c"));
    Json data = asked(world, {{"staged", true}, {"all", true}});
    EXPECT_EQ(data["changed"], Json::array({"a.c", "new file.c"})) << version;
    EXPECT_EQ(data["partners"][0]["path"], "a.h") << version;
  }
}

TEST(Forgotten, StagedDeletionsRenamesAndAnnouncedFiles) {
  World world;
  make_history(world, 3);
  world.repo.git({"rm", "-q", "c.c"});
  world.repo.git({"mv", "a.h", "a2.h"});
  world.repo.write("announced.c", "x\n");
  world.repo.git({"add", "-N", "announced.c"});
  Json data = asked(world, {{"staged", true}, {"all", true}});
  EXPECT_EQ(data["changed"], Json::array({"a2.h", "c.c"}));
}

TEST(Forgotten, ARangeIsAskedAsItStoodBeforeIt) {
  World world;
  make_history(world);
  std::string before = world.repo.head();
  change(world, {"a.c"});
  change(world, {"b.c"});
  Json data = asked(world, {{"range", before + ".."}});
  EXPECT_EQ(data["changed"], Json::array({"a.c", "b.c"}));
  Json one = asked(world, {{"range", "HEAD~1"}});
  EXPECT_EQ(one["changed"], Json::array({"a.c"}));
  EXPECT_EQ(named(one), std::vector<std::string>{"a.h"});
}

TEST(Forgotten, ARangeAcrossBranchesHoldsOnlyItsOwnCommits) {
  World world;
  make_history(world, 3);
  std::string base = world.repo.head();
  world.repo.branch("side");
  change(world, {"side.c"});
  world.repo.checkout("main");
  change(world, {"main.c"});
  world.repo.merge("side");
  Json data = asked(world, {{"range", base + "..HEAD^"}, {"all", true}});
  EXPECT_EQ(data["changed"], Json::array({"main.c"}));
}

TEST(Forgotten, ExactlyOneThingIsAsked) {
  World world;
  make_history(world, 3);
  world.refresh();
  for (const Json& wrong : {Json::object(), Json{{"working", true}, {"staged", true}},
                            Json{{"files", {"a.c"}}, {"range", "HEAD~1"}}}) {
    auto result = world.act("cochange", wrong);
    ASSERT_FALSE(result) << wrong.dump();
    EXPECT_EQ(result.error().code, base::ErrorCode::usage);
  }
  EXPECT_FALSE(world.act("cochange", {{"range", "nothing..HEAD"}}));
}

TEST(Forgotten, ASplitIndexIsSaidNotHalfRead) {
  World world;
  make_history(world, 2);
  world.repo.git({"update-index", "--split-index"});
  world.refresh();
  EXPECT_FALSE(world.act("cochange", {{"staged", true}}));
}

// ---- the threshold

Trial trial(std::size_t commit, double confidence, bool missing) {
  return {commit, confidence, missing};
}

TEST(SpeakUp, TheThresholdIsTheLowestThatIsPreciseEnough) {
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < 40; ++i) trials.push_back(trial(i, 0.9, true));
  for (std::size_t i = 40; i < 60; ++i) trials.push_back(trial(i, 0.6, i % 2 == 0));
  for (std::size_t i = 60; i < 100; ++i) trials.push_back(trial(i, 0.3, false));
  SpeakUp found = choose_threshold(trials, 100, 0);
  EXPECT_DOUBLE_EQ(found.threshold, 0.6);
  EXPECT_DOUBLE_EQ(found.precision, 50.0 / 60);
  EXPECT_DOUBLE_EQ(found.coverage, 0.6);
  EXPECT_DOUBLE_EQ(choose_threshold(trials, 100, 0.2).threshold, 0.9);
}

TEST(SpeakUp, WhereNothingIsPreciseItNeverSpeaks) {
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < 100; ++i) trials.push_back(trial(i, 0.9, i % 2 == 0));
  EXPECT_GT(choose_threshold(trials, 100, 0).threshold, 1);
  EXPECT_GT(choose_threshold({trial(1, 0.99, true)}, 1, 0).threshold, 1);  // once is no measure
}

TEST(SpeakUp, FalseAlarmsAreCountedOnCompleteCommits) {
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < 20; ++i) trials.push_back(trial(i, 0.9, true));
  trials.push_back({0, 0.95, false, true});
  SpeakUp found = judge_threshold(trials, 20, 0.9);
  EXPECT_DOUBLE_EQ(found.precision, 1);
  EXPECT_DOUBLE_EQ(found.false_alarms, 0.2);
}

TEST(SpeakUp, TheSameHistoryGivesTheSameRowHoweverItWasRead) {
  World world;
  make_history(world, 70);
  world.refresh();
  world.refresh_later();
  change(world, {"a.c", "b.c"});
  world.refresh();
  world.refresh_later();
  SpeakUp grown = must(load_speak_up(*world.index));
  world.forget();
  world.refresh();
  world.refresh_later();
  SpeakUp fresh = must(load_speak_up(*world.index));
  EXPECT_GT(grown.commits, 0);
  EXPECT_EQ(grown.threshold, fresh.threshold);
  EXPECT_EQ(grown.precision, fresh.precision);
  EXPECT_EQ(grown.commits, fresh.commits);
}

}  // namespace
}  // namespace mira::git
