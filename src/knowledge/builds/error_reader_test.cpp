#include "knowledge/builds/error_reader.h"

#include <gtest/gtest.h>

namespace mira::builds {
namespace {

TEST(ErrorReader, ReadsTheErrorsInsideOfTalkWithTheirPlaces) {
  auto found = error_reader()("it says\nsrc/a.cpp:3:5: error: expected ';' before 'return'\nwhat now?");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, "error");
  EXPECT_EQ(found[0].file, "src/a.cpp");
  EXPECT_EQ(found[0].line, 3);
  EXPECT_EQ(found[0].message, "expected ';' before 'return'");
}
TEST(ErrorReader, ReadsTheSameTextTwiceTheSame) {
  contracts::ErrorReader read = error_reader();
  const char* text = "error[E0308]: mismatched types\n --> src/main.rs:7:9\n";
  EXPECT_EQ(read(text).size(), 1U);
  EXPECT_EQ(read(text).size(), 1U);
  EXPECT_EQ(read(text).at(0).code, "E0308");
}
TEST(ErrorReader, InventsNoneInTalkOfErrors) {
  for (const char* text : {"why does the build fail with an error?", "The tests failed yesterday.", "",
                           "an error: nothing works"})
    EXPECT_TRUE(error_reader()(text).empty()) << text;
}

}  // namespace
}  // namespace mira::builds
