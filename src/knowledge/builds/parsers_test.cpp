// Every parser's examples are its test: read whole, cut at every byte, with
// colours, with the prefixes of a CI, with carriage returns.
#include <gmock/gmock.h>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/read_for_tests.h"

namespace mira::builds {
namespace {

using testing::HasSubstr;

struct Case {
  std::string name;
  Example example;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const Definition& parser : definitions()) {
    int number = 0;
    for (const Example& example : parser.examples)
      out.push_back({std::string(parser.name) + "_" + std::to_string(++number), example});
  }
  return out;
}

std::string each_line(std::string_view log, std::string_view before, std::string_view after) {
  std::string out;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    out += before;
    out += log.substr(0, end);
    out += after;
    out += '\n';
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
  }
  return out;
}

class Examples : public testing::TestWithParam<Case> {
 protected:
  std::string log{GetParam().example.log};
  std::string wanted{GetParam().example.records};
};

TEST_P(Examples, GiveTheirRecords) {
  EXPECT_EQ(read(log).text, wanted);
}

TEST_P(Examples, GiveTheSameWhereverTheLogIsCut) {
  for (std::size_t cut = 0; cut <= log.size(); ++cut)
    ASSERT_EQ(read_cut(log, cut).text, wanted) << "cut at " << cut;
  EXPECT_EQ(read(log, {}, 1).text, wanted);
}

TEST_P(Examples, GiveTheSameInColourAndWithPrefixes) {
  EXPECT_EQ(read(each_line(log, "\x1b[1m\x1b[31m", "\x1b[0m")).text, wanted);
  EXPECT_EQ(read(each_line(log, "2026-11-25T10:22:17.1234567Z ", "")).text, wanted);
  EXPECT_EQ(read(each_line(log, "[10:22:17] ", "")).text, wanted);
  EXPECT_EQ(read(each_line(log, "web_1  | ", "")).text, wanted);
  EXPECT_EQ(read(each_line(log, "", "\r")).text, wanted);
}

TEST_P(Examples, AreFoundAmongOtherLines) {
  const std::string noise = each_line("[ 50%] Building C object a.o\ncc -c a.c -o a.o\n", "", "");
  EXPECT_EQ(read(noise + log + "\n\n" + noise).text, wanted);
}

INSTANTIATE_TEST_SUITE_P(Parsers, Examples, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

TEST(Mixed, ParallelCompilersKeepTheirNotes) {
  const auto got = read(
      "src/a.c: In function 'f':\n"
      "src/a.c:3:5: error: 'x' undeclared\n"
      "src/b.c:9:1: error: 'y' undeclared\n"
      "src/a.c:3:5: note: of a\n"
      "src/b.c:9:1: note: of b\n"
      "make: *** [Makefile:3: a.o] Error 1\n"
      "make: *** [Makefile:3: b.o] Error 1\n");
  EXPECT_EQ(got.text,
            "error gcc src/a.c:3:5 | 'x' undeclared\n"
            "  src/a.c:3:5 | of a\n"
            "error gcc src/b.c:9:1 | 'y' undeclared\n"
            "  src/b.c:9:1 | of b\n");
}

TEST(Mixed, AnAssertionThatNodeThrowsIsPlacedByItsStack) {
  EXPECT_EQ(read("node:assert:90\n  throw new AssertionError(obj);\n  ^\n\n"
                 "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n5 !== 4\n\n"
                 "    at Object.<anonymous> (/p/test.js:3:8)\n")
                .text,
            "error node /p/test.js:3:8 AssertionError | AssertionError [ERR_ASSERTION]: Expected values to "
            "be strictly "
            "equal:\\n5 !== 4\n");
}

TEST(Mixed, AProgressBarHidesNothing) {
  EXPECT_EQ(read("10%\r20%\rsrc/a.c:3:5: error: broken\r30%\n").text, "error gcc src/a.c:3:5 | broken\n");
}

TEST(Verdicts, AFailureWithoutARecordBecomesOne) {
  const auto got = read("all is well\nthe end\n", {.exit_code = 3, .command = "frobnicate"});
  ASSERT_TRUE(got.verdict.failed);
  ASSERT_TRUE(got.verdict.unparsed);
  EXPECT_THAT(got.verdict.unparsed->message, HasSubstr("frobnicate: exit code 3"));
  EXPECT_THAT(got.verdict.unparsed->message, HasSubstr("the end"));
}

TEST(Verdicts, AnEmptyLogWithAnExitCodeIsARecord) {
  const auto got = read("", {.exit_code = 1});
  ASSERT_TRUE(got.verdict.unparsed);
  EXPECT_THAT(got.verdict.unparsed->message, HasSubstr("nothing was printed"));
}

TEST(Verdicts, ExitZeroWithFailuresInTheSummaryIsRed) {
  const auto got =
      read("50% tests passed, 1 tests failed out of 2\nThe following tests FAILED:\n\t  2 - b (Failed)\n",
           {.exit_code = 0});
  EXPECT_TRUE(got.verdict.failed);
  EXPECT_EQ(got.verdict.errors, 1);
}

TEST(Verdicts, ADifferenceToTheToolsOwnCountIsTold) {
  const auto got = read("a.c:1:5: error: one\n3 errors generated.\n", {.exit_code = 1});
  ASSERT_EQ(got.verdict.mismatches.size(), 1U);
  EXPECT_THAT(got.verdict.mismatches[0], HasSubstr("clang says 3 errors, 1 were read"));
}

TEST(Verdicts, GreenIsGreen) {
  const auto got =
      read("a.c:1:5: warning: odd [-Wodd]\n100% tests passed, 0 tests failed out of 2\n", {.exit_code = 0});
  EXPECT_FALSE(got.verdict.failed);
  EXPECT_FALSE(got.verdict.unparsed);
}

TEST(Json, MasksSecretsAndControls) {
  Record record{.tool = "gcc", .message = "token ghp_9fK2mX7qLw3RtVbN8cZpYs4HdJgA6uEoT1i0 \x1b[31m\xff"};
  std::string out;
  write_json(record, out);
  EXPECT_THAT(out, testing::Not(HasSubstr("ghp_9fK2")));
  EXPECT_THAT(out, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, HasSubstr(R"("file":null)"));
}

}  // namespace
}  // namespace mira::builds
