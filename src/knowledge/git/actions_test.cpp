#include "knowledge/git/actions.h"

#include <gtest/gtest.h>

#include "knowledge/git/history_range.h"
#include "knowledge/git/world_for_tests.h"
#include "platform/base/calendar.h"

namespace mira::git {
namespace {

using contracts::Json;

World& small_history(World& world) {
  world.repo.commit(
      {.message = "Add login form\n\nUsers can sign in.", .files = {{"src/login.c", "1\n2\n3\n4\n"}}});
  world.repo.commit(
      {.message = "Move login", .renames = {{"src/login.c", "src/auth.c"}}, .author = "Bob <bob@x.org>"});
  world.repo.commit({.message = "Fix slow shutdownHandler", .files = {{"src/auth.c", "1\n2\n3\n5\n"}}});
  world.refresh();
  return world;
}

std::vector<std::string> subjects(World& world, const Json& arguments) {
  Json data = must(world.act("history", arguments));
  std::vector<std::string> out;
  for (const Json& commit : data["commits"]) out.push_back(commit["subject"]);
  return out;
}

using Subjects = std::vector<std::string>;

TEST(History, ListsTheCommitsOfAFileThroughItsRename) {
  World world;
  small_history(world);
  EXPECT_EQ(subjects(world, {{"query", "src/auth.c"}}),
            (Subjects{"Fix slow shutdownHandler", "Move login", "Add login form"}));
  Json data = must(world.act("history", {{"query", "./src//auth.c"}}));
  EXPECT_EQ(data["meaning"], "file");
  EXPECT_EQ(data["commits"][2]["path"], "src/login.c");
  EXPECT_EQ(data["commits"][2]["change"], "A");
}

TEST(History, AnOldNameStillFindsTheFile) {
  World world;
  small_history(world);
  EXPECT_EQ(subjects(world, {{"query", "src/login.c"}}).size(), 3u);
}

TEST(History, FindsCommitsByWordsAndByPartsOfIdentifiers) {
  World world;
  small_history(world);
  EXPECT_EQ(subjects(world, {{"query", "slow handler"}}), Subjects{"Fix slow shutdownHandler"});
  EXPECT_EQ(subjects(world, {{"query", "users sign in"}}), Subjects{"Add login form"});
  EXPECT_TRUE(subjects(world, {{"query", "nothing like \"it\" NEAR( -x"}}).empty());
}

// Where few hold all words, those that hold most of them follow; one that holds a third says nothing.
TEST(History, FillsUpWithCommitsThatHoldMostOfTheWords) {
  World world;
  world.repo.commit({.message = "Set the samesite flag of the session cookie", .files = {{"a.c", "1\n"}}});
  world.repo.commit({.message = "Document samesite cookies", .files = {{"a.c", "2\n"}}});
  world.repo.commit({.message = "Close the session at the end", .files = {{"a.c", "3\n"}}});
  world.repo.commit({.message = "Session cookie: path", .files = {{"a.c", "4\n"}}});
  world.refresh();
  Subjects found = subjects(world, {{"query", "session cookie samesite"}});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], "Set the samesite flag of the session cookie");
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Subjects{"Document samesite cookies", "Session cookie: path",
                             "Set the samesite flag of the session cookie"}));
}

TEST(History, FindsACommitByTheStartOfItsId) {
  World world;
  small_history(world);
  std::string id = world.repo.id("HEAD^");
  EXPECT_EQ(subjects(world, {{"query", id.substr(0, 8)}}), Subjects{"Move login"});
}

TEST(History, FiltersByAuthorAndAge) {
  World world;
  small_history(world);
  EXPECT_EQ(subjects(world, {{"query", "src/auth.c"}, {"author", "BOB"}}), Subjects{"Move login"});
  EXPECT_EQ(subjects(world, {{"query", "src/auth.c"}, {"author", "%"}}), Subjects{});
  EXPECT_EQ(subjects(world, {{"query", "src/auth.c"}, {"since", "2024-01-02"}}), Subjects{});
  EXPECT_EQ(subjects(world, {{"query", "src/auth.c"}, {"since", "2024-01-01"}}).size(), 3u);
  auto wrong = world.act("history", {{"query", "src/auth.c"}, {"since", "yesterday"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, base::ErrorCode::usage);
}

TEST(History, LinesAreCountedLater) {
  World world;
  small_history(world);
  EXPECT_TRUE(must(world.act("history", {{"query", "src/auth.c"}}))["commits"][0]["insertions"].is_null());
  EXPECT_EQ(world.refresh_later().changed, 3) << "three commits replayed, and counted with it";
  Json commits = must(world.act("history", {{"query", "src/auth.c"}}))["commits"];
  EXPECT_EQ(commits[0]["insertions"], 1);
  EXPECT_EQ(commits[0]["deletions"], 1);
  EXPECT_EQ(commits[1]["insertions"], 0) << "a pure rename changes no line";
  EXPECT_EQ(commits[2]["insertions"], 4);
  EXPECT_EQ(world.refresh_later().changed, 0);
}

TEST(History, SecretsInMessagesAreMasked) {
  World world;
  std::string secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
  world.repo.commit({.message = "Rotate token " + secret, .files = {{"a", "1\n"}}});
  world.refresh();
  std::string subject = subjects(world, {{"query", "rotate token"}}).at(0);
  EXPECT_EQ(subject.find(secret), std::string::npos);
  EXPECT_NE(subject.find("[secret"), std::string::npos);
}

TEST(History, EveryActionRendersForPeople) {
  World world;
  small_history(world);
  for (const contracts::Action& action : world.feature.actions) {
    contracts::Reply reply;
    Json arguments = Json::object();
    for (const contracts::Param& param : action.params) {
      if (param.name == "files") arguments["files"] = {"src/auth.c"};
      if (param.name == "commit") arguments["commit"] = world.repo.head();
      if (param.name == "file" || param.name == "query" || param.name == "place")
        arguments[param.name] = "src/auth.c";
    }
    if (action.name == "why") arguments["place"] = "src/auth.c:1";
    reply.data = must(world.act(action.name, arguments));
    EXPECT_FALSE(action.render(reply, {}).empty()) << action.name;
    EXPECT_FALSE(action.examples.empty()) << action.name;
  }
}

TEST(Since, TakesDaysAndAges) {
  constexpr std::int64_t day = 86'400'000;
  EXPECT_EQ(must(parse_since("", 100 * day)), 0);
  EXPECT_EQ(must(parse_since("1970-01-03", 0)), 2 * day);
  EXPECT_EQ(must(parse_since("3d", 100 * day)), 97 * day);
  EXPECT_EQ(must(parse_since("2w", 100 * day)), 86 * day);
  for (const char* wrong : {"2024-13-01", "2024-02-30", "d", "3x", "-3d", "2024-01-01x", "99999999999d"}) {
    EXPECT_FALSE(parse_since(wrong, 0)) << wrong;
  }
  EXPECT_EQ(base::iso_date(2 * day), "1970-01-03");
}

}  // namespace
}  // namespace mira::git
