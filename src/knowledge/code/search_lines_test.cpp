#include "knowledge/code/search_lines.h"

#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using contracts::Json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const CodeWorld::Files files = {
    {"src/net.c",
     "int retry(int n) {\n  return n + 1;\n}\n\nint connect_all(void) {\n  return retry(3);\n}\n"},
    {"src/ui.py", "def draw():\n    retry = 'Retry [x]'\n    return retry\n"},
    {"docs/notes.md", "Call retry(3) when it fails.\n"}};

// "path:line symbol" of each hit.
std::vector<std::string> lines(CodeWorld& world, Json given) {
  auto reply = world.ask("grep", given);
  EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
  std::vector<std::string> out;
  if (!reply) return out;
  for (const Json& hit : reply->data.at("results"))
    out.push_back(fmt::format("{}:{} {}", hit["path"].get<std::string>(), hit["line"].get<int>(),
                              hit["symbol"].is_null() ? "-" : hit["symbol"].get<std::string>()));
  return out;
}

TEST(Grep, FindsLinesOfARegularExpressionWithTheirSymbols) {
  CodeWorld world(files);
  EXPECT_THAT(lines(world, {{"pattern", "retry\\(\\d\\)"}}),
              ElementsAre("docs/notes.md:1 -", "src/net.c:6 connect_all"));
}

TEST(Grep, AnchorsAreThoseOfLines) {
  CodeWorld world(files);
  EXPECT_THAT(lines(world, {{"pattern", "^  return .*;$"}}),
              ElementsAre("src/net.c:2 retry", "src/net.c:6 connect_all"));
}

TEST(Grep, ALiteralIsTakenAsItIsWritten) {
  CodeWorld world(files);
  EXPECT_THAT(lines(world, {{"pattern", "[x]"}, {"literal", true}}), ElementsAre("src/ui.py:2 draw"));
}

TEST(Grep, CaseCountsUnlessItIsSaidNotTo) {
  CodeWorld world(files);
  EXPECT_THAT(lines(world, {{"pattern", "RETRY"}}), IsEmpty());
  EXPECT_THAT(lines(world, {{"pattern", "RETRY"}, {"ignore-case", true}}), Contains("src/net.c:1 retry"));
}

TEST(Grep, FiltersStandBeforeAndBehindThePattern) {
  CodeWorld world(files);
  EXPECT_THAT(lines(world, {{"pattern", "lang:c retry path:src"}}),
              ElementsAre("src/net.c:1 retry", "src/net.c:6 connect_all"));
  EXPECT_THAT(lines(world, {{"pattern", "sym:connect retry"}}), ElementsAre("src/net.c:6 connect_all"));
  EXPECT_THAT(lines(world, {{"pattern", "path:docs/*.md retry"}}), ElementsAre("docs/notes.md:1 -"));
}

TEST(Grep, ReadsWhatIsOnDiskNow) {
  CodeWorld world(files);
  world.write("src/ui.py", "def draw():\n    return 'fresh words'\n");
  EXPECT_THAT(lines(world, {{"pattern", "fresh words"}}), ElementsAre("src/ui.py:2 draw"));
}

TEST(Grep, WhatTheLimitCutsOffIsCounted) {
  CodeWorld world(files);
  auto reply = world.ask("grep", {{"pattern", "retry"}, {"limit", 2}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data["results"].size(), 2);
  EXPECT_EQ(reply->data["matches"], 5);
  EXPECT_THAT(reply->notes, Contains(HasSubstr("3 more lines match")));
}

TEST(Grep, ABrokenExpressionAndAnUnknownLanguageAreRefused) {
  CodeWorld world(files);
  auto broken = world.ask("grep", {{"pattern", "retry("}});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, base::ErrorCode::usage);
  EXPECT_THAT(broken.error().hint, HasSubstr("--literal"));
  auto unknown = world.ask("grep", {{"pattern", "lang:klingon retry"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("klingon"));
}

TEST(Grep, SecretsAreMaskedInWhatIsShown) {
  CodeWorld world({{"deploy.py", "key = \"ghp_0123456789abcdefghijklmnopqrstuvwxyzAB\"\n"}});
  auto reply = world.ask("grep", {{"pattern", "key ="}});
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->data.dump(), testing::Not(HasSubstr("ghp_0123456789")));
}

}  // namespace
}  // namespace mira::code
