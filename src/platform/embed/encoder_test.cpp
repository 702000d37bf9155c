#include "platform/embed/encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "platform/embed/tiny_model_for_tests.h"
#include "platform/embed/wordpiece.h"
#include "tests/support/temporary_folder.h"

namespace mira::embed {
namespace {

class Encoder : public testing::Test {
 protected:
  Encoder() {
    tiny_.write(folder_ / "tiny.embed");
    auto opened = ModelFile::open(folder_ / "tiny.embed");
    if (!opened) throw std::runtime_error(opened.error().message);
    model_ = *opened;
  }
  std::vector<std::string> pieces(std::string_view text, std::size_t windows = 1) {
    std::vector<std::string> out;
    for (const auto& window : tokenize(*model_, "", text, TinyModel::most, windows))
      for (std::int32_t number : window) out.push_back(tiny_.words.at(static_cast<std::size_t>(number)));
    return out;
  }
  std::vector<std::int32_t> some_numbers(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::int32_t> any(0, static_cast<std::int32_t>(tiny_.words.size()) - 1);
    std::vector<std::int32_t> out(count);
    for (auto& x : out) x = any(random);
    return out;
  }

  support::TemporaryFolder folder_;
  TinyModel tiny_;
  std::shared_ptr<const ModelFile> model_;
};

using Words = std::vector<std::string>;

TEST_F(Encoder, CutsTextAsTheReferenceDoes) {
  struct Row {
    std::string_view text;
    Words wanted;  // without the two that enclose it
  };
  const Row rows[] = {
      {"", {}},
      {"A CAT sat", {"a", "cat", "sat"}},
      {"cats", {"cat", "##s"}},
      {"sattings", {"sat", "##ting", "##s"}},
      {"catsx on", {"[UNK]", "on"}},  // one unknown part makes the word unknown
      {"on,mat.", {"on", ",", "mat", "."}},
      {"café CAFÉ cafe\xCC\x81", {"cafe", "cafe", "cafe"}},  // accents off, composed or not
      {"a中cat", {"a", "中", "cat"}},                        // ideographs stand apart
      {"ca\xE2\x80\x8Bt ca\x01t", {"cat", "cat"}},           // what does not print is not there
      {"a\t\n\xC2\xA0 on", {"a", "on"}},
      {"ca\xFFt \xC3", {"cat"}},  // malformed bytes are passed over
      {"[SEP]", {"[UNK]", "[UNK]", "[UNK]"}},
  };
  for (const Row& row : rows) {
    Words wanted{"[CLS]"};
    wanted.insert(wanted.end(), row.wanted.begin(), row.wanted.end());
    wanted.emplace_back("[SEP]");
    EXPECT_EQ(pieces(row.text), wanted) << row.text;
  }
}

TEST_F(Encoder, KnowsNoWordOfMoreThanAHundredLetters) {
  EXPECT_EQ(pieces(std::string(100, 'q')), (Words{"[CLS]", "[UNK]", "[SEP]"}));
  std::string longest = "cat";
  for (int i = 0; i < 97; ++i) longest += "s";
  EXPECT_EQ(tokenize(*model_, "", longest, 200, 1).front().size(), 100U);  // cat and 97 times ##s
  EXPECT_EQ(tokenize(*model_, "", longest + "s", 200, 1).front().size(), 3U);
}

TEST_F(Encoder, CutsALongTextIntoWindowsAndLosesNothingBetweenThem) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += i % 2 == 0 ? "cat " : "mat ";
  auto windows = tokenize(*model_, "q:", text, TinyModel::most, 9);
  ASSERT_EQ(windows.size(), 3U);  // twelve words each beside [CLS] q : [SEP]
  std::size_t words = 0;
  for (const auto& window : windows) {
    EXPECT_LE(window.size(), TinyModel::most);
    EXPECT_EQ(tiny_.words[static_cast<std::size_t>(window[1])], "q");
    words += window.size() - 4;
  }
  EXPECT_EQ(words, 30U);
  EXPECT_EQ(tokenize(*model_, "q:", text, TinyModel::most, 2).size(), 2U);
}

TEST_F(Encoder, SaysWhatThePlainArithmeticSays) {
  for (std::size_t count : {1, 2, 3, 4, 7, 16, 31, 32}) {
    auto numbers = some_numbers(count, static_cast<unsigned>(count));
    std::vector<float> ours = encode(*model_, numbers);
    std::vector<double> wanted = tiny_.encode(numbers);
    double cosine = 0, length = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      cosine += ours[i] * wanted[i];
      length += static_cast<double>(ours[i]) * ours[i];
    }
    EXPECT_GT(cosine, 0.99999) << count;
    EXPECT_NEAR(length, 1, 1e-5);
  }
}

TEST_F(Encoder, GivesTheSameBytesWithAndWithoutTheMachinesInstructions) {
  for (std::size_t count = 1; count <= 32; ++count) {
    auto numbers = some_numbers(count, 100 + static_cast<unsigned>(count));
    EXPECT_EQ(encode(*model_, numbers), encode(*model_, numbers, plain_kernels())) << count << kernels().name;
  }
}

TEST_F(Encoder, GivesTheSameBytesInAnyOrder) {
  Words texts = {"a cat sat on a mat.", "cats", "", "mat on mat, sat", "中 cafe"};
  std::vector<std::vector<float>> first;
  for (const auto& text : texts) first.push_back(encode_passage(*model_, text));
  for (std::size_t i = texts.size(); i-- > 0;) EXPECT_EQ(encode_passage(*model_, texts[i]), first[i]);
  EXPECT_NE(encode_question(*model_, "cats"), first[1]) << "a question has a prefix of its own";
}

TEST_F(Encoder, SaysWhatIsWrongWithAFile) {
  auto problem = [&](const std::string& bytes) {
    std::ofstream(folder_ / "wrong.embed", std::ios::binary) << bytes;
    auto opened = ModelFile::open(folder_ / "wrong.embed");
    return opened ? std::string("none") : opened.error().message;
  };
  std::string good = tiny_.bytes();
  EXPECT_EQ(problem(good), "none");
  for (std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{15}, std::size_t{40}, good.size() / 2, good.size() - 1})
    EXPECT_NE(problem(good.substr(0, size)), "none") << size;
  EXPECT_NE(problem(good + "x").find("length"), std::string::npos);
  EXPECT_NE(problem("MIRAEMB1" + good.substr(8)).find("not a model file"), std::string::npos);
  const std::pair<std::string, std::string> changes[] = {
      {R"("layers":3)", R"("layers":4)"},
      {R"("width":64)", R"("width":65)"},
      {R"("heads":2)", R"("heads":0)"},
      {R"("inner":96)", R"("inner":-1)"},
      {R"("positions":32)", R"("positions":1e9)"},
      {R"("most_tokens":16)", R"("most_tokens":64)"},
      {"wordpiece-lower", "sentencepiece"},
      {R"("pooling":"mean")", R"("pooling":"last")"},
      {R"("name":"tiny",)", ""},
      {R"("words_bytes":)", R"("words_bytes":9)"},
      {R"("name")", R"(name")"},
  };
  for (const auto& [from, to] : changes) EXPECT_NE(problem(tiny_.bytes(from, to)), "none") << from;
  EXPECT_EQ(ModelFile::open(folder_ / "none.embed").error().code, base::ErrorCode::not_found);
  EXPECT_FALSE(ModelFile::open(folder_.path()));
}

}  // namespace
}  // namespace mira::embed
