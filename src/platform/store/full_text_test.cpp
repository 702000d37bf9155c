#include "platform/store/full_text.h"

#include <gtest/gtest.h>

#include "platform/store/connection.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

// A table of documents that FTS5 itself searches.
class FullText : public testing::Test {
 protected:
  void SetUp() override {
    connection_ = Connection::open(folder_ / "a.db", {}).value();
    ASSERT_TRUE(connection_->script("CREATE VIRTUAL TABLE documents USING fts5(text)"));
  }
  void add(std::string_view text) {
    ASSERT_TRUE(connection_->run("INSERT INTO documents VALUES (?1)", text));
  }
  // How many documents match; -1 when FTS5 refuses the expression.
  std::int64_t matches(const std::vector<std::string>& words, Combine combine = Combine::all) {
    std::string expression = match_expression(words, combine);
    auto count = connection_->integer("SELECT count(*) FROM documents WHERE documents MATCH ?1", expression);
    return count ? count->value_or(-2) : -1;
  }

 private:
  support::TemporaryFolder folder_;
  std::optional<Connection> connection_;
};

TEST_F(FullText, OperatorsOfTheQueryLanguageAreWords) {
  add("near and or not multi agent @x don't C++ a.b std::vector col:val");
  for (const char* word : {"multi-agent", "@x", "don't", "C++", "a.b", "std::vector", "NEAR", "AND", "OR",
                           "NOT", "col:val", "x*", "^near", "(agent", "{x}", "NEAR(multi agent)"}) {
    EXPECT_GE(matches({word}), 0) << word;
  }
  EXPECT_EQ(matches({"don't"}), 1);
  EXPECT_EQ(matches({"std::vector"}), 1);
  EXPECT_EQ(matches({"NOT"}), 1);
}

TEST_F(FullText, AllMeansEveryWordAnyMeansOne) {
  add("red green");
  add("green blue");
  EXPECT_EQ(matches({"red", "green"}, Combine::all), 1);
  EXPECT_EQ(matches({"red", "blue"}, Combine::any), 2);
}

TEST_F(FullText, QuotesAreDoubledAndNulIsRemoved) {
  EXPECT_EQ(match_expression(std::vector<std::string>{"say \"hi\""}, Combine::all), "\"say \"\"hi\"\"\"");
  add("say hi");
  EXPECT_EQ(matches({"say \"hi\""}), 1);
  EXPECT_EQ(matches({std::string("s\0ay", 4)}), 1);
}

TEST_F(FullText, AWordWithoutLettersDoesNotHideTheOthers) {
  add("red");
  EXPECT_EQ(matches({"::", "red"}), 1);
  EXPECT_EQ(matches({"red", "::"}), 1);
}

TEST_F(FullText, NothingIsLeftOfEmptyWords) {
  EXPECT_EQ(match_expression(std::vector<std::string>{"", std::string("\0", 1)}, Combine::any), "");
}

TEST_F(FullText, AnyBytesAreALegalExpression) {
  add("red");
  constexpr std::string_view alphabet("\"'*^-+(){}:.,\0 aN\xff\xc3", 19);
  std::uint32_t seed = 7;
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::string> words(1 + round % 4);
    for (std::string& word : words) {
      for (int length = round % 7; length >= 0; --length) {
        seed = seed * 1664525 + 1013904223;
        word += alphabet[(seed >> 16) % alphabet.size()];
      }
    }
    Combine combine = round % 2 == 0 ? Combine::all : Combine::any;
    if (match_expression(words, combine).empty()) continue;
    ASSERT_GE(matches(words, combine), 0) << match_expression(words, combine);
  }
}

}  // namespace
}  // namespace mira::store
