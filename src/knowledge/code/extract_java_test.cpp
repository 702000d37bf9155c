#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractJava, NamesTypesAndMembers) {
  Read read("java", R"(package com.x;
/** Doc. */
@Service("x") public abstract class ^^T<A> extends Base<A> implements I, J<A> {
  private static final int ^^LIMIT = 3;
  List<String> ^^names;
  @Inject public ^^T(int a, final String... rest) { super(a); }
  @Override protected <Q> Q ^^get(Q q) { return q; }
  abstract void ^^m();
  interface ^^Inner { void ^^a(); default void ^^d() { a(); } }
  enum ^^E { ^^A, ^^B(2); ^^E(int v) {} }
  record ^^R(int ^^x) { static void ^^s() {} }
}
)");
  EXPECT_EQ(read.facts.package, "com.x");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class T", "constant T.LIMIT", "field T.names", "constructor T.T", "method T.get",
                          "method T.m;", "interface T.Inner", "method T.Inner.a;", "method T.Inner.d",
                          "enum T.E", "enum_member T.E.A", "enum_member T.E.B", "constructor T.E.E",
                          "class T.R", "field T.R.x", "method T.R.s"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("T").bases, ElementsAre("Base<A>", "I", "J<A>"));
  EXPECT_THAT(read.symbol("T").decorators, ElementsAre("Service(\"x\")"));
  EXPECT_EQ(read.symbol("T").doc, "Doc.");
  EXPECT_EQ(read.symbol("T.names").type, "List<String>");
  EXPECT_TRUE(read.symbol("T.T").parameters[1].variadic);
  EXPECT_EQ(read.symbol("T.get").visibility, Visibility::protected_);
  EXPECT_EQ(read.symbol("T.Inner.a").visibility, Visibility::public_);
  EXPECT_TRUE(read.symbol("T.LIMIT").is_static);
}

TEST(ExtractJava, AnonymousClassesHaveTheirBase) {
  Read read("java", "class A { void f() { use(new Task(1) { @Override void run() { go(); } }); } }\n");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class A", "method A.f", "class A.f.$Task", "method A.f.$Task.run"));
  EXPECT_THAT(read.symbol("A.f.$Task").bases, ElementsAre("Task"));
  EXPECT_THAT(read.calls(), ElementsAre("A.f -> use(1)", "A.f -> new Task(1)", "A.f.$Task.run -> go(0)"));
}

TEST(ExtractJava, TellsReceivers) {
  Read read("java", R"(class A {
  A() { this(1); }
  void f(T t) {
    g(); this.h(); super.f(t); t.x.run(); B.stat(); a.b.C.d(); ((Foo) t).go(); "s".length(); arr[0].z();
    g().k(1).l(); list.forEach(this::use); list.map(x -> x.y());
  }
})");
  EXPECT_THAT(read.calls(),
              ElementsAre("A.A -> new self.constructor(1)", "A.f -> g(0)", "A.f -> self.h(0)",
                          "A.f -> super.f(1)", "A.f -> t.x.run(0)", "A.f -> B.stat(0)", "A.f -> a.b.C.d(0)",
                          "A.f -> <Foo>.go(0)", "A.f -> 'string'.length(0)", "A.f -> arr[].z(0)",
                          "A.f -> g().k().l(0)", "A.f -> g().k(1)", "A.f -> g(0)", "A.f -> &self.use",
                          "A.f -> list.forEach(1)", "A.f -> list.map(1)", "A.f -> x.y(0)"));
}

TEST(ExtractJava, FollowsValuesAndTypes) {
  Read read("java", R"(class A {
  List<T> items = new ArrayList<>();
  T f(int n) {
    T t = make(); var u = t.next(); int[] a = {g()}, b[] = null;
    for (T e : items) e.run();
    try (Res r = open()) { } catch (IOException x) { }
    if (o instanceof Foo foo) foo.go();
    this.field = t;
    return c ? t : new T(1);
  }
})");
  EXPECT_THAT(read.assignments(),
              ElementsAre("A: items = new ArrayList", "A.f: t = call make", "A.f: u = call t.next",
                          "A.f: a = container list", "A.f: a[0] = call g", "A.f: b = literal null",
                          "A.f: e = member items[]", "A.f: r = call open", "A.f: self.field = name t",
                          "A.f: return = name t", "A.f: return = new T"));
  EXPECT_THAT(read.types(), ElementsAre("A.f: n: int", "A.f: t: T", "A.f: a: int[]", "A.f: b: int[][]",
                                        "A.f: e: T", "A.f: r: Res", "A.f: x: IOException", "A.f: foo: Foo"));
}

TEST(ExtractJava, ReadsImports) {
  Read read("java", "import java.util.List;\nimport static a.B.c;\nimport a.b.*;\n");
  EXPECT_THAT(read.imports(), ElementsAre("import java.util.List", "from a.B import c", "from a.b import *"));
}

TEST(ExtractJava, CountsBranches) {
  Read read("java",
            "class A { int f(int x) { switch (x) { case 1: break; default: } "
            "if (x > 1 && x < 3) { } return x > 0 ? 1 : 2; } }\n");
  EXPECT_EQ(read.symbol("A.f").complexity, 5);
}

}  // namespace
}  // namespace mira::code
