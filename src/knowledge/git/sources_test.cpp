#include "knowledge/git/sources.h"

#include <gtest/gtest.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Evidence;
using contracts::Question;

std::vector<Evidence> gather(World& world, std::string_view source, Question question) {
  world.refresh();
  for (auto& each : world.feature.sources) {
    must(each->prepare(world.fresh_session(), question, base::Deadline::never()));
  }
  for (auto& each : world.feature.sources) {
    if (each->name() == source)
      return must(each->gather(world.fresh_session(), question, base::Deadline::never()));
  }
  throw std::runtime_error("no such source");
}

World& login_history(World& world) {
  world.repo.commit(
      {.message = "Add login page", .files = {{"src/login.c", "int login;\n"}, {"src/page.c", "p\n"}}});
  world.repo.commit({.message = "Retry login on timeouts\n\nThe server was too slow.",
                     .files = {{"src/login.c", "int login = 1;\n"}, {"src/page.c", "q\n"}},
                     .author = "Bob <bob@example.org>"});
  world.repo.commit({.message = "Write manual", .files = {{"doc/manual.md", "m\n"}}});
  return world;
}

TEST(ChangesSource, TellsWhatIsBeingEditedWithItsLines) {
  World world;
  login_history(world);
  world.repo.write("src/login.c", "int login = 2;\n");
  world.repo.write("notes.txt", "todo\n");
  auto found = gather(world, "git.changes", {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].title, "src/login.c: modified (+1 -1)");
  EXPECT_NE(found[0].text.find("-int login = 1;\n+int login = 2;\n"), std::string::npos);
  EXPECT_EQ(contracts::citation(found[0].place), "src/login.c:1 (uncommitted)");
  EXPECT_EQ(found[1].title, "notes.txt: added (1 lines)");
  EXPECT_EQ(found[1].text, "todo\n");
}

TEST(ChangesSource, FillsTheChangedFilesOfTheQuestion) {
  World world;
  login_history(world);
  world.repo.write("src/login.c", "int login = 2;\n");
  world.refresh();
  Question question;
  must(world.feature.sources[0]->prepare(world.fresh_session(), question, base::Deadline::never()));
  EXPECT_EQ(question.changed_files, std::vector<std::string>{"src/login.c"});
}

TEST(ChangesSource, AFileNamedInTheQuestionLeads) {
  World world;
  login_history(world);
  world.repo.write("src/page.c", "changed\n");
  world.repo.write("src/login.c", "changed\n");
  EXPECT_EQ(gather(world, "git.changes", {.paths = {"page.c"}})[0].place.path, "src/page.c");
}

TEST(ChangesSource, SecretsAreNotShown) {
  World world;
  login_history(world);
  world.repo.write(".env", "PASSWORD=hunter2hunter2\n");
  world.repo.write("src/login.c", "key = \"ghp_16C7e42F292c6912E7710c838347Ae178B4a\"\n");
  for (const Evidence& piece : gather(world, "git.changes", {})) {
    EXPECT_EQ(piece.text.find("hunter2"), std::string::npos);
    EXPECT_EQ(piece.text.find("ghp_16C7e42F"), std::string::npos);
  }
}

TEST(CommitsSource, FindsCommitsWhoseMessageIsAboutTheQuestion) {
  World world;
  login_history(world);
  auto found = gather(world, "git.commits", {.words = {"login", "timeout"}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].title, "Retry login on timeouts");
  EXPECT_EQ(found[0].place.commit, world.repo.id("HEAD^"));
  EXPECT_EQ(found[0].why, "its message speaks of `login`, `timeout`");
  EXPECT_EQ(found[0].trust, contracts::Trust::foreign);
  EXPECT_NE(found[0].text.find("Bob, 2024-01-01; src/login.c, src/page.c"), std::string::npos);
  EXPECT_NE(found[0].text.find("The server was too slow."), std::string::npos);
}

TEST(CommitsSource, AWordSharedByChanceIsNotEnough) {
  World world;
  login_history(world);
  EXPECT_TRUE(gather(world, "git.commits", {.words = {"database", "schema", "migration", "page"}}).empty());
}

TEST(RecentSource, TellsTheLastChangesOfThePlacesThatMatter) {
  World world;
  login_history(world);
  auto found = gather(world, "git.recent", {.focus = {{.path = "src/page.c"}}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].title, "Retry login on timeouts");
  EXPECT_EQ(found[0].why, "one of the last changes of `src/page.c`");
}

TEST(CochangeSource, NamesThePartnersOfAPlace) {
  World world;
  login_history(world);
  auto found = gather(world, "git.cochange", {.focus = {{.path = "src/login.c"}}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place.path, "src/page.c");
  EXPECT_EQ(found[0].why, "usually changes together with `src/login.c`");
  EXPECT_NE(found[0].text.find("in 2 of the 2 commits"), std::string::npos);
  EXPECT_GT(*found[0].confidence, 0.7);
}

TEST(CochangeSource, NamesWhatTheEditedFilesUsuallyNeedButNotWhatIsEditedAlready) {
  World world;
  login_history(world);
  world.repo.write("src/login.c", "edited\n");
  auto found = gather(world, "git.cochange", {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place.path, "src/page.c");
  world.repo.write("src/page.c", "edited\n");
  EXPECT_TRUE(gather(world, "git.cochange", {}).empty());
}

TEST(PeopleSource, NamesWhoKnowsThePlace) {
  World world;
  login_history(world);
  auto found = gather(world, "git.people", {.focus = {{.path = "doc/manual.md"}}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].title, "Ada <ada@example.org>");
  EXPECT_NE(found[0].text.find("1 commit of doc/manual.md, the last on 2024-01-01"), std::string::npos);
}

TEST(Sources, AreSilentOutsideARepositoryAndInAnEmptyOne) {
  World world;
  Question question{.words = {"login"}, .focus = {{.path = "a.c"}}};
  for (const char* name : {"git.changes", "git.commits", "git.recent", "git.cochange", "git.people"}) {
    EXPECT_TRUE(gather(world, name, question).empty()) << name;
  }
  std::filesystem::remove_all(world.repo.path(".git"));
  world.repo.write("a.c", "1\n");
  world.open(world.repo.root());
  for (const char* name : {"git.changes", "git.commits", "git.recent", "git.cochange", "git.people"}) {
    EXPECT_TRUE(gather(world, name, question).empty()) << name;
  }
}

}  // namespace
}  // namespace mira::git
