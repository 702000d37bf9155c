// Who knows a place, where work hurts, and the summary of folders.
#include <gmock/gmock.h>

#include "knowledge/git/hotspots.h"
#include "knowledge/git/knowers.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

const std::string ada = "Ada <ada@example.org>", bob = "Bob <bob@example.org>",
                  bot = "dependabot[bot] <bot@example.org>";
constexpr std::int64_t start = 1704110400, day = 86'400;

std::string lines(const std::string& what, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += what + " " + std::to_string(i) + "\n";
  return out;
}

Json act(World& world, const char* name, const Json& arguments) {
  world.refresh();
  world.refresh_later();
  return must(world.act(name, arguments));
}

std::vector<std::string> names(const Json& people) {
  std::vector<std::string> out;
  for (const Json& one : people) out.push_back(one["name"]);
  return out;
}

TEST(Owners, SurvivingLinesCountNotCommits) {
  World world;
  world.repo.commit({.files = {{"a.c", lines("ada", 30)}}, .author = ada});
  for (int i = 0; i < 5; ++i) {
    world.repo.commit(
        {.files = {{"a.c", lines("ada", 30) + lines("bob " + std::to_string(i), 6)}}, .author = bob});
  }
  Json data = act(world, "owners", {{"path", "a.c"}});
  EXPECT_EQ(names(data["owners"]), (std::vector<std::string>{"Ada", "Bob"}));
  EXPECT_EQ(data["owners"][0]["lines"], 30);
  EXPECT_EQ(data["owners"][1]["lines"], 6);
  EXPECT_EQ(data["bus_factor"], 1);
}

TEST(Owners, AFolderHoldsAllBelowItAndNoNamesake) {
  World world;
  world.repo.commit({.files = {{"src/a.c", lines("x", 10)}, {"src/in/b.c", lines("y", 5)}}, .author = ada});
  world.repo.commit({.files = {{"src2/c.c", lines("z", 90)}}, .author = bob});
  Json data = act(world, "owners", {{"path", "src"}});
  EXPECT_EQ(data["files"], 2);
  EXPECT_EQ(data["lines"], 15);
  EXPECT_EQ(names(data["owners"]), std::vector<std::string>{"Ada"});
  EXPECT_EQ(act(world, "owners", Json::object())["lines"], 105);
}

TEST(Owners, WhoIsQuietOrDepartedIsSaidByTheNewestCommitNotTheClock) {
  World world;
  world.repo.commit({.files = {{"a.c", lines("old", 10)}}, .author = "Eve <eve@x>", .time_s = start});
  world.repo.commit({.files = {{"b.c", lines("mid", 10)}}, .author = bob, .time_s = start + 300 * day});
  world.repo.commit({.files = {{"c.c", lines("new", 10)}}, .author = ada, .time_s = start + 500 * day});
  Json data = act(world, "owners", Json::object());
  std::map<std::string, std::string> presence;
  for (const Json& one : data["owners"]) presence[one["name"]] = one["presence"];
  EXPECT_EQ(presence["Eve"], "departed");
  EXPECT_EQ(presence["Bob"], "quiet");
  EXPECT_EQ(presence["Ada"], "active");
  EXPECT_NEAR(data["gone_share"].get<double>(), 2.0 / 3, 1e-5);
  EXPECT_EQ(data["bus_factor"], 2);
}

TEST(Owners, BotsOwnNothingAndAliasesAreOnePerson) {
  World world;
  world.repo.commit(
      {.files = {{".mailmap", "Ada <ada@example.org> <old@home>\n"}, {"a.c", lines("a", 4)}}, .author = ada});
  world.repo.commit({.files = {{"b.c", lines("b", 4)}}, .author = "A. <old@home>"});
  world.repo.commit({.files = {{"lock", lines("c", 400)}}, .author = bot});
  Json data = act(world, "owners", Json::object());
  EXPECT_EQ(names(data["owners"]), std::vector<std::string>{"Ada"});
  EXPECT_EQ(data["lines"], 9);
}

TEST(Owners, AMoveKeepsTheWriter) {
  World world;
  world.repo.commit({.files = {{"a.c", lines("line that is long enough to be known", 20)}}, .author = ada});
  world.repo.commit({.renames = {{"a.c", "lib/b.c"}}, .author = bob});
  EXPECT_EQ(names(act(world, "owners", {{"path", "lib"}})["owners"]), std::vector<std::string>{"Ada"});
}

