#include "platform/models/structured.h"

#include <gmock/gmock.h>

namespace mira::models {
namespace {

using base::ErrorCode;
using nlohmann::json;

const json schema = {
    {"type", "object"},
    {"properties",
     {{"word", {{"type", "string"}}}, {"share", {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}}}},
    {"required", {"word", "share"}},
    {"additionalProperties", false}};

TEST(Structured, TakesWhatFits) {
  EXPECT_EQ((*check_structured(R"({"word": "a", "share": 0.5})", schema))["word"], "a");
  EXPECT_TRUE(check_structured("```json\n{\"word\": \"a\", \"share\": 1}\n```", schema));
}

TEST(Structured, RefusesWhatDoesNotAndSaysWhy) {
  for (const char* text : {"", "sorry", R"({"word": "a"})", R"({"word": 1, "share": 0})",
                           R"({"word": "a", "share": 2})", R"({"word": "a", "share": 0, "more": 1})",
                           R"({"word": "a", "share": 0} and more)", "{\"word\": \"\xff\", \"share\": 0}"}) {
    auto refused = check_structured(text, schema);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(refused.error().message.empty());
  }
}

TEST(Structured, RefusesDepthAndSizeBeforeItReads) {
  EXPECT_THAT(check_structured(std::string(100'000, '['), schema).error().message,
              testing::HasSubstr("nested"));
  EXPECT_THAT(
      check_structured(std::string(10 << 20, ' ') + "1" + std::string(2 << 20, 'x'), schema).error().message,
      testing::HasSubstr("over"));
}

TEST(Structured, ASchemaThatIsNoneIsOurFault) {
  EXPECT_EQ(check_structured("{}", {{"type", "nonsense"}}).error().code, ErrorCode::failed);
}

}  // namespace
}  // namespace mira::models
