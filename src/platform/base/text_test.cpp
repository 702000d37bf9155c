#include "platform/base/text.h"

#include <gmock/gmock.h>

#include "platform/base/utf8_decode.h"

namespace mira::base {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RepairUtf8, KeepsValidTextOfAllLengths) {
  EXPECT_EQ(repair_utf8("naïve 日本 🙂\n"), "naïve 日本 🙂\n");
}
TEST(RepairUtf8, ReplacesEachMalformedSequenceOnce) {
  EXPECT_EQ(repair_utf8("a\xFF"
                        "b\xE6\x97"
                        "c"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c");
}
TEST(RepairUtf8, RefusesSurrogatesAndOverlongForms) {
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xC0\xAF"));
  EXPECT_FALSE(is_valid_utf8("\xE0\x80\xAF"));
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  EXPECT_TRUE(is_valid_utf8("\xF4\x8F\xBF\xBF"));
}
TEST(RepairUtf8, DropsByteOrderMarkAndNul) {
  EXPECT_EQ(repair_utf8(std::string_view("\xEF\xBB\xBF"
                                         "a\0b",
                                         6)),
            "ab");
}
TEST(RepairUtf8, AnyTwoOrThreeBytesBecomeValidText) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char bytes[] = {static_cast<char>(first), static_cast<char>(second), 'x'};
      const std::string repaired = repair_utf8({bytes, 3});
      ASSERT_TRUE(is_valid_utf8(repaired)) << first << " " << second;
      ASSERT_TRUE(is_valid_utf8(display_line({bytes, 3})));
      ASSERT_EQ(repaired.back(), 'x');
    }
  }
}

TEST(DisplayText, EscapesTerminalControlSequences) {
  EXPECT_EQ(display_text("\x1b[2Jhi\x07\x7f"), "\\x1b[2Jhi\\x07\\x7f");
  EXPECT_EQ(display_text("\xC2\x9B"
                         "31m"),
            "\\u{9b}31m");
}
TEST(DisplayText, EscapesBidiAndTagCharacters) {
  EXPECT_EQ(display_text("a\u202Eb\u2066c\U000E0041"), "a\\u{202e}b\\u{2066}c\\u{e0041}");
}
TEST(DisplayText, EscapesInvalidBytesAndNul) {
  EXPECT_EQ(display_text(std::string_view("\xFF\0", 2)), "\\xff\\x00");
}
TEST(DisplayText, KeepsLinesAndUnixEndings) {
  EXPECT_EQ(display_text("a\tb\r\nc\rd"), "a\tb\nc\\x0dd");
}
TEST(DisplayText, KeepsJoinersThatLanguagesNeed) {
  EXPECT_EQ(display_text("می\u200Cخواهم 👩\u200D💻"), "می\u200Cخواهم 👩\u200D💻");
}
TEST(DisplayLine, IsOneLine) {
  EXPECT_EQ(display_line("a\nb\tc\r\n"), "a\\nb\\tc\\x0d\\n");
}

TEST(TruncateUtf8, NeverCutsInsideACodePoint) {
  EXPECT_EQ(truncate_utf8("añb", 2), "a");
  EXPECT_EQ(truncate_utf8("añb", 3), "añ");
  EXPECT_EQ(truncate_utf8("🙂", 3), "");
  EXPECT_EQ(truncate_utf8("abc", 9), "abc");
}

TEST(SplitIdentifier, AtCaseAndDigitBorders) {
  EXPECT_THAT(split_identifier("parseHTTPHeader_v2"), ElementsAre("parse", "http", "header", "v", "2"));
  EXPECT_THAT(split_identifier("XMLHttpRequest"), ElementsAre("xml", "http", "request"));
  EXPECT_THAT(split_identifier("MAX_SIZE"), ElementsAre("max", "size"));
  EXPECT_THAT(split_identifier("aB"), ElementsAre("a", "b"));
}
TEST(SplitIdentifier, AtPunctuation) {
  EXPECT_THAT(split_identifier("__std::vector-like.h"), ElementsAre("std", "vector", "like", "h"));
  EXPECT_THAT(split_identifier("___"), IsEmpty());
  EXPECT_THAT(split_identifier(""), IsEmpty());
}
TEST(SplitIdentifier, KeepsLettersOfOtherScripts) {
  EXPECT_THAT(split_identifier("größeMax"), ElementsAre("größe", "max"));
}
TEST(SplitIdentifier, TakesPartsLongerThanItsBuffer) {
  EXPECT_THAT(split_identifier(std::string(200, 'A') + "_b"), ElementsAre(std::string(200, 'a'), "b"));
}

TEST(Words, AreRunsOfWordBytes) {
  EXPECT_THAT(words("fix the `login_form`, größe!"), ElementsAre("fix", "the", "login_form", "größe"));
}
TEST(Trim, TakesWhiteSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}
TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
}
TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
}
TEST(StopWord, KnowsQuestionWordsButNotCodeWords) {
  EXPECT_TRUE(is_stop_word("the"));
  EXPECT_TRUE(is_stop_word("how"));
  EXPECT_TRUE(is_stop_word("your"));
  EXPECT_FALSE(is_stop_word("parser"));
  EXPECT_FALSE(is_stop_word("login"));
}

TEST(Utf8, AppendsWhatDecodesToTheSamePoint) {
  for (char32_t point :
       {U'a', U'\u007F', U'\u0080', U'\u07FF', U'\u0800', U'\uFFFD', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(point, text);
    Decoded read = decode_utf8(text, 0);
    EXPECT_TRUE(read.valid);
    EXPECT_EQ(read.code_point, point);
    EXPECT_EQ(read.length, text.size());
  }
  for (char32_t none : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
    std::string text;
    append_utf8(none, text);
    EXPECT_EQ(text, "\xEF\xBF\xBD");
  }
}

}  // namespace
}  // namespace mira::base
