// What a change reaches, in each way a change can be asked about: the uncommitted work,
// what is staged, a range of commits, a patch.
#include <gmock/gmock.h>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using support::FakeRepo;
using support::Mira;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view lib =
    "def price(cents):\n    return cents\n\n\ndef label(cents):\n    return str(cents)\n";
constexpr std::string_view lib_taxed =
    "def price(cents, rate):\n    return cents * rate\n\n\ndef label(cents):\n    return str(cents)\n";
constexpr std::string_view lib_relabelled =
    "def price(cents):\n    return cents\n\n\ndef label(cents):\n    return f'{cents} ct'\n";

class Affected : public testing::Test {
 protected:
  Affected() : mira(repo.root().parent_path()) {
    repo.write("lib.py", lib);
    repo.write("app.py",
               "from lib import price, label\n\n\ndef checkout(cart):\n    return price(cart)\n\n\n"
               "def show(cart):\n    return label(cart)\n\n\ndef main():\n    return checkout(1)\n");
    repo.write("test_app.py",
               "from app import checkout\n\n\ndef test_checkout():\n    assert checkout(1) == 1\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  json ask(std::vector<std::string> words) {
    words.insert(words.begin(), "affected");
    words.emplace_back("--json");
    auto ran = mira.run(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.data();
  }
  static std::vector<std::string> symbols(const json& data) {
    std::vector<std::string> out;
    for (const json& one : data.at("symbols"))
      out.push_back(one["name"].get<std::string>() + " " + one["change"].get<std::string>() +
                    (one["breaks"].get<bool>() ? "!" : ""));
    return out;
  }
  static std::vector<std::string> names(const json& list) {
    std::vector<std::string> out;
    for (const json& one : list) out.push_back(one["name"].get<std::string>());
    return out;
  }

  FakeRepo repo;
  Mira mira;
};

TEST_F(Affected, ACleanTreeChangesNothing) {
  json data = ask({});
  EXPECT_THAT(symbols(data), IsEmpty());
  EXPECT_EQ(data["total"], 0);
}

TEST_F(Affected, TheUncommittedWorkIsTheDefault) {
  repo.write("lib.py", lib_taxed);
  json data = ask({});
  EXPECT_THAT(symbols(data), ElementsAre("price signature!"));
  EXPECT_EQ(data["symbols"][0]["before"], "def price(cents)");
  EXPECT_EQ(data["symbols"][0]["call_sites"]["total"], 1);
  EXPECT_EQ(data["symbols"][0]["call_sites"]["sites"][0]["caller"], "checkout");
  EXPECT_THAT(names(data["levels"][0]["callers"]), ElementsAre("checkout"));
  EXPECT_EQ(data["levels"][0]["callers"][0]["tier"], "proved");
  EXPECT_THAT(names(data["tests"]["callers"]), ElementsAre("test_checkout"));
  EXPECT_THAT(names(data["public_symbols"]), ElementsAre("checkout", "main"));
}

TEST_F(Affected, WhatIsStagedStandsApartFromWhatIsNot) {
  repo.write("lib.py", lib_relabelled);
  repo.git({"add", "lib.py"});
  repo.write("lib.py", lib_taxed);
  EXPECT_THAT(symbols(ask({"--staged"})), ElementsAre("label body"));
  EXPECT_THAT(symbols(ask({})), ElementsAre("price signature!"));
}

TEST_F(Affected, ARangeIsComparedCommitByCommit) {
  std::string first = repo.head();
  repo.write("lib.py", lib_relabelled);
  repo.commit("Label");
  repo.write("lib.py", lib_taxed);
  repo.commit("Tax");
  repo.write("lib.py", "");  // uncommitted: no part of the range
  EXPECT_THAT(symbols(ask({"--range", "HEAD~1..HEAD"})), ElementsAre("price signature!", "label body"));
  EXPECT_THAT(symbols(ask({"--range", first + ".." + repo.id("HEAD~1")})), ElementsAre("label body"));
  EXPECT_THAT(symbols(ask({"--range", first.substr(0, 8)})), ElementsAre("price signature!"));
}

TEST_F(Affected, BranchesAndTagsNameCommits) {
  repo.git({"tag", "-a", "v1", "-m", "one"});
  repo.branch("work");
  repo.write("lib.py", lib_relabelled);
  repo.commit("Label");
  EXPECT_THAT(symbols(ask({"--range", "main..work"})), ElementsAre("label body"));
  EXPECT_THAT(symbols(ask({"--range", "v1"})), ElementsAre("label body"));
}

TEST_F(Affected, NewDeletedAndRenamedFilesAreFiles) {
  repo.rename("lib.py", "library.py");
  repo.remove("test_app.py");
  repo.write("extra.py", "def extra():\n    pass\n");
  json data = ask({});
  std::vector<std::string> files;
  for (const json& one : data["files_changed"])
    files.push_back(one["path"].get<std::string>() + " " + one["change"].get<std::string>());
  EXPECT_THAT(files, ElementsAre("extra.py added", "library.py renamed", "test_app.py deleted"));
  EXPECT_THAT(symbols(data), ElementsAre("extra added", "test_checkout removed!"));
}

TEST_F(Affected, WhatCannotBeComparedIsSaid) {
  for (std::vector<std::string> words : {std::vector<std::string>{"--range", "nobranch..HEAD"},
                                         {"--range", "..HEAD"},
                                         {"--range", "HEAD~99"},
                                         {"--staged", "--range", "HEAD~1"}}) {
    words.insert(words.begin(), "affected");
    auto ran = mira.run(words);
    EXPECT_NE(ran.exit_code, 0);
    EXPECT_THAT(ran.err, testing::Not(IsEmpty()));
  }
}

TEST(AffectedWithoutGit, SaysWhatToGiveInstead) {
  FakeRepo repo;
  std::filesystem::path folder = repo.root().parent_path() / "plain";
  std::filesystem::create_directories(folder);
  auto ran = Mira(repo.root().parent_path()).in(folder).run({"affected"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("--stdin"));
}

}  // namespace
}  // namespace mira
