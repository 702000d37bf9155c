#include "knowledge/code/parse_worker.h"

#include <gtest/gtest.h>

#include "knowledge/code/extract.h"

namespace mira::code {
namespace {

TEST(ParseWorker, AnswersWithTheFactsOfTheBytes) {
  std::string_view source = "def f():\n  g()\n";
  EXPECT_EQ(handle_parse(parse_request("python", source)), encode(extract(source, "python")));
}

TEST(ParseWorker, TakesAnyBytesAsTheFile) {
  std::string source("a\0b\xff", 4);
  auto facts = decode(handle_parse(parse_request("python", source)));
  ASSERT_TRUE(facts.has_value());
}

TEST(ParseWorker, ALanguageWithoutGrammarIsNotParsed) {
  auto facts = decode(handle_parse(parse_request("markdown", "# Title")));
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->state, ParseState::not_parsed);
}

TEST(ParseWorker, AFrameThatIsNoRequestFails) {
  for (std::string frame : {std::string(),
                            std::string("\x09"
                                        "abc"),
                            std::string("\xff")}) {
    auto facts = decode(handle_parse(frame));
    ASSERT_TRUE(facts.has_value());
    EXPECT_EQ(facts->state, ParseState::failed);
  }
}

}  // namespace
}  // namespace mira::code
