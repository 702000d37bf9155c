// Logs that nobody wrote: examples of the parsers, cut, mixed and spoiled by a seeded hand.
// Whatever comes of them, it is the same for every way of cutting, every record has a tool
// and a message, and nothing of the reading grows past its bounds.
#include <gmock/gmock.h>

#include <random>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/read_for_tests.h"
#include "knowledge/builds/report.h"

namespace mira::builds {
namespace {

std::vector<std::string> all_lines() {
  std::vector<std::string> out;
  for (const Definition& parser : definitions()) {
    for (const Example& example : parser.examples) {
      std::string_view log = example.log;
      while (!log.empty()) {
        const std::size_t end = std::min(log.find('\n'), log.size() - 1);
        out.emplace_back(log.substr(0, end + 1));
        log.remove_prefix(end + 1);
      }
    }
  }
  return out;
}

std::string spoiled(std::string line, std::mt19937_64& random) {
  if (line.empty()) return line;
  const std::size_t at = random() % line.size();
  switch (random() % 8) {
    case 0:
      return line.substr(at);
    case 1:
      return line.substr(0, at) + "\n";
    case 2:
      line[at] = static_cast<char>(random());
      return line;
    case 3:
      return line.substr(0, at) + "99999999999999" + line.substr(at);
    case 4:
      return line + line;
    case 5:
      return line.substr(0, at) + "\r" + line.substr(at);
    default:
      return line;
  }
}

TEST(Mutations, GiveTheSameHoweverTheyAreCut) {
  const std::vector<std::string> lines = all_lines();
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    std::mt19937_64 random(seed);
    std::string log;
    for (std::size_t i = random() % 40; i > 0; --i) log += spoiled(lines[random() % lines.size()], random);
    const Read whole = read(log, {.exit_code = 1});
    ASSERT_EQ(read(log, {.exit_code = 1}, 1 + random() % 9).text, whole.text) << "seed " << seed;
    ASSERT_TRUE(whole.verdict.failed);
    ASSERT_GE(whole.verdict.errors, 1) << "seed " << seed;
    for (const Record& record : whole.records) {
      ASSERT_NE(record.tool, "") << "seed " << seed;
      ASSERT_LE(record.log_begin, record.log_end);
      ASSERT_LE(record.log_end, log.size());
      ASSERT_GE(record.line, 0);
    }
  }
}

TEST(Mutations, OfReportsAreReadOrLeft) {
  const std::vector<std::string> reports = {
      R"({"runs":[{"tool":{"driver":{"name":"x"}},"results":[{"ruleId":"r","level":"error","message":{"text":"m"},"locations":[]}]}]})",
      R"([{"filePath":"a.js","messages":[{"ruleId":"r","severity":2,"message":"m","line":1,"column":2}]}])",
      "<testsuite><testcase name=\"a\" classname='b'><failure message=\"m\">t.py:1: "
      "x</failure></testcase></testsuite>",
      "<checkstyle><file name=\"a\"><error line=\"1\" severity=\"error\" "
      "message=\"&#x41;&lt;\"/></file></checkstyle>"};
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text = reports[random() % reports.size()];
    for (std::size_t i = random() % 4; i > 0; --i) text = spoiled(text, random);
    const auto report = read_report(text);
    if (report) {
      EXPECT_LT(report->records.size(), 100U);
    }
  }
}

TEST(LongLogs, AreReadInBoundedMemory) {
  std::int64_t records = 0;
  Diagnoser diagnoser([&](Record&&) { ++records; }, shared_tools());
  const std::string endless(3 << 20, 'x');  // a line longer than any that is kept
  diagnoser.feed(endless);
  diagnoser.feed(endless);
  diagnoser.feed("\n");
  for (int i = 0; i < 50'000; ++i) diagnoser.feed("a.c:3:5: error: broken in a way that goes on and on\n");
  const Verdict verdict = diagnoser.finish({});
  EXPECT_EQ(records, 50'000);
  EXPECT_EQ(verdict.errors, 50'000);
}

}  // namespace
}  // namespace mira::builds
