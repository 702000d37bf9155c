// Ways to lose a failure, each tried: runs that end badly and say little, summaries that
// speak of more than was read, logs that are cut, mixed or spoiled, reports that contradict.
#include <gmock/gmock.h>

#include "knowledge/builds/digest.h"
#include "knowledge/builds/read_for_tests.h"
#include "knowledge/builds/report.h"

namespace mira::builds {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Read read_with_report(std::string_view log, std::string_view report, const Ending& ending, std::string tool) {
  Read out;
  Diagnoser diagnoser([&](Record&& record) { out.records.push_back(std::move(record)); }, shared_tools());
  diagnoser.expect_report();
  diagnoser.feed(log);
  auto read = read_report(report);
  out.verdict =
      diagnoser.finish(ending, read ? std::optional(OwnReport{*read, std::move(tool)}) : std::nullopt);
  for (const Record& record : out.records) out.text += shown(record);
  return out;
}

Read read_report_alone(std::string_view report, const Ending& ending) {
  Read out;
  Diagnoser diagnoser([&](Record&& record) { out.records.push_back(std::move(record)); }, shared_tools());
  out.verdict = diagnoser.finish(ending, OwnReport{.report = *read_report(report), .tool = {}});
  return out;
}

struct Bad {
  const char* name;
  std::string log;
  Ending ending;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.name;
}

class Endings : public testing::TestWithParam<Bad> {};

TEST_P(Endings, AreFailuresWithARecord) {
  const auto got = read(GetParam().log, GetParam().ending);
  EXPECT_TRUE(got.verdict.failed);
  EXPECT_GE(got.verdict.errors, 1);
  Digest digest;
  for (const Record& record : got.records) digest.add(record);
  if (got.verdict.unparsed) digest.add(*got.verdict.unparsed);
  digest.judged(got.verdict);
  EXPECT_THAT(digest.text(), testing::Not(HasSubstr("no errors")));
  EXPECT_THAT(digest.text(), HasSubstr("error"));
}

INSTANTIATE_TEST_SUITE_P(
    Runs, Endings,
    testing::Values(
        Bad{"NothingPrinted", "", {.exit_code = 1}}, Bad{"OnlyBlankLines", "\n\n\r\n", {.exit_code = 2}},
        Bad{"OnlyWarnings", "a.c:3:5: warning: odd [-Wodd]\n", {.exit_code = 1}},
        Bad{"AllTestsPassedItSays", "100% tests passed, 0 tests failed out of 9\n", {.exit_code = 8}},
        Bad{"ManyPassedItSays", "===== 891 passed in 3.21s =====\n", {.exit_code = 1}},
        Bad{"KilledBySignal", "[1/9] compiling\n", {.exit_code = std::nullopt, .signal = 9}},
        Bad{"TookTooLong", "waiting\n", {.exit_code = std::nullopt, .timed_out = true}},
        Bad{"SaidNothingTooLong", "", {.exit_code = std::nullopt, .silent = true}},
        Bad{"WasCancelled", "half", {.exit_code = std::nullopt, .cancelled = true}},
        Bad{"NoSuchProgram",
            "",
            {.exit_code = std::nullopt, .not_started = true, .reason = "no such program"}},
        Bad{"OutOfMemory",
            "g++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.\n",
            {.exit_code = 1}},
        Bad{"ExitZeroButNinePyTestsFailed", "==== 9 failed, 1 passed in 0.1s ====\n", {.exit_code = 0}},
        Bad{"ExitZeroButCtestFailed", "50% tests passed, 1 tests failed out of 2\n", {.exit_code = 0}},
        Bad{"ExitZeroButClangCounts", "2 errors generated.\n", {.exit_code = 0}},
        Bad{"ExitZeroButJestCounts", "Tests:       2 failed, 3 passed, 5 total\n", {.exit_code = 0}},
        Bad{"ExitZeroButMochaCounts", "  2 failing\n", {.exit_code = 0}},
        Bad{"ExitZeroButGoFailed", "FAIL\nFAIL\tpart\t0.01s\n", {.exit_code = 0}},
        Bad{"ExitZeroButCargoFailed",
            "test result: FAILED. 0 passed; 1 failed; 0 ignored\n",
            {.exit_code = 0}},
        Bad{"ExitZeroButRspecCounts", "3 examples, 1 failure\n", {.exit_code = 0}},
        Bad{"ExitZeroButNinjaStopped", "ninja: build stopped: subcommand failed.\n", {.exit_code = 0}},
        Bad{"ExitZeroButProveFailed", "Result: FAIL\n", {.exit_code = 0}},
        Bad{"ExitZeroButGradleFailed", "FAILURE: Build failed with an exception.\n", {.exit_code = 0}},
        Bad{"OneEndlessLine", std::string(2 << 20, 'x'), {.exit_code = 1}},
        Bad{"BytesThatAreNoText", std::string("\0\xff\xfe\x1b[", 5), {.exit_code = 1}}),
    [](const testing::TestParamInfo<Bad>& one) { return one.param.name; });

TEST(Summaries, ThatSpeakOfMoreThanWasReadAreTold) {
  const auto got = read(
      "=================================== FAILURES ===================================\n"
      "___________________________________ test_p1 ____________________________________\n"
      "E   assert 1 == 2\n\ntest_part.py:1: AssertionError\n"
      "============================== 7 failed in 0.03s ===============================\n",
      {.exit_code = 1});
  EXPECT_THAT(got.verdict.mismatches, testing::ElementsAre(HasSubstr("pytest says 7 errors, 1 were read")));
}

TEST(Summaries, ThatAgreeSayNothing) {
  for (const char* log :
       {"a.c:3:5: error: x\n1 error generated.\n", "src/p.ts(3,5): error TS2304: x\n",
        "  1 failing\n\n  1) math\n       adds:\n\n      Error: no\n      at f (t.js:3:5)\n",
        "1) PartTest::testP1\nno\n\n/p/PartTest.php:5\n\nFAILURES!\nTests: 1, Assertions: 1, Failures: 1.\n"})
    EXPECT_THAT(read(log, {.exit_code = 1}).verdict.mismatches, IsEmpty()) << log;
}

TEST(Summaries, OfManyRunsInOneLogAreAddedUp) {
  const std::string ctest =
      "1/2 Test #1: case_1 ......***Failed    0.03 sec\n50% tests passed, 1 tests failed out of 2\n";
  const std::string jest =
      "FAIL ./a.test.js\n  \u25cf adds\n\n    Expected: 3\n\n      at f (a.test.js:4:23)\n\nTests:       1 "
      "failed, 1 "
      "total\n";
  std::string log;
  for (int run = 0; run < 700; ++run) log += ctest + jest;  // more counts than are kept one by one
  const auto got = read(log, {.exit_code = 1});
  EXPECT_THAT(got.verdict.mismatches, IsEmpty());
  EXPECT_EQ(got.verdict.errors, 1400);
}

TEST(Interleaved, LinesThatTwoCompilersWroteIntoEachOtherAreStillAFailure) {
  const auto got = read(
      "src/a.c:3src/b.c:9:1: err:5: erroor: 'x' undeclaredr: 'y' undeclared\nmake: *** [Makefile:3: a.o] "
      "Error 1\n",
      {.exit_code = 2});
  EXPECT_TRUE(got.verdict.failed);
  EXPECT_GE(got.verdict.errors, 1);
}

TEST(Interleaved, NotesGoToTheUnitTheySpeakOf) {
  const auto got = read(
      "In file included from src/a.c:1:\ninc/x.h:3:5: error: 'x' undeclared\n"
      "src/b.c:9:1: error: 'y' undeclared\n"
      "inc/x.h:1:1: note: in a header\n"
      "src/a.c:2:1: note: in the first unit\n");
  EXPECT_EQ(got.text,
            "error gcc inc/x.h:3:5 | 'x' undeclared\n  src/a.c:2:1 | in the first unit\n"
            "error gcc src/b.c:9:1 | 'y' undeclared\n  inc/x.h:1:1 | in a header\n");
}

constexpr std::string_view junit =
    R"(<testsuites><testsuite name="p" tests="2" failures="2" errors="0">
<testcase classname="test_part" name="test_p1"><failure message="assert 1 == 2">test_part.py:1: AssertionError</failure></testcase>
<testcase classname="test_part" name="test_p2"><failure message="assert 2 == 3">test_part.py:2: AssertionError</failure></testcase>
</testsuite></testsuites>)";

