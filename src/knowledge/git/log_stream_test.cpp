#include "knowledge/git/log_stream.h"

#include <gtest/gtest.h>

#include "platform/base/limits.h"

namespace mira::git {
namespace {

using namespace std::string_literals;

const std::string id_a(40, 'a');
const std::string id_b(40, 'b');

std::string commit(const std::string& id, const std::string& parents, const std::string& message) {
  return id + "\0"s + parents +
         "\0"
         "100\0"
         "200\0Ada\0ada@example.org\0"s +
         message + "\0\0"s;
}

std::vector<LoggedCommit> parse(const std::string& bytes, std::size_t step = 1 << 20) {
  std::vector<LoggedCommit> out;
  LogParser parser([&](LoggedCommit& c) -> base::Status {
    out.push_back(c);
    return {};
  });
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    EXPECT_TRUE(parser.feed(std::string_view(bytes).substr(at, step)));
  }
  EXPECT_TRUE(parser.finish());
  return out;
}

base::Status outcome(const std::string& bytes) {
  LogParser parser([](LoggedCommit&) -> base::Status { return {}; });
  base::Status fed = parser.feed(bytes);
  return fed ? parser.finish() : fed;
}

const std::string two_commits = commit(id_a, "", "first\n") + "\n:000000 100644 0 1 A\0src/a.c\0"s +
                                ":100644 100644 1 2 R087\0old name\0new\nname\0"s +
                                commit(id_b, id_a, "second");

TEST(LogParser, ReadsCommitsWithTheirChanges) {
  auto commits = parse(two_commits);
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[0].hash, id_a);
  EXPECT_EQ(commits[0].author_time_s, 100);
  EXPECT_EQ(commits[0].commit_time_s, 200);
  EXPECT_EQ(commits[0].author_name, "Ada");
  EXPECT_EQ(commits[0].message, "first\n");
  ASSERT_EQ(commits[0].changes.size(), 2u);
  EXPECT_EQ(commits[0].changes[0].status, 'A');
  EXPECT_EQ(commits[0].changes[0].path, "src/a.c");
  EXPECT_EQ(commits[0].changes[1].old_path, "old name");
  EXPECT_EQ(commits[0].changes[1].path, "new\nname");
  EXPECT_EQ(commits[1].parents, std::vector<std::string>{id_a});
  EXPECT_TRUE(commits[1].changes.empty());
}

TEST(LogParser, GivesTheSameWhereverTheStreamIsCut) {
  for (std::size_t step : {1u, 2u, 3u, 7u, 64u}) {
    auto commits = parse(two_commits, step);
    ASSERT_EQ(commits.size(), 2u) << step;
    EXPECT_EQ(commits[0].changes[1].path, "new\nname") << step;
  }
}

TEST(LogParser, MessageThatLooksLikeFramingIsOnlyAMessage) {
  auto commits = parse(commit(id_a, "", "\n:100644 100644 1 2 M\x01" + id_b + "\n"));
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_TRUE(commits[0].changes.empty());
}

TEST(LogParser, EmptyMessageAndMergeParentsAreRead) {
  auto commits = parse(commit(id_a, id_a + " " + id_b, ""));
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_EQ(commits[0].parents.size(), 2u);
  EXPECT_EQ(commits[0].message, "");
}

TEST(LogParser, TimesThatOverflowAreHeldInRange) {
  std::string text = id_a +
                     "\0\0"
                     "99999999999999999999999\0-5\0A\0a\0m\0\0"s;
  auto commits = parse(text);
  EXPECT_EQ(commits[0].author_time_s, 253402300799);
  EXPECT_EQ(commits[0].commit_time_s, 0);
}

TEST(LogParser, StreamThatEndsInsideACommitIsAnError) {
  for (std::size_t length = 1; length + 1 < commit(id_a, "", "m").size(); ++length) {
    EXPECT_FALSE(outcome(commit(id_a, "", "m").substr(0, length))) << length;
  }
}

TEST(LogParser, OtherOutputIsAnErrorThatShowsIt) {
  auto result = outcome("fatal: bad thing\0"s);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("fatal: bad thing"), std::string::npos);
  EXPECT_FALSE(outcome(":100644 100644 1 2 M\0path\0"s)) << "a change before any commit";
}

TEST(LogParser, HugeCommitIsCutAndSaysSo) {
  std::string text = commit(id_a, "", "import");
  for (int i = 0; i < limits::commit_files + 3; ++i)
    text += ":000000 100644 0 1 A\0f"s + std::to_string(i) + "\0"s;
  auto commits = parse(text);
  EXPECT_EQ(commits[0].changes.size(), static_cast<std::size_t>(limits::commit_files));
  EXPECT_EQ(commits[0].changes_left_out, 3);
}

}  // namespace
}  // namespace mira::git
