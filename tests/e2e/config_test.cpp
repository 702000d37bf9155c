// `mira config`: what is set holds for every later command, and it is told where it comes from.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using testing::HasSubstr;
using testing::Not;

class Config : public testing::Test {
 protected:
  Config() : mira(repo.root().parent_path()) {
    repo.write("a.py", "def greet(name):\n    return name\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  std::string explained(const std::string& key = "context.budget") {
    auto ran = mira.run({"config", "explain", key});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }
  std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(Config, ExplainTellsWhichValueHoldsAndWhatItHides) {
  EXPECT_THAT(explained(), HasSubstr("context.budget = 4000  (built in)"));
  ASSERT_EQ(mira.run({"config", "set", "context.budget", "3000"}).exit_code, 0);
  EXPECT_THAT(explained(), HasSubstr("context.budget = 3000  (user file, "));
  repo.write(".mira.toml", "[context]\nbudget = 2000\n");
  std::string text = explained();
  EXPECT_THAT(text, HasSubstr("context.budget = 2000  (project file, "));
  EXPECT_THAT(text, HasSubstr("hides 3000 (user file, "));
  EXPECT_THAT(text, HasSubstr("hides 4000 (built in)"));
  mira.with("MIRA_CONTEXT_BUDGET", "1000");
  EXPECT_THAT(explained(), HasSubstr("context.budget = 1000  (environment, MIRA_CONTEXT_BUDGET)"));
  EXPECT_EQ(mira.run({"config", "get", "context.budget"}).out, "1000\n");
}

TEST_F(Config, WhatIsSetHoldsForEveryFaceAndAnOptionWins) {
  mira.run({"config", "set", "symbols.limit", "1"});
  repo.write("b.py", "def greet_all():\n    pass\n\n\ndef greet_none():\n    pass\n");
  EXPECT_EQ(mira.run({"symbols", "greet*", "--json"}).data()["symbols"].size(), 1u);
  EXPECT_EQ(mira.run({"symbols", "greet*", "--limit", "2", "--json"}).data()["symbols"].size(), 2u);
  EXPECT_THAT(mira.run({"help", "symbols"}).out, HasSubstr("(default: 1)"));
}

TEST_F(Config, AFaultIsToldAndNothingElseSuffers) {
  repo.write(".mira.toml", "[context]\nbuget = 2000\n\n[symbols]\nlimit = 1\n");
  auto ran = mira.run({"symbols", "greet*"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("did you mean context.budget?"));
  EXPECT_THAT(mira.run({"doctor"}).out, HasSubstr(".mira.toml:2"));
}

TEST_F(Config, SetKeepsEveryOtherByteAndUnsetGivesTheDefaultBack) {
  auto file = mira.home() / "config" / "config.toml";
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "# mine\n[context]\nbudget = 5000 # a lot\n";
  mira.run({"config", "set", "context.budget", "3000"});
  EXPECT_EQ(text_of(file), "# mine\n[context]\nbudget = 3000 # a lot\n");
  mira.run({"config", "set", "context.budget", "--unset"});
  EXPECT_EQ(text_of(file), "# mine\n[context]\n");
  EXPECT_THAT(explained(), HasSubstr("(built in)"));
}

TEST_F(Config, WhatIsWrongIsRefusedWithTheNextStep) {
  auto unknown = mira.run({"config", "explain", "context.buget"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("mira config explain context.budget"));
  auto value = mira.run({"config", "set", "context.budget", "many"});
  EXPECT_EQ(value.exit_code, 2);
  EXPECT_THAT(value.err, HasSubstr("whole number"));
  EXPECT_EQ(mira.run({"config", "set", "context.budget"}).exit_code, 2);
  EXPECT_THAT(mira.run({"config", "list"}).out, HasSubstr("Nothing is set"));
}

TEST_F(Config, ListShowsWhatIsSetAndEveryKeyWhenAsked) {
  mira.run({"config", "set", "context.budget", "3000"});
  auto all = mira.run({"config", "list", "--every", "--json"}).data()["settings"];
  auto set = mira.run({"config", "list", "--json"}).data()["settings"];
  EXPECT_EQ(set.size(), 1u);
  EXPECT_GT(all.size(), 20u);
  for (const auto& one : all) {
    EXPECT_FALSE(one["help"].get<std::string>().empty()) << one;
    EXPECT_THAT(one["key"].get<std::string>(), Not(HasSubstr("yes")));
  }
}

}  // namespace
}  // namespace mira
