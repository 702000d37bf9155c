#include "knowledge/code/indexer.h"

#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::int64_t element_id(CodeWorld& world, std::string_view qualified) {
  auto id = world.index().integer("SELECT element_id FROM code_elements WHERE qualified_name = ?", qualified);
  return id && *id ? **id : 0;
}

std::string state_of(CodeWorld& world, std::string_view path) {
  auto state = world.index().text("SELECT parse_state FROM repository_files WHERE path = ?", path);
  return state && *state ? **state : "absent";
}

TEST(Indexer, KnowsEachFileOfTheTree) {
  CodeWorld world{{"a.py", "def f():\n    pass\n"}, {"notes.txt", "words\n"}};
  EXPECT_EQ(state_of(world, "a.py"), "clean");
  EXPECT_EQ(state_of(world, "notes.txt"), "not_parsed");
}

TEST(Indexer, ReportsWhatChanged) {
  CodeWorld world{{"a.py", "def f(): pass\n"}, {"b.py", "def g(): pass\n"}};
  world.write("a.py", "def f(): return 1\n");
  world.write("c.py", "x = 1\n");
  world.remove("b.py");
  contracts::UpdateReport report = world.refresh();
  EXPECT_EQ(report.added, 1);
  EXPECT_EQ(report.changed, 1);
  EXPECT_EQ(report.removed, 1);
}

TEST(Indexer, IsNotStaleWhenNothingChanged) {
  CodeWorld world{{"a.py", "def f(): pass\n"}};
  world.let_a_minute_pass();
  world.refresh();
  EXPECT_FALSE(world.is_stale());
}

// A second write within the same tick of the file system's clock leaves size and times as they were.
TEST(Indexer, DoesNotTrustTheStampOfAFileWrittenJustNow) {
  CodeWorld world{{"a.py", "def f(): pass\n"}};
  EXPECT_TRUE(world.is_stale());
  world.write("a.py", "def g(): pass\n");
  EXPECT_EQ(world.refresh().changed, 1);
}

TEST(Indexer, IsStaleWhenAFileComesChangesOrGoes) {
  CodeWorld world{{"a.py", "def f(): pass\n"}};
  world.let_a_minute_pass();
  world.refresh();
  ASSERT_FALSE(world.is_stale());
  world.write("b.py", "x = 1\n");
  EXPECT_TRUE(world.is_stale());
  world.refresh();
  ASSERT_FALSE(world.is_stale());
  world.write("b.py", "x = 200\n");
  EXPECT_TRUE(world.is_stale());
  world.refresh();
  ASSERT_FALSE(world.is_stale());
  world.remove("b.py");
  EXPECT_TRUE(world.is_stale());
}

TEST(Indexer, KeepsTheIdOfAFunctionWhenAnotherIsPutBeforeIt) {
  CodeWorld world{{"a.py", "def f():\n    return 1\n"}};
  std::int64_t before = element_id(world, "f");
  ASSERT_NE(before, 0);
  world.write("a.py", "def first():\n    return 0\n\ndef f():\n    return 2\n");
  world.refresh();
  EXPECT_EQ(element_id(world, "f"), before);
}

TEST(Indexer, KeepsTheIdOfAMethodThatMovesToAnotherClass) {
  CodeWorld world{{"a.py", "class A:\n    def go(self, n):\n        return n\n\nclass B:\n    x = 1\n"}};
  std::int64_t before = element_id(world, "A.go");
  ASSERT_NE(before, 0);
  world.write("a.py", "class A:\n    y = 1\n\nclass B:\n    def go(self, n):\n        return n + 1\n");
  world.refresh();
  EXPECT_EQ(element_id(world, "A.go"), 0);
  EXPECT_EQ(element_id(world, "B.go"), before);
}

TEST(Indexer, NeverReadsCredentials) {
  CodeWorld world{{".env", "PASSWORD=hunter2\n"}, {"a.py", "x = 1\n"}};
  EXPECT_EQ(state_of(world, ".env"), "secret");
  auto words = world.index().integer("SELECT count(*) FROM code_words WHERE code_words MATCH 'hunter2'");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->value_or(-1), 0);
}

TEST(Indexer, MasksSecretsBeforeAnythingIsStored) {
  CodeWorld world{{"a.py", "def f():\n    key = \"AKIAQ3EGRT5XJ7KPLM2N\"\n"}};
  auto words =
      world.index().integer("SELECT count(*) FROM code_words WHERE code_words MATCH 'AKIAQ3EGRT5XJ7KPLM2N'");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->value_or(-1), 0);
}

TEST(Indexer, KnowsABinaryByItsPathOnly) {
  CodeWorld world{{"a.py", std::string("def f():\0 pass", 14)}};
  EXPECT_EQ(state_of(world, "a.py"), "binary");
}

