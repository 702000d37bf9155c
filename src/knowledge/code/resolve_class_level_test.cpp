// Code outside callables, and what a class is made of: initialisers, parts, constructors, enum values,
// functions added from outside. The same promise in each language that has them.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::vector<std::string> sure(const CodeWorld::Files& files) {
  CodeWorld world(files);
  std::vector<std::string> calls = world.calls();
  std::erase_if(calls, [](const std::string& call) { return call.ends_with("[possible]"); });
  return calls;
}

TEST(ClassLevel, InitialisersAndBlocksOfJava) {
  EXPECT_THAT(
      sure({{"A.java",
             "class A extends B {\n  static final int X = build();\n  final int y = inherited();\n"
             "  static { init(); }\n  final Runnable r = () -> close();\n  static int build() { return 1; }\n"
             "  static void init() {}\n  void close() {}\n}\nclass B { int inherited() { return 1; } }\n"}}),
      ElementsAre("<module> -> A.build [proved]", "<module> -> A.close [proved]",
                  "<module> -> A.init [proved]", "<module> -> B.inherited [proved]"));
}

TEST(ClassLevel, InitialisersOfKotlinAndCsharp) {
  EXPECT_THAT(sure({{"a.kt",
                     "class A {\n  init {\n    setUp()\n  }\n  fun setUp() {}\n  companion object {\n"
                     "    fun make() = 1\n    val one = make()\n  }\n}\n"}}),
              ElementsAre("<module> -> A.make [proved]", "<module> -> A.setUp [proved]"));
  EXPECT_THAT(sure({{"a.cs", "class A {\n  static int x = Build();\n  static int Build() => 1;\n}\n"}}),
              ElementsAre("<module> -> A.Build [proved]"));
}

TEST(ClassLevel, InitialisersInANamespaceOfCpp) {
  EXPECT_THAT(sure({{"a.cc", "namespace n {\nint make();\nint make() { return 1; }\nint x = make();\n}\n"}}),
              ElementsAre("<module> -> n::make [proved]"));
}

TEST(ClassLevel, AVariableOfJavaHidesNoMethod) {
  EXPECT_THAT(
      sure({{"A.java",
             "class A {\n  R reader(String s) { return null; }\n  void run() {\n"
             "    R reader = reader(\"x\");\n    reader.read();\n  }\n}\nclass R { void read() {} }\n"}}),
      ElementsAre("A.run -> A.reader [proved]", "A.run -> R.read [proved]"));
}

TEST(ClassLevel, ConstructorsCallConstructors) {
  EXPECT_THAT(sure({{"A.java",
                     "class A extends B implements I {\n  A() { this(1); }\n  A(int x) { super(x); }\n}\n"
                     "class B { B(int x) {} }\ninterface I {}\n"}}),
              ElementsAre("A.A -> A.A [proved]", "A.A -> B.B [proved]"));
  EXPECT_THAT(sure({{"a.cs",
                     "class A : B, I {\n  A() : this(1) { }\n  A(int x) : base(x) { }\n}\n"
                     "class B { public B(int x) { } }\ninterface I { }\n"}}),
              ElementsAre("A.A -> A.A [proved]", "A.A -> B.B [proved]"));
}

TEST(ClassLevel, ValuesOfEnums) {
  EXPECT_THAT(sure({{"A.java",
                     "enum Kind { A, B; String label() { return \"\"; } }\n"
                     "class U { void run() { Kind.A.label(); Kind k = Kind.B; k.label(); } }\n"}}),
              ElementsAre("U.run -> Kind.label [proved]", "U.run -> Kind.label [proved]"));
}

