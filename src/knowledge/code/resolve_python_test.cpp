#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
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

constexpr const char* fail_class = "class Fail:\n    def __call__(self):\n        pass\n\n";

TEST(PythonCalls, OfALocalObjectRunItsCallMethodAndThatIsInferred) {
  for (const char* body : {"def f():\n    fail = Fail()\n    fail()\n", "def f(fail: Fail):\n    fail()\n",
                           "def f():\n    Fail()()\n"}) {
    CodeWorld world{{"a.py", std::string(fail_class) + body}};
    EXPECT_THAT(world.calls(), Contains("f -> Fail.__call__ [inferred]")) << body;
  }
}

TEST(PythonCalls, OfAGlobalObjectAreOfTheGlobalWhichRunsTheCallMethod) {
  const std::string global = std::string(fail_class) + "fail: Fail = Fail()\n";
  struct Case {
    const char *user, *edge;
  };
  for (const Case& one : {
           Case{"from a import fail\n\ndef f():\n    fail()\n", "f -> fail [proved]"},
           Case{"import a\n\ndef f():\n    a.fail()\n", "f -> fail [proved]"},
           Case{"from a import fail as no\n\ndef f():\n    no()\n", "f -> fail [proved]"},
           Case{"from a import fail\n\nstop = fail\n\ndef f():\n    stop()\n", "f -> fail [inferred]"},
           Case{"from a import fail\n\ndef f():\n    no = fail\n    no()\n", "f -> fail [inferred]"},
       }) {
    CodeWorld world{{"a.py", global}, {"b.py", one.user}};
    EXPECT_THAT(world.calls(), Contains(one.edge)) << one.user;
    EXPECT_THAT(world.calls(), Contains("fail -> Fail.__call__ [inferred]")) << one.user;
    EXPECT_THAT(world.calls(), Not(Contains("f -> Fail.__call__ [inferred]"))) << one.user;
  }
}

TEST(PythonCalls, OfAGlobalThatHoldsAFunctionOrAnUnknownValueAreNotOfTheGlobal) {
  CodeWorld world{{"a.py",
                   "import other\n\nclass Plain:\n    pass\n\ndef cut(): pass\n\n"
                   "snip = cut\nthing = Plain()\nmade = other.make()\n\n"
                   "def f():\n    snip()\n\ndef g():\n    thing()\n\ndef h():\n    made()\n"}};
  EXPECT_THAT(world.calls(), Contains("f -> cut [inferred]"));
  for (const std::string& call : world.calls()) {
    EXPECT_THAT(call, Not(::testing::HasSubstr("-> snip")));
    EXPECT_THAT(call, Not(::testing::HasSubstr("-> thing")));
    EXPECT_THAT(call, Not(::testing::HasSubstr("-> made")));
  }
}

TEST(PythonCalls, OfAGlobalFollowTheObjectThatAnEditPutsThere) {
  const std::string user = "from a import fail\n\ndef f():\n    fail()\n";
  CodeWorld world{{"a.py", std::string(fail_class) + "fail = Fail()\n"}, {"b.py", user}};
  EXPECT_THAT(world.calls(), Contains("f -> fail [proved]"));
  world.let_a_minute_pass();
  world.write("a.py", std::string(fail_class) + "def fail(): pass\n");
  world.refresh();
  CodeWorld fresh{{"a.py", std::string(fail_class) + "def fail(): pass\n"}, {"b.py", user}};
  EXPECT_EQ(world.everything(), fresh.everything());
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

TEST(PythonCalls, OfWhatIsHandedToAnUntypedParameter) {
  CodeWorld world{{"a.py",
                   "def cut(): pass\ndef paste(): pass\ndef glue(): pass\n"
                   "def run(f, g=None, *, h=None):\n    f()\n    g()\n    h()\n"
                   "def main():\n    run(cut, h=glue, g=paste)\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"run -> cut [inferred]", "run -> paste [inferred]",
                                           "run -> glue [inferred]", "main -> run [proved]"}));
}

TEST(PythonCalls, OfAParameterWithATypeAreWhatItsTypeSays) {
  CodeWorld world{{"a.py",
                   "class A:\n    def go(self): pass\nclass B:\n    def go(self): pass\n"
                   "def run(x: A):\n    x.go()\ndef main(b):\n    run(b)\nmain(B())\n"}};
  EXPECT_THAT(world.calls(), Contains("run -> A.go [proved]"));
  EXPECT_THAT(world.calls(), Not(Contains(testing::HasSubstr("B.go"))));
}

