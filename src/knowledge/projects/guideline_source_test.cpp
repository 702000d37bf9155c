#include "knowledge/projects/guideline_source.h"

#include <gmock/gmock.h>

#include "knowledge/projects/test_project.h"

namespace mira::projects {
namespace {

using contracts::Evidence;
using contracts::Intent;
using contracts::Question;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> titles(const std::vector<Evidence>& pieces) {
  std::vector<std::string> out;
  for (const Evidence& piece : pieces) out.push_back(piece.place.path + ": " + piece.title);
  return out;
}

class GuidelineSource : public ::testing::Test {
 protected:
  GuidelineSource() {
    project.write(
        "CLAUDE.md",
        "A key-value store.\n\n# Build\nRun make.\n\n# Testing\nRun make test before you commit.\n");
    project.write("src/net/AGENTS.md", "# Tests\nUse the loopback device.\n");
    project.update();
  }
  TestProject project;
};

TEST_F(GuidelineSource, ChoosesSectionsByTheWords) {
  EXPECT_THAT(titles(project.gather({.words = {"tested"}, .intent = Intent::explain})),
              ElementsAre("CLAUDE.md: Testing"));
}

TEST_F(GuidelineSource, SaysWhereAndWhy) {
  Evidence piece = project.gather({.words = {"build"}, .intent = Intent::explain}).at(0);
  EXPECT_EQ(contracts::citation(piece.place), "CLAUDE.md:3-4");
  EXPECT_EQ(piece.text, "# Build\nRun make.\n");
  EXPECT_EQ(piece.why, "guideline of the project on build");
  EXPECT_EQ(piece.trust, contracts::Trust::project);
}

TEST_F(GuidelineSource, SpeaksOfAFolderOnlyWhenAPlaceInItMatters) {
  Question question{.words = {"test"}, .intent = Intent::explain};
  question.focus = {{.path = "src/net/socket.c"}};
  EXPECT_THAT(titles(project.gather(question)),
              ElementsAre("src/net/AGENTS.md: Tests", "CLAUDE.md: Testing"));
  question.focus = {{.path = "src/network/socket.c"}};
  EXPECT_THAT(titles(project.gather(question)), ElementsAre("CLAUDE.md: Testing"));
}

TEST_F(GuidelineSource, KnowsFoldersThatAreBeingChanged) {
  Question question{.words = {"loopback"}, .intent = Intent::explain, .changed_files = {"src/net/socket.c"}};
  EXPECT_THAT(titles(project.gather(question)), ElementsAre("src/net/AGENTS.md: Tests"));
}

TEST_F(GuidelineSource, GivesTheOpeningForWorkOnTheCode) {
  EXPECT_THAT(titles(project.gather({.words = {"login"}, .intent = Intent::change})),
              ElementsAre("CLAUDE.md: "));
  EXPECT_THAT(project.gather({.words = {"login"}, .intent = Intent::who}), IsEmpty());
}

TEST(GuidelineSecrets, AreMaskedBeforeTheyAreStored) {
  TestProject project;
  project.write("CLAUDE.md", "# Deploy\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7QWERTYZ\n");
  project.update();
  Evidence piece = project.gather({.words = {"deploy"}}).at(0);
  EXPECT_THAT(piece.text, ::testing::Not(HasSubstr("AKIAIOSFODNN7QWERTYZ")));
}

}  // namespace
}  // namespace mira::projects
