// Calls that C and C++ write through the project's own macros, and functions that are
// built in several ways.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> calls_of(const std::string& caller, CodeWorld& world) {
  std::vector<std::string> out;
  for (const std::string& call : world.calls(true))
    if (call.starts_with(caller + " -> ")) out.push_back(call.substr(caller.size() + 4));
  return out;
}

TEST(MacroCalls, OfAFunctionLikeMacroReachWhatItsBodyCalls) {
  CodeWorld world{
      {"log.h",
       "void do_log(int level, const char *text);\nint enabled(void);\n"
       "#define info(text) \\\n  do { \\\n    if(enabled()) \\\n      do_log(1, text); \\\n  } while(0)\n"},
      {"log.c",
       "#include \"log.h\"\nvoid do_log(int level, const char *text) {}\nint enabled(void) { return 1; }\n"},
      {"main.c", "#include \"log.h\"\nvoid run(void) { info(\"x\"); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("do_log log.c [inferred]", "enabled log.c [inferred]"));
}

TEST(MacroCalls, OfARenamedFunctionAndOfAMacroInAMacro) {
  CodeWorld world{{"a.c",
                   "static void low(int x) {}\n#define middle low\n#define high(x) middle(x)\n"
                   "void run(void) { high(1); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("low a.c [inferred]"));
}

TEST(MacroCalls, OfAParameterReachWhatIsPassed) {
  CodeWorld world{{"a.c",
                   "static void first(void) {}\n#define CALL(function) function()\n"
                   "void run(void) { CALL(first); }\n"}};
  EXPECT_THAT(calls_of("run", world), Contains("first a.c [inferred]"));
}

TEST(MacroCalls, OfAMacroUsedAsAStatement) {
  CodeWorld world{{"a.c",
                   "static void submit(int x) {}\n#define POST do { submit(1); } while (0)\n"
                   "void run(void) { POST; }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("submit a.c [inferred]"));
}

TEST(MacroCalls, ThroughMembersAndPastedWordsReachNothing) {
  CodeWorld world{{"a.c",
                   "static void send(int x) {}\n#define SEND(s) (s)->send(1)\n#define PASTE(a) a##send(1)\n"
                   "void run(struct sock *s) { SEND(s); PASTE(re); }\n"}};
  EXPECT_THAT(calls_of("run", world), IsEmpty());
}

TEST(MacroCalls, OfDefinitionsThatDifferByConfigurationAreOnlyPossible) {
  CodeWorld world{{"a.c",
                   "static void checked(int x) {}\nstatic void plain(int x) {}\n"
                   "#ifdef DEBUGBUILD\n#define put(x) checked(x)\n#else\n#define put(x) plain(x)\n#endif\n"
                   "void run(void) { put(1); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("checked a.c [possible]", "plain a.c [possible]"));
}

TEST(MacroCalls, OfADefinitionThatOtherConfigurationsLeaveEmptyAreInferred) {
  CodeWorld world{{"a.c",
                   "static void trace(int x) {}\n"
                   "#ifdef VERBOSE\n#define note(x) trace(x)\n#else\n#define note(x) do {} while(0)\n#endif\n"
                   "void run(void) { note(1); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("trace a.c [inferred]"));
}

TEST(MacroCalls, OfANameThatIsAFunctionInAnotherConfigurationReachTheFunction) {
  CodeWorld world{
      {"cookie.h",
       "#ifdef WITHOUT_COOKIES\n#define cookie_init() 0\n#else\nint cookie_init(void);\n#endif\n"},
      {"cookie.c", "#include \"cookie.h\"\nint cookie_init(void) { return 1; }\n"},
      {"main.c", "#include \"cookie.h\"\nvoid run(void) { cookie_init(); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("cookie_init cookie.c [inferred]"));
}

TEST(MacroCalls, OfAMacroForAnotherSystemAreTheFunction) {
  CodeWorld world{
      {"a.c",
       "void real(int x) {}\n#ifdef _WIN32\n#define real(x) other(x)\n#endif\nvoid other(int x) {}\n"
       "void run(void) { real(1); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("real a.c [proved]"));
}

TEST(BuildVariants, OfThisSystemGoBeforeOthers) {
  CodeWorld world{{"poll.h", "int poll_init(void);\n"},
                  {"posix-poll.c", "#include \"poll.h\"\nint poll_init(void) { return 1; }\n"},
                  {"linux.c", "#include \"poll.h\"\nint poll_init(void) { return 2; }\n"},
                  {"win/poll.c", "#include \"../poll.h\"\nint poll_init(void) { return 3; }\n"},
                  {"main.c", "#include \"poll.h\"\nvoid run(void) { poll_init(); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("poll_init linux.c [inferred]"));
}

TEST(BuildVariants, ThatOnlyAnotherSystemHasAreOnlyPossible) {
  CodeWorld world{{"sys.h", "int scan_dir(void);\n"},
                  {"os390-sys.c", "#include \"sys.h\"\nint scan_dir(void) { return 1; }\n"},
                  {"main.c", "#include \"sys.h\"\nvoid run(void) { scan_dir(); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("scan_dir os390-sys.c [possible]"));
}

TEST(BuildVariants, OfOneFileAreTheTwinThatIsCompiledHere) {
  CodeWorld world{{"a.c",
                   "#ifdef _WIN32\nint now(void) { return 1; }\n#else\nint now(void) { return 2; }\n#endif\n"
                   "void run(void) { now(); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("now a.c [proved]"));
}

TEST(WrappedHeads, AreFunctions) {
  CodeWorld world{{"heap.h",
                   "#define HEAP_EXPORT(declaration) static declaration\n"
                   "HEAP_EXPORT(void heap_insert(struct heap *heap, int x)) {\n  heap->x = x;\n}\n"},
                  {"main.c", "#include \"heap.h\"\nvoid run(struct heap *h) { heap_insert(h, 1); }\n"}};
  EXPECT_THAT(calls_of("run", world), ElementsAre("heap_insert heap.h [proved]"));
}

TEST(TemplateCalls, ThroughAValueAreOnlyPossibleAndOwnMembersAreSure) {
  CodeWorld world{{"list.h",
                   "template <class Key>\nclass List {\n  struct Node { Node* Next() { return this; } };\n"
                   " public:\n  void Walk() {\n    Node* x = head_;\n    x->Next();\n    Count();\n  }\n"
                   "  int Count() { return 1; }\n  Node* head_;\n};\n"}};
  EXPECT_THAT(world.calls(), Contains("List::Walk -> List::Count [proved]"));
  EXPECT_THAT(world.calls(), Contains("List::Walk -> List::Node::Next [possible]"));
}

}  // namespace
}  // namespace mira::code
