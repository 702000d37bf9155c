// Every hostile tree through the built program: it ends, says something harmless, and
// what is sound beside the trap is still found.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "tests/hostile/civil.h"
#include "tests/hostile/hostile_trees.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"
#include "tests/support/temporary_folder.h"

namespace mira::hostile {
namespace {

namespace fs = std::filesystem;
using support::Mira;
using support::Ran;
using testing::HasSubstr;
using testing::Not;

void expect_sound(const Mira& mira) {
  Ran index = mira.run({"index"});
  expect_civil(index);
  EXPECT_EQ(index.exit_code, 0) << index.err;
  Ran status = mira.run({"status", "--json"});
  expect_civil(status);
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_FALSE(status.json().is_discarded());
  Ran context = mira.run({"context", "what does good_function do?"});
  expect_civil(context);
  EXPECT_EQ(context.exit_code, 0) << context.err;
  EXPECT_THAT(context.out, HasSubstr("good.c:1"));
}

class Program : public testing::TestWithParam<HostileTree> {};

TEST_P(Program, IndexesWhatIsSoundAndSaysWhatIsNot) {
  support::TemporaryFolder folder;
  fs::create_directories(folder / "tree");
  write_good_file(folder / "tree");
  GetParam().make(folder / "tree");
  expect_sound(Mira(folder.path()).in(folder / "tree"));
  EXPECT_FALSE(fs::exists("/tmp/mira-owned"));
}

INSTANTIATE_TEST_SUITE_P(Hostile, Program, testing::ValuesIn(hostile_trees().begin(), hostile_trees().end()),
                         [](const auto& tree) { return std::string(tree.param.name); });

class ProgramOn : public testing::Test {
 protected:
  ProgramOn() : root_(folder_ / "tree"), mira_(folder_.path()) {
    fs::create_directories(root_);
    write_good_file(root_);
    mira_.in(root_);
  }
  // Every byte that Mira keeps.
  bool home_holds(std::string_view bytes) const {
    for (const auto& entry : fs::recursive_directory_iterator(mira_.home())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::string content{std::istreambuf_iterator<char>(in), {}};
      if (content.find(bytes) != std::string::npos) return true;
    }
    return false;
  }

  support::TemporaryFolder folder_;
  fs::path root_;
  Mira mira_;
};

TEST_F(ProgramOn, FilesThatChangeAndVanishWhileTheyAreRead) {
  std::atomic<bool> over = false;
  std::thread writer([&] {
    std::mt19937 random(5);
    while (!over) {
      fs::path file = root_ / ("moving_" + std::to_string(random() % 50) + ".c");
      std::error_code ignored;
      if (random() % 3 == 0) {
        fs::remove(file, ignored);
      } else {
        write_file(file, "int moving_" + std::to_string(random() % 1000) + "(void) { return 1; }\n");
      }
    }
  });
  for (int round = 0; round < 5; ++round) expect_civil(mira_.run({"index"}));
  over = true;
  writer.join();
  expect_sound(mira_);
}

TEST_F(ProgramOn, AFileThatBecomesSomethingElseBetweenTwoRuns) {
  write_file(root_ / "a.c", "int first_shape(void) { return 1; }\n");
  expect_sound(mira_);
  fs::remove(root_ / "a.c");
  fs::create_directories(root_ / "a.c");
  write_file(root_ / "a.c/b.c", "int second_shape(void) { return 1; }\n");
  expect_sound(mira_);
  EXPECT_THAT(mira_.run({"context", "second_shape"}).out, HasSubstr("a.c/b.c"));
  EXPECT_THAT(mira_.run({"context", "first_shape"}).out, Not(HasSubstr("int first_shape")));
  fs::remove_all(root_ / "a.c");
  fs::create_symlink("good.c", root_ / "a.c");
  expect_sound(mira_);
}

TEST_F(ProgramOn, SecretsReachNeitherDiskNorAnswer) {
  std::string token = "ghp_", password;
  std::mt19937 random(13);
  for (int letter = 0; letter < 36; ++letter)
    token += "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"[random() % 55];
  for (int letter = 0; letter < 24; ++letter)
    password += "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"[random() % 55];
  write_file(root_ / "login.py", "def login_with_token():\n    return call(\"" + token + "\")\n");
  write_file(root_ / "settings.ini", "[db]\nurl = postgres://app:" + password + "@db.test/app\n");
  write_file(root_ / ".env", "UNSEEN_SETTING=" + password + "\n");
  expect_sound(mira_);
  for (const char* question : {"login_with_token", "database url in settings", "UNSEEN_SETTING"}) {
    Ran ran = mira_.run({"context", question});
    expect_civil(ran);
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(token)));
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(password)));
  }
  EXPECT_THAT(mira_.run({"context", "login_with_token"}).out, HasSubstr("[secret github_personal_token"));
  EXPECT_FALSE(home_holds(token));
  EXPECT_FALSE(home_holds(password));
}

