#include "platform/base/log.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "platform/base/limits.h"

namespace mira::base {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    std::string pattern = (fs::temp_directory_path() / "mira_log_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file_ = folder_ / "mira.log";
  }
  ~LogTest() override {
    open_log("/", LogLevel::error);  // not a file: closes the log
    fs::remove_all(folder_);
  }
  std::string content() const {
    std::ostringstream out;
    out << std::ifstream(file_).rdbuf();
    return out.str();
  }
  fs::path folder_, file_;
};

TEST_F(LogTest, AppendsLinesFromTheThresholdUp) {
  open_log(file_, LogLevel::warning);
  log(LogLevel::info, "quiet");
  log(LogLevel::error, "loud");
  EXPECT_THAT(content(), HasSubstr(" error loud\n"));
  EXPECT_THAT(content(), Not(HasSubstr("quiet")));
}
TEST_F(LogTest, OneEntryIsOneHarmlessLine) {
  open_log(file_, LogLevel::debug);
  log(LogLevel::debug, "a\nb\x1b[0m");
  EXPECT_THAT(content(), HasSubstr(" debug a\\nb\\x1b[0m\n"));
}
TEST_F(LogTest, IsPrivate) {
  open_log(file_, LogLevel::debug);
  struct stat found{};
  ASSERT_EQ(stat(file_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}
TEST_F(LogTest, WithoutALogNothingHappens) {
  open_log(folder_ / "missing/mira.log", LogLevel::debug);
  log(LogLevel::error, "lost");
  EXPECT_FALSE(fs::exists(file_));
}
TEST_F(LogTest, ALargeLogIsSetAside) {
  std::ofstream(file_) << "old";
  fs::resize_file(file_, limits::log_bytes);
  open_log(file_, LogLevel::debug);
  log(LogLevel::info, "new");
  EXPECT_LT(fs::file_size(file_), 200u);
  EXPECT_EQ(fs::file_size(folder_ / "mira.log.old"), static_cast<std::uintmax_t>(limits::log_bytes));
}

}  // namespace
}  // namespace mira::base
