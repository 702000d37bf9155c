#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ExtractPython, NamesClassesMethodsAndNestedFunctions) {
  Read read("python", R"(
class ^^Dog(Animal, metaclass=Meta):
    ^^legs: int = 4
    def ^^__init__(self): pass
    async def ^^bark(self):
        def ^^inner(): pass
^^LIMIT = 3
^^speed = 1
speed = 2
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class Dog", "field Dog.legs", "constructor Dog.__init__", "method Dog.bark",
                          "function Dog.bark.inner", "constant LIMIT", "variable speed"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("Dog").bases, ElementsAre("Animal"));
  EXPECT_TRUE(read.symbol("Dog.bark").is_async_or_generator);
  EXPECT_EQ(read.symbol("Dog.legs").type, "int");
}

TEST(ExtractPython, DescribesAFunctionWhole) {
  Read read("python", R"(
@app.route("/")
@cached
def get(a, b: int = 3, *rest, key=None, **more) -> list[int]:
    """First line.

    Second.
    """
    if a and b:
        return [x for x in rest if x]
)");
  const Symbol& get = read.symbol("get");
  EXPECT_EQ(get.signature, "def get(a, b: int = 3, *rest, key=None, **more) -> list[int]");
  EXPECT_EQ(get.doc, "First line.\n\nSecond.");
  EXPECT_EQ(get.type, "list[int]");
  EXPECT_THAT(get.decorators, ElementsAre("app.route(\"/\")", "cached"));
  EXPECT_EQ(get.start_line, 2);
  EXPECT_EQ(get.name_line, 4);
  EXPECT_EQ(get.end_line, 10);
  EXPECT_EQ(get.complexity, 5);
  ASSERT_EQ(get.parameters.size(), 5u);
  EXPECT_EQ(get.parameters[1].type, "int");
  EXPECT_TRUE(get.parameters[1].has_default);
  EXPECT_TRUE(get.parameters[2].variadic);
  EXPECT_EQ(get.parameters[4].name, "more");
}

TEST(ExtractPython, TellsWhatReceivesACall) {
  Read read("python", R"(
class A:
    def f(self, x):
        g(1, k=2)
        self.h()
        self.db.get(x)
        x.go()
        super().f(x)
        make().run(*x)
        make()()
        "a".join(x)
        table["k"](1)
        [1].append(2)
        (a + b).c()
)");
  EXPECT_THAT(read.calls(),
              ElementsAre("A.f -> g(2)", "A.f -> self.h(0)", "A.f -> self.db.get(1)", "A.f -> x.go(0)",
                          "A.f -> super.f(1)", "A.f -> make().run(*)", "A.f -> make(0)", "A.f -> make()(0)",
                          "A.f -> make(0)", "A.f -> 'string'.join(1)", "A.f -> table[k](1)",
                          "A.f -> 'list'.append(1)", "A.f -> ?.c(0)"));
}

TEST(ExtractPython, CallsBelongToTheNearestNamedFunction) {
  Read read("python", R"(
^^top()
def f():
    def g():
        ^^inner()
    return lambda: ^^lazy()
class C:
    x = ^^field()
)");
  EXPECT_THAT(read.calls(), ElementsAre("-> top(0)", "f.g -> inner(0)", "f -> lazy(0)", "-> field(0)"));
  EXPECT_EQ(read.call_places(), read.marks());
}

TEST(ExtractPython, CallbacksAreReferencesUnlessTheyAreLocal) {
  Read read("python", R"(
def f(param):
    local = 1
    register(handler, key=module.hook)
    register(param, local, CONSTANT)
@decorate
def g(): pass
)");
  EXPECT_THAT(read.calls(), ElementsAre("f -> &handler", "f -> &module.hook", "f -> register(2)",
                                        "f -> register(3)", "-> @decorate"));
  EXPECT_EQ(read.facts.calls[2].passed[0].value, "handler");
  EXPECT_EQ(read.facts.calls[2].passed[1].keyword, "key");
}

TEST(ExtractPython, ReadsImports) {
  Read read("python", R"(
import os.path as p, sys
from . import a
from ..pkg.mod import (b as c, d)
from x import *
def f():
    import late
)");
  EXPECT_THAT(read.imports(), ElementsAre("import os.path as p", "import sys", "from . import a",
                                          "from ..pkg.mod import b as c", "from ..pkg.mod import d",
                                          "from x import *", "import late"));
  EXPECT_EQ(read.facts.imports.back().scope, 0);
}

TEST(ExtractPython, FollowsValues) {
  Read read("python", R"(
class A:
    def f(this, q: Queue, g=helper):
        this.db = Db()
        x, y = q.get(), h
        (a, b) = pair()
        for k, v in items: pass
        with open() as fh: pass
        table = {"go": run, 1: stop}
        table["x"] = late
        z = a if b else c()
        return x or y
    def gen(self):
        yield make()
)");
  EXPECT_THAT(
      read.assignments(),
      ElementsAre("A.f: g = name helper", "A.f: self.db = call Db", "A.f: x = call q.get", "A.f: y = name h",
                  "A.f: a = member pair()[0]", "A.f: b = member pair()[1]", "A.f: k = member items[][0]",
                  "A.f: v = member items[][1]", "A.f: fh = call open", "A.f: table = container dict",
                  "A.f: table[go] = name run", "A.f: table[1] = name stop", "A.f: table[x] = name late",
                  "A.f: z = name a", "A.f: z = call c", "A.f: return = name x", "A.f: return = name y",
                  "A.gen: return[] = call make"));
  EXPECT_THAT(read.types(), ElementsAre("A.f: q: Queue"));
}

TEST(ExtractPython, ExportsWhatAllSays) {
  EXPECT_THAT(Read("python", "__all__ = ['a', \"b\"]\n").exports(), ElementsAre("a = a", "b = b"));
  EXPECT_THAT(Read("python", "def a(): pass\n").exports(), IsEmpty());
}

TEST(ExtractPython, KnowsStaticAbstractAndPrivate) {
  Read read("python", R"(
class A:
    @staticmethod
    def s(): pass
    @abc.abstractmethod
    def v(self): pass
    def _p(self): pass
)");
  EXPECT_TRUE(read.symbol("A.s").is_static);
  EXPECT_TRUE(read.symbol("A.v").is_virtual);
  EXPECT_EQ(read.symbol("A._p").visibility, Visibility::private_);
}

TEST(ExtractPython, BrokenCodeGivesWhatIsWhole) {
  Read read("python", "def good():\n    a()\n\ndef bad(:\n    b(\n\ndef later():\n    c()\n");
  EXPECT_EQ(read.facts.state, ParseState::partial);
  EXPECT_THAT(read.symbols(), Contains("function good"));
  EXPECT_THAT(read.calls(), Contains("good -> a(0)"));
}

}  // namespace
}  // namespace mira::code
