#include "platform/guard/keyword_scan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>

namespace mira::guard {
namespace {

using Found = std::pair<std::size_t, std::size_t>;  // keyword, where it begins

std::vector<Found> scanned(const std::vector<std::string_view>& keywords, std::string_view text) {
  std::vector<Found> out;
  KeywordScan(keywords).scan(text,
                             [&](std::size_t keyword, std::size_t at) { out.emplace_back(keyword, at); });
  std::ranges::sort(out);
  return out;
}

// Every keyword at every place.
std::vector<Found> looked_for(const std::vector<std::string_view>& keywords, const std::string& text) {
  std::string folded = text;
  for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  std::vector<Found> out;
  for (std::size_t keyword = 0; keyword < keywords.size(); ++keyword) {
    for (std::size_t at = folded.find(keywords[keyword]); at != std::string::npos;
         at = folded.find(keywords[keyword], at + 1))
      out.emplace_back(keyword, at);
  }
  std::ranges::sort(out);
  return out;
}

TEST(KeywordScan, FindsEachWhereverItStandsWhateverItsCase) {
  const std::vector<std::string_view> keywords{"error", "err", "or:", "x", "warning"};
  for (const std::string text :
       {"", "x", "e", "error", "ERROR: Warning", "errerror", "xx", "err", "or:", "warnin"})
    EXPECT_EQ(scanned(keywords, text), looked_for(keywords, text)) << text;
}

TEST(KeywordScan, FindsThoseThatOverlapAndThoseAtTheEnds) {
  const std::vector<std::string_view> keywords{"abab", "ba", "aba", "b"};
  EXPECT_EQ(scanned(keywords, "ababab"), looked_for(keywords, "ababab"));
}

TEST(KeywordScan, FindsWhatALookAtEveryPlaceFinds) {
  std::mt19937 random(20261130);
  const auto word = [&](std::size_t most, const char* letters) {
    std::string out(1 + random() % most, ' ');
    for (char& c : out) c = letters[random() % 5];
    return out;
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> words;
    for (std::size_t i = 0, count = 1 + random() % 6; i < count; ++i) words.push_back(word(4, "abc: "));
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    const std::vector<std::string_view> keywords(words.begin(), words.end());
    std::string text = word(40, "aBc: ");
    if (round % 7 == 0) text += std::string("\0\xff", 2) + word(8, "Abc: ");
    EXPECT_EQ(scanned(keywords, text), looked_for(keywords, text)) << text;
  }
}

TEST(KeywordScan, TellsThemInTheOrderOfTheirEnds) {
  std::vector<std::size_t> ends;
  const std::vector<std::string_view> keywords{"abc", "b", "cde"};
  KeywordScan(keywords).scan("abcde abc", [&](std::size_t keyword, std::size_t at) {
    ends.push_back(at + keywords[keyword].size());
  });
  EXPECT_TRUE(std::ranges::is_sorted(ends));
  EXPECT_EQ(ends.size(), 5U);
}

}  // namespace
}  // namespace mira::guard
