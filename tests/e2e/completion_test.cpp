// The completions as the shells use them: a line in, the words that are offered out.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

using Words = std::vector<std::string>;
using Offered = testing::Matcher<Words>;

struct Case {
  std::string line;  // the last word is the one that is completed
  Offered offered;
};

std::vector<Case> cases() {
  return {
      {"mira se", AllOf(IsSupersetOf({"search", "serve", "session"}), Not(Contains("status")))},
      {"mira conf", UnorderedElementsAre("config")},
      {"mira he", Contains("help")},
      {"mira config ", IsSupersetOf({"explain", "get", "list", "set"})},
      {"mira config e", UnorderedElementsAre("explain")},
      {"mira build ru", UnorderedElementsAre("run", "runs")},
      {"mira graph export --format ", UnorderedElementsAre("json", "tsv")},
      {"mira graph export --fo", UnorderedElementsAre("--format")},
      {"mira search --li", UnorderedElementsAre("--limit")},
      {"mira budget ", IsSupersetOf({"history", "set", "remove"})},
      {"mira budget history --by p", IsSupersetOf({"purpose", "project"})},
      {"mira completion ", IsSupersetOf({"bash", "zsh", "fish"})},
      {"mira connect c", AllOf(IsSupersetOf({"claude", "codex", "cursor"}), Not(Contains("gemini")))},
      {"mira connect --scope ", UnorderedElementsAre("project", "user")},
      {"mira help conf", UnorderedElementsAre("config")},
      {"mira help config ex", UnorderedElementsAre("explain")},
      {"mira documents add no",
       Contains(testing::StartsWith("notes"))},  // files, where nothing else is known
  };
}

class CompletionsOf : public testing::TestWithParam<std::string> {
 protected:
  CompletionsOf() : mira(repo.root().parent_path()) {
    repo.write("notes.md", "a\n");
    repo.commit("Start");
    mira.in(repo.root());
    std::ofstream(script()) << mira.run({"completion", GetParam()}).out;
  }
  std::string script() const { return (repo.root().parent_path() / "completion").string(); }

  static bool is_here() {
    std::error_code ignored;
    return std::filesystem::exists("/usr/bin/" + GetParam(), ignored);
  }
  // What the shell offers for a line.
  Words offered(const std::string& line) {
    support::Mira shell = mira;
    if (GetParam() == "bash") {
      shell.through(
          {"bash", "--norc", "-c",
           "source \"$1\"; read -ra COMP_WORDS <<< \"$2\"; case \"$2\" in *' ') COMP_WORDS+=('') ;; esac; "
           "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _mira; printf '%s\\n' \"${COMPREPLY[@]}\""});
    } else {
      shell.through({"fish", "--no-config", "-c", "source $argv[2]; complete -C $argv[3]"});
    }
    auto ran = shell.run({script(), line});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    Words out;
    std::istringstream lines(ran.out);
    for (std::string word; std::getline(lines, word);)
      if (!word.empty()) out.push_back(word.substr(0, word.find('\t')));
    return out;
  }

  support::FakeRepo repo;
  support::Mira mira;
};

TEST_P(CompletionsOf, OfferWhatTheCommandTakes) {
  if (!is_here()) GTEST_SKIP() << GetParam() << " is not installed";
  for (const auto& [line, wanted] : cases()) EXPECT_THAT(offered(line), wanted) << line;
}

INSTANTIATE_TEST_SUITE_P(Each, CompletionsOf, testing::Values("bash", "fish"),
                         [](const auto& one) { return one.param; });

TEST(CompletionsOfZsh, AreReadByItAndOfferEveryFirstWord) {
  support::FakeRepo repo;
  support::Mira mira(repo.root().parent_path());
  auto script = mira.run({"completion", "zsh"}).out;
  for (const char* word : {"'config:", "'build:", "'help:", "'graph:", "'search:"})
    EXPECT_THAT(script, testing::HasSubstr(word));
  EXPECT_THAT(script, testing::HasSubstr("config) seconds=\"list explain get set\""));
  std::error_code ignored;
  if (!std::filesystem::exists("/usr/bin/zsh", ignored)) GTEST_SKIP() << "zsh is not installed";
  std::ofstream(repo.root() / "_mira") << script;
  // The functions of its completion system are stood in for: what they are given is printed.
  auto ran =
      mira.through({"zsh", "-f", "-c",
                    "compdef() { }; _describe() { print -l \"${(@P)2}\" }; _files() { print FILES }; "
                    "compadd() { shift; print -l -- \"$@\" }; source $1; "
                    "for line in \"${@:2}\"; do words=(\"${(@s: :)line}\") CURRENT=$#words "
                    "PREFIX=$words[-1]; print \"== $line\"; _mira; done"})
          .run({(repo.root() / "_mira").string(), "mira se", "mira config ", "mira graph export --format ",
                "mira completion ", "mira help config ", "mira search --", "mira documents add "});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  auto section = [&](const std::string& line) {
    std::size_t begin = ran.out.find("== " + line + "\n") + line.size() + 4;
    return ran.out.substr(begin, ran.out.find("== ", begin) - begin);
  };
  EXPECT_THAT(section("mira se"), testing::HasSubstr("session:several commands"));
  EXPECT_EQ(section("mira config "), "list\nexplain\nget\nset\n");
  EXPECT_EQ(section("mira graph export --format "), "tsv\njson\n");
  EXPECT_EQ(section("mira completion "), "bash\nzsh\nfish\n");
  EXPECT_EQ(section("mira help config "), "list\nexplain\nget\nset\n");
  EXPECT_THAT(section("mira search --"), testing::HasSubstr("--limit"));
  EXPECT_EQ(section("mira documents add "), "FILES\n");
}

}  // namespace
}  // namespace mira
