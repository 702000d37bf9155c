#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(PythonCalls, OfTheSameFile) {
  CodeWorld world{{"a.py", "def f():\n    g()\n\ndef g():\n    pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> g [proved]"));
}

TEST(PythonCalls, AtTheTopOfAFile) {
  CodeWorld world{{"a.py", "def g():\n    pass\n\ng()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("<module> -> g [proved]"));
}

TEST(PythonCalls, ThroughImports) {
  CodeWorld world{
      {"main.py",
       "import tool\nimport tool as t\nfrom tool import cut\nfrom tool import cut as snip\n\n"
       "def a():\n    tool.cut()\n\ndef b():\n    t.cut()\n\ndef c():\n    cut()\n\ndef d():\n    snip()\n"},
      {"tool.py", "def cut():\n    pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]", "b -> cut [proved]", "c -> cut [proved]",
                                         "d -> cut [proved]"));
}

TEST(PythonCalls, ThroughAPackageThatReexports) {
  CodeWorld world{{"main.py", "from pkg import run\n\ndef main():\n    run()\n"},
                  {"pkg/__init__.py", "from .core import run as run\n"},
                  {"pkg/core.py", "def run():\n    pass\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("main -> run pkg/core.py [proved]"));
}

TEST(PythonCalls, ThroughAStarImport) {
  CodeWorld world{{"main.py", "from tool import *\n\ndef main():\n    cut()\n"},
                  {"tool.py", "def cut():\n    pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("main -> cut [proved]"));
}

TEST(PythonCalls, OfAPackageUnderSrcFromTests) {
  CodeWorld world{{"src/pkg/__init__.py", ""},
                  {"src/pkg/core.py", "def run():\n    pass\n"},
                  {"tests/test_core.py", "from pkg.core import run\n\ndef test_run():\n    run()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("test_run -> run [proved]"));
}

TEST(PythonCalls, OfAModuleOutsideNeverReachANamesake) {
  CodeWorld world{
      {"src/pkg/__init__.py", ""},
      {"src/pkg/json.py", "def dumps(x):\n    pass\n"},
      {"src/pkg/a.py", "import json\nfrom os.path import join\n\ndef f():\n    json.dumps(1)\n    join(1)\n"},
      {"src/pkg/b.py", "def join(x):\n    pass\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_THAT(world.open_calls(),
              ElementsAre("join: external:os.path.join", "json.dumps: external:json.dumps"));
}

TEST(PythonCalls, OfMethodsThroughSelfAndBases) {
  CodeWorld world{{"a.py",
                   "class Base:\n    def log(self):\n        pass\n\n"
                   "class Thing(Base):\n    def run(self):\n        self.log()\n        self.stop()\n        "
                   "super().log()\n"
                   "    def stop(self):\n        pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Thing.run -> Base.log [proved]", "Thing.run -> Base.log [proved]",
                                         "Thing.run -> Thing.stop [proved]"));
}

TEST(PythonCalls, OfAConstructorGoToInitElseToTheClass) {
  CodeWorld world{
      {"a.py",
       "class A:\n    def __init__(self):\n        pass\n\nclass B(A):\n    pass\n\nclass C:\n    pass\n\n"
       "def f():\n    A()\n    B()\n    C()\n"}};
  EXPECT_THAT(world.calls(),
              ElementsAre("f -> A.__init__ [proved]", "f -> A.__init__ [proved]", "f -> C [proved]"));
}

TEST(PythonCalls, OnReceiversWithADeclaredType) {
  CodeWorld world{{"a.py",
                   "from __future__ import annotations\nimport typing as t\n\n"
                   "class A:\n    def go(self) -> A:\n        return self\n\n"
                   "def f(a: A):\n    a.go()\n\ndef g(a: t.Optional[A]):\n    a.go()\n\ndef h(a: 'A | "
                   "None'):\n    a.go()\n\n"
                   "def make() -> A: ...\n\ndef i():\n    make().go().go()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> A.go [proved]", "g -> A.go [proved]", "h -> A.go [proved]",
                                         "i -> A.go [proved]", "i -> A.go [proved]", "i -> make [proved]"));
}

TEST(PythonCalls, ThroughAssignmentsAreInferred) {
  CodeWorld world{{"a.py",
                   "class A:\n    def go(self):\n        pass\n\ndef make():\n    return A()\n\n"
                   "def f():\n    a = A()\n    a.go()\n\ndef g():\n    b = make()\n    b.go()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> A [proved]", "f -> A.go [inferred]", "g -> A.go [inferred]",
                                         "g -> make [proved]", "make -> A [proved]"));
}

TEST(PythonCalls, OnAFieldSetInTheConstructor) {
  CodeWorld world{{"a.py",
                   "class Db:\n    def put(self):\n        pass\n\n"
                   "class App:\n    def __init__(self):\n        self.db = Db()\n    def run(self):\n        "
                   "self.db.put()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("App.__init__ -> Db [proved]", "App.run -> Db.put [inferred]"));
}

TEST(PythonCalls, OfAParameterAreNotTheFunctionOfThatName) {
  CodeWorld world{{"a.py", "def run():\n    pass\n\ndef f(run):\n    run()\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(PythonCalls, OfACommonMemberOnAnUnknownReceiverLeadOut) {
  CodeWorld world{
      {"a.py",
       "class Log:\n    def append(self, x):\n        pass\n\ndef f(things):\n    things.append(1)\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_THAT(world.open_calls(), ElementsAre("things.append: external:std"));
}

TEST(PythonCalls, ByNameOnlyAreOnlyPossible) {
  CodeWorld world{
      {"a.py",
       "class A:\n    def frobnicate(self):\n        pass\n\ndef f(thing):\n    thing.frobnicate()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> A.frobnicate [possible]"));
}

TEST(PythonCalls, OfAnUnknownMemberOfAKnownModuleAreNotTheEnclosingMethod) {
  CodeWorld world{{"a.py", "class A:\n    def send(self):\n        self.mailer.send()\n"}};
  EXPECT_THAT(world.calls(), Not(Contains("A.send -> A.send [proved]")));
}

TEST(PythonCalls, OfAPropertyGiveWhatItReturns) {
  CodeWorld world{{"a.py",
                   "class Db:\n    def put(self):\n        pass\n\n"
                   "class App:\n    @property\n    def db(self) -> Db:\n        ...\n    def run(self):\n    "
                   "    self.db.put()\n"}};
  EXPECT_THAT(world.calls(), Contains("App.run -> Db.put [proved]"));
}

TEST(PythonCalls, PassedAsAValueAreOnlyPossible) {
  CodeWorld world{{"a.py", "def g():\n    pass\n\ndef f():\n    sorted([], key=g)\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> g [possible]"));
}

TEST(PythonCalls, CyclesEnd) {
  CodeWorld world{
      {"a.py", "from b import x\n\ndef f():\n    x.go()\n\nx = x\n"},
      {"b.py",
       "from a import x\n\nclass A(B):\n    pass\n\nclass B(A):\n    def go(self):\n        self.come()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> B.go [possible]"));
}

TEST(PythonCalls, OfInheritedMethodsFollowTheOrderThatPythonLooksIn) {
  CodeWorld world{{"a.py",
                   "class Node:\n    def collect(self):\n        pass\n\n"
                   "class File(Node):\n    pass\n\n"
                   "class Python(Node):\n    def collect(self):\n        pass\n\n"
                   "class Module(File, Python):\n    def run(self):\n        self.collect()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Module.run -> Python.collect [proved]"));
}

TEST(PythonCalls, OfAnObjectRunItsCallMethodAndThatIsInferred) {
  CodeWorld world{{"a.py",
                   "class Fail:\n    def __call__(self):\n        pass\n\n"
                   "fail: Fail = Fail()\n\ndef f():\n    fail()\n"}};
  EXPECT_THAT(world.calls(), Contains("f -> Fail.__call__ [inferred]"));
}

TEST(PythonCalls, OfAProtocolRunNothingOfTheProtocol) {
  CodeWorld world{{"a.py",
                   "from typing import Protocol\n\n"
                   "class Paint(Protocol):\n    def __call__(self, x):\n        ...\n\n"
                   "def f(paint: Paint):\n    paint(1)\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(PythonCalls, OfAClassHeldInATypedField) {
  CodeWorld world{{"a.py",
                   "class Provider:\n    def dumps(self):\n        pass\n\n"
                   "class App:\n    provider_class: type[Provider] = Provider\n\n"
                   "    def __init__(self):\n        self.json: Provider = self.provider_class()\n\n"
                   "    def run(self):\n        self.json.dumps()\n"}};
  EXPECT_THAT(world.calls(), Contains("App.run -> Provider.dumps [proved]"));
}

TEST(PythonCalls, OfAPropertyGiveItsResultNotItsSetter) {
  CodeWorld world{{"a.py",
                   "class Item:\n    @property\n    def obj(self):\n        return 1\n\n"
                   "    @obj.setter\n    def obj(self, value):\n        pass\n\n"
                   "def f(item: Item):\n    g = item.obj\n    g()\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

}  // namespace
}  // namespace mira::code
