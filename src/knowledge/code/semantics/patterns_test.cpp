// Each pattern on a small world of its own, and what looks like it and is not.
#include <gmock/gmock.h>

#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Case {
  std::string name, path, text;
  std::vector<std::string> found;  // exactly these
};

class Patterns : public testing::TestWithParam<Case> {};

TEST_P(Patterns, AreToldWhereEveryRoleIsThere) {
  SemanticWorld world({{GetParam().path, GetParam().text}});
  EXPECT_THAT(world.patterns(), testing::ElementsAreArray(GetParam().found));
}

const std::vector<Case> cases{
    {"Builder",
     "a.py",
     R"(
class Query:
    def __init__(self, parts): self.parts = parts
class QueryBuilder:
    def __init__(self): self.parts = []
    def where(self, x):
        self.parts.append(x)
        return self
    def order(self, x):
        self.parts.append(x)
        return self
    def build(self):
        return Query(self.parts)
)",
     {"builder QueryBuilder"}},
    {"BuilderWithoutAnEndIsNone",
     "a.py",
     R"(
class Chain:
    def a(self): return self
    def b(self): return self
)",
     {}},
    {"SingletonOfJava",
     "A.java",
     R"(
class Registry {
  private static Registry instance;
  private Registry() {}
  static Registry get() { if (instance == null) instance = new Registry(); return instance; }
}
)",
     {"singleton Registry"}},
    {"AnEnumerationOfConstantsIsNoSingleton",
     "A.java",
     R"(
class Level {
  public static final Level LOW = new Level();
  public static final Level HIGH = new Level();
  private Level() {}
}
)",
     {}},
    {"SingletonOfCpp",
     "a.cpp",
     R"(
class Env {
 public:
  static Env& Instance() { static Env env; return env; }
 private:
  Env() {}
};
)",
     {"singleton Env"}},
    {"SingletonOfPython",
     "a.py",
     R"(
class Config:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance
)",
     {"singleton Config"}},
    {"Factory",
     "a.py",
     R"(
class Shape: pass
class Round(Shape): pass
class Square(Shape): pass
def make(kind):
    if kind == 'r':
        return Round()
    return Square()
)",
     {"factory make"}},
    {"TwoUnrelatedResultsAreNoFactory",
     "a.py",
     R"(
class Left: pass
class Right: pass
def pick(kind):
    if kind: return Left()
    return Right()
)",
     {}},
    {"TemplateMethod",
     "A.java",
     R"(
abstract class Report {
  void print() { head(); body(); }
  void head() {}
  abstract void body();
}
class Short extends Report { void body() {} }
)",
     {"template_method Report"}},
    {"AnAbstractOperationNobodyCallsIsNoTemplate",
     "A.java",
     R"(
abstract class Report {
  void print() {}
  abstract void body();
}
class Short extends Report { void body() {} }
)",
     {}},
    {"Decorator",
     "A.java",
     R"(
interface Source { String read(); }
class Plain implements Source { public String read() { return "x"; } }
class Upper implements Source {
  private final Source inner;
  Upper(Source inner) { this.inner = inner; }
  public String read() { return trim(inner.read()); }
  String trim(String s) { return s.trim(); }
}
)",
     {"decorator Upper"}},
    {"Composite",
     "a.py",
     R"(
class Node:
    def draw(self): raise NotImplementedError()
class Leaf(Node):
    def draw(self): print('leaf')
class Group(Node):
    def __init__(self): self.children = []
    def add(self, child): self.children.append(child)
    def draw(self):
        for child in self.children:
            child.draw()
)",
     {"composite Group"}},
    {"Observer",
     "a.py",
     R"(
class Subject:
    def __init__(self): self._listeners = []
    def subscribe(self, listener): self._listeners.append(listener)
    def notify(self, event):
        for listener in self._listeners:
            listener(event)
)",
     {"observer Subject"}},
    {"AListThatIsOnlyKeptIsNoSubject",
     "a.py",
     R"(
class Cart:
    def __init__(self): self.items = []
    def add(self, item): self.items.append(item)
    def total(self):
        for item in self.items:
            item.price()
)",
     {}},
    {"Visitor",
     "A.java",
     R"(
interface Visitor { void visitLeaf(Leaf l); void visitFork(Fork f); }
class Leaf { void accept(Visitor v) { v.visitLeaf(this); } }
class Fork { void accept(Visitor v) { v.visitFork(this); } }
)",
     {"visitor Visitor"}},
    {"VisitorOfPythonsOwnBase",
     "a.py",
     R"(
import ast
class Names(ast.NodeVisitor):
    def visit_Name(self, node): pass
    def visit_Call(self, node): self.generic_visit(node)
)",
     {"visitor Names"}},
    {"Iterator",
     "a.py",
     R"(
class Count:
    def __iter__(self): return self
    def __next__(self): return 1
)",
     {"iterator Count"}},
    {"WhatIsOnlyIterableIsNoIterator",
     "a.py",
     R"(
class Bag:
    def __iter__(self): return iter([])
)",
     {}},
    {"Strategy",
     "A.java",
     R"(
interface Route { int cost(); }
class Short implements Route { public int cost() { return 1; } }
class Cheap implements Route { public int cost() { return 2; } }
class Planner {
  private final Route route;
  Planner(Route route) { this.route = route; }
  int plan() { return route.cost(); }
}
)",
     {"strategy Planner"}},
    {"AFieldWithOneKindIsNoStrategy",
     "A.java",
     R"(
interface Route { int cost(); }
class Short implements Route { public int cost() { return 1; } }
class Planner {
  private final Route route;
  Planner(Route route) { this.route = route; }
  int plan() { return route.cost(); }
}
)",
     {}},
    {"State",
     "A.java",
     R"(
interface Mode { void press(); }
class On implements Mode { public void press() {} }
class Off implements Mode { public void press() {} }
class Lamp {
  private Mode mode = new Off();
  void press() { mode.press(); }
  void toggle() { mode = new On(); }
}
)",
     {"state Lamp"}},
    {"Command",
     "a.py",
     R"(
from abc import ABC, abstractmethod
class Command(ABC):
    @abstractmethod
    def execute(self): pass
class Copy(Command):
    def execute(self): pass
class Paste(Command):
    def execute(self): pass
)",
     {"command Command"}},
    {"Repository",
     "a.py",
     R"(
class UserRepository:
    def find(self, id): pass
    def save(self, user): pass
    def delete(self, id): pass
)",
     {"repository UserRepository"}},
    {"AbstractFactory",
     "A.java",
     R"(
interface Button { void press(); }
interface Field { void type(); }
class DarkButton implements Button { public void press() {} }
class DarkField implements Field { public void type() {} }
interface Theme { Button createButton(); Field createField(); }
class Dark implements Theme {
  public Button createButton() { return new DarkButton(); }
  public Field createField() { return new DarkField(); }
}
)",
     {"abstract_factory Theme"}},
    {"Prototype",
     "a.cpp",
     R"(
class Shape {
 public:
  virtual Shape* Clone() const = 0;
};
class Round : public Shape {
 public:
  Shape* Clone() const override { return new Round(*this); }
};
class Square : public Shape {
 public:
  Shape* Clone() const override { return new Square(*this); }
};
)",
     {"prototype Shape"}},
    {"TemplateMethodWithAHook",
     "a.py",
     R"(
class Job:
    def run(self):
        self.before()
        print('work')
    def before(self):
        pass
class Loud(Job):
    def before(self):
        print('start')
)",
     {"template_method Job"}},
    {"AHookNobodyFillsIsNoTemplate",
     "a.py",
     R"(
class Job:
    def run(self):
        self.before()
        print('work')
    def before(self):
        pass
)",
     {}},
    {"DecoratorOfATypeFromOutside",
     "A.java",
     R"(
import java.util.Iterator;
class Twice<E> implements Iterator<E> {
  private final Iterator<E> inner;
  Twice(Iterator<E> inner) { this.inner = inner; }
  public boolean hasNext() { return inner.hasNext(); }
  public E next() { inner.next(); return inner.next(); }
}
)",
     {"decorator Twice", "iterator Twice"}},
    {"WhatOnlyForwardsIsNoDecorator",
     "A.java",
     R"(
interface Source { String read(); }
class Plain implements Source { public String read() { return "x"; } }
class Same implements Source {
  private final Source inner;
  Same(Source inner) { this.inner = inner; }
  public String read() { return inner.read(); }
}
)",
     {}},
    {"AdapterOfOneOperation",
     "A.java",
     R"(
interface Check { boolean check(String s); }
class Matcher { boolean fits(String s) { return true; } }
class MatcherCheck implements Check {
  private final Matcher matcher;
  MatcherCheck(Matcher matcher) { this.matcher = matcher; }
  public boolean check(String s) { return matcher.fits(s); }
}
)",
     {"adapter MatcherCheck"}},
    {"ProxyThatHandsOn",
     "a.py",
     R"(
class Lazy:
    def __init__(self, path): self._path = path
    def __getattr__(self, name):
        return getattr(self._file, name)
)",
     {"proxy Lazy"}},
    {"ANamedDefaultIsNoSingleton",
     "A.java",
     R"(
class Chain {
  private static final Chain EMPTY = new Chain();
  private Chain() {}
  static Chain empty() { return EMPTY; }
  Chain around() { return new Chain(); }
}
)",
     {}},
    {"SingletonSeenThroughItsInterface",
     "A.java",
     R"(
interface Rule { boolean holds(); }
final class Always implements Rule {
  public static final Rule INSTANCE = new Always();
  static Rule always() { return INSTANCE; }
  private Always() {}
  public boolean holds() { return true; }
}
)",
     {"singleton Always"}},
    {"CompositeOverAnInheritedList",
     "a.py",
     R"(
class Trigger:
    def next(self): raise NotImplementedError()
class Combining(Trigger):
    def __init__(self): self.triggers = []
class All(Combining):
    def next(self):
        for trigger in self.triggers:
            trigger.next()
)",
     {"composite All"}},
    {"ChoosingOneOfManyIsNoComposite",
     "A.java",
     R"(
interface Step { void run(int i); }
class Choice implements Step {
  private final Step[] steps;
  Choice(Step[] steps) { this.steps = steps; }
  public void run(int i) { steps[i].run(i); }
}
)",
     {}},
    {"ObserverOverACopyOfItsList",
     "A.java",
     R"(
interface Listener { void heard(); }
class Source {
  private List<Listener> listeners = new ArrayList<>();
  void addListener(Listener listener) { listeners.add(listener); }
  private List<Listener> copy() { return new ArrayList<>(listeners); }
  void fire() { for (Listener each : copy()) each.heard(); }
}
)",
     {"observer Source"}},
    {"DependencyInjection",
     "A.java",
     R"(
class Mail { void send() {} }
@Service
class Signup {
  private final Mail mail;
  Signup(Mail mail) { this.mail = mail; }
}
)",
     {"dependency_injection Signup"}},
};