TEST_F(ProgramOn, SecretsOfTheHistoryReachNeitherDiskNorAnswer) {
  support::FakeRepo repo;
  write_good_file(repo.root());
  std::string token = "glpat-" + std::string("Zx9Kq2Lm") + "4Vt7Rw1Np3Bs";
  repo.commit("Rotate the token " + token + "\n\nIt was " + token);
  mira_.in(repo.root());
  expect_sound(mira_);
  Ran ran = mira_.run({"context", "why was the token rotated?"});
  expect_civil(ran);
  EXPECT_THAT(ran.out, Not(HasSubstr(token)));
  EXPECT_FALSE(home_holds(token));
}

TEST_F(ProgramOn, ArgumentsThatAreNoText) {
  const std::string questions[] = {"\xff\xfe\xfd",
                                   "\x1b[2J good_function",
                                   std::string(100'000, '('),
                                   "\"'`$(id)\\",
                                   "NEAR(a b) OR col:val AND -x*",
                                   "'; DROP TABLE files; --",
                                   "\xe2\x80\xae",
                                   std::string(60'000, 'w'),
                                   "%s%s%n",
                                   "../../../etc/passwd",
                                   "\n\n\n",
                                   "good_function \xed\xa0\x80"};
  ASSERT_EQ(mira_.run({"index"}).exit_code, 0);
  for (const std::string& question : questions) {
    Ran text = mira_.run({"context", "--", question});
    expect_civil(text);
    Ran json = mira_.run({"context", "--json", "--", question});
    expect_civil(json);
    EXPECT_FALSE(json.json().is_discarded()) << json.out.substr(0, 500);
  }
}

TEST_F(ProgramOn, AFolderWithoutRightsForThisUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make a file that this user cannot read";
  write_file(root_ / "closed/inside.c", "int closed_function(void) { return 1; }\n");
  write_file(root_ / "closed.c", "int closed_file(void) { return 1; }\n");
  fs::permissions(root_ / "closed", fs::perms::none);
  fs::permissions(root_ / "closed.c", fs::perms::none);
  for (const fs::path& open : {folder_.path(), root_}) fs::permissions(open, fs::perms{0755});
  fs::create_directories(mira_.home());
  fs::permissions(mira_.home(), fs::perms{0777});
  mira_.through({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  Ran tried = mira_.run({"version"});
  if (tried.exit_code != 0)
    GTEST_SKIP() << "this user cannot become another one or reach the program: " << tried.err;
  expect_sound(mira_);
  Ran status = mira_.run({"status"});
  EXPECT_THAT(status.out + status.err, HasSubstr("no permission"));

  fs::permissions(root_, fs::perms::none);
  Ran refused = mira_.in(folder_.path()).run({"index", root_.string()});
  expect_civil(refused);
  EXPECT_EQ(refused.exit_code, 4) << refused.err;
  fs::permissions(root_, fs::perms{0755});
}

}  // namespace
}  // namespace mira::hostile
