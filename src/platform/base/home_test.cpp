#include "platform/base/home.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>

namespace mira::base {
namespace {

namespace fs = std::filesystem;

// Sets variables for one test and puts the old values back.
class HomeTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "mira_home_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (const char* name : {"MIRA_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"}) {
      const char* value = std::getenv(name);
      saved_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
      unsetenv(name);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : saved_) {
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    }
    fs::remove_all(folder_);
  }
  static void set(const char* name, const fs::path& value) { setenv(name, value.c_str(), 1); }

  fs::path folder_;
  std::map<std::string, std::optional<std::string>> saved_;
};

TEST_F(HomeTest, MiraHomeHoldsEverything) {
  set("HOME", folder_ / "person");
  set("MIRA_HOME", folder_ / "mira");
  const auto home = find_home();
  ASSERT_TRUE(home);
  EXPECT_EQ(home->data, folder_ / "mira");
  EXPECT_EQ(home->state, folder_ / "mira/state");
  EXPECT_FALSE(fs::exists(folder_ / "person"));
}
TEST_F(HomeTest, ElseTheXdgFoldersAndTheirDefaults) {
  set("HOME", folder_);
  set("XDG_DATA_HOME", folder_ / "data");
  set("XDG_STATE_HOME", "relative/is/ignored");
  const auto home = find_home();
  ASSERT_TRUE(home);
  EXPECT_EQ(home->data, folder_ / "data/mira");
  EXPECT_EQ(home->state, folder_ / ".local/state/mira");
  EXPECT_EQ(home->cache, folder_ / ".cache/mira");
}
TEST_F(HomeTest, FoldersArePrivate) {
  set("MIRA_HOME", folder_ / "mira");
  ASSERT_TRUE(find_home());
  struct stat found{};
  ASSERT_EQ(stat((folder_ / "mira/state").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}
TEST_F(HomeTest, WithoutAHomeSaysWhatToSet) {
  const auto home = find_home();
  ASSERT_FALSE(home);
  EXPECT_EQ(home.error().code, ErrorCode::unavailable);
  EXPECT_NE(home.error().hint.find("MIRA_HOME"), std::string::npos);
}
TEST_F(HomeTest, AFileInTheWayIsAnError) {
  std::ofstream(folder_ / "file") << "x";
  set("MIRA_HOME", folder_ / "file/inside");
  const auto home = find_home();
  ASSERT_FALSE(home);
  EXPECT_EQ(home.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace mira::base