TEST(Indexer, RepairsBytesThatAreNoText) {
  CodeWorld world{{"a.py", "# caf\xe9\ndef f():\n    g()\ndef g(): pass\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("f -> g [proved]"));
}

TEST(Indexer, ForgetsWhatAGoneFileHeld) {
  CodeWorld world{{"a.py", "from b import g\ndef f():\n    g()\n"}, {"b.py", "def g(): pass\n"}};
  ASSERT_THAT(world.calls(), ElementsAre("f -> g [proved]"));
  world.remove("b.py");
  world.refresh();
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_EQ(state_of(world, "b.py"), "absent");
}

TEST(Indexer, GoesOnWhereAKilledRunLeftFilesUnresolved) {
  CodeWorld world{{"a.py", "def f():\n    g()\ndef g(): pass\n"}};
  ASSERT_TRUE(world.index().run("UPDATE repository_files SET resolved = 0"));
  ASSERT_TRUE(world.index().run("DELETE FROM call_graph"));
  EXPECT_TRUE(world.is_stale());
  world.refresh();
  EXPECT_THAT(world.calls(), ElementsAre("f -> g [proved]"));
}

TEST(Indexer, AnotherExtractorReadsEverythingAgain) {
  CodeWorld world{{"a.py", "def f(): pass\n"}};
  ASSERT_TRUE(world.index().run("UPDATE code_versions SET extractor = extractor - 1"));
  EXPECT_TRUE(world.is_stale());
  contracts::UpdateReport report = world.refresh();
  EXPECT_EQ(report.changed + report.added, 1);
}

TEST(Indexer, QuarantinedContentIsNotParsed) {
  CodeWorld world{{"a.py", "def f(): pass\n"}};
  auto hash = world.index().text("SELECT content_hash FROM repository_files WHERE path = 'a.py'");
  ASSERT_TRUE(hash && *hash);
  ASSERT_TRUE(
      world.index().run("INSERT INTO quarantine VALUES (?, 'a.py', 2, 'killed by SIGSEGV', 0)", **hash));
  world.write("copy.py", "def f(): pass\n");
  world.refresh();
  EXPECT_EQ(state_of(world, "copy.py"), "quarantined");
}

// Every way a project changes, then the same as an index made afresh.
TEST(Indexer, AnIndexGrownByEditsEqualsAFreshOne) {
  CodeWorld grown{{"pkg/__init__.py", "from .core import run\n"},
                  {"pkg/core.py", "from .store import Store\n\ndef run():\n    s = Store()\n    s.put(1)\n"},
                  {"pkg/store.py",
                   "class Base:\n    def put(self, x):\n        self.log(x)\n    def log(self, x): pass\n\n"
                   "class Store(Base):\n    pass\n"},
                  {"main.py", "from pkg import run\n\ndef main():\n    run()\n"}};
  std::vector<std::pair<std::string, std::string>> edits{
      {"pkg/store.py",
       "class Base:\n    def log(self, x): pass\n\nclass Store(Base):\n    def put(self, x):\n        "
       "self.log(x)\n"},
      {"pkg/extra.py", "def run():\n    pass\n"},
      {"pkg/__init__.py", "from .extra import run\n"},
      {"main.py", "import pkg\n\ndef main():\n    pkg.run()\n    helper()\n\ndef helper(): pass\n"},
      {"pkg/core.py", ""},
      {"pkg/extra.py", "from .store import Store\n\ndef run():\n    Store().put(2)\n"},
  };
  for (const auto& [path, text] : edits) {
    if (text.empty())
      grown.remove(path);
    else
      grown.write(path, text);
    grown.refresh();
    CodeWorld fresh;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(grown.root()))
      if (entry.is_regular_file()) {
        std::ifstream in(entry.path(), std::ios::binary);
        fresh.write(std::filesystem::relative(entry.path(), grown.root()).string(),
                    std::string(std::istreambuf_iterator<char>(in), {}));
      }
    fresh.refresh();
    EXPECT_EQ(grown.everything(), fresh.everything()) << "after " << path;
  }
}

TEST(Indexer, ABodyEditWakesNobody) {
  CodeWorld world{{"a.py", "from b import g\ndef f():\n    g()\n"}, {"b.py", "def g():\n    return 1\n"}};
  ASSERT_TRUE(world.index().run("UPDATE call_graph SET rule = 'untouched'"));
  world.write("b.py", "def g():\n\n    x = 2\n    return 1 + 1\n");
  world.refresh();
  auto untouched = world.index().integer("SELECT count(*) FROM call_graph WHERE rule = 'untouched'");
  ASSERT_TRUE(untouched);
  EXPECT_EQ(untouched->value_or(0), 1);
}

TEST(Indexer, ANewbornSymbolWakesTheFilesThatMissedIt) {
  CodeWorld world{{"a.py", "from b import g\ndef f():\n    g()\n"}, {"b.py", "x = 1\n"}};
  ASSERT_THAT(world.calls(), IsEmpty());
  world.write("b.py", "x = 1\ndef g(): pass\n");
  world.refresh();
  EXPECT_THAT(world.calls(), ElementsAre("f -> g [proved]"));
}

}  // namespace
}  // namespace mira::code
