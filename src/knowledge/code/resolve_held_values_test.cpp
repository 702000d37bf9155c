// Values that come in pairs, in containers, or perhaps not at all: tuples, channels, Option and Result,
// and what a lambda is called with.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<std::string> sure(const CodeWorld::Files& files) {
  CodeWorld world(files);
  std::vector<std::string> calls = world.calls();
  std::erase_if(calls, [](const std::string& call) { return call.ends_with("[possible]"); });
  return calls;
}

constexpr const char* go_types =
    "package p\ntype Item struct{}\nfunc (i *Item) Price() {}\ntype Shop struct{}\nfunc (s *Shop) Open() {}\n"
    "func New() (s *Shop, err error) { return nil, nil }\nfunc Pair() (*Item, *Shop) { return nil, nil }\n";

std::vector<std::string> of_go(const std::string& body) {
  std::vector<std::string> calls = sure({{"a.go", go_types + ("func run() {\n" + body + "}\n")}});
  std::erase_if(calls, [](const std::string& call) { return !call.contains("."); });
  return calls;
}

TEST(HeldValues, OfSeveralResultsOfGo) {
  EXPECT_THAT(of_go("s, err := New()\n_ = err\ns.Open()\n"), ElementsAre("run -> Shop.Open [inferred]"));
  EXPECT_THAT(of_go("i, s := Pair()\ni.Price()\ns.Open()\n"),
              ElementsAre("run -> Item.Price [inferred]", "run -> Shop.Open [inferred]"));
  EXPECT_THAT(of_go("_, s := Pair()\ns.Open()\n"), ElementsAre("run -> Shop.Open [inferred]"));
  EXPECT_THAT(of_go("s, err := New()\nerr.Open()\n_ = s\n"), ElementsAre());
}

TEST(HeldValues, OfWhatGoMakesByItsType) {
  EXPECT_THAT(of_go("c := make(chan *Item)\ni := <-c\ni.Price()\n"),
              ElementsAre("run -> Item.Price [inferred]"));
  EXPECT_THAT(of_go("m := make(map[string]*Item)\nm[\"a\"].Price()\n"),
              ElementsAre("run -> Item.Price [inferred]"));
  EXPECT_THAT(of_go("m := map[string]*Shop{}\nfor _, s := range m {\ns.Open()\n}\n"),
              ElementsAre("run -> Shop.Open [inferred]"));
}

constexpr const char* rust_types =
    "pub struct Shop {}\nimpl Shop {\n    pub fn open() -> Result<Shop, Fault> { todo!() }\n"
    "    pub fn close(&self) {}\n}\npub struct Fault {}\nimpl Fault { pub fn tell(&self) {} }\n"
    "pub struct Held<'a> { opt: Option<Shop>, kept: &'a Shop, pair: (Shop, Fault), many: [Shop; 3] }\n";

std::vector<std::string> of_rust(const std::string& body) {
  std::vector<std::string> calls =
      sure({{"src/lib.rs", rust_types + ("fn run(h: &Held) -> Result<(), Fault> {\n" + body + "}\n")}});
  std::erase_if(calls, [](const std::string& call) { return call.contains("Shop::open"); });
  return calls;
}

TEST(HeldValues, OfOptionAndResultOfRust) {
  EXPECT_THAT(of_rust("let s = Shop::open()?;\ns.close();\n"), ElementsAre("run -> Shop::close [inferred]"));
  EXPECT_THAT(of_rust("Shop::open()?.close();\n"), ElementsAre("run -> Shop::close [proved]"));
  EXPECT_THAT(of_rust("let s = Shop::open().unwrap();\ns.close();\n"),
              ElementsAre("run -> Shop::close [inferred]"));
  EXPECT_THAT(of_rust("match Shop::open() {\nOk(s) => s.close(),\nErr(e) => e.tell(),\n}\n"),
              ElementsAre("run -> Fault::tell [inferred]", "run -> Shop::close [inferred]"));
  EXPECT_THAT(of_rust("if let Some(s) = &h.opt { s.close(); }\n"),
              ElementsAre("run -> Shop::close [inferred]"));
  EXPECT_THAT(of_rust("h.opt.as_ref().unwrap().close();\n"), ElementsAre("run -> Shop::close [proved]"));
}

