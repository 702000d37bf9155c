#include "knowledge/code/query_words.h"

#include <gmock/gmock.h>

#include "platform/base/text.h"

namespace mira::code {
namespace {

// A list filled as a query text fills it: each line in its voice, the first as the title.
std::vector<QueryWord> taken(const std::vector<std::pair<Voice, std::string>>& lines, std::size_t most = 64) {
  WordList list;
  for (const auto& [voice, text] : lines)
    for (std::string_view word : base::words(text)) list.add(std::string(word), voice, false);
  return list.take(most);
}

double weight_of(const std::vector<QueryWord>& words, std::string_view text) {
  for (const QueryWord& word : words)
    if (word.text == text) return word.weight;
  return -1;
}

// Words that nothing repeats, to make a text long.
std::string filler(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " filler" + std::to_string(i);
  return text;
}

TEST(QueryWords, OfAShortTextCountAlikeInTheirOrder) {
  std::vector<QueryWord> words = taken({{Voice::title, "cache lost"}, {Voice::sentence, "cache would grow"}});
  ASSERT_EQ(words.size(), 4u);
  EXPECT_EQ(words[0].text, "cache");
  EXPECT_EQ(words[3].text, "grow");
  for (const QueryWord& word : words) EXPECT_EQ(word.weight, 1) << word.text;
}

TEST(QueryWords, OfAReportTheFirstLineAndWhatIsRepeatedCountMost) {
  std::vector<QueryWord> words = taken({{Voice::title, "cache lost"},
                                        {Voice::sentence, "rename rename rename solitary would" + filler(30)},
                                        {Voice::code, "quoted quoted single"},
                                        {Voice::heading, "environment"}});
  EXPECT_EQ(words[0].text, "cache");
  EXPECT_EQ(words[1].text, "lost");
  EXPECT_EQ(words[2].text, "rename");
  struct Case {
    const char *more, *less;
  };
  for (const Case& one : {Case{"cache", "rename"}, Case{"rename", "solitary"}, Case{"solitary", "single"},
                          Case{"solitary", "would"}, Case{"single", "environment"}, Case{"rename", "quoted"}})
    EXPECT_GT(weight_of(words, one.more), weight_of(words, one.less)) << one.more << " " << one.less;
  for (const QueryWord& word : words) {
    EXPECT_GT(word.weight, 0) << word.text;
    EXPECT_LE(word.weight, 1) << word.text;
  }
}

TEST(QueryWords, OfAStoryCountLittleEvenInTheFirstLine) {
  std::vector<QueryWord> words =
      taken({{Voice::title, "unfortunately cache"}, {Voice::sentence, filler(30)}});
  EXPECT_LT(weight_of(words, "unfortunately"), weight_of(words, "cache"));
}

TEST(QueryWords, AreCappedFromTheLeastTelling) {
  std::vector<QueryWord> words =
      taken({{Voice::title, "first"}, {Voice::sentence, filler(100)}, {Voice::sentence, "twice twice"}}, 3);
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[0].text, "first");
  EXPECT_EQ(words[1].text, "twice");
}

TEST(QueryWords, AListIsEmptyOnceTaken) {
  WordList list;
  list.add("one", Voice::title, false);
  list.add("", Voice::title, false);
  EXPECT_EQ(list.take(8).size(), 1u);
  EXPECT_TRUE(list.take(8).empty());
}

TEST(QueryWords, ALineIsReadInItsVoice) {
  struct Case {
    const char* line;
    bool fenced;
    Voice voice;
  };
  for (const Case& one :
       {Case{"It fails.", false, Voice::sentence}, Case{"It fails.", true, Voice::code},
        Case{"    x = 1", false, Voice::code}, Case{"\tx = 1", false, Voice::code},
        Case{"### Expected behaviour", false, Voice::heading}, Case{"**Version**", false, Voice::heading},
        Case{"# not a heading but a comment", true, Voice::code}})
    EXPECT_EQ(voice_of(one.line, one.fenced), one.voice) << one.line;
  EXPECT_TRUE(is_fence("```python"));
  EXPECT_TRUE(is_fence("  ~~~"));
  EXPECT_FALSE(is_fence("a ``` b"));
}

TEST(QueryWords, RemarksThatAPageDoesNotShowAreNotRead) {
  EXPECT_EQ(without_remarks("a <!-- thanks\nfor --> b <!-- c --> d"), "a   b   d");
  EXPECT_EQ(without_remarks("a <!-- without an end"), "a  ");
  EXPECT_EQ(without_remarks("x --> y"), "x --> y");
  EXPECT_EQ(without_remarks(""), "");
}

TEST(QueryWords, AnInventoryIsKnownByItsVersions) {
  for (const char* line :
       {"numpy   1.15.0", "six==1.13.0", "  aws-xray-sdk   0.95", "a 1.0 /home/me", "pytest 6.0.0rc0"})
    EXPECT_TRUE(is_inventory(line)) << line;
  for (const char* line :
       {"", "it fails", "x = 1.5 here now", "version 1.2 of the tool fails", "a == b", "see 3.", "1.5"})
    EXPECT_FALSE(is_inventory(line)) << line;
}

TEST(QueryWords, TheStoryIsToldInWordsThatAreNotOfTheMatter) {
  for (const char* word : {"unfortunately", "noticed", "would", "thanks", "expected"})
    EXPECT_TRUE(is_story_word(word)) << word;
  for (const char* word : {"cache", "token", "parse", "fixture", "", "Would"})
    EXPECT_FALSE(is_story_word(word)) << word;
}

}  // namespace
}  // namespace mira::code
