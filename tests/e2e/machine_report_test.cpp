// `mira build run` asks a tool for its report beside its text: the person sees what the
// tool prints without it, and a failure that only the report tells is told.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

// A program called pytest that fails twice, tells of one in its text and of both in its report.
constexpr const char* fake_pytest = R"(#!/bin/sh
echo "arguments: $#"
for word in "$@"; do
  case $word in --junitxml=*)
    file=${word#--junitxml=}
    cat > "$file" <<'X'
<testsuites><testsuite name="p" failures="2" errors="0">
<testcase classname="test_part" name="test_p1"><failure message="assert 1 == 2">test_part.py:1: AssertionError</failure></testcase>
<testcase classname="test_part" name="test_p2"><failure message="assert 2 == 3">test_part.py:2: AssertionError</failure></testcase>
</testsuite></testsuites>
X
    echo "---- generated xml file: $file ----" ;;
  esac
done
echo "=================================== FAILURES ==================================="
echo "___________________________________ test_p1 ____________________________________"
echo "E   assert 1 == 2"
echo "test_part.py:1: AssertionError"
exit 1
)";

class MachineReport : public testing::Test {
 protected:
  MachineReport() : mira(repo.root().parent_path()) {
    repo.write("pytest", fake_pytest);
    ::chmod((repo.root() / "pytest").c_str(), 0755);
    repo.commit("Start");
    mira.in(repo.root());
  }
  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(MachineReport, TellsWhatTheTextDidNot) {
  const json data = mira.run({"build", "run", "--json", "--", "./pytest", "-q"}).data();
  EXPECT_EQ(data["exit_code"], 1);
  EXPECT_EQ(data["command"], "./pytest -q");
  ASSERT_EQ(data["errors"].size(), 2U) << data;
  EXPECT_EQ(data["errors"][1]["message"], "assert 2 == 3");
  EXPECT_EQ(data["errors"][1]["tool"], "pytest");
  EXPECT_THAT(data["mismatches"].dump(), HasSubstr("only in pytest's report"));
}

TEST_F(MachineReport, IsNotSeenAndNotLeftBehind) {
  const auto ran = mira.run({"build", "run", "--", "./pytest", "-q"});
  EXPECT_THAT(ran.out, HasSubstr("E   assert 1 == 2"));
  EXPECT_THAT(ran.out, Not(HasSubstr("generated xml file")));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(repo.root().parent_path()))
    EXPECT_NE(entry.path().extension(), ".report") << entry.path();
}

TEST_F(MachineReport, IsNotAskedForWhereThePersonAskedForOne) {
  const std::string own = (repo.root() / "own.xml").string();
  const auto ran = mira.run({"build", "run", "--", "./pytest", "--junitxml=" + own});
  EXPECT_THAT(ran.out, HasSubstr("arguments: 1"));
  EXPECT_THAT(ran.out, HasSubstr("generated xml file: " + own));
}

}  // namespace
}  // namespace mira
