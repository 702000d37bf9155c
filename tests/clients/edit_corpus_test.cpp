// The corpus of the fuzz target of configuration editors, replayed, and texts made of it by
// small changes with a fixed seed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz/config_edit_round_trip.h"

namespace mira::clients {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(MIRA_CORPUS)) {
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return out;
}

TEST(ConfigEditors, KeepEveryOtherValueOfTheCorpus) {
  auto texts = corpus();
  EXPECT_GE(texts.size(), 10u);
  for (const std::string& text : texts) {
    EXPECT_EQ(json_round_trip_fault(text), "") << text;
    EXPECT_EQ(toml_round_trip_fault(text), "") << text;
    EXPECT_EQ(block_round_trip_fault(text), "") << text;
  }
}

TEST(ConfigEditors, KeepEveryOtherValueOfChangedTexts) {
  std::mt19937 random(20261130);
  auto texts = corpus();
  for (int round = 0; round < 400 && !HasFailure(); ++round) {
    for (std::string text : texts) {
      for (int change = 0; change < 3 && !text.empty(); ++change) {
        std::size_t at = random() % text.size(), length = random() % 12;
        const std::string& other = texts[random() % texts.size()];
        switch (random() % 3) {
          case 0:
            text.erase(at, length);
            break;
          case 1:
            text.insert(at, other.substr(other.empty() ? 0 : random() % other.size(), length));
            break;
          default:
            text[at] = "{}[]\",:/*\n \\#=t1"[random() % 16];
        }
      }
      EXPECT_EQ(json_round_trip_fault(text), "") << text;
      EXPECT_EQ(toml_round_trip_fault(text), "") << text;
      EXPECT_EQ(block_round_trip_fault(text), "") << text;
    }
  }
}

}  // namespace
}  // namespace mira::clients
