#include "knowledge/git/cochange.h"

#include <gtest/gtest.h>

#include <cmath>

#include "knowledge/git/models.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

int edition = 0;

// A commit that changes (or makes) these files.
std::string change(World& world, const std::vector<std::string>& paths,
                   const std::string& author = "Ada <ada@example.org>") {
  support::FakeCommit commit{.author = author};
  for (const std::string& path : paths) {
    commit.files.emplace_back(
        path, path + " has some lines\nto be known by\nedition " + std::to_string(++edition) + "\n");
  }
  return world.repo.commit(commit);
}

Json partners(World& world, const Json& arguments) {
  world.refresh();
  return must(world.act("cochange", arguments))["partners"];
}

std::string best(World& world, const std::string& file) {
  Json found = partners(world, {{"files", {file}}});
  return found.empty() ? "" : found[0]["path"].get<std::string>();
}

TEST(Cochange, RanksTheFileThatUsuallyChangesWithIt) {
  World world;
  change(world, {"a.c", "a.h", "z.c"});
  change(world, {"a.c", "a.h"});
  change(world, {"z.c"});
  change(world, {"a.c", "a.h"});
  Json found = partners(world, {{"files", {"a.c"}}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["path"], "a.h");
  EXPECT_EQ(found[0]["joint"], 3);
  EXPECT_EQ(found[0]["own"], 3);
  EXPECT_EQ(found[0]["last_commit"], world.repo.head());
}

// A repository without history says little; one that is always changed together, nearly everything.
TEST(Cochange, TheStatedConfidenceIsAProbabilityThatGrowsWithTheEvidence) {
  World world;
  change(world, {"a.c", "b.c", "seldom.c"});
  change(world, {"z.c"});
  double once = partners(world, {{"files", {"a.c"}}})[0]["confidence"].get<double>();
  for (int i = 0; i < 12; ++i) change(world, {"a.c", "b.c"});
  Json found = partners(world, {{"files", {"a.c"}}});
  double often = found[0]["confidence"].get<double>();
  EXPECT_EQ(found[0]["path"], "b.c");
  EXPECT_GT(often, once);
  EXPECT_GT(often, 0.5);
  for (const Json& partner : found) {
    EXPECT_GE(partner["confidence"], 0.0);
    EXPECT_LE(partner["confidence"], 1.0);
  }
}

TEST(Cochange, TheEvidenceIsInWords) {
  World world;
  change(world, {"a.c", "b.c", "z.c"});
  for (int i = 0; i < 8; ++i) change(world, {"a.c", "b.c"});
  for (int i = 0; i < 3; ++i) change(world, {"a.c"});
  for (const Json& partner : partners(world, {{"files", {"a.c"}}})) {
    if (partner["path"] != "b.c") continue;
    EXPECT_EQ(partner["joint"], 9);
    EXPECT_EQ(partner["own"], 12);
    EXPECT_EQ(partner["recent_joint"], 7);
    EXPECT_EQ(partner["recent_own"], 10);
    EXPECT_EQ(partner["with"], "a.c");
    EXPECT_EQ(partner["why"], "in 7 of its last 10 changes");
    return;
  }
  FAIL() << "b.c is no partner";
}

TEST(Cochange, RecentCompanyBeatsOldCompany) {
  World world;
  change(world, {"x.c", "old.c", "new.c"});
  for (int i = 0; i < 12; ++i) change(world, {"x.c", "old.c"});
  for (int i = 0; i < 11; ++i) change(world, {"x.c", "new.c"});
  EXPECT_EQ(best(world, "x.c"), "new.c");
}

TEST(Cochange, ASmallCommitSaysMoreThanALargeOne) {
  World world;
  change(world, {"x.c", "pair.c", "m1", "m2", "m3", "m4"});
  change(world, {"x.c", "m1", "m2", "m3", "m4"});
  change(world, {"x.c", "pair.c"});
  change(world, {"m1"});
  change(world, {"m1"});
  EXPECT_EQ(best(world, "x.c"), "pair.c");
}

TEST(Cochange, BulkCommitsTeachNothing) {
  World world;
  std::vector<std::string> all;
  for (int i = 0; i < 31; ++i) all.push_back("f" + std::to_string(i));
  change(world, all);
  Json found = partners(world, {{"files", {"f1"}}, {"limit", 100}});
  for (const Json& partner : found) EXPECT_EQ(partner["joint"], 0);
}

TEST(Cochange, MergesTeachNothing) {
  World world;
  change(world, {"a.c", "b.c"});
  world.repo.branch("side");
  change(world, {"a.c"});
  world.repo.checkout("main");
  change(world, {"b.c"});
  world.repo.merge("side");
  EXPECT_EQ(partners(world, {{"files", {"a.c"}}})[0]["joint"], 1);
}

TEST(Cochange, LearnedCompanySurvivesARename) {
  World world;
  change(world, {"old.c", "friend.c", "other.c"});
  change(world, {"old.c", "friend.c"});
  world.repo.commit({.renames = {{"old.c", "new.c"}}});
  EXPECT_EQ(best(world, "new.c"), "friend.c");
  change(world, {"other.c"});
  EXPECT_EQ(best(world, "friend.c"), "new.c");
}

TEST(Cochange, DeletedFilesAreNoPartners) {
  World world;
  change(world, {"a.c", "gone.c", "z.c"});
  change(world, {"a.c", "gone.c"});
  world.repo.commit({.removed = {"gone.c"}});
  for (const Json& partner : partners(world, {{"files", {"a.c"}}})) EXPECT_NE(partner["path"], "gone.c");
}

TEST(Cochange, AskedAboutThePastItKnowsOnlyThePast) {
  World world;
  change(world, {"a.c", "early.c", "late.c"});
  std::string second = change(world, {"a.c", "early.c"});
  change(world, {"a.c", "late.c"});
  change(world, {"a.c", "late.c"});
  world.repo.commit({.removed = {"early.c"}});
  Json before = partners(world, {{"files", {"a.c"}}, {"before", second}});
  EXPECT_EQ(before[0]["own"], 1);
  Json at = partners(world, {{"files", {"a.c"}}, {"at", second}});
  EXPECT_EQ(at[0]["path"], "early.c");
  EXPECT_EQ(at[0]["own"], 2);
}

TEST(Cochange, QuestionsMayComeInAnyOrderOfTime) {
  World world;
  std::string first = change(world, {"a.c", "b.c"});
  std::string second = change(world, {"a.c", "b.c"});
  world.refresh();
  Json late = partners(world, {{"files", {"a.c"}}, {"before", second}});
  partners(world, {{"files", {"a.c"}}, {"before", first}});
  EXPECT_EQ(partners(world, {{"files", {"a.c"}}, {"before", second}}), late);
}

TEST(Cochange, AFileWithoutHistoryIsAnsweredFromItsName) {
  World world;
  change(world, {"src/parser.c", "doc/guide.md", "src/printer.c"});
  world.repo.write("test/parser_test.c", "new\n");
  EXPECT_EQ(best(world, "test/parser_test.c"), "src/parser.c");
}

TEST(Cochange, TheAskersOwnFilesComeFirstWhenNothingElseDecides) {
  World world;
  change(world, {"one/q.c"}, "Bob <bob@example.org>");
  change(world, {"two/mine.c"}, "Ada <ada@example.org>");
  change(world, {"two/theirs.c"}, "Bob <bob@example.org>");
  Json found = partners(world, {{"files", {"one/q.c"}}, {"author", "ADA@example.org"}});
  EXPECT_EQ(found[0]["path"], "two/mine.c");
}

TEST(Cochange, SeveralFilesAreAskedTogetherAndNeverAnswerThemselves) {
  World world;
  change(world, {"a.c", "b.c", "both.c"});
  change(world, {"a.c", "both.c"});
  change(world, {"b.c", "both.c"});
  Json found = partners(world, {{"files", {"a.c", "b.c"}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["path"], "both.c");
}

TEST(Cochange, UnknownFileIsAnErrorAloneAndAnAnswerInABatch) {
  World world;
  change(world, {"src/server.c", "b.c"});
  world.refresh();
  auto alone = world.act("cochange", {{"files", {"src/servr.c"}}});
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, base::ErrorCode::not_found);
  EXPECT_EQ(alone.error().next, std::vector<std::string>{"src/server.c"});
  EXPECT_TRUE(world.act("cochange", {{"files", {"src/servr.c"}}}, true));
}

TEST(Cochange, TheMomentMayBeNamedFromHead) {
  World world;
  change(world, {"a.c", "b.c"});
  change(world, {"a.c", "c.c"});
  world.refresh();
  Json before = partners(world, {{"files", {"a.c"}}, {"before", "HEAD"}});
  EXPECT_EQ(before, partners(world, {{"files", {"a.c"}}, {"at", "HEAD~1"}}));
  EXPECT_NE(before, partners(world, {{"files", {"a.c"}}, {"at", "HEAD"}}));
}

TEST(Cochange, UnknownCommitIsAnError) {
  World world;
  change(world, {"a.c"});
  world.refresh();
  auto result = world.act("cochange", {{"files", {"a.c"}}, {"before", "feedface"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::not_found);
}

TEST(Cochange, OutsideARepositoryItSaysWhatIsMissing) {
  World world;
  std::filesystem::remove_all(world.repo.path(".git"));
  world.open(world.repo.root());
  auto result = world.act("cochange", {{"files", {"a.c"}}});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("not a git repository"), std::string::npos);
}

}  // namespace
}  // namespace mira::git
