// Logs of real tools on projects with faults planted at known lines (seeded_tools.py made
// them), read without the tools: every fault at its place, as many records as the tool
// counts itself, failed as the exit code says, nothing invented, the same for every cut.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "knowledge/builds/read_for_tests.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using builds::Record;
using builds::Severity;
using nlohmann::json;

const fs::path folder = fs::path(MIRA_SOURCE_DIR) / "tests/tools/logs";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Case {
  json wanted;
  std::string log() const { return wanted["log"].get<std::string>(); }
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.log();
}

std::vector<Case> cases() {
  std::vector<Case> out;
  std::ifstream in(folder / "expected.jsonl");
  for (std::string line; std::getline(in, line);) out.push_back({json::parse(line)});
  return out;
}

// With the record that stands for a failure nobody could read: npm says nothing of a script that fails.
builds::Read read_whole(std::string_view log, const builds::Ending& ending) {
  builds::Read got = builds::read(log, ending);
  if (got.verdict.unparsed) got.records.push_back(*got.verdict.unparsed);
  return got;
}

std::string base(std::string_view path) {
  return std::string(path.substr(path.find_last_of("/\\") + 1));
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool matches(const Record& record, const json& fault) {
  if (builds::severity_name(record.severity) != fault["severity"].get<std::string>()) return false;
  const std::string file = text_of(fault["file"]);
  if (!file.empty() && (base(record.file) != file || record.line != fault["line"].get<int>())) return false;
  const std::string words = record.message + " " + record.test + " " + record.symbol;
  const bool here = !file.empty() || words.find(text_of(fault["word"])) != std::string::npos;
  return here && record.code.find(text_of(fault["code"])) != std::string::npos;
}

class Replay : public testing::TestWithParam<Case> {
 protected:
  json wanted = GetParam().wanted;
  std::string log = bytes_of(folder / GetParam().log());
  builds::Ending ending{.exit_code = wanted["exit_code"].get<int>(), .command = "the tool"};
  builds::Read got = read_whole(log, ending);

  bool is_own(const Record& record) const {
    return std::ranges::any_of(wanted["tools"], [&](const json& tool) { return tool == record.tool; });
  }
  std::int64_t own(Severity severity) const {
    return std::ranges::count_if(
        got.records, [&](const Record& record) { return record.severity == severity && is_own(record); });
  }
};

TEST_P(Replay, FindsEveryFault) {
  for (const json& fault : wanted["planted"]) {
    const auto found =
        std::ranges::find_if(got.records, [&](const Record& record) { return matches(record, fault); });
    ASSERT_NE(found, got.records.end()) << fault << "\nread:\n" << got.text;
    EXPECT_TRUE(is_own(*found)) << found->tool << " for " << fault;
  }
}

TEST_P(Replay, CountsAsTheToolDoes) {
  EXPECT_EQ(got.verdict.failed, wanted["exit_code"] != 0) << got.text;
  if (got.verdict.failed) {
    EXPECT_GE(got.verdict.errors, 1);
  }
  if (!wanted["errors"].is_null()) {
    EXPECT_EQ(own(Severity::error), wanted["errors"].get<int>()) << got.text;
  }
  if (!wanted["warnings"].is_null()) {
    EXPECT_EQ(own(Severity::warning), wanted["warnings"].get<int>()) << got.text;
  }
  EXPECT_THAT(got.verdict.mismatches, testing::IsEmpty());
}

TEST_P(Replay, InventsNothing) {
  if (!wanted["exact"].get<bool>()) return;
  std::set<std::pair<std::string, int>> places;
  for (const json& fault : wanted["planted"])
    places.emplace(text_of(fault["file"]), fault["line"].is_null() ? 0 : fault["line"].get<int>());
  for (const Record& record : got.records) {
    const bool planted =
        std::ranges::any_of(wanted["planted"], [&](const json& fault) { return matches(record, fault); });
    EXPECT_TRUE(planted || places.contains({base(record.file), record.line})) << builds::shown(record);
  }
}

TEST_P(Replay, IsTheSameHoweverItIsCut) {
  for (const std::size_t chunk : {1, 7, 64, 1000}) EXPECT_EQ(builds::read(log, ending, chunk).text, got.text);
}

std::string name_of(const testing::TestParamInfo<Case>& one) {
  std::string out;
  for (const char c : one.param.log()) out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return out;
}
INSTANTIATE_TEST_SUITE_P(Tools, Replay, testing::ValuesIn(cases()), name_of);

TEST(Replays, AreOfManyTools) {
  std::set<std::string> tools;
  for (const Case& one : cases()) tools.insert(one.log().substr(0, one.log().rfind('-')));
  EXPECT_GE(tools.size(), 25U);
}

// A log that was cut anywhere (the disk was full, the tool was killed) still tells of the failure.
TEST(Replays, CutShortAreStillFailures) {
  for (const Case& one : cases()) {
    if (one.wanted["exit_code"] == 0) continue;
    const std::string log = bytes_of(folder / one.log());
    for (std::size_t part = 0; part < 8; ++part) {
      const auto got = builds::read(std::string_view(log).substr(0, log.size() * part / 8),
                                    {.exit_code = std::nullopt, .signal = 9});
      EXPECT_TRUE(got.verdict.failed);
      EXPECT_GE(got.verdict.errors, 1) << one.log() << " cut at " << part << "/8";
    }
  }
}

}  // namespace
}  // namespace mira
