#include "knowledge/code/extract_conditionals.h"

#include <gtest/gtest.h>

#include <map>

#include "knowledge/code/extract.h"

namespace mira::code {
namespace {

// Name of each function of a C source, with what its conditionals make of it here.
std::map<std::string, Guard> guards(std::string_view source) {
  std::map<std::string, Guard> out;
  for (const Symbol& symbol : extract(source, "c").symbols) out[symbol.name] = symbol.guard;
  return out;
}

TEST(Conditionals, TellTheBranchesOfThisSystemFromOthers) {
  auto found = guards(
      "#ifdef _WIN32\nvoid a(void) {}\n#elif defined(__APPLE__)\nvoid b(void) {}\n#else\nvoid c(void) "
      "{}\n#endif\n"
      "#if defined(__linux__)\nvoid d(void) {}\n#else\nvoid e(void) {}\n#endif\nvoid f(void) {}\n");
  EXPECT_EQ(found["a"], Guard::elsewhere);
  EXPECT_EQ(found["b"], Guard::elsewhere);
  EXPECT_EQ(found["c"], Guard::none);
  EXPECT_EQ(found["d"], Guard::none);
  EXPECT_EQ(found["e"], Guard::elsewhere);
  EXPECT_EQ(found["f"], Guard::none);
}

TEST(Conditionals, OnTheProjectsOwnSettingsStayOpen) {
  auto found = guards("#ifndef WITHOUT_TLS\nvoid a(void) {}\n#else\nvoid b(void) {}\n#endif\n");
  EXPECT_EQ(found["a"], Guard::open);
  EXPECT_EQ(found["b"], Guard::open);
}

TEST(Conditionals, OfAnIncludeGuardAreNone) {
  auto found =
      guards("#ifndef A_H\n#define A_H\nvoid a(void) {}\n#ifdef _WIN32\nvoid b(void) {}\n#endif\n#endif\n");
  EXPECT_EQ(found["a"], Guard::none);
  EXPECT_EQ(found["b"], Guard::elsewhere);
}

TEST(Conditionals, ReadLogicOfThreeValues) {
  auto found = guards(
      "#if defined(_WIN32) && defined(SOME)\nvoid a(void) {}\n#endif\n"
      "#if defined(__linux__) || SOME > 3\nvoid b(void) {}\n#endif\n"
      "#if !defined(_WIN32) && SOME\nvoid c(void) {}\n#endif\n"
      "#if 0\nvoid d(void) {}\n#endif\n"
      "#if !(defined(__sun) || (_MSC_VER >= 1900))\nvoid e(void) {}\n#endif\n");
  EXPECT_EQ(found["a"], Guard::elsewhere);
  EXPECT_EQ(found["b"], Guard::none);
  EXPECT_EQ(found["c"], Guard::open);
  EXPECT_EQ(found["d"], Guard::elsewhere);
  EXPECT_NE(found["e"], Guard::elsewhere);
}

TEST(Conditionals, ThatNestTakeTheOuterIntoAccount) {
  auto found = guards(
      "#ifdef _WIN32\n#ifdef X\nvoid a(void) {}\n#endif\n#endif\n#if X\n#ifdef __linux__\nvoid b(void) "
      "{}\n#endif\n#endif\n");
  EXPECT_EQ(found["a"], Guard::elsewhere);
  EXPECT_EQ(found["b"], Guard::open);
}

}  // namespace
}  // namespace mira::code
