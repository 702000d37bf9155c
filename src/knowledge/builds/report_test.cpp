#include "knowledge/builds/report.h"

#include <gmock/gmock.h>

#include "knowledge/builds/read_for_tests.h"

namespace mira::builds {
namespace {

std::string read_all(std::string_view text) {
  const auto report = read_report(text);
  if (!report) return "no report";
  std::string out;
  for (const Record& record : report->records) out += shown(record);
  return out;
}

TEST(Report, Sarif) {
  EXPECT_EQ(read_all(R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [
    {"ruleId": "js/x", "level": "error", "message": {"text": "bad"},
     "locations": [{"physicalLocation": {"artifactLocation": {"uri": "file:///p/a.js"}, "region": {"startLine": 3, "startColumn": 5}}}],
     "relatedLocations": [{"message": {"text": "from here"}, "physicalLocation": {"artifactLocation": {"uri": "b.js"}, "region": {"startLine": 7}}}]},
    {"ruleId": "js/y", "message": {"text": "odd"}}]}]})"),
            "error codeql /p/a.js:3:5 js/x | bad\n"
            "  b.js:7 | from here\n"
            "warning codeql js/y | odd\n");
}

TEST(Report, Checkstyle) {
  EXPECT_EQ(read_all("<?xml version=\"1.0\"?>\n<checkstyle version=\"8\"><file name=\"a.js\"><error "
                     "line=\"3\" column=\"5\" severity=\"error\" "
                     "message=\"&quot;x&quot; is &lt;bad&gt; &#65;\" source=\"eslint.no-x\" />"
                     "<error line='4' severity='warning' message='w'/></file></checkstyle>"),
            "error checkstyle a.js:3:5 eslint.no-x | \"x\" is <bad> A\n"
            "warning checkstyle a.js:4 | w\n");
}

TEST(Report, Junit) {
  EXPECT_EQ(
      read_all(
          "<testsuites><testsuite failures=\"1\"><testcase classname=\"test_part\" name=\"test_p1\"/>"
          "<testcase classname=\"test_part\" name=\"test_p2\"><failure message=\"assert 1 == 2\">def test\n"
          "test_part.py:3: AssertionError</failure></testcase>"
          "<testcase name=\"dies\"><error><![CDATA[boom <x>]]></error></testcase></testsuite></testsuites>"),
      "error junit test_part.py:3 | assert 1 == 2\n"
      "error junit | boom <x>\n");
}

TEST(Report, EslintAndGccJson) {
  EXPECT_EQ(
      read_all(
          R"([{"filePath": "/p/a.js", "messages": [{"ruleId": "no-x", "severity": 2, "message": "m", "line": 3, "column": 5}]}])"),
      "error eslint /p/a.js:3:5 no-x | m\n");
  EXPECT_EQ(
      read_all(
          R"([{"kind": "warning", "message": "m", "option": "-Wx", "locations": [{"caret": {"file": "a.c", "line": 3, "column": 5}}],
    "children": [{"kind": "note", "message": "n", "locations": [{"caret": {"file": "a.h", "line": 1, "column": 2}}]}]}])"),
      "warning gcc a.c:3:5 -Wx | m\n  a.h:1:2 | n\n");
}

TEST(Report, WhatDoesNotParseIsNone) {
  EXPECT_EQ(read_all("{\"runs\": ["), "no report");
  EXPECT_EQ(read_all("<html><body>"), "no report");
  EXPECT_EQ(read_all(std::string(100'000, '[')), "no report");
  EXPECT_FALSE(may_be_report("src/a.c:3:5: error: broken"));
}

TEST(Report, AnyCutOfOneIsRead) {
  const std::string whole =
      "<testsuite><testcase name=\"a\"><failure message=\"&amp;&#x41;\">t:1: "
      "x</failure></testcase></testsuite>";
  for (std::size_t end = 0; end < whole.size(); ++end) (void)read_all(whole.substr(0, end));
}

}  // namespace
}  // namespace mira::builds
