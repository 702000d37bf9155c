#include "platform/base/json_depth.h"

#include <gtest/gtest.h>

#include <string>

namespace mira::base {
namespace {

struct Row {
  const char* name;
  std::string text;
  int most;
  bool deeper;
};

TEST(JsonDepth, CountsWhatStandsInEachOther) {
  const Row rows[] = {
      {"nothing", "", 0, false},
      {"a plain value", "12", 0, false},
      {"one object where none may be", "{}", 0, true},
      {"side by side is not inside", "[[1],[2],[3]]", 2, false},
      {"one too many", "[[[1]]]", 2, true},
      {"mixed", R"({"a":[{"b":[]}]})", 4, false},
      {"mixed, one too many", R"({"a":[{"b":[]}]})", 3, true},
      {"brackets in text are text", R"(["[[[[{{{{"])", 1, false},
      {"an escaped quote does not end the text", R"(["\"[[[["])", 1, false},
      {"an escaped backslash does", R"(["\\",[[1]]])", 2, true},
      {"text that never ends", R"(["[[[[)", 1, false},
      {"a bomb that never closes", std::string(1'000'000, '['), 64, true},
  };
  for (const Row& row : rows) EXPECT_EQ(json_nests_deeper_than(row.text, row.most), row.deeper) << row.name;
}

}  // namespace
}  // namespace mira::base