TEST(Owners, APlaceThatIsNotThereIsAnError) {
  World world;
  world.repo.commit({.files = {{"server.c", "x\n"}}});
  world.refresh();
  world.refresh_later();
  auto result = world.act("owners", {{"path", "servr.c"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().next, std::vector<std::string>{"server.c"});
}

TEST(Hotspots, OftenChangedAndDeepComesFirst) {
  World world;
  std::string deep = "if a:\n    if b:\n        if c:\n            do()\n", flat = "a\nb\nc\nd\n";
  world.repo.commit({.files = {{"still_deep.py", deep}}});
  for (int i = 0; i < 6; ++i) {
    std::string more = "x" + std::to_string(i) + "\n";
    world.repo.commit({.files = {{"deep.py", deep + more}, {"flat.py", flat + more}}});
  }
  Json found = act(world, "hotspots", {{"since", "2023-01-01"}})["hotspots"];
  EXPECT_EQ(found[0]["path"], "deep.py");
  EXPECT_EQ(found[0]["commits"], 6);
  EXPECT_EQ(found[0]["score"], 1.0);
  EXPECT_EQ(found[1]["path"], "still_deep.py");
}

TEST(Hotspots, DataAndProseAreNone) {
  World world;
  std::string deep = "<a>\n  <b>\n    <c>\n      <d/>\n    </c>\n  </b>\n</a>\n";
  for (int i = 0; i < 4; ++i) {
    std::string more = "  x" + std::to_string(i) + "\n";
    world.repo.commit({.files = {{"pom.xml", deep + more},
                                 {"docs/guide.MD", deep + more},
                                 {"conf.d/Makefile", "all:\n\ttrue\n" + more},
                                 {"src/a.py", "if a:\n" + more}}});
  }
  const Json found = act(world, "hotspots", {{"since", "2023-01-01"}})["hotspots"];
  std::vector<std::string> paths;
  for (const Json& one : found) paths.push_back(one["path"]);
  EXPECT_THAT(paths, testing::UnorderedElementsAre("conf.d/Makefile", "src/a.py"));
}

TEST(Hotspots, OnlySinceAndOnlyBelow) {
  World world;
  std::string text = "a\n\tb\n";
  world.repo.commit({.files = {{"src/old.c", text}}, .time_s = start});
  world.repo.commit({.files = {{"src/new.c", text}, {"doc/new.c", text}}, .time_s = start + 100 * day});
  Json found = act(world, "hotspots", {{"since", "2024-03-01"}, {"folder", "src"}})["hotspots"];
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["path"], "src/new.c");
}

struct DepthCase {
  const char* text;
  std::int64_t lines, levels;
};

TEST(Hotspots, DepthCountsLevelsByTheFilesOwnStep) {
  for (const DepthCase& one :
       {DepthCase{"", 0, 0}, DepthCase{"a\n\n  \nb\n", 2, 0}, DepthCase{"a\n  b\n    c\n", 3, 3},
        DepthCase{"a\n    b\n        c\n", 3, 3}, DepthCase{"a\n\tb\n\t\tc\n", 3, 3}}) {
    Depth depth = depth_of(one.text);
    EXPECT_EQ(depth.lines, one.lines) << one.text;
    EXPECT_EQ(depth.levels, one.levels) << one.text;
  }
}

TEST(Folders, EachFolderHasItsPeopleItsChurnAndItsHottestFile) {
  World world;
  world.repo.commit({.files = {{"src/a.c", "x\n\ty\n"}, {"doc/b.md", "text\n"}}, .author = ada});
  world.repo.commit({.files = {{"src/a.c", "x\n\tz\n"}}, .author = bob});
  Json found = act(world, "folders", {{"since", "2023-01-01"}})["folders"];
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]["path"], "");
  EXPECT_EQ(found[0]["files"], 2);
  EXPECT_EQ(found[1]["path"], "doc");
  EXPECT_EQ(found[2]["path"], "src");
  EXPECT_EQ(found[2]["people"], 2);
  EXPECT_EQ(found[2]["file_changes"], 2);
  EXPECT_EQ(found[2]["hottest"], "src/a.c");
}

}  // namespace
}  // namespace mira::git
