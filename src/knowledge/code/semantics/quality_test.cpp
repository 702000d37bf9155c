#include <gmock/gmock.h>

#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::string branches(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += "    if x == " + std::to_string(i) + ": return " + std::to_string(i) + "\n";
  return out;
}

TEST(Quality, CountsWaysThroughAFunction) {
  SemanticWorld world({{"a.py", "def f(x):\n    \"\"\"Doc.\"\"\"\n" + branches(12) +
                                    "def g(x):\n    \"\"\"Doc.\"\"\"\n" + branches(3)}});
  EXPECT_THAT(world.issues(), ElementsAre("complexity a.py f"));
  auto reply = world.run("quality", {{"type", "complexity"}});
  EXPECT_EQ(reply->data["issues"][0]["measure"], 13);
}

TEST(Quality, NoFunctionHasMoreThanAllFunctions) {
  std::string text = "def f(x):\n    \"\"\"Doc.\"\"\"\n" + branches(12);
  for (int i = 0; i < 400; ++i)
    text += "def g" + std::to_string(i) + "(x):\n    \"\"\"Doc.\"\"\"\n    return x\n";
  SemanticWorld world({{"a.py", text}});
  auto reply = world.run("quality", {{"type", "complexity"}});
  EXPECT_EQ(reply->data["issues"][0]["message"], "13 ways through it, more than 99 % of the functions here");
}

TEST(Quality, ACommentTakesAnIssueBack) {
  SemanticWorld world({{"a.py", "def f(x):\n    \"\"\"Doc. mira: ignore complexity\"\"\"\n" + branches(12)}});
  EXPECT_THAT(world.issues(), IsEmpty());
}

TEST(Quality, LongFunctionsAreCounted) {
  std::string body;
  for (int i = 0; i < 70; ++i) body += "    x()\n";
  SemanticWorld world({{"a.py", "def f():\n    \"\"\"Doc.\"\"\"\n" + body}});
  EXPECT_THAT(world.issues(), ElementsAre("length a.py f"));
}

TEST(Quality, DeadIsOnlyWhatNothingNames) {
  SemanticWorld world(
      {{"a.c",
        "static int dead(void) { return 1; }\nstatic int live(void) { return 2; }\n"
        "static int by_name(void) { return 3; }\n/** Doc. */\nint main(void) { return live(); }\n"},
       {"b.c", "/** Doc. */\nconst char* table[] = {\"by_name\"};\n"}});
  EXPECT_THAT(world.issues(), ElementsAre("dead_code a.c dead"));
}

TEST(Quality, DecoratedAndOverridingFunctionsAreNotDead) {
  SemanticWorld world(
      {{"a.py", "import app\n@app.route('/')\ndef _page():\n    pass\n\n\ndef _dead():\n    pass\n"}});
  EXPECT_THAT(world.issues(), ElementsAre("dead_code a.py _dead"));
}

TEST(Quality, FilesThatImportEachOtherAreACycle) {
  SemanticWorld world(
      {{"a.py", "import b\n"}, {"b.py", "import c\n"}, {"c.py", "import a\n"}, {"d.py", "import a\n"}});
  EXPECT_THAT(world.issues(), ElementsAre("cycle a.py "));
  world.write("c.py", "x = 1\n");
  world.update();
  EXPECT_THAT(world.issues(), IsEmpty());
  EXPECT_EQ(world.run("quality", contracts::Json::object())->data["resolved"], 1);
}

TEST(Quality, MissingTestsAreToldOnlyWhereThereAreTests) {
  std::string code =
      "def used(x):\n    \"\"\"D.\"\"\"\n    if x: return 1\n\n\ndef lonely(x):\n    \"\"\"D.\"\"\"\n    if "
      "x: return 2\n";
  SemanticWorld without({{"a.py", code}});
  EXPECT_THAT(without.issues(), IsEmpty());
  SemanticWorld with(
      {{"a.py", code}, {"test_a.py", "from a import used\n\n\ndef test_used():\n    used(1)\n"}});
  EXPECT_THAT(with.issues(), ElementsAre("missing_tests a.py lonely"));
}

TEST(Quality, ADocAtTheDeclarationIsADoc) {
  SemanticWorld world({{"a.h", "/** Adds. */\nint add(int a, int b);\nint sub(int a, int b);\n"},
                       {"a.c",
                        "#include \"a.h\"\nint add(int a, int b) { return a + b; }\nint sub(int a, int b) { "
                        "return a - b; }\n"}});
  EXPECT_THAT(world.issues(), ElementsAre("missing_docs a.c sub"));
}

TEST(Quality, PathsNarrowIt) {
  SemanticWorld world({{"src/a.py", "def f(x):\n    \"\"\"D.\"\"\"\n" + branches(12)},
                       {"lib/a.py", "def g(x):\n    \"\"\"D.\"\"\"\n" + branches(12)}});
  EXPECT_EQ(world.run("quality", {{"path", "src"}, {"type", "complexity"}})->data["total"], 1);
  EXPECT_EQ(world.run("quality", {{"path", "a.py"}, {"type", "complexity"}})->data["total"], 2);
  EXPECT_EQ(world.run("quality", {{"path", "other"}, {"type", "complexity"}})->data["total"], 0);
}

}  // namespace
}  // namespace mira::semantics
