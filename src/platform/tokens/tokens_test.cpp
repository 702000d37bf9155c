#include "platform/tokens/tokens.h"

#include <gmock/gmock.h>

#include <random>
#include <string>

#include "platform/tokens/split.h"

namespace mira::tokens {
namespace {

using ::testing::ElementsAreArray;

struct Golden {
  std::string text;
  std::vector<std::uint32_t> ids;
};

// Made with the reference implementation (tiktoken 0.14.0) from the same ranks.
const std::vector<Golden>& golden() {
  static const std::vector<Golden> samples = {
      {"", {}},
      {"hello world", {24912, 2375}},
      {"The quick brown fox jumps over the lazy dog.",
       {976, 4853, 19705, 68347, 65613, 1072, 290, 29082, 6446, 13}},
      {"int main(int argc, char **argv) {\n\treturn 0;\n}\n",
       {491, 2758, 2742, 29300, 11, 1826, 6240, 14797, 8, 405, 1393, 220, 15, 307, 739}},
      {"foo_bar FooBar fooBAR HTTPServer parseHTTPHeader_v2",
       {16660, 31828, 69516, 4622, 30551, 61560, 21929, 6444, 8420, 17893, 5737, 5390, 17}},
      {"I'm you're WE'LL they'd it's 'sup don'ts",
       {15390, 7163, 26919, 6, 7454, 91671, 4275, 461, 41100, 4128, 82}},
      {"1234567890 3.14159 0xDEADBEEF",
       {7633, 19354, 29338, 15, 220, 18, 13, 16926, 4621, 220, 15, 87, 2052, 157380, 189744}},
      {"    if (x) {\n        y();\n    }\n", {271, 538, 350, 87, 8, 405, 309, 342, 740, 271, 606}},
      {"a  b   c\t\td \n \n\n e", {64, 220, 287, 256, 274, 197, 5971, 793, 1202, 319}},
      {"// ---------- //\n////\n\n", {393, 96275, 14442, 1426, 279}},
      {"na\303\257ve caf\303\251 Stra\303\237e \303\200\303\211\303\216",
       {1503, 9954, 737, 30469, 71184, 27643, 5859, 15774}},
      {"\346\227\245\346\234\254\350\252\236\343\201\256\343\203\206\343\202\255\343\202\271\343\203\210\343"
       "\201\250\344\270\255\346\226\207\346\267\267\346\216\222ABCdef",
       {9048, 40909, 3385, 16056, 18368, 38236, 5330, 10667, 85591, 23128, 44197, 1314}},
      {"\320\277\321\200\320\270\320\262\320\265\321\202 \320\274\320\270\321\200 "
       "\320\237\320\240\320\230\320\222\320\225\320\242",
       {9501, 131903, 37934, 3379, 122786, 3540, 109783}},
      {"\360\237\230\200\360\237\221\251\342\200\215\360\237\221\251\342\200\215\360\237\221\247\342\200\215"
       "\360\237\221\246\360\237\207\251\360\237\207\252",
       {84083, 28823, 102, 2524, 28823, 102, 2524, 28823, 100, 2524, 28823, 99, 55506, 102, 55506, 103}},
      {"\303\251x\314\201 \314\201y \312\260X", {377, 87, 13430, 220, 13430, 88, 220, 134, 108, 55}},
      {"\307\205\307\205a A\307\205B", {131, 227, 131, 227, 64, 355, 131, 227, 33}},
      {"x'\305\277 it'\305\277", {87, 6, 70067, 480, 6, 70067}},
      {"\331\243\331\244\331\245\331\246 \342\205\253 \302\275",
       {81473, 98713, 97336, 122513, 220, 25371, 104, 220, 27124}},
      {"<|endoftext|>", {27, 91, 419, 1440, 919, 91, 29}},
      {"\342\200\250\302\240\343\200\200 x", {51008, 5310, 1397, 1215}},
      {"\r\n\r\n\tfoo\r\n", {1414, 197, 16660, 370}},
      {"\357\277\275broken\357\277\275", {3251, 85408, 3251}},
      {"std::vector<std::unique_ptr<Foo>> v;",
       {4946, 742, 7603, 18447, 742, 22365, 10117, 52404, 3782, 3920, 323, 26}},
      {"https://example.com/a/b?c=d&e=f#g",
       {4172, 1684, 18582, 1136, 23839, 7611, 30, 66, 56413, 63734, 40464, 178782}},
  };
  return samples;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Tokens, AreThoseOfTheReference) {
  for (const Golden& sample : golden()) {
    EXPECT_THAT(encode(sample.text), ElementsAreArray(sample.ids)) << sample.text;
    EXPECT_EQ(count(sample.text), sample.ids.size()) << sample.text;
  }
}

// Counts of the reference for runs that are longer than any token.
TEST(Tokens, LongRunsAreThoseOfTheReference) {
  EXPECT_EQ(count(repeat("a", 200)), 25U);
  EXPECT_EQ(count(repeat(" ", 100) + "x"), 3U);
  EXPECT_EQ(count(repeat("=-", 80)), 10U);
  EXPECT_EQ(count(repeat("\n", 50)), 4U);
}

// Quadratic work would be 10^11 steps here: the test would not end.
TEST(Tokens, AVeryLongRunOfOneLetterEnds) {
  EXPECT_EQ(count(std::string(400'000, 'a')), 50'000U);
  EXPECT_GT(count(std::string(400'000, ' ') + "x"), 1000U);
  EXPECT_GT(count(repeat("\xE4\xB8\xADU", 300'000)), 300'000U);
}

TEST(Tokens, AnyBytesAreCountedWithoutHarm) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_LE(count(bytes), bytes.size());
    EXPECT_EQ(count(bytes), encode(bytes).size());
  }
}

TEST(Tokens, PiecesCoverTheTextInOrder) {
  std::string text = "Ein Satz, 123456 \t\n\n  'll \xC3\x9F\xCC\x81 \xFF end";
  std::string joined;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = piece_end(text, at);
    ASSERT_GT(end, at);
    joined += text.substr(at, end - at);
    at = end;
  }
  EXPECT_EQ(joined, text);
}

}  // namespace
}  // namespace mira::tokens
