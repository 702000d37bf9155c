// What is wrong is said in a sentence, with an exit code that a script can trust.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;
using testing::HasSubstr;

class Refusals : public testing::Test {
 protected:
  Refusals() : mira(repo.root().parent_path()) {
    repo.write("a.py", "def f():\n    return 1\n");
    repo.commit("First");
    mira.in(repo.root());
  }
  std::filesystem::path index_file() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(mira.home())) {
      if (entry.path().filename() == "index.db") return entry.path();
    }
    return {};
  }

  FakeRepo repo;
  Mira mira;
};

TEST_F(Refusals, AMistypedVerbAndOption) {
  auto verb = mira.run({"serch", "x"});
  EXPECT_EQ(verb.exit_code, 2);
  EXPECT_THAT(verb.err, HasSubstr("did you mean: mira search"));
  auto option = mira.run({"search", "x", "--limti", "3"});
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_THAT(option.err, HasSubstr("--limit"));
}

TEST_F(Refusals, AFolderThatDoesNotExist) {
  auto ran = mira.run({"search", "x", "--project", "/no/such/folder", "--json"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_EQ(ran.json()["error"]["code"], "not_found");
}

TEST_F(Refusals, ATimeoutIsSaid) {
  EXPECT_EQ(mira.run({"search", "x", "--timeout", "0.000001"}).exit_code, 124);
}

TEST_F(Refusals, AHomeThatCannotBeWritten) {
  std::ofstream(repo.root().parent_path() / "file") << "x";
  auto ran =
      mira.with("MIRA_HOME", (repo.root().parent_path() / "file").string()).run({"search", "x", "--json"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_NE(ran.json()["error"]["hint"], "");
}

TEST_F(Refusals, ADamagedIndexIsSetAsideAndMadeAgain) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  std::filesystem::remove(index_file().string() + "-wal");
  std::ofstream(index_file(), std::ios::binary)
      << "this is no database, and it is longer than a header of SQLite is..........................";
  auto ran = mira.run({"symbols", "f"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("set aside"));
  EXPECT_THAT(ran.out, HasSubstr("a.py:1"));
}

TEST_F(Refusals, ADeletedIndexComesBack) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  std::filesystem::remove_all(index_file().parent_path());
  EXPECT_THAT(mira.run({"symbols", "f"}).out, HasSubstr("a.py:1"));
}

TEST_F(Refusals, ADamagedMainDatabaseIsLeftAlone) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  auto file = mira.home() / "mira.db";
  std::filesystem::remove(file.string() + "-wal");
  std::string damage =
      "this is no database, and it is longer than a header of SQLite is..........................";
  std::ofstream(file, std::ios::binary) << damage;
  EXPECT_EQ(mira.run({"symbols", "f"}).exit_code, 4);
  std::ifstream in(file, std::ios::binary);
  std::string now((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(now, damage);
  EXPECT_EQ(mira.run({"doctor"}).exit_code, 4);
}

TEST_F(Refusals, WithoutGitTheCodeStillAnswers) {
  auto ran = mira.with("PATH", "/nonexistent").run({"symbols", "f"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("a.py:1"));
  EXPECT_THAT(ran.err, HasSubstr("git"));
}

TEST_F(Refusals, NothingIsWrittenIntoTheRepository) {
  std::string before = repo.git({"status", "--porcelain", "--ignored"});
  ASSERT_EQ(mira.run({"context", "what does f do"}).exit_code, 0);
  EXPECT_EQ(repo.git({"status", "--porcelain", "--ignored"}), before);
}

TEST_F(Refusals, FilesAreForTheirOwnerOnly) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(mira.home())) {
    struct stat found{};
    ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 077, 0U) << entry.path();
  }
}

}  // namespace
}  // namespace mira
