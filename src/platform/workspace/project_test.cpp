#include "platform/workspace/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/fake_repo.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class FindProjectTest : public ::testing::Test {
 protected:
  FindProjectTest() { repo_.commit(support::FakeCommit{.files = {{"src/a.c", "int a;\n"}}}); }

  Project found(const fs::path& path) {
    auto project = find_project(path, home_);
    EXPECT_TRUE(project.has_value()) << (project ? "" : project.error().message);
    return std::move(project).value_or(Project{});
  }
  // A folder beside the repository, inside no repository.
  fs::path outside(std::string_view name) {
    fs::path folder = repo_.root().parent_path() / name;
    fs::create_directories(folder);
    return folder;
  }

  support::FakeRepo repo_;
  base::Home home_{"/data", "/state", "/cache"};
};

TEST_F(FindProjectTest, FromASubfolderOrAFileItIsTheWorkTree) {
  for (const char* inside : {"", "src", "src/a.c", ".git/refs"}) {
    Project project = found(repo_.path(inside));
    EXPECT_EQ(project.root, repo_.root()) << inside;
    EXPECT_TRUE(project.is_git);
    EXPECT_EQ(project.git_dir, repo_.path(".git"));
    EXPECT_EQ(project.common_dir, repo_.path(".git"));
    EXPECT_EQ(project.git_problem, "");
  }
}

TEST_F(FindProjectTest, TheIdIsOfTheRootAndNamesTheDataFolder) {
  Project project = found(repo_.path("src"));
  EXPECT_THAT(project.id, MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(project.id.size(), 16u);
  EXPECT_EQ(project.id, found(repo_.root()).id);
  EXPECT_EQ(project.data, fs::path("/data/projects") / project.id);
  EXPECT_NE(project.id, found(outside("plain")).id);
}

TEST_F(FindProjectTest, LinksInTheGivenPathAreResolved) {
  fs::path link = repo_.root().parent_path() / "link";
  fs::create_directory_symlink(repo_.root(), link);
  EXPECT_EQ(found(link / "src").root, repo_.root());
}

TEST_F(FindProjectTest, APlainFolderIsItsOwnProject) {
  Project project = found(outside("plain/sub"));
  EXPECT_EQ(project.root, outside("plain/sub"));
  EXPECT_FALSE(project.is_git);
  EXPECT_EQ(project.git_problem, "");
}

TEST_F(FindProjectTest, APathThatIsNotThereIsNotFound) {
  auto project = find_project(repo_.path("nope\x1b[31m"), home_);
  ASSERT_FALSE(project.has_value());
  EXPECT_EQ(project.error().code, base::ErrorCode::not_found);
  EXPECT_THAT(project.error().message, HasSubstr("nope\\x1b"));
  EXPECT_NE(project.error().hint, "");
}

TEST_F(FindProjectTest, ALinkedWorkTreeSharesObjectsWithItsRepository) {
  fs::path linked = repo_.root().parent_path() / "linked";
  repo_.git({"worktree", "add", "-q", linked.string()});
  Project project = found(linked / "src");
  EXPECT_EQ(project.root, linked);
  EXPECT_TRUE(project.is_git);
  EXPECT_EQ(project.git_dir, repo_.path(".git/worktrees/linked"));
  EXPECT_EQ(project.common_dir, repo_.path(".git"));
}

TEST_F(FindProjectTest, ASubmoduleIsAProjectOfItsOwn) {
  support::FakeRepo library;
  library.commit(support::FakeCommit{.files = {{"lib.c", "int lib;\n"}}});
  repo_.git(
      {"-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root().string(), "deps/lib"});
  Project project = found(repo_.path("deps/lib"));
  EXPECT_EQ(project.root, repo_.path("deps/lib"));
  EXPECT_TRUE(project.is_git) << project.git_problem;
  EXPECT_EQ(project.git_dir, repo_.path(".git/modules/deps/lib"));
}

TEST_F(FindProjectTest, AGitFileThatLeadsToAnotherRepositoryIsNotBelieved) {
  fs::path trap = outside("trap");
  std::ofstream(trap / ".git") << "gitdir: " << repo_.path(".git").string() << "\n";
  Project project = found(trap);
  EXPECT_EQ(project.root, trap);
  EXPECT_FALSE(project.is_git);
  EXPECT_THAT(project.git_problem, HasSubstr("does not name this work tree"));
}

TEST_F(FindProjectTest, AGitFileThatBorrowsALinkedWorkTreeIsNotBelieved) {
  fs::path linked = repo_.root().parent_path() / "linked";
  repo_.git({"worktree", "add", "-q", linked.string()});
  fs::path trap = outside("trap");
  fs::copy_file(linked / ".git", trap / ".git");
  Project project = found(trap);
  EXPECT_FALSE(project.is_git);
  EXPECT_THAT(project.git_problem, HasSubstr("belongs to another work tree"));
}

TEST_F(FindProjectTest, ABrokenGitFolderIsSaidAndTheFolderStillIsAProject) {
  fs::path broken = outside("broken");
  fs::create_directories(broken / ".git/objects");
  fs::create_directories(broken / "sub");
  Project project = found(broken / "sub");
  EXPECT_EQ(project.root, broken);
  EXPECT_FALSE(project.is_git);
  EXPECT_THAT(project.git_problem, HasSubstr("is no git directory"));
}

TEST_F(FindProjectTest, ABrokenGitFolderInsideAWorkTreeIsPassedByAsGitDoes) {
  fs::create_directories(repo_.path("src/.git"));
  Project project = found(repo_.path("src"));
  EXPECT_EQ(project.root, repo_.root());
  EXPECT_TRUE(project.is_git);
}

TEST_F(FindProjectTest, ANestedBareRepositoryIsNotEntered) {
  repo_.git({"init", "-q", "--bare", "fixtures/bare.git"});
  EXPECT_EQ(found(repo_.path("fixtures/bare.git/refs")).root, repo_.root());
}

TEST_F(FindProjectTest, AGitThatIsALinkIsNotFollowed) {
  fs::path linked = outside("linked");
  fs::create_directory_symlink(repo_.path(".git"), linked / ".git");
  Project project = found(linked);
  EXPECT_FALSE(project.is_git);
  EXPECT_THAT(project.git_problem, HasSubstr("is a link"));
}

}  // namespace
}  // namespace mira::workspace
