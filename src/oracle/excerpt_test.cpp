#include "oracle/excerpt.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

#include "platform/tokens/tokens.h"

namespace mira::oracle {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// "line 0" .. "line N-1", but for the lines given.
std::string text_of(int lines, const std::vector<std::pair<int, std::string>>& special = {}) {
  std::string out;
  for (int i = 0; i < lines; ++i) {
    std::string line = fmt::format("line {}", i);
    for (const auto& [at, other] : special) {
      if (at == i) line = other;
    }
    out += line + "\n";
  }
  return out;
}

TEST(Excerpt, AShortTextIsShownWhole) {
  std::string text = text_of(4);
  Shown shown = Excerpt(text, {"word"}).within(1000, 60);
  EXPECT_EQ(shown.text, text);
  EXPECT_EQ(shown.left_out, 0);
}

TEST(Excerpt, WithoutAnyOfTheWordsItIsTheTop) {
  std::string text = text_of(100);
  Shown shown = Excerpt(text, {"redirect"}).within(1000, 10);
  EXPECT_EQ(shown.text, text_of(10));
  EXPECT_EQ(shown.left_out, 90);
}

TEST(Excerpt, KeepsTheOpeningAndTheLinesAroundAHit) {
  std::string text = text_of(100, {{70, "follow(redirect)"}});
  Shown shown = Excerpt(text, {"redirect"}).within(1000, 8);
  EXPECT_EQ(shown.text,
            "line 0\nline 1\nline 2\n...\nline 68\nline 69\nfollow(redirect)\nline 71\nline 72\n");
  EXPECT_EQ(shown.left_out, 92);
}

TEST(Excerpt, AWordThatFewLinesHoldTellsMore) {
  std::vector<std::pair<int, std::string>> special;
  for (int i = 10; i < 50; ++i) special.emplace_back(i, "request(session)");
  special.emplace_back(90, "store(cookie)");
  Shown shown = Excerpt(text_of(100, special), {"request", "cookie"}).within(1000, 8);
  EXPECT_THAT(shown.text, HasSubstr("store(cookie)"));
}

TEST(Excerpt, EndingsOfAWordDoNotMatter) {
  std::string text = text_of(100, {{80, "if (redirected) {"}});
  EXPECT_THAT(Excerpt(text, {"redirects"}).within(1000, 8).text, HasSubstr("redirected"));
  EXPECT_THAT(Excerpt(text, {"redirecting"}).within(1000, 8).text, HasSubstr("redirected"));
}

TEST(Excerpt, CaseDoesNotMatter) {
  std::string text = text_of(100, {{80, "#define MAX_REDIRECTS 10"}});
  EXPECT_THAT(Excerpt(text, {"redirect"}).within(1000, 8).text, HasSubstr("MAX_REDIRECTS"));
}

TEST(Excerpt, AGapOfOneLineIsFilled) {
  std::string text = text_of(20, {{6, "redirect"}});
  Shown shown = Excerpt(text, {"redirect"}).within(1000, 8);
  EXPECT_THAT(shown.text, StartsWith("line 0\nline 1\nline 2\nline 3\nline 4\n"));
  EXPECT_THAT(shown.text, Not(HasSubstr("...")));
}

TEST(Excerpt, NoRoomShowsNothing) {
  std::string text = text_of(10);
  Shown shown = Excerpt(text, {}).within(1, 60);
  EXPECT_EQ(shown.text, "");
  EXPECT_EQ(shown.left_out, 10);
}

TEST(Excerpt, NeverHasMoreTokensThanAllowedAndCountsEveryLine) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    int lines = 1 + static_cast<int>(random() % 80);
    std::vector<std::pair<int, std::string>> special;
    for (int i = 0; i < lines; ++i) {
      if (random() % 5 == 0) special.emplace_back(i, std::string(random() % 90, 'q') + " cookie jar");
    }
    std::string text = text_of(lines, special);
    std::size_t limit = random() % 400;
    Shown shown = Excerpt(text, {"cookie"}).within(limit, 1000);
    EXPECT_LE(tokens::count(shown.text), limit);
    int gaps = 0;
    for (std::size_t at = shown.text.find("...\n"); at != std::string::npos;
         at = shown.text.find("...\n", at + 1))
      ++gaps;
    EXPECT_EQ(std::ranges::count(shown.text, '\n') - gaps + shown.left_out, lines);
  }
}

}  // namespace
}  // namespace mira::oracle
