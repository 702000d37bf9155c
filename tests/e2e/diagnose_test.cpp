// `mira diagnose` as it is typed: a log on standard input, records or words out.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Diagnose : public testing::Test {
 protected:
  Diagnose() : mira(repo.root().parent_path()) { mira.in(repo.root()); }
  support::FakeRepo repo;
  support::Mira mira;
};

std::vector<json> lines(const std::string& text) {
  std::vector<json> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(json::parse(line));
  return out;
}

TEST_F(Diagnose, OneRecordALineInTheOrderOfTheLog) {
  const auto ran = mira.run({"diagnose", "--json"},
                            "src/a.c:3:20: warning: unused variable 'idle' [-Wunused-variable]\n"
                            "src/b.ts(4,31): error TS2304: Cannot find name 'x'.\n");
  EXPECT_EQ(ran.exit_code, 0);
  const auto records = lines(ran.out);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["tool"], "gcc");
  EXPECT_EQ(records[0]["code"], "-Wunused-variable");
  EXPECT_EQ(records[0]["column"], 20);
  EXPECT_EQ(records[1]["severity"], "error");
  EXPECT_EQ(records[1]["file"], "src/b.ts");
  EXPECT_TRUE(records[1]["notes"].empty());
}

TEST_F(Diagnose, PeopleGetEachErrorOnceAndTheCounts) {
  const auto ran =
      mira.run({"diagnose"}, "a.h:3:5: error: broken\nb.c:1:1: warning: odd\na.h:3:5: error: broken\n");
  EXPECT_THAT(ran.out, HasSubstr("a.h:3:5: error: broken (gcc, 2 times)\n"));
  EXPECT_THAT(ran.out, HasSubstr("2 errors, 1 warning\n"));
}

TEST_F(Diagnose, AnExitCodeThatNothingExplainsIsARecord) {
  const auto ran = mira.run({"diagnose", "--json", "--exit-code", "2"}, "nothing of note\n");
  EXPECT_EQ(ran.exit_code, 0);
  ASSERT_EQ(lines(ran.out).size(), 1U);
  EXPECT_EQ(lines(ran.out)[0]["code"], "unparsed_failure");
}

TEST_F(Diagnose, AFileThatIsNotThereIsAnError) {
  EXPECT_EQ(mira.run({"diagnose", "no-such.log"}).exit_code, 3);
}

}  // namespace
}  // namespace mira
