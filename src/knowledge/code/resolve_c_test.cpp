#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

TEST(CCalls, LeadFromAPrototypeToTheDefinition) {
  CodeWorld world{{"a.c", "#include \"b.h\"\nint f(void) { return g(1); }\n"},
                  {"b.h", "int g(int x);\n"},
                  {"b.c", "#include \"b.h\"\nint g(int x) { return x; }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("f -> g b.c [proved]"));
}

TEST(CCalls, OfAStaticFunctionStayInTheFile) {
  CodeWorld world{{"a.c", "static int g(void) { return 1; }\nint f(void) { return g(); }\n"},
                  {"b.c", "static int g(void) { return 2; }\nint h(void) { return g(); }\n"},
                  {"c.c", "int k(void) { return g(); }\n"}};
  EXPECT_THAT(world.calls(true), UnorderedElementsAre("f -> g a.c [proved]", "h -> g b.c [proved]"));
}

TEST(CCalls, OfAnInlineFunctionInAHeader) {
  CodeWorld world{{"include/lib/b.h", "static inline int g(void) { return 1; }\n"},
                  {"src/a.c", "#include <lib/b.h>\nint f(void) { return g(); }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("f -> g include/lib/b.h [proved]"));
}

TEST(CCalls, OfTheLibraryAreNotANamesakeThatNobodyDeclared) {
  CodeWorld world{{"a.c", "#include <unistd.h>\nint f(int d, char* b) { return read(d, b, 1); }\n"},
                  {"vendor/adapter.c", "int read(int d, char* b, int n) { return 0; }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(CCalls, OfTwoDefinitionsAreOnlyPossible) {
  CodeWorld world{{"a.c", "#include \"b.h\"\nint f(void) { return g(); }\n"},
                  {"b.h", "int g(void);\n"},
                  {"one/b.c", "int g(void) { return 1; }\n"},
                  {"two/b.c", "int g(void) { return 2; }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("f -> g one/b.c [possible]", "f -> g two/b.c [possible]"));
}

TEST(CCalls, OfAMacroAreNoEdges) {
  CodeWorld world{{"a.c", "#define TWICE(x) ((x) + (x))\nint f(void) { return TWICE(2); }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_THAT(world.open_calls(), Contains("TWICE: macro"));
}

TEST(CCalls, ThroughAFieldOfAStructAreOpen) {
  CodeWorld world{{"a.c", "struct ops { int (*go)(int); };\nint f(struct ops* o) { return o->go(1); }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(CCalls, OnAnEnumeratorEnd) {
  CodeWorld world{{"a.c", "enum e { uChar };\nint f(void) { return uChar.go(1); }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(CCalls, OfOneFunctionBuiltForSeveralSystemsAreThatOfThisSystem) {
  CodeWorld world{{"a.c", "#include \"b.h\"\nint f(void) { return g(); }\n"},
                  {"b.h", "int g(void);\n"},
                  {"unix/b.c", "int g(void) { return 1; }\n"},
                  {"win/b.c", "int g(void) { return 2; }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("f -> g unix/b.c [inferred]"));
}

TEST(CppCalls, OfMethodsDefinedOutOfTheClass) {
  CodeWorld world{
      {"db.h", "namespace n {\nclass Db {\n public:\n  int Get(int k);\n  int Find(int k);\n};\n}\n"},
      {"db.cc",
       "#include \"db.h\"\nnamespace n {\nint Db::Get(int k) { return Find(k); }\n"
       "int Db::Find(int k) { return k; }\n}\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("n::Db::Get -> n::Db::Find db.cc [proved]"));
}

TEST(CppCalls, OnReceiversWithADeclaredType) {
  CodeWorld world{
      {"db.h", "class Db {\n public:\n  int Get(int k) { return k; }\n};\n"},
      {"a.cc",
       "#include \"db.h\"\n#include <memory>\n"
       "int f(Db* d) { return d->Get(1); }\nint g(const Db& d) { return d.Get(1); }\n"
       "int h() { Db d; return d.Get(1); }\nint i(std::unique_ptr<Db> d) { return d->Get(1); }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> Db::Get [proved]", "g -> Db::Get [proved]", "h -> Db [proved]",
                                         "h -> Db::Get [proved]", "i -> Db::Get [proved]"));
}

TEST(CppCalls, OnFields) {
  CodeWorld world{{"a.cc",
                   "class Log {\n public:\n  void Add(int x) {}\n};\n"
                   "class Db {\n public:\n  void Put() { log_->Add(1); }\n private:\n  Log* log_;\n};\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Db::Put -> Log::Add [proved]"));
}

TEST(CppCalls, OfBeginOfAStandardContainerAreNotTheProjectsBegin) {
  CodeWorld world{{"a.cc",
                   "#include <vector>\nclass Range {\n public:\n  int begin() { return 0; }\n};\n"
                   "int f(std::vector<int> v) { return *v.begin(); }\ntemplate <class T> int g(T t) { return "
                   "t.begin(); }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(CppCalls, OfAnAbstractMethodNameItsOverride) {
  CodeWorld world{{"a.cc",
                   "class Env {\n public:\n  virtual int Now() = 0;\n};\n"
                   "class PosixEnv : public Env {\n public:\n  int Now() override { return 1; }\n};\n"
                   "int f(Env* e) { return e->Now(); }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> Env::Now [proved]", "f -> PosixEnv::Now [inferred]"));
}

TEST(CppCalls, OfInheritedMethodsByBareName) {
  CodeWorld world{{"a.cc",
                   "class Base {\n public:\n  void Log() {}\n};\n"
                   "class D : public Base {\n public:\n  void Run() { Log(); }\n};\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("D::Run -> Base::Log [proved]"));
}

TEST(CppCalls, QualifiedByNamespaceOrClass) {
  CodeWorld world{
      {"a.h", "namespace n { int g(); struct S { static int Make(); }; }\n"},
      {"a.cc", "#include \"a.h\"\nnamespace n { int g() { return 1; } int S::Make() { return 2; } }\n"},
      {"b.cc", "#include \"a.h\"\nint f() { return n::g() + n::S::Make(); }\n"}};
  EXPECT_THAT(world.calls(), UnorderedElementsAre("f -> n::g [proved]", "f -> n::S::Make [proved]"));
}

TEST(CppCalls, OfAutoFollowTheDeclaredResult) {
  CodeWorld world{{"a.cc",
                   "struct It { void Next() {} };\nIt* NewIt() { return new It; }\n"
                   "void f() { auto it = NewIt(); it->Next(); }\n"}};
  EXPECT_THAT(world.calls(), Contains("f -> It::Next [inferred]"));
}

TEST(CppCalls, OfABaseNamedInsideADerivedClassFindTheClassNotItsConstructor) {
  CodeWorld world{{"a.h",
                   "class Env {\n public:\n  Env();\n  virtual void Sleep();\n};\n"
                   "class Wrapper : public Env {\n public:\n  void Run() { target_->Sleep(); }\n"
                   " private:\n  Env* target_;\n};\n"}};
  EXPECT_THAT(world.calls(), Contains("Wrapper::Run -> Env::Sleep [proved]"));
}

TEST(CppCalls, OfANamespaceThatSharesItsNameWithALibraryFunction) {
  CodeWorld world{{"a.cc",
                   "namespace db {\nnamespace log {\nclass Reader {\n public:\n  void Read() {}\n};\n}\n"
                   "void f() {\n  log::Reader reader;\n  reader.Read();\n}\n}\n"}};
  EXPECT_THAT(world.calls(), Contains("db::f -> db::log::Reader::Read [proved]"));
}

TEST(CppCalls, OfAFieldWithAnAttributeBehindIt) {
  CodeWorld world{{"a.cc",
                   "class Set { public: void Add() {} };\n"
                   "class Db {\n public:\n  void Run() { set_->Add(); }\n"
                   " private:\n  Set* const set_ GUARDED_BY(mutex_);\n};\n"}};
  EXPECT_THAT(world.calls(), Contains("Db::Run -> Set::Add [proved]"));
}

TEST(CppCalls, OfOverloadsInTwoFilesFollowTheClassesPassed) {
  CodeWorld world{
      {"cmp.h",
       "struct Slice {};\nstruct Key {};\n"
       "class Comparator {\n public:\n  int Compare(const Slice& a) const;\n"
       "  int Compare(const Key& a) const { return 0; }\n};\n"},
      {"cmp.cc", "#include \"cmp.h\"\nint Comparator::Compare(const Slice& a) const { return 1; }\n"},
      {"main.cc",
       "#include \"cmp.h\"\nvoid f(Comparator* c, const Key& key) { c->Compare(key); }\n"
       "void g(Comparator* c, const Slice& s) { c->Compare(s); }\n"}};
  EXPECT_THAT(world.calls(true), IsSupersetOf({"f -> Comparator::Compare cmp.h [proved]",
                                               "g -> Comparator::Compare cmp.cc [proved]"}));
}

}  // namespace
}  // namespace mira::code