TEST(ClassLevel, PartsOfOneClassInSeveralFiles) {
  CodeWorld::Files files = {
      {"a.cs",
       "namespace S;\npublic partial class A : B { public void Run() { Helper(); this.Helper(); } }\n"},
      {"b.cs", "namespace S;\npublic partial class A { void Helper() { Run(); Inherited(); } }\n"},
      {"c.cs", "namespace S;\npublic class B { protected void Inherited() { } }\n"},
      {"d.cs", "namespace T;\npublic partial class A { void Alone() { Helper(); } }\n"},
      {"e.cs", "namespace S;\npublic partial class A<T> { void Generic() { Helper(); } }\n"}};
  EXPECT_THAT(sure(files), ElementsAre("A.Helper -> A.Run [proved]", "A.Helper -> B.Inherited [proved]",
                                       "A.Run -> A.Helper [proved]", "A.Run -> A.Helper [proved]"));
}

TEST(ClassLevel, MethodsThatAreAddedToATypeOfCsharp) {
  CodeWorld::Files files = {
      {"a.cs",
       "namespace S;\npublic class Item { public void Own() { } }\npublic class Sub : Item { }\npublic class "
       "Other { }\n"
       "public static class Ext {\n  public static void Add(this Item i) { }\n  public static void Own(this "
       "Item i) { }\n"
       "  public static void Shout(this string s) { }\n  public static void Not(Item i) { }\n}\n"
       "class U { void Run(Item i, Sub s, Other o) { i.Add(); s.Add(); i.Own(); \"x\".Shout(); o.Add(); "
       "i.Not(); } }\n"}};
  EXPECT_THAT(sure(files), ElementsAre("U.Run -> Ext.Add [proved]", "U.Run -> Ext.Add [proved]",
                                       "U.Run -> Ext.Shout [proved]", "U.Run -> Item.Own [proved]"));
}

TEST(ClassLevel, FunctionsThatAreAddedToATypeOfTheLanguageInKotlin) {
  EXPECT_THAT(
      sure({{"a.kt", "fun String.shout() = 1\nfun run(s: String) {\n  \"x\".shout()\n  s.shout()\n}\n"}}),
      ElementsAre("run -> String.shout [proved]", "run -> String.shout [proved]"));
}

TEST(ClassLevel, WhatIsAddedOutOfSightIsNotMeant) {
  CodeWorld::Files files = {
      {"a.kt", "package a\nfun String.shout() = 1\nobject Tools { fun String.low() = 2 }\n"},
      {"b.kt", "package b\nfun run() {\n  \"x\".shout()\n  \"x\".low()\n}\n"},
      {"c.kt",
       "package c\nimport a.shout\nimport a.Tools.low\nfun run() {\n  \"x\".shout()\n"
       "  \"x\".low()\n}\n"}};
  CodeWorld world(files);
  EXPECT_THAT(world.calls(true),
              ElementsAre("run -> String.shout a.kt [proved]", HasSubstr("String.low a.kt [proved]")));
}

TEST(ClassLevel, AMemberOfTheNameOfItsTypeIsNotWhatIsMade) {
  EXPECT_THAT(
      sure({{"a.cs", "class Log { public Log(int x) { } }\nclass A {\n  Log Log = new Log(1);\n}\n"}}),
      ElementsAre("<module> -> Log.Log [proved]"));
}

TEST(ClassLevel, PathsFromTheRootOfPhp) {
  CodeWorld::Files files = {
      {"a.php", "<?php\nnamespace S\\U;\nclass Tool { public function hit() {} }\nfunction help() {}\n"},
      {"b.php",
       "<?php\nnamespace S;\nclass Own { private ?\\S\\U\\Tool $t = null;\n"
       "  public function run(\\S\\U\\Tool $x) { $x->hit(); \\S\\U\\help(); $y = new \\S\\U\\Tool(); "
       "$y->hit();\n"
       "    $this->t?->hit(); } }\n"}};
  EXPECT_THAT(sure(files), IsSupersetOf({"Own::run -> Tool::hit [proved]", "Own::run -> Tool::hit [proved]",
                                         "Own::run -> help [proved]", "Own::run -> Tool [proved]",
                                         "Own::run -> Tool::hit [inferred]"}));
}

}  // namespace
}  // namespace mira::code
