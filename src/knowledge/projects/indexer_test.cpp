#include "knowledge/projects/indexer.h"

#include <gmock/gmock.h>

#include "knowledge/projects/collect.h"
#include "knowledge/projects/test_project.h"

namespace mira::projects {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

contracts::Json facts(TestProject& project) {
  contracts::Session session = project.session();
  auto out = project.feature().facts(session);
  EXPECT_TRUE(out.has_value());
  return out.value_or(contracts::Json::object());
}

std::vector<std::string> findings(TestProject& project) {
  std::vector<std::string> out;
  contracts::Session session = project.session();
  for (const contracts::Check& check : project.feature().checks)
    for (const contracts::Finding& finding : check(session)) out.push_back(finding.message);
  return out;
}

TEST(ProjectRow, IsWrittenByTheFirstUpdateAndReadByStatus) {
  TestProject project;
  EXPECT_TRUE(project.is_stale());
  project.update();
  EXPECT_FALSE(project.is_stale());
  contracts::Json told = facts(project);
  EXPECT_EQ(told["user"], "local");
  EXPECT_EQ(told["name"], "app");
  EXPECT_EQ(told["root"], project.root().string());
  EXPECT_EQ(told["projects_known"], 1);
}

TEST(ProjectRow, RemembersWhenItWasUsedLast) {
  TestProject project;
  project.update();
  std::int64_t first = facts(project)["last_accessed_ms"];
  project.clock.advance_ms(accessed_step_ms);
  EXPECT_TRUE(project.is_stale());
  project.update();
  EXPECT_EQ(facts(project)["last_accessed_ms"], first + accessed_step_ms);
  EXPECT_EQ(facts(project)["known_since_ms"], first);
}

TEST(Guidelines, AreFoundByNameAnywhere) {
  TestProject project;
  project.write("CLAUDE.md", "# Build\nmake\n");
  project.write("src/AGENTS.md", "# Style\ntabs\n");
  project.write("README.md", "# Not one\nx\n");
  EXPECT_EQ(project.update().added, 2);
  EXPECT_EQ(facts(project)["guideline_files"], 2);
}

TEST(Guidelines, FollowEveryChange) {
  TestProject project;
  project.write("CLAUDE.md", "# Build\nmake\n");
  project.update();
  EXPECT_FALSE(project.is_stale());
  project.write("CLAUDE.md", "# Build\nninja, with more words\n");
  EXPECT_TRUE(project.is_stale());
  EXPECT_EQ(project.update().changed, 1);
  project.remove("CLAUDE.md");
  EXPECT_TRUE(project.is_stale());
  EXPECT_EQ(project.update().removed, 1);
  EXPECT_EQ(facts(project)["guideline_sections"], 0);
  EXPECT_FALSE(project.is_stale());
}

TEST(Guidelines, OfEqualBytesKeepTheirRows) {
  TestProject project;
  project.write("CLAUDE.md", "# Build\nmake\n");
  project.update();
  std::filesystem::last_write_time(project.root() / "CLAUDE.md",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_TRUE(project.is_stale());
  contracts::UpdateReport report = project.update();
  EXPECT_EQ(report.unchanged, 1);
  EXPECT_EQ(report.changed, 0);
  EXPECT_FALSE(project.is_stale());
}

TEST(Imports, AreFollowedAndApplyWhereTheyAreImported) {
  TestProject project;
  project.write("src/CLAUDE.md", "See @../docs/style.md\n");
  project.write("docs/style.md", "# Style\ntabs\n");
  EXPECT_EQ(project.update().added, 2);
  contracts::Question question{.text = "tabs", .words = {"tabs"}};
  EXPECT_THAT(project.gather(question), IsEmpty()) << "it is a guideline of src only";
  question.focus = {{.path = "src/a.c"}};
  EXPECT_THAT(project.gather(question), SizeIs(1));
}

TEST(Imports, OfACycleEnd) {
  TestProject project;
  project.write("CLAUDE.md", "@a.md\n");
  project.write("a.md", "@b.md\n");
  project.write("b.md", "@a.md and @CLAUDE.md\n");
  EXPECT_EQ(project.update().added, 3);
  EXPECT_THAT(findings(project), IsEmpty());
}

TEST(Imports, DeeperThanFiveAreTold) {
  TestProject project;
  project.write("CLAUDE.md", "@d1.md\n");
  for (int i = 1; i <= 6; ++i)
    project.write("d" + std::to_string(i) + ".md", "@d" + std::to_string(i + 1) + ".md\n");
  EXPECT_EQ(project.update().added, 6) << "CLAUDE.md and d1 to d5";
  EXPECT_THAT(findings(project),
              ElementsAre(HasSubstr("d5.md:1 imports d6.md, which is more than five imports deep")));
}

TEST(Imports, NeverLeaveTheProject) {
  TestProject project;
  std::ofstream(project.outside("secret.md")) << "# Secret\nx\n";
  std::filesystem::create_symlink(project.outside("secret.md"), project.root() / "link.md");
  project.write("CLAUDE.md", "@../secret.md @" + project.outside("secret.md").string() +
                                 " @~/secret.md @link.md @a/../../secret.md\n");
  EXPECT_EQ(project.update().added, 1);
  EXPECT_THAT(findings(project), SizeIs(5));
  EXPECT_EQ(facts(project)["guideline_files"], 1);
}

TEST(Imports, OfSecretFilesAreRefused) {
  TestProject project;
  project.write(".env", "TOKEN=1\n");
  project.write("CLAUDE.md", "@./.env\n");
  EXPECT_EQ(project.update().added, 1);
  EXPECT_THAT(findings(project), ElementsAre(HasSubstr("refused")));
}

TEST(Imports, ThatAppearLaterAreRead) {
  TestProject project;
  project.write("CLAUDE.md", "@docs/later.md\n");
  project.update();
  EXPECT_THAT(findings(project), ElementsAre(HasSubstr("no such readable file")));
  project.write("docs/later.md", "# Later\nx\n");
  EXPECT_TRUE(project.is_stale());
  EXPECT_EQ(project.update().added, 1);
  EXPECT_THAT(findings(project), IsEmpty());
}

TEST(Imports, ThatTheWalkIgnoresAreStillWatched) {
  TestProject project;
  project.write(".gitignore", "local/\n");
  project.write("CLAUDE.md", "@local/mine.md\n");
  project.write("local/mine.md", "# Mine\nx\n");
  EXPECT_EQ(project.update().added, 2);
  project.write("local/mine.md", "# Mine\nsomething longer\n");
  EXPECT_TRUE(project.is_stale());
}

TEST(Guidelines, ThatAreNoTextAreKnownButNotShown) {
  TestProject project;
  project.write("CLAUDE.md", std::string("\0\1\2binary", 9));
  EXPECT_EQ(project.update().added, 1);
  EXPECT_EQ(facts(project)["guideline_sections"], 0);
  EXPECT_FALSE(project.is_stale());
}

TEST(ResolveImport, StaysBelowTheRoot) {
  EXPECT_EQ(resolve_import("a/b", "../c.md"), "a/c.md");
  EXPECT_EQ(resolve_import("", "./c.md"), "c.md");
  EXPECT_EQ(resolve_import("a", "../../c.md"), "");
  EXPECT_EQ(resolve_import("a", "/etc/c.md"), "");
  EXPECT_EQ(resolve_import("a", "~/c.md"), "");
}

}  // namespace
}  // namespace mira::projects