TEST(HeldValues, OfLifetimesTuplesAndArraysOfRust) {
  EXPECT_THAT(of_rust("h.kept.close();\n"), ElementsAre("run -> Shop::close [proved]"));
  EXPECT_THAT(of_rust("let (s, f) = &h.pair;\ns.close();\nf.tell();\n"),
              ElementsAre("run -> Fault::tell [inferred]", "run -> Shop::close [inferred]"));
  EXPECT_THAT(of_rust("h.many[0].close();\n"), ElementsAre("run -> Shop::close [proved]"));
}

TEST(HeldValues, ATestModuleOfRustSeesItsFile) {
  CodeWorld::Files files = {
      {"src/lib.rs",
       "pub mod a;\npub fn local() {}\nmod tests {\n    use super::*;\n    fn t() { local(); }\n}\n"},
      {"src/a.rs", "pub fn own() {}\nmod tests {\n    use super::*;\n    fn t() { own(); }\n}\n"}};
  EXPECT_THAT(sure(files), ElementsAre("tests::t -> local [proved]", "tests::t -> own [proved]"));
}

TEST(HeldValues, OfTuplesOfCsharpAndTypeScript) {
  EXPECT_THAT(sure({{"a.cs",
                     "class I { public void P() { } }\nclass U {\n  (I first, int n) T() => (null, 1);\n"
                     "  void Run() { var (a, b) = T(); a.P(); }\n}\n"}}),
              ElementsAre("U.Run -> I.P [inferred]", "U.Run -> U.T [proved]"));
  EXPECT_THAT(sure({{"a.ts",
                     "class I { p() {} }\nfunction pair(): [I, number] { return null as any; }\n"
                     "function run() { const [a, n] = pair(); a.p(); }\n"}}),
              ElementsAre("run -> I.p [inferred]", "run -> pair [proved]"));
}

TEST(HeldValues, OfOptionalOfJava) {
  EXPECT_THAT(sure({{"A.java",
                     "import java.util.Optional;\nclass I { void p() {} }\nclass U {\n"
                     "  void run(Optional<I> o) { o.get().p(); o.orElseThrow().p(); }\n}\n"}}),
              ElementsAre("U.run -> I.p [proved]", "U.run -> I.p [proved]"));
}

TEST(HeldValues, ALambdaIsCalledWithTheElements) {
  EXPECT_THAT(
      sure({{"A.java",
             "import java.util.List;\nclass I { void p() {} }\nclass U {\n"
             "  void run(List<I> all) { all.forEach(x -> x.p()); all.stream().map(y -> y.p()); }\n}\n"}}),
      ElementsAre("U.run -> I.p [inferred]", "U.run -> I.p [inferred]"));
  EXPECT_THAT(
      sure({{"a.cs",
             "class I { public int P() => 1; }\nclass U {\n"
             "  void Run(List<I> all) { all.Select(x => x.P()); all.Where((y) => y.P() > 0); }\n}\n"}}),
      ElementsAre("U.Run -> I.P [inferred]", "U.Run -> I.P [inferred]"));
  EXPECT_THAT(sure({{"a.ts",
                     "class I { p() {} }\nfunction run(all: I[]) { all.map(x => x.p()); all.filter((y) => "
                     "y.p()); }\n"}}),
              ElementsAre("run -> I.p [inferred]", "run -> I.p [inferred]"));
  EXPECT_THAT(sure({{"src/lib.rs",
                     "pub struct I {}\nimpl I { pub fn p(&self) {} }\n"
                     "fn run(all: Vec<I>) { all.iter().for_each(|x| x.p()); }\n"}}),
              ElementsAre("run -> I::p [inferred]"));
}

TEST(HeldValues, ALambdaOfAnythingElseIsCalledWithNobodyKnowsWhat) {
  EXPECT_THAT(sure({{"a.ts",
                     "class I { p() {} map(f: any) {} }\n"
                     "function run(i: I, all: I[]) { i.map((x) => x.p()); all.reduce((y) => y.p()); }\n"}}),
              ElementsAre("run -> I.map [proved]"));
}

}  // namespace
}  // namespace mira::code