TEST(PythonCalls, OfTheObjectItselfAreNotMistakenForAnArgument) {
  CodeWorld world{{"a.py",
                   "def cut(): pass\nclass A:\n    def run(self, f):\n        f()\n"
                   "def one(a: A):\n    a.run(cut)\ndef two(a: A):\n    A.run(a, cut)\n"}};
  EXPECT_THAT(world.calls(), Contains("A.run -> cut [inferred]"));
}

TEST(PythonCalls, HandedOnFromFunctionToFunction) {
  CodeWorld world{{"a.py",
                   "def cut(): pass\ndef inner(f):\n    f()\ndef middle(f):\n    inner(f)\n"
                   "def outer(f):\n    middle(f)\nouter(cut)\n"}};
  EXPECT_THAT(world.calls(), Contains("inner -> cut [inferred]"));
}

TEST(PythonCalls, OfWhatStandsUnderADecorator) {
  CodeWorld world{
      {"a.py",
       "def wrap(f):\n    def inner():\n        f()\n    return inner\n"
       "@wrap\ndef cut(): pass\ndef make():\n    def wrapper(f):\n        f()\n    return wrapper\n"
       "@make()\ndef paste(): pass\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"wrap.inner -> cut [inferred]", "make.wrapper -> paste [inferred]",
                                           "<module> -> make.wrapper [inferred]"}));
}

TEST(PythonCalls, OfWhatACallGives) {
  CodeWorld world{{"a.py",
                   "def cut(): pass\ndef give():\n    return cut\ndef twice():\n    return give\n"
                   "def one():\n    give()()\ndef two():\n    twice()()()\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"one -> cut [inferred]", "two -> cut [inferred]",
                                           "two -> give [inferred]", "two -> twice [proved]"}));
}

