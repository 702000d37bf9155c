#include "knowledge/code/semantics/duplication.h"

#include <gmock/gmock.h>

#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// About ten tokens a line.
std::string steps(int count, const std::string& of) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += "    total = total + " + of + "(item, " + std::to_string(i) + ") * rate\n";
  return out;
}

std::string function(const std::string& name, const std::string& body) {
  return "def " + name + "(item, rate):\n    \"\"\"D.\"\"\"\n    total = 0\n" + body +
         "    return total\n\n\n";
}

std::vector<std::string> duplicates(SemanticWorld& world) {
  std::vector<std::string> out;
  for (const std::string& one : world.issues())
    if (one.starts_with("duplication")) out.push_back(one);
  return out;
}

TEST(Duplication, BothPlacesAreToldWithTheLength) {
  SemanticWorld world({{"a.py", function("price", steps(6, "cost"))},
                       {"b.py", "x = 1\n" + function("fee", steps(6, "cost"))}});
  EXPECT_THAT(duplicates(world), ElementsAre("duplication a.py price", "duplication b.py fee"));
  auto reply = world.run("quality", {{"type", "duplication"}});
  ASSERT_TRUE(reply);
  EXPECT_GE(reply->data["issues"][0]["measure"], 50);
  EXPECT_THAT(reply->data["issues"][0]["message"].get<std::string>(), HasSubstr("as in fee at b.py:"));
  EXPECT_EQ(reply->data["issues"][0]["severity"], "info");
}

struct Pair {
  const char* name;
  std::string first, second;
  bool told;
};

class Likeness : public testing::TestWithParam<Pair> {};

TEST_P(Likeness, IsToldOrNot) {
  SemanticWorld world({{"a.py", GetParam().first}, {"b.py", GetParam().second}});
  EXPECT_EQ(!duplicates(world).empty(), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Likeness,
    testing::Values(
        Pair{"Short", function("price", steps(2, "cost")), function("fee", steps(2, "cost")), false},
        Pair{"OneNameChanged", function("price", steps(6, "cost")), function("fee", steps(6, "charge")),
             true},
        Pair{"CommentsBetween", function("price", steps(6, "cost")),
             function("fee", steps(3, "cost") + "    # here, 'quite' a remark\n\n" + steps(3, "cost")), true},
        Pair{"OnlyTheShape", function("price", steps(6, "cost")),
             "def go(a, b):\n    \"\"\"D.\"\"\"\n    c = 0\n" +
                 [] {
                   std::string out;
                   for (int i = 0; i < 6; ++i)
                     out += "    d = e + f" + std::to_string(i) + "(g, " + std::to_string(i) + ") * h\n";
                   return out;
                 }() +
                 "    return c\n",
             false},
        Pair{"OtherCode", function("price", steps(6, "cost")),
             "def go(a):\n    \"\"\"D.\"\"\"\n    if a:\n        for b in a:\n            while b:\n         "
             "       b -= 1\n"
             "    return [x for x in a if x and x > 3 or not x] + [y for y in a if y]\n",
             false}),
    [](const auto& one) { return one.param.name; });

TEST(Duplication, InsideOneFunctionAndInTestsIsNotTold) {
  SemanticWorld world({{"a.py", function("price", steps(20, "cost"))},
                       {"tests/test_a.py", function("price", steps(20, "cost"))}});
  EXPECT_THAT(duplicates(world), IsEmpty());
}

TEST(Duplication, ACommentTakesItBack) {
  std::string taken = function("fee", steps(6, "cost"));
  taken.replace(taken.find("D."), 2, "D. mira: ignore duplication");
  SemanticWorld world({{"a.py", function("price", steps(6, "cost"))}, {"b.py", taken}});
  EXPECT_THAT(duplicates(world), IsEmpty());
}

TEST(Duplication, IsGoneWhenOneOfThemIs) {
  SemanticWorld world(
      {{"a.py", function("price", steps(6, "cost"))}, {"b.py", function("fee", steps(6, "cost"))}});
  EXPECT_EQ(duplicates(world).size(), 2U);
  world.write("b.py", "x = 1\n");
  world.update();
  EXPECT_THAT(duplicates(world), IsEmpty());
}

TEST(CodeTokens, LeaveOutCommentsAndFoldNames) {
  auto shapes = [](const char* text, const char* language) {
    std::vector<std::uint32_t> out;
    for (const CodeToken& one : code_tokens(text, language)) out.push_back(one.shape);
    return out;
  };
  EXPECT_EQ(shapes("a = b(1); // x\n/* y\n */ c", "c"), shapes("q = r(2); d", "c"));
  EXPECT_EQ(shapes("a = 'it'  # it's\n", "python"), shapes("b = \"\"\"many\nlines\"\"\"", "python"));
  EXPECT_NE(shapes("if a: b", "python"), shapes("in a: b", "python"));
  EXPECT_EQ(shapes("fn f<'a>(x: &'a str)", "rust"), shapes("fn g<'b>(y: &'b str)", "rust"));
  EXPECT_EQ(shapes("'unclosed\nb", "c"), shapes("'other\nc", "c"));
  EXPECT_THAT(code_tokens("", "c"), IsEmpty());
  EXPECT_EQ(code_tokens("a\n\nb", "c").back().line, 3);
  EXPECT_EQ(code_tokens("\"\"\"a\nb\"\"\"\nc", "python").back().line, 3);
  EXPECT_EQ(code_tokens("'open\nc", "c").back().line, 2);
}

}  // namespace
}  // namespace mira::semantics