TEST(Reports, AddWhatTheTextDidNotTell) {
  const auto got = read_with_report(
      "=================================== FAILURES ===================================\n"
      "___________________________________ test_p1 ____________________________________\n"
      "E   assert 1 == 2\n\ntest_part.py:1: AssertionError\n",
      junit, {.exit_code = 1}, "pytest");
  EXPECT_EQ(got.text,
            "error pytest test_part.py:1 | assert 1 == 2\nerror pytest test_part.py:2 | assert 2 == 3\n");
  EXPECT_THAT(got.verdict.mismatches,
              testing::ElementsAre(HasSubstr("1 failures were only in pytest's report")));
}

TEST(Reports, OfARunThatSaysItPassedMakeItRed) {
  const auto got = read_with_report("all is well\n", junit, {.exit_code = 0}, "pytest");
  EXPECT_TRUE(got.verdict.failed);
  EXPECT_EQ(got.verdict.errors, 2);
}

TEST(Reports, WithOnlyWarningsDoNotExplainAnExitCode) {
  const auto got = read_report_alone(
      R"([{"filePath":"a.js","messages":[{"ruleId":"r","severity":1,"message":"m","line":1,"column":2}]}])",
      {.exit_code = 1});
  EXPECT_TRUE(got.verdict.failed);
  ASSERT_TRUE(got.verdict.unparsed);
  EXPECT_THAT(got.verdict.unparsed->message, HasSubstr("1 warning were read, and no error"));
}

