// What is told of a run: every failure's words, and no more.
#include "knowledge/builds/digest.h"

#include <gmock/gmock.h>

namespace mira::builds {
namespace {

using testing::HasSubstr;
using testing::Not;

Record error(std::string file, int line, std::string message) {
  return {.tool = "gcc", .message = std::move(message), .file = std::move(file), .line = line, .column = 5};
}

std::string told(const std::vector<Record>& records, bool failed = true) {
  Digest digest;
  for (const Record& record : records) digest.add(record);
  Verdict verdict;
  verdict.failed = failed;
  digest.judged(verdict);
  return digest.text();
}

TEST(Digests, OfOneErrorAreItsPlaceAndItsWords) {
  EXPECT_EQ(told({error("a.c", 3, "broken")}), "a.c:3:5: error: broken (gcc)\n1 error\n");
}

TEST(Digests, NameAFileOnceForErrorsThatFollowEachOther) {
  EXPECT_EQ(told({error("a.c", 3, "broken"), error("a.c", 9, "odd"), error("b.c", 1, "gone")}),
            "a.c:\n  3:5 broken (gcc)\n  9:5 odd\nb.c:1:5: error: gone\n3 errors\n");
}

TEST(Digests, TellTheSameWordsInOneFileOnceWithTheirPlaces) {
  EXPECT_EQ(told({error("a.c", 3, "broken"), error("a.c", 9, "broken")}),
            "a.c:\n  3:5, 9:5 broken (gcc)\n2 errors\n");
  EXPECT_THAT(told({error("a.c", 3, "broken"), error("a.c", 3, "broken")}),
              HasSubstr("a.c:3:5: error: broken (gcc, 2 times)\n"));
}

TEST(Digests, NameTheToolWhereItChanges) {
  Record other = error("b.c", 1, "gone");
  other.tool = "clang";
  EXPECT_EQ(told({error("a.c", 3, "broken"), other, other}),
            "a.c:3:5: error: broken (gcc)\nb.c:1:5: error: gone (clang, 2 times)\n3 errors\n");
}

TEST(Digests, CountWarningsBesideErrorsAndTellThemAlone) {
  Record warning = error("a.c", 3, "odd");
  warning.severity = Severity::warning;
  EXPECT_EQ(told({warning, error("a.c", 9, "broken")}), "a.c:9:5: error: broken (gcc)\n1 error, 1 warning\n");
  EXPECT_THAT(told({warning}), HasSubstr("a.c:3:5: warning: odd (gcc)\n"));
  EXPECT_THAT(told({warning}, false), HasSubstr("a.c:3:5: warning: odd (gcc)\n"));
  Record next = warning;
  next.line = 7;
  EXPECT_EQ(told({warning, next}), "a.c:\n  3:5, 7:5 warning: odd (gcc)\n0 errors, 2 warnings\n");
}

TEST(Digests, TellWhatATestWantedAndGotUnlessItsMessageDoes) {
  Record test = error("a.c", 3, "values differ");
  test.expected = "77";
  test.actual = "2";
  EXPECT_THAT(told({test}), HasSubstr("    expected: 77, actual: 2\n"));
  test.actual = "2\n3";
  EXPECT_THAT(told({test}), HasSubstr("    expected: 77\n    actual: 2\n3\n"));
  test.message = "77 is not 2\n3";
  EXPECT_THAT(told({test}), Not(HasSubstr("expected")));
}

TEST(Digests, TellNotesOnceAndNotWhatTheToolSaysOfItself) {
  Record one = error("a.c", 3, "broken");
  one.notes = {
      {"declared here", "a.h", 1, 1},
      {"each undeclared identifier is reported only once for each function it appears in", "a.c", 3, 5}};
  Record two = error("b.c", 3, "broken too");
  two.notes = {{"declared here", "a.h", 1, 1}};
  const std::string text = told({one, two});
  EXPECT_THAT(text, HasSubstr("    a.h:1: declared here\n"));
  EXPECT_EQ(text.find("declared here"), text.rfind("declared here"));
  EXPECT_THAT(text, Not(HasSubstr("reported only once")));
}

TEST(Digests, HoldEveryMessageWhateverTheOrder) {
  std::vector<Record> records;
  for (int i = 0; i < 40; ++i) {
    Record record = error(i % 3 == 0   ? "a.c"
                          : i % 3 == 1 ? "b.c"
                                       : "",
                          i % 7, "message " + std::to_string(i / 2));
    record.consequence = i % 5 == 0;
    record.expected = i % 4 == 0 ? "value " + std::to_string(i) : "";
    records.push_back(record);
  }
  const std::string text = told(records);
  for (const Record& record : records) {
    EXPECT_THAT(text, HasSubstr(record.message));
    EXPECT_THAT(text, HasSubstr(record.expected));
    EXPECT_THAT(text, HasSubstr(record.file));
  }
  EXPECT_THAT(text, HasSubstr("40 errors\n"));
}

TEST(Digests, EscapesAndSecretsOfAToolDoNotPass) {
  const std::string text = told({error("a\x1b[31m.c", 3, "bad\x1b]0;x\a")});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace mira::builds
