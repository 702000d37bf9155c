#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"
#include "knowledge/code/extract_macros.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(ExtractC, NamesWhatAFileDefines) {
  Read read("c", R"(
#define ^^MAX(a, b) ((a) > (b) ? (a) : (b))
enum ^^color { ^^RED, ^^GREEN = 2 };
struct ^^node { int ^^size, *^^data; struct node *^^next; void (*^^free)(void *); };
typedef struct { int ^^x; } ^^point;
typedef int (*^^compare)(const void *, const void *);
union ^^value { int ^^i; };
static int ^^counter = 0;
extern int ^^shared;
int ^^declared(int a);
static const char *^^name(struct node *n) { return 0; }
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("macro MAX", "enum color", "enum_member RED", "enum_member GREEN", "struct node",
                          "field node::size", "field node::data", "field node::next", "field node::free",
                          "struct point", "field point::x", "type compare", "union value", "field value::i",
                          "variable counter", "variable shared;", "function declared;", "function name"));
  Lines places = read.places(), marks = read.marks();
  std::ranges::sort(places);
  std::ranges::sort(marks);
  EXPECT_EQ(places, marks);
  EXPECT_EQ(read.symbol("node::next").type, "struct node*");
  EXPECT_EQ(read.symbol("name").visibility, Visibility::file);
  EXPECT_EQ(read.symbol("name").type, "char*");
  EXPECT_EQ(read.symbol("declared").visibility, Visibility::public_);
  EXPECT_TRUE(read.clean());
}

TEST(ExtractC, ReadsParametersOfBothStyles) {
  Read read("c",
            "int f(int a, char **argv, ...) { return 0; }\nint old(a, b) int a; char *b; { return 0; }\n");
  const Symbol& f = read.symbol("f");
  ASSERT_EQ(f.parameters.size(), 3u);
  EXPECT_EQ(f.parameters[1].name, "argv");
  EXPECT_EQ(f.parameters[1].type, "char**");
  EXPECT_TRUE(f.parameters[2].variadic);
  EXPECT_EQ(read.symbol("old").parameters[1].name, "b");
  EXPECT_THAT(read.types(), Contains("old: b: char*"));
}

TEST(ExtractC, TellsCallsThroughFieldsAndTables) {
  Read read("c", R"(
void f(struct s *s) {
  g(1);
  s->run(2);
  (*s->run)(3);
  table[2].fn();
  table[i](4);
  ((struct t *)s)->go();
}
)");
  EXPECT_THAT(read.calls(), ElementsAre("f -> g(1)", "f -> s.run(1)", "f -> s.run(1)", "f -> table[].fn(0)",
                                        "f -> table[](1)", "f -> <t>.go(0)"));
}

TEST(ExtractC, FunctionsInInitialisersAndArgumentsAreReferences) {
  Read read("c", R"(
struct ops ops = { .open = my_open, .flags = O_RDONLY };
struct cmd cmds[] = { {"get", get_command, 2}, {"set", &set_command} };
int main(void) { signal(SIGINT, on_signal); return 0; }
)");
  EXPECT_THAT(read.calls(), ElementsAre("-> &my_open", "-> &get_command", "-> &set_command",
                                        "main -> &on_signal", "main -> signal(2)"));
  EXPECT_THAT(read.assignments(), Contains("ops[open] = name my_open"));
  EXPECT_THAT(read.assignments(), Contains("cmds[][1] = name get_command"));
}

TEST(ExtractC, FollowsValues) {
  Read read("c", R"(
struct node *f(struct list *l) {
  struct node *n = l->head, *m;
  m = next(n);
  l->free = release;
  return m;
}
)");
  EXPECT_THAT(read.assignments(), ElementsAre("f: n = member l.head", "f: m = call next",
                                              "f: l.free = name release", "f: return = name m"));
  EXPECT_THAT(read.types(), ElementsAre("f: l: struct list*", "f: n: struct node*", "f: m: struct node*"));
}

TEST(ExtractC, IncludesTellSystemFromOwn) {
  Read read("c", "#include <stdio.h>\n#include \"src/a.h\"\n");
  EXPECT_THAT(read.imports(), ElementsAre("system import stdio.h", "import src/a.h"));
}

TEST(ExtractC, MacroBodiesMayCall) {
  Read read("c",
            "#define LOG(x) do { if (on) ^^write_log(x, \"a(b)\"); } while (0)\n#define alloc my_alloc\n");
  EXPECT_THAT(read.calls(), ElementsAre("LOG -> #write_log"));
  EXPECT_EQ(read.call_places(), read.marks());
  EXPECT_THAT(read.assignments(), ElementsAre("alloc = name my_alloc"));
}

TEST(ExtractC, TwinsUnderConditionsAreBothThere) {
  Read read("c", "#ifdef A\nint f(void) { return a(); }\n#else\nint f(void) { return b(); }\n#endif\n");
  EXPECT_THAT(read.symbols(), ElementsAre("function f", "function f"));
  EXPECT_THAT(read.calls(), ElementsAre("f -> a(0)", "f -> b(0)"));
}

TEST(ExtractC, DocCommentsStandRightAbove) {
  Read read("c", R"(
/* Far away. */

/* Adds two
 * numbers. */
int add(int a, int b);
int other; // trailing
int third;
)");
  EXPECT_EQ(read.symbol("add").doc, "Adds two\nnumbers.");
  EXPECT_EQ(read.symbol("third").doc, "");
}

TEST(ExtractC, AttributeMacrosAreSeenThrough) {
  Read read("c", R"(
FOO_API int FOO_CALL exported(int a) FOO_NONNULL(1) { return helper(a); }
typedef int (FOO_CALL *callback)(int);
)");
  EXPECT_THAT(read.symbols(), ElementsAre("function exported", "type callback"));
  EXPECT_EQ(read.symbol("exported").type, "int");
  EXPECT_THAT(read.calls(), Contains("exported -> helper(1)"));
  EXPECT_TRUE(read.clean());
}

TEST(ExtractC, ConditionalsThatCutThroughAStatementAreSeenThrough) {
  Read read("c", R"(
int f(int a) {
#ifdef X
  if (a) {
#else
  if (g()) {
#endif
    h();
  }
  return 0;
}
int after(void) { return 1; }
)");
  EXPECT_THAT(read.symbols(), ElementsAre("function f", "function after"));
  EXPECT_THAT(read.calls(), Contains("f -> h(0)"));
}

TEST(BlankMacros, KeepLengthLinesAndBodies) {
  std::string text = "FOO_API int f(void)\n{ FOO(x); if (a) BAR(b); }\nDWORD x;\nstatic FILE *y;\n";
  std::string blanked = blank_attribute_macros(text);
  EXPECT_EQ(blanked, "        int f(void)\n{ FOO(x); if (a) BAR(b); }\nDWORD x;\nstatic FILE *y;\n");
}

TEST(ExtractC, GotoSwitchAndOperatorsCountAsBranches) {
  Read read(
      "c",
      "int f(int a) { switch (a) { case 1: case 2: break; default: a = a && a ? 1 : 0; } for (;;) {} }\n");
  EXPECT_EQ(read.symbol("f").complexity, 6);
}

TEST(ExtractC, WordsOfStatementsAreNoFunctions) {
  Read read("c", "int f(int x) {\n  CHECK(x)\n  if (x) {\n    g();\n  }\n  return 0;\n}\n");
  EXPECT_THAT(read.symbols(), Not(Contains("function f::if")));
  EXPECT_THAT(read.calls(), Contains("f -> g(0)"));
}

}  // namespace
}  // namespace mira::code