INSTANTIATE_TEST_SUITE_P(Each, Patterns, testing::ValuesIn(cases),
                         [](const auto& one) { return one.param.name; });

TEST(PatternMembers, HaveRolesAndPlaces) {
  SemanticWorld world({{"a.py", cases[0].text}});
  EXPECT_THAT(world.members("builder"),
              ElementsAre("builder QueryBuilder", "step QueryBuilder.where", "step QueryBuilder.order",
                          "build QueryBuilder.build", "product Query"));
}

TEST(PatternMembers, AreFoundByTheirName) {
  SemanticWorld world({{"a.py", cases[0].text}});
  EXPECT_EQ(world.run("patterns", {{"symbol", "Query"}})->data["total"], 1);
  EXPECT_EQ(world.run("patterns", {{"symbol", "Quer"}})->data["total"], 0);
}

TEST(PatternModel, LeavesOutTestsAndGeneratedCode) {
  SemanticWorld world({{"tests/test_a.py", cases[0].text}, {"gen.py", "# @generated\n" + cases[0].text}});
  EXPECT_THAT(world.patterns(), IsEmpty());
}

TEST(PatternModel, ANameThatMeansSeveralTypesIsNotBound) {
  SemanticWorld world({{"a/x.py", "class Shape: pass\n"},
                       {"b/x.py", "class Shape: pass\n"},
                       {"c/y.py",
                        "class Round(Shape): pass\nclass Square(Shape): pass\ndef make(k):\n    if k:\n      "
                        "  return Round()\n"
                        "    return Square()\n"}});
  EXPECT_THAT(world.patterns(), IsEmpty());
}