TEST(Reports, ThatCountMoreThanTheyHoldOrAreCutAreTold) {
  const auto more = read_report_alone(
      R"(<testsuite failures="3"><testcase name="a"><failure message="m">x</failure></testcase></testsuite>)",
      {});
  EXPECT_THAT(more.verdict.mismatches, testing::ElementsAre(HasSubstr("says 3 failed, 1 were read")));
  const auto cut = read_report_alone(R"(<testsuite failures="0"><testcase name="a"/><testcase na)", {});
  EXPECT_TRUE(cut.verdict.failed);
  EXPECT_GE(cut.verdict.errors, 1);
  EXPECT_THAT(cut.verdict.mismatches, testing::Contains(HasSubstr("its end is missing")));
  const auto none = read_report_alone(R"(<testsuite tests="0" failures="2"></testsuite>)", {});
  EXPECT_TRUE(none.verdict.failed);
  EXPECT_GE(none.verdict.errors, 1);
}

TEST(Reports, OfManyToolsAreRead) {
  struct {
    const char* json;
    const char* record;
  } const cases[] = {
      {R"j([{"type":"error","path":"a.py","line":3,"column":5,"symbol":"undefined-variable","message":"no x","message-id":"E0602"}])j",
       "error pylint a.py:3:5 E0602 | no x\n"},
      {R"j([{"file":"a.sh","line":3,"column":5,"endLine":3,"level":"warning","code":2086,"message":"quote"}])j",
       "warning shellcheck a.sh:3:5 SC2086 | quote\n"},
      {R"j([{"file":"Dockerfile","line":3,"column":1,"level":"error","code":"DL4000","message":"old"}])j",
       "error hadolint Dockerfile:3:1 DL4000 | old\n"},
      {R"j([{"filename":"a.py","code":"F821","message":"no x","location":{"row":3,"column":5},"end_location":{"row":3,"column":6}}])j",
       "error ruff a.py:3:5 F821 | no x\n"},
      {R"j([{"source":"a.css","warnings":[{"line":3,"column":5,"rule":"color-no-invalid-hex","severity":"error","text":"bad"}]}])j",
       "error stylelint a.css:3:5 color-no-invalid-hex | bad\n"},
      {R"j({"files":[{"path":"a.rb","offenses":[{"severity":"convention","message":"m","cop_name":"Style/X","location":{"start_line":3,"start_column":5}}]}]})j",
       "warning rubocop a.rb:3:5 Style/X | m\n"},
      {R"j({"generalDiagnostics":[{"file":"a.py","severity":"error","message":"m","rule":"reportX","range":{"start":{"line":2,"character":4}}}]})j",
       "error pyright a.py:3:5 reportX | m\n"},
      {R"j({"diagnostics":[{"severity":"error","summary":"s","detail":"d","range":{"filename":"main.tf","start":{"line":3,"column":5}}}]})j",
       "error terraform main.tf:3:5 | s\\nd\n"},
      {R"j({"numFailedTests":1,"testResults":[{"name":"/p/a.test.js","status":"failed","assertionResults":[
{"fullName":"part p1","status":"failed","failureMessages":["Error: no\n    at Object.x (/p/a.test.js:3:5)"]}]}]})j",
       "error jest /p/a.test.js:3:5 | Error: no\n"},
      {R"j({"stats":{"failures":1},"failures":[{"fullTitle":"part p1","file":"/p/t.js",
"err":{"message":"no","stack":"Error: no\n    at Context.<anonymous> (t.js:3:5)"}}]})j",
       "error mocha t.js:3:5 | no\n"},
      {R"j({"examples":[{"full_description":"part p1","status":"failed","file_path":"./a_spec.rb","line_number":2,
"exception":{"class":"E","message":"no","backtrace":["./a_spec.rb:3:in `x'"]}}],"summary":{"failure_count":1}})j",
       "error rspec ./a_spec.rb:3 E | no\n"}};
  for (const auto& one : cases) {
    const auto report = read_report(one.json);
    ASSERT_TRUE(report) << one.json;
    ASSERT_EQ(report->records.size(), 1U) << one.json;
    EXPECT_EQ(shown(report->records[0]), one.record);
  }
}

}  // namespace
}  // namespace mira::builds
