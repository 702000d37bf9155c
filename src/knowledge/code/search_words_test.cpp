#include "knowledge/code/search_words.h"

#include <gmock/gmock.h>

namespace mira::code {
namespace {

std::string words_of(std::string_view text) {
  std::string out;
  CodeWords().append(text, out);
  return out;
}

TEST(CodeWords, AnIdentifierStandsWholeAndInParts) {
  EXPECT_EQ(words_of("parseHTTPHeader"), "parsehttpheader parse http header ");
  EXPECT_EQ(words_of("MAX_OPEN_FILES"), "max_open_files max open files ");
}

TEST(CodeWords, APlainWordStandsOnce) {
  EXPECT_EQ(words_of("open (file);"), "open file ");
}

TEST(CodeWords, OuterUnderscoresDoNotHideAWord) {
  EXPECT_EQ(words_of("__init__ _private"), "init private ");
}

TEST(CodeWords, SingleLettersAreNoParts) {
  EXPECT_EQ(words_of("x_axis"), "x_axis axis ");
}

TEST(CodeWords, EncodedDataAndLongNumbersAreNoWords) {
  EXPECT_EQ(words_of(std::string(200, 'a') + " 1234567890 404"), "404 ");
}

TEST(CodeWords, ScriptsWithoutBlanksBecomePairs) {
  EXPECT_EQ(words_of("登录错误"), "登录错误 登录 录错 错误 ");
  EXPECT_EQ(words_of("größe"), "größe ");
}

TEST(CodeWords, BrokenBytesDoNotHarm) {
  EXPECT_NO_FATAL_FAILURE(words_of("\xe3\x81 \xff\xff\xe3"));
}

TEST(CodeWords, FormsOfAWordAreRelated) {
  EXPECT_TRUE(is_related("route", "routing"));
  EXPECT_TRUE(is_related("connector", "connection"));
  EXPECT_TRUE(is_related("errors", "error"));
  EXPECT_FALSE(is_related("context", "content"));
  EXPECT_FALSE(is_related("string", "stream"));
  EXPECT_FALSE(is_related("a", "as"));
}

}  // namespace
}  // namespace mira::code