TEST(PatternModel, AnImportSaysWhichOneAndFromOutsideIsNone) {
  std::string two =
      "class Round(Shape): pass\nclass Square(Shape): pass\ndef make(k):\n    if k:\n        return Round()\n"
      "    return Square()\n";
  SemanticWorld named({{"a/x.py", "class Shape: pass\n"},
                       {"b/x.py", "class Shape: pass\n"},
                       {"c/y.py", "from a.x import Shape\n" + two}});
  EXPECT_THAT(named.patterns(), ElementsAre("factory make"));
  SemanticWorld outside(
      {{"a/x.py", "class Shape: pass\n"}, {"c/y.py", "from elsewhere import Shape\n" + two}});
  EXPECT_THAT(outside.patterns(), IsEmpty());
}

TEST(SemanticIndexer, FollowsEditsToWhatAFreshOneFinds) {
  std::string builder = cases[0].text;
  SemanticWorld world({{"a.py", builder},
                       {"b.py", "class A:\n    pass\n"},
                       {"package.json", R"({"dependencies":{"x":"1"}})"}});
  EXPECT_FALSE(world.findings_are_stale());
  world.write("a.py", "\n\n" + builder);
  world.write("b.py",
              "class Count:\n    def __iter__(self): return self\n    def __next__(self): return 1\n");
  world.write("package.json", R"({"dependencies":{"y":"2"}})");
  world.update();
  SemanticWorld fresh(
      {{"a.py", "\n\n" + builder},
       {"b.py", "class Count:\n    def __iter__(self): return self\n    def __next__(self): return 1\n"},
       {"package.json", R"({"dependencies":{"y":"2"}})"}});
  EXPECT_EQ(world.findings(), fresh.findings());
  world.remove("a.py");
  world.update();
  EXPECT_THAT(world.patterns(), ElementsAre("iterator Count"));
}

TEST(SemanticIndexer, WritesNothingThatStaysAsItIs) {
  SemanticWorld world({{"a.py", cases[0].text}, {"b.py", "x = 1\n"}});
  world.write("b.py", "x = 2\n");
  contracts::UpdateReport report = world.update();
  EXPECT_EQ(report.added + report.changed + report.removed, 0);
  EXPECT_GT(report.unchanged, 0);
}

}  // namespace
}  // namespace mira::semantics