TEST(PythonCalls, OfRaiseMakeTheClassAndNothingOfAnObject) {
  CodeWorld world{{"a.py",
                   "class Fault(Exception):\n    def __init__(self): pass\n    def __call__(self): pass\n"
                   "def one():\n    raise Fault\ndef two(e: Fault):\n    raise e\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("one -> Fault.__init__ [proved]"));
}

TEST(PythonCalls, OfALoopAreIterAndNext) {
  CodeWorld world{{"a.py",
                   "class Line:\n    def __iter__(self):\n        return self\n    def __next__(self): pass\n"
                   "def walk(line: Line):\n    for x in line: pass\n    return [y for y in line]\n"
                   "def other(all: list[int]):\n    for x in all: pass\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"walk -> Line.__iter__ [proved]"}));
  EXPECT_THAT(world.calls(), Contains(testing::StartsWith("walk -> Line.__next__")));
  EXPECT_THAT(world.open_calls(), Not(Contains(testing::HasSubstr("__iter__"))));
}

TEST(PythonCalls, OfWhatIsPutIntoAContainer) {
  CodeWorld world{
      {"a.py",
       "def cut(): pass\ndef paste(): pass\ndef glue(): pass\nall = []\ntable = {}\n"
       "def register():\n    all.append(cut)\n    table[\"p\"] = paste\n    table.update({\"g\": glue})\n"
       "def run():\n    for f in all:\n        f()\n    table[\"p\"]()\n    table[\"g\"]()\n"
       "def hang(): pass\ndef apart():\n    all = []\n    all.append(hang)\n"}};
  EXPECT_THAT(world.calls(),
              IsSupersetOf({"run -> cut [inferred]", "run -> glue [inferred]", "run -> paste [inferred]"}));
  EXPECT_THAT(world.calls(), Not(Contains(testing::StartsWith("run -> hang"))));
}

TEST(PythonCalls, OfAFieldThatABaseSetsToo) {
  CodeWorld world{{"a.py",
                   "class B:\n    def set_b(self):\n        self.f = self.one\n    def one(self): pass\n"
                   "class A(B):\n    def set_a(self):\n        self.f = self.two\n    def two(self): pass\n"
                   "def run(a: A):\n    a.f()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("run -> A.two [inferred]", "run -> B.one [inferred]"));
}

// The author's word for the type, by whichever name typing's cast is imported; a cast of the project's own is
// a function like any other.
TEST(PythonCalls, ThroughACastOfTypingAreOfTheTypeItNames) {
  struct Case {
    const char *import, *call;
    bool known;
  };
  for (const Case& one : {Case{"from typing import cast", "cast(Part, x)", true},
                          Case{"from typing import cast", "cast(\"Part\", x)", true},
                          Case{"import typing", "typing.cast(Part, x)", true},
                          Case{"import typing as t", "t.cast(Part, x)", true},
                          Case{"from typing import cast as as_a", "as_a(Part, x)", true},
                          Case{"from tools import cast", "cast(Part, x)", false},
                          Case{"import tools as t", "t.cast(Part, x)", false}}) {
    CodeWorld world{{"main.py", std::string(one.import) + "\nfrom part import Part\n\ndef f(x):\n    y = " +
                                    one.call + "\n    y.tighten()\n"},
                    {"part.py", "class Part:\n    def tighten(self):\n        pass\n"},
                    {"tools.py", "def cast(kind, value):\n    return value.other()\n"}};
    auto called =
        ::testing::AnyOf(Contains("f -> Part.tighten [proved]"), Contains("f -> Part.tighten [inferred]"));
    if (one.known)
      EXPECT_THAT(world.calls(), called) << one.import << ": " << one.call;
    else
      EXPECT_THAT(world.calls(), Not(called)) << one.import << ": " << one.call;
  }
}

TEST(PythonCalls, OfTheFirstOfAListAreOfTheSameElements) {
  CodeWorld world{{"main.py",
                   "class Part:\n    def tighten(self):\n        pass\n\n"
                   "def parts() -> list[Part]:\n    return []\n\n"
                   "def f():\n    all = parts()\n    for one in all[:len(all)]:\n        one.tighten()\n\n"
                   "def g():\n    parts()[:2][0].tighten()\n"}};
  EXPECT_THAT(world.calls(),
              AllOf(Contains("f -> Part.tighten [inferred]"), Contains("g -> Part.tighten [proved]")));
}

TEST(PythonCalls, OfASliceThatMovesItsElementsAreNotOfThoseThatStoodThere) {
  for (const char* slice : {"1:3", "1:", "::2", "n:"}) {
    CodeWorld world{
        {"main.py",
         "def one(): pass\ndef two(): pass\n\ndef f(n):\n    all = [one, two, two]\n    some = all[" +
             std::string(slice) + "]\n    some[0]()\n"}};
    EXPECT_THAT(world.calls(), Not(Contains("f -> one [inferred]"))) << slice;
    EXPECT_THAT(world.calls(), Not(Contains("f -> one [proved]"))) << slice;
  }
}

TEST(PythonCalls, OfModulesInAFolderWithoutInit) {
  CodeWorld world{{"main.py", "from nest import tool\ndef run():\n    tool.cut()\n"},
                  {"nest/tool.py", "def cut(): pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("run -> cut [proved]"));
}

TEST(PythonCalls, OfNamesBesideAStarredOne) {
  CodeWorld world{{"a.py",
                   "def one(): pass\ndef two(): pass\ndef three(): pass\ndef four(): pass\n"
                   "def run():\n    a, *b, c = one, two, three, four\n    a()\n    c()\n    b[1]()\n"}};
  EXPECT_THAT(world.calls(),
              ElementsAre("run -> four [inferred]", "run -> one [inferred]", "run -> three [inferred]"));
}

const std::string two = "def one():\n    pass\n\n\ndef two():\n    pass\n\n\n";

struct Overwritten {
  const char* name;
  std::string text;
  std::vector<std::string> calls;
};

class OverwrittenValues : public testing::TestWithParam<Overwritten> {};

TEST_P(OverwrittenValues, AreNoTargets) {
  CodeWorld world({{"a.py", two + GetParam().text}});
  EXPECT_EQ(world.calls(), GetParam().calls);
}

const std::vector<std::string> only_one = {"<module> -> one [inferred]"},
                               only_two = {"<module> -> two [inferred]"},
                               both = {"<module> -> one [inferred]", "<module> -> two [inferred]"};

INSTANTIATE_TEST_SUITE_P(
    Python, OverwrittenValues,
    testing::Values(Overwritten{"Name", "f = one\nf = two\nf()\n", only_two},
                    Overwritten{"Thrice", "f = one\nf = one\nf = two\nf()\n", only_two},
                    Overwritten{"Element", "d = {'a': one}\nd['a'] = two\nd['a']()\n", only_two},
                    Overwritten{"ElementTwice", "d = {}\nd['a'] = one\nd['a'] = two\nd['a']()\n", only_two},
                    Overwritten{"Update", "d = {'a': one}\nd.update({'a': two})\nd['a']()\n", only_two},
                    Overwritten{"OtherKey", "d = {'a': one}\nd['b'] = two\nd['a']()\n", only_one},
                    Overwritten{"ReadBetween", "f = one\ng = f\nf = two\ng()\n", both},
                    Overwritten{"ReadByTheNext", "f = one\nf = f or two\nf()\n", both},
                    Overwritten{"InABranch", "f = one\nif f:\n    f = two\nf()\n", both},
                    Overwritten{"KeysOfTwoTypes", "d = {1: one, '1': two}\nd[1]()\n", only_one},
                    Overwritten{"TheOtherType", "d = {1: one, '1': two}\nd['1']()\n", only_two}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace mira::code
