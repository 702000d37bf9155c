// Calls on what stands in containers: by declared element type, by what a literal holds.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

TEST(ElementCalls, OfADeclaredListInALoop) {
  CodeWorld world{{"a.py",
                   "class Tag:\n    def check(self):\n        pass\n\n"
                   "class Other:\n    def check(self):\n        pass\n\n"
                   "class Tagger:\n    def __init__(self):\n        self.order: list[Tag] = []\n\n"
                   "    def tag(self):\n        for one in self.order:\n            one.check()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Tagger.tag -> Tag.check [inferred]"));
}

TEST(ElementCalls, OfAMappingByKeyAndByItsValues) {
  CodeWorld world{{"a.py",
                   "class Job:\n    def run(self):\n        pass\n\n"
                   "def one(jobs: dict[str, Job]):\n    jobs['x'].run()\n\n"
                   "def two(jobs: dict[str, Job]):\n    jobs.get('x').run()\n\n"
                   "def all_of(jobs: dict[str, Job]):\n    for job in jobs.values():\n        job.run()\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("all_of -> Job.run [inferred]", "one -> Job.run [proved]",
                                         "two -> Job.run [proved]"));
}

TEST(ElementCalls, OfATableOfFunctionsReachTheOneUnderTheKey) {
  CodeWorld world{{"a.py",
                   "def read():\n    pass\n\ndef write():\n    pass\n\n"
                   "table = {'r': read, 'w': write}\n\ndef main():\n    table['w']()\n"}};
  EXPECT_THAT(world.calls(), Contains("main -> write [inferred]"));
  EXPECT_THAT(world.calls(), testing::Not(Contains("main -> read [inferred]")));
}

TEST(ElementCalls, OfWhatAGeneratorYields) {
  CodeWorld world{{"a.py",
                   "def step():\n    pass\n\ndef steps():\n    yield step\n\n"
                   "def main():\n    for one in steps():\n        one()\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"main -> step [inferred]", "main -> steps [proved]"}));
}

TEST(ElementCalls, OfCppArraysVectorsAndMaps) {
  CodeWorld world{{"a.cc",
                   "#include <map>\n#include <vector>\n"
                   "struct Shard { void Insert() {} };\n"
                   "class Cache {\n public:\n"
                   "  void A() { shards_[1].Insert(); }\n"
                   "  void B() { list_.back()->Insert(); }\n"
                   "  void C() { for (auto* s : list_) s->Insert(); }\n"
                   "  void D() { by_name_[2]->Insert(); }\n"
                   " private:\n  Shard shards_[4];\n  std::vector<Shard*> list_;\n"
                   "  std::map<int, Shard*> by_name_;\n};\n"}};
  EXPECT_THAT(world.calls(),
              IsSupersetOf({"Cache::A -> Shard::Insert [proved]", "Cache::B -> Shard::Insert [proved]",
                            "Cache::C -> Shard::Insert [inferred]", "Cache::D -> Shard::Insert [proved]"}));
}

TEST(ElementCalls, OfAContainerThatAConstructorInitialisesRunNothing) {
  CodeWorld world{{"a.cc",
                   "#include <vector>\nstruct Shard { Shard(); };\n"
                   "class Cache {\n public:\n  Cache() : list_(3), one_() {}\n"
                   "  std::vector<Shard> list_;\n  Shard one_;\n};\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Cache::Cache -> Shard::Shard [proved]"));
}

TEST(ElementCalls, OfAnObjectThatModulesAreSpreadInto) {
  CodeWorld world{{"schemas.ts", "export function text() {}\n"},
                  {"iso.ts", "export function date() {}\n"},
                  {"main.ts",
                   "import * as _schemas from \"./schemas\";\nimport * as _iso from \"./iso\";\n"
                   "const z = { ..._schemas, iso: _iso };\n"
                   "export function main() {\n  z.text();\n  z.iso.date();\n}\n"}};
  EXPECT_THAT(world.calls(true),
              ElementsAre("main -> date iso.ts [inferred]", "main -> text schemas.ts [inferred]"));
}

TEST(ElementCalls, OfTypeScriptArraysAndMaps) {
  CodeWorld world{{"a.ts",
                   "class Plugin { load() {} }\n"
                   "export function one(list: Plugin[]) { for (const p of list) p.load(); }\n"
                   "export function two(map: Map<string, Plugin>) { map.get('x').load(); }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("one -> Plugin.load [inferred]", "two -> Plugin.load [proved]"));
}

}  // namespace
}  // namespace mira::code
