// Which machine format is asked for beside what a person sees, and when a tool is left alone.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "knowledge/builds/machine_format.h"
#include "tests/support/temporary_folder.h"

namespace mira::builds {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Asking : public testing::Test {
 protected:
  MachineFormat ask(std::vector<std::string> argv, std::vector<std::string> environment = {}) {
    return machine_format(argv, environment, folder.path(), "/r/report");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  }
  // A program that only says its version.
  std::string program(const std::string& name, const std::string& version) {
    write(name, "#!/bin/sh\necho '" + version + "'\n");
    const std::string path = (folder.path() / name).string();
    ::chmod(path.c_str(), 0755);
    return path;
  }
  support::TemporaryFolder folder;
};

TEST_F(Asking, PytestWritesJUnitBesideItsText) {
  const auto got = ask({"pytest", "-q", "tests"});
  EXPECT_EQ(got.tool, "pytest");
  EXPECT_EQ(got.argv, (std::vector<std::string>{"pytest", "--junitxml=/r/report", "-q", "tests"}));
  EXPECT_EQ(got.telling, "generated xml file: /r/report");
  EXPECT_EQ(ask({"python3.11", "-m", "pytest", "-x"}).argv[3], "--junitxml=/r/report");
}

TEST_F(Asking, WhatTheProjectAskedForIsLeftAlone) {
  EXPECT_EQ(ask({"pytest", "--junitxml=mine.xml"}).tool, "");
  EXPECT_EQ(ask({"pytest"}, {"PYTEST_ADDOPTS=--junitxml=mine.xml"}).tool, "");
  EXPECT_EQ(ask({"rspec", "--format", "documentation"}).tool, "");
  EXPECT_EQ(ask({"phpunit", "--log-junit", "mine.xml"}).tool, "");
  EXPECT_EQ(ask({"./unit_test"}, {"GTEST_OUTPUT=json:mine.json"}).tool, "");
  write("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"--junitxml=mine.xml\"\n");
  EXPECT_EQ(ask({"pytest"}).tool, "");
  write(".rspec", "--format documentation\n");
  EXPECT_EQ(ask({"rspec"}).tool, "");
}

TEST_F(Asking, ToolsThatWouldPrintOtherwiseAreLeftAlone) {
  for (const auto& argv : std::vector<std::vector<std::string>>{{"make"},
                                                                {"cargo", "build"},
                                                                {"go", "test", "./..."},
                                                                {"eslint", "src"},
                                                                {"jest"},
                                                                {"python3", "run.py"},
                                                                {}})
    EXPECT_EQ(ask(argv).tool, "");
}

TEST_F(Asking, OthersGetTheirOwnWords) {
  EXPECT_THAT(ask({"phpunit"}).argv, Contains("--log-junit"));
  EXPECT_THAT(ask({"rspec"}).argv, Contains("progress")) << "the formatter it has by itself stays";
  EXPECT_THAT(ask({"rubocop", "lib"}).argv, Contains("json"));
  EXPECT_THAT(ask({"pylint", "a.py"}).argv, Contains("--output-format=text,json:/r/report"));
  EXPECT_THAT(ask({"build/unit_test"}).environment, Contains("GTEST_OUTPUT=xml:/r/report"));
}

TEST_F(Asking, OnlyVersionsThatCanDoIt) {
  EXPECT_EQ(ask({program("ctest", "ctest version 3.18.4")}).tool, "");
  EXPECT_THAT(ask({program("ctest", "ctest version 3.25.1")}).argv, Contains("--output-junit"));
  EXPECT_EQ(ask({program("gcc", "12"), "-c", "a.c"}).tool, "");
  EXPECT_THAT(ask({program("gcc", "15"), "-c", "a.c"}).argv,
              Contains(HasSubstr("-fdiagnostics-add-output=sarif:file=/r/report")));
}

TEST(WithoutLine, DropsTheOneLineHoweverItIsCut) {
  const std::string said = "FAILED a\n--- generated xml file: /r/x ---\n1 failed\nno newline";
  for (std::size_t cut = 0; cut <= said.size(); ++cut) {
    WithoutLine quiet("generated xml file: /r/x");
    std::string out = quiet.pass(std::string_view(said).substr(0, cut));
    out += quiet.pass(std::string_view(said).substr(cut));
    out += quiet.finish();
    ASSERT_EQ(out, "FAILED a\n1 failed\nno newline") << cut;
  }
}

TEST(WithoutLine, HoldsBackOnlyWhatMayBeTheLine) {
  WithoutLine quiet("generated xml file: /r/x");
  EXPECT_EQ(quiet.pass("50%"), "50%");
  EXPECT_EQ(quiet.pass("\n----"), "\n");
  EXPECT_EQ(quiet.pass("- other\n"), "----- other\n");
}

}  // namespace
}  // namespace mira::builds
