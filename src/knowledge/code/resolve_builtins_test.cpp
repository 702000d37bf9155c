#include "knowledge/code/resolve_builtins.h"

#include <gtest/gtest.h>

namespace mira::code {
namespace {

TEST(Builtins, KnowTheFirstTheLastAndOneBetweenOfALanguage) {
  EXPECT_TRUE(is_builtin_function(Family::c, "_exit"));
  EXPECT_TRUE(is_builtin_function(Family::c, "malloc"));
  EXPECT_TRUE(is_builtin_function(Family::php, "var_dump"));
  EXPECT_TRUE(is_builtin_type(Family::php, "stdClass"));
}
TEST(Builtins, AreFoundInWhateverOrderTheyAreListed) {
  EXPECT_TRUE(is_common_member(Family::go, "Len"));
  EXPECT_TRUE(is_common_member(Family::go, "Load"));
}
TEST(Builtins, AreThoseOfTheLanguageAlone) {
  EXPECT_FALSE(is_builtin_function(Family::python, "malloc"));
  EXPECT_FALSE(is_builtin_function(Family::c, "parse_header"));
  EXPECT_FALSE(is_builtin_function(Family::c, ""));
}

}  // namespace
}  // namespace mira::code
