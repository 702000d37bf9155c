#include "platform/models/embeddings.h"

#include <gtest/gtest.h>

namespace mira::models {
namespace {

using nlohmann::json;

EmbeddingPrompt two() {
  return {.model = "m", .dimensions = 2, .texts = {"a", "b"}};
}

TEST(EmbeddingsBody, AsksForWhatTheHostCanGive) {
  EmbeddingPrompt prompt = two();
  EXPECT_EQ(embeddings_body(prompt), json::parse(R"({"model":"m","input":["a","b"],"encoding_format":"float",
                                                     "dimensions":2})"));
  prompt.is_openai = true;
  prompt.sends_dimensions = false;
  EXPECT_EQ(embeddings_body(prompt),
            json::parse(R"({"model":"m","input":["a","b"],"encoding_format":"base64"})"));
}

TEST(Embeddings, AreOrderedByIndexAndMadeUnitLength) {
  auto got = take_embeddings(R"({"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],
                                 "usage":{"prompt_tokens":7,"total_tokens":7}})",
                             two());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_NEAR(got->vectors[0][0], 0.6, 1e-6);
  EXPECT_NEAR(got->vectors[0][1], 0.8, 1e-6);
  EXPECT_EQ(got->vectors[1], (std::vector<float>{0, 1}));
  EXPECT_TRUE(got->has_usage);
  EXPECT_EQ(got->usage.fresh, 7);
}

TEST(Embeddings, ComeInBase64OfLittleEndianFloatsToo) {
  auto got =
      take_embeddings(R"({"data":[{"embedding":"AABAQAAAgEA="},{"embedding":"AAAAAAAAAEA="}]})", two());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_NEAR(got->vectors[0][0], 0.6, 1e-6);
  EXPECT_EQ(got->vectors[1], (std::vector<float>{0, 1}));
  EXPECT_FALSE(got->has_usage);
}

TEST(Embeddings, AreRefusedWhenTheyAreNotWhatWasAskedFor) {
  const char* rows[] = {
      "",
      "not json",
      R"({"data":{}})",
      R"({"data":[{"embedding":[1,2]}]})",                                          // one for two texts
      R"({"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]})",  // one twice
      R"({"data":[{"index":0,"embedding":[1,2]},{"index":9,"embedding":[1,2]}]})",  // none of ours
      R"({"data":[{"embedding":[1,2]},{"embedding":[1,2,3]}]})",                    // other dimensions
      R"({"data":[{"embedding":[1,2]},{"embedding":[0,0]}]})",                      // no direction
      R"({"data":[{"embedding":[1,2]},{"embedding":["x",2]}]})",                    // no number
      R"({"data":[{"embedding":[1,2]},{"embedding":"AABAQAA*"}]})",                 // no base64
      R"({"data":[{"embedding":[1,2]},{"embedding":"AAA="}]})",                     // no whole float
      R"({"data":[{"embedding":[1,2]},{"embedding":"AACAfwAAgD8="}]})",             // infinite
      R"({"data":[{"embedding":[1,2]},7]})",
  };
  for (const char* row : rows) {
    auto got = take_embeddings(row, two());
    ASSERT_FALSE(got) << row;
    EXPECT_EQ(got.error().code, base::ErrorCode::provider) << row;
  }
}

}  // namespace
}  // namespace mira::models
