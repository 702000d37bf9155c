#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractCsharp, NamesTypesAndMembers) {
  Read read("csharp", R"(namespace N.M;
/// Doc.
[Serializable] public abstract partial class ^^T<A> : Base<A>, I {
  private const int ^^Limit = 3;
  int ^^x, ^^y = 2;
  public event Handler ^^Changed;
  public string ^^Name { get; set; } = "a";
  public int ^^Size => Count(1);
  public ^^T(int a, params int[] rest) : base(a) { }
  public override async Task<int> ^^RunAsync(int a = 1) { await Go(); return 1; }
  protected abstract void ^^M();
  public static T operator ^^+(T a, T b) => a.Add(b);
}
public interface ^^I { void ^^F(); }
public record ^^R(int ^^X);
public enum ^^E { ^^A, ^^B }
public delegate int ^^D(int a);
)");
  EXPECT_EQ(read.facts.package, "N.M");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class T", "constant T.Limit", "field T.x", "field T.y", "field T.Changed",
                          "property T.Name", "property T.Size", "constructor T.T", "method T.RunAsync",
                          "method T.M;", "method T.operator +", "interface I", "method I.F;", "class R",
                          "property R.X", "enum E", "enum_member E.A", "enum_member E.B", "type D"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("T").bases, ElementsAre("Base<A>", "I"));
  EXPECT_THAT(read.symbol("T").decorators, ElementsAre("Serializable", "partial"));
  EXPECT_TRUE(read.symbol("T.T").parameters[1].variadic);
  EXPECT_TRUE(read.symbol("T.RunAsync").parameters[0].has_default);
  EXPECT_TRUE(read.symbol("T.RunAsync").is_async_or_generator);
  EXPECT_EQ(read.symbol("I.F").visibility, Visibility::public_);
  EXPECT_EQ(read.symbol("T.x").visibility, Visibility::private_);
  EXPECT_THAT(read.calls(), ElementsAre("T.Size -> Count(1)", "T.T -> new super.constructor(1)",
                                        "T.RunAsync -> Go(0)", "T.operator + -> a.Add(1)"));
}

TEST(ExtractCsharp, TellsReceiversAndValues) {
  Read read("csharp", R"(class A {
  void F(T t) {
    var a = new Foo(1) { P = G() }; Foo b = new(2); this.H(); base.F(t); t?.Run(); ((Foo)t).Go(); (t as Foo).Go();
    foreach (var e in items) e.Z(); var (p, q) = Pair(); if (t is Bar bar) bar.K(); Changed += OnChange;
    list.Select(x => x.Y()); int Local(int n) { return n; } Local(3);
  }
})");
  EXPECT_THAT(read.calls(),
              ElementsAre("A.F -> new Foo(1)", "A.F -> G(0)", "A.F -> new Foo(1)", "A.F -> self.H(0)",
                          "A.F -> super.F(1)", "A.F -> t.Run(0)", "A.F -> <Foo>.Go(0)", "A.F -> <Foo>.Go(0)",
                          "A.F -> e.Z(0)", "A.F -> Pair(0)", "A.F -> bar.K(0)", "A.F -> &OnChange",
                          "A.F -> list.Select(1)", "A.F -> x.Y(0)", "A.F -> Local(1)"));
  EXPECT_THAT(read.assignments(),
              ElementsAre("A.F: a = new Foo", "A.F: b = new Foo", "A.F: e = member items[]",
                          "A.F: p = member Pair()[0]", "A.F: q = member Pair()[1]", "A.F: x = other",
                          "A.F: x = member list[]", "A.F.Local: return = name n"));
}

TEST(ExtractCsharp, ReadsUsings) {
  Read read("csharp", "using System;\nusing static A.B;\nusing X = Y.Z;\n");
  EXPECT_THAT(read.imports(), ElementsAre("from System import *", "from A.B import *", "import Y.Z as X"));
}

TEST(ExtractCsharp, ExtensionMethodsShowTheirReceiver) {
  Read read("csharp", "static class E { public static int Twice(this string s) => s.Length; }\n");
  EXPECT_EQ(read.symbol("E.Twice").parameters[0].type, "this string");
  EXPECT_THAT(read.types(), ElementsAre("E.Twice: s: string"));
}

}  // namespace
}  // namespace mira::code
