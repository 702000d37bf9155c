#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractKotlin, NamesTypesAndMembers) {
  Read read("kotlin", R"(package com.x
/** Doc. */
@Ann abstract class ^^T(private val ^^a: Int, b: String = "x") : Base(a), I {
  val ^^prop: String = "x"
  val ^^calc: Int get() = helper(1)
  ^^constructor(x: Int) : this(x, "y") { go() }
  override suspend fun ^^run(q: Q, z: Int = 3): List<Q>? { return null }
  abstract fun ^^m()
  companion object {
    fun ^^create(): T = make()
  }
}
interface ^^I {
  fun ^^ex()
}
enum class ^^E { ^^A, ^^B }
object ^^Single {
  fun ^^go() {}
}
typealias ^^Names = List<String>
fun String.^^ext(x: Int): Int = other(x)
val ^^top = T(3)
)");
  EXPECT_EQ(read.facts.package, "com.x");
  EXPECT_THAT(
      read.symbols(),
      ElementsAre("class T", "property T.a", "property T.prop", "property T.calc",
                  "constructor T.constructor", "method T.run", "method T.m;", "method T.create",
                  "interface I", "method I.ex;", "enum E", "enum_member E.A", "enum_member E.B",
                  "class Single", "method Single.go", "type Names", "function String.ext", "variable top"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_TRUE(read.clean());
  EXPECT_THAT(read.symbol("T").bases, ElementsAre("Base", "I"));
  EXPECT_EQ(read.symbol("T").doc, "Doc.");
  EXPECT_EQ(read.symbol("T.run").type, "List<Q>?");
  EXPECT_TRUE(read.symbol("T.run").parameters[1].has_default);
  EXPECT_TRUE(read.symbol("T.create").is_static);
  EXPECT_EQ(read.symbol("String.ext").scope_name, "String");
  EXPECT_THAT(read.calls(), ElementsAre("-> new Base(1)", "T.calc -> helper(1)",
                                        "T.constructor -> new self.constructor(2)", "T.constructor -> go(0)",
                                        "T.create -> make(0)", "String.ext -> other(1)", "-> T(1)"));
}

TEST(ExtractKotlin, TellsReceiversAndValues) {
  Read read("kotlin", R"(
fun f(l: List<T>) {
  val t = T(1)
  val (p, q) = pair()
  for (i in l) i.m()
  l.map { it.x() }.forEach(::handler)
  (t as Foo).go()
  t?.safe()
  super.m()
  val an = object : I { override fun ex() { inner() } }
  named(a = 1, b = g)
  x = y ?: z()
  return t
}
)");
  EXPECT_THAT(read.calls(), ElementsAre("f -> T(1)", "f -> pair(0)", "f -> i.m(0)", "f -> &handler",
                                        "f -> l.map().forEach(1)", "f -> l.map(0)", "f -> it.x(0)",
                                        "f -> <Foo>.go(0)", "f -> t.safe(0)", "f -> super.m(0)",
                                        "f.$I.ex -> inner(0)", "f -> &g", "f -> named(2)", "f -> z(0)"));
  EXPECT_THAT(read.assignments(), ElementsAre("f: t = call T", "f: p = member pair()[0]",
                                              "f: q = member pair()[1]", "f: i = member l[]", "f: an = new I",
                                              "f: x = name y", "f: x = call z", "f: return = name t"));
}

TEST(ExtractKotlin, ReadsImports) {
  Read read("kotlin", "import a.b.C\nimport a.b.*\nimport a.b.D as E\n");
  EXPECT_THAT(read.imports(), ElementsAre("import a.b.C", "from a.b import *", "import a.b.D as E"));
}

}  // namespace
}  // namespace mira::code
