#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::ElementsAre;

TEST(ExtractElements, Shell) {
  Read read("bash",
            "# Builds.\n^^build() { compile \"$1\" | tee log; }\nfunction ^^all { . ./lib.sh; build a; "
            "}\n^^X=1\nall\n");
  EXPECT_THAT(read.symbols(), ElementsAre("function build", "function all", "variable X"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_EQ(read.symbol("build").doc, "Builds.");
  EXPECT_THAT(read.calls(),
              ElementsAre("build -> compile(1)", "build -> tee(1)", "all -> build(1)", "-> all(0)"));
  EXPECT_THAT(read.imports(), ElementsAre("import ./lib.sh"));
}

TEST(ExtractElements, Lua) {
  Read read("lua", R"(
local m = require("a.b")
local function ^^f(a) return g(a) end
function M.^^h(x) return x:z(1) end
local ^^n = function() m.o() end
)");
  EXPECT_THAT(read.symbols(), ElementsAre("function f", "method M.h", "function n"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.calls(), ElementsAre("f -> g(1)", "M.h -> x.z(1)", "n -> m.o(0)"));
  EXPECT_THAT(read.imports(), ElementsAre("import a.b"));
}

TEST(ExtractElements, Swift) {
  Read read("swift", R"(
import Foundation
class ^^A: B, C {
  let ^^x: Int = 3
  ^^init(a: Int) { super.init() }
  func ^^f(_ p: T) -> V { g(p).h { $0.i() }; self.j() }
}
protocol ^^P {
  func ^^m()
}
)");
  EXPECT_THAT(read.symbols(), ElementsAre("class A", "property A.x", "constructor A.init", "method A.f",
                                          "interface P", "method P.m"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("A").bases, ElementsAre("B", "C"));
  EXPECT_THAT(read.calls(), ElementsAre("A.init -> super.init(0)", "A.f -> g().h(0)", "A.f -> g(1)",
                                        "A.f -> $0.i(0)", "A.f -> self.j(0)"));
}

TEST(ExtractElements, Scala) {
  Read read("scala", R"(
package a.b
import e.{f => g, h}
class ^^A(x: Int) extends B(x) with C {
  val ^^y: Int = 3
  def ^^f(p: T)(q: U): V = { g(p).h(1); this.j(); new K(1) }
}
object ^^O {
  def ^^n() = 1
}
)");
  EXPECT_EQ(read.facts.package, "a.b");
  EXPECT_THAT(read.symbols(), ElementsAre("class A", "field A.y", "method A.f", "class O", "method O.n"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("A").bases, ElementsAre("B", "C"));
  EXPECT_THAT(read.calls(),
              ElementsAre("A.f -> g().h(1)", "A.f -> g(1)", "A.f -> self.j(0)", "A.f -> new K(1)"));
  EXPECT_THAT(read.imports(), ElementsAre("from e import f as g", "from e import h"));
}

}  // namespace
}  // namespace mira::code
