// What fuzzing kept is read again by every build, without libFuzzer: corpus/PARSER/* by that
// parser and by all together, corpus/report/* as reports.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/targets.h"
#include "knowledge/builds/parsers.h"

namespace mira {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> kept(const std::string& folder) {
  std::vector<std::string> out;
  const fs::path path = fs::path(MIRA_SOURCE_DIR) / "fuzz/corpus" / folder;
  if (!fs::exists(path)) return out;
  for (const auto& entry : fs::directory_iterator(path)) {
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return out;
}

class Corpus : public testing::TestWithParam<std::string> {};

TEST_P(Corpus, BreaksNoPromise) {
  const auto inputs = kept(GetParam());
  EXPECT_FALSE(inputs.empty()) << "fuzz/corpus has a folder for every parser";
  for (const std::string& input : inputs) {
    fuzz::read_log(GetParam(), input);
    fuzz::read_log("", input);
  }
}

std::vector<std::string> parsers() {
  std::vector<std::string> out;
  for (const builds::Definition& one : builds::definitions()) out.emplace_back(one.name);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Parsers, Corpus, testing::ValuesIn(parsers()),
                         [](const testing::TestParamInfo<std::string>& one) { return one.param; });

TEST(Corpus, OfReportsBreaksNoPromise) {
  const auto inputs = kept("report");
  EXPECT_FALSE(inputs.empty());
  for (const std::string& input : inputs) fuzz::read_report(input);
}

}  // namespace
}  // namespace mira
