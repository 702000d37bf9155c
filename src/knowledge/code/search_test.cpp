#include "knowledge/code/search.h"

#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

SearchAnswer answer(CodeWorld& world, std::string_view query, const RankWeights& weights = {}) {
  auto found = search(world.index(), type_query(query), {.limit = 50, .weights = weights});
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  return found ? *found : SearchAnswer{};
}

// Paths, best first, each once.
std::vector<std::string> files(CodeWorld& world, std::string_view query, const RankWeights& weights = {}) {
  std::vector<std::string> paths;
  for (const SearchHit& hit : answer(world, query, weights).hits) {
    if (std::find(paths.begin(), paths.end(), hit.path) == paths.end()) paths.push_back(hit.path);
  }
  return paths;
}

std::string body(int lines, std::string_view line) {
  std::string out;
  for (int i = 0; i < lines; ++i) out += fmt::format("    {}\n", line);
  return out;
}

TEST(Search, AnExactSymbolLeadsToItsDefinition) {
  CodeWorld world(
      {{"use.py", "from store import open_store\n" + body(30, "open_store(open_store)") + "\n"},
       {"store.py", "def close_store():\n" + body(12, "pass") + "\ndef open_store():\n" + body(12, "pass")}});
  SearchAnswer found = answer(world, "open_store");
  ASSERT_FALSE(found.hits.empty());
  EXPECT_EQ(found.hits[0].path, "store.py");
  EXPECT_EQ(found.hits[0].symbol, "open_store");
  EXPECT_EQ(found.hits[0].start_line, 15);
  EXPECT_EQ(found.hits[0].why, "defines `open_store`");
  EXPECT_THAT(found.not_defined, IsEmpty());
}

TEST(Search, TheDefinitionBoostIsWhatPutsItFirst) {
  CodeWorld world(
      {{"use.py", "def caller():\n" + body(30, "open_store(open_store, open_store)")},
       {"other.py", "def open_store(path, mode, retries, limit, owner):\n" + body(60, "work(path, mode)")}});
  EXPECT_EQ(files(world, "open_store").front(), "other.py");
  RankWeights flat;
  flat.asked_definition = flat.mentioned_definition = flat.name_recall = 0;
  flat.name = flat.signature = 0;
  EXPECT_EQ(files(world, "open_store", flat).front(), "use.py");
}

TEST(Search, AScopeChoosesAmongNamesakes) {
  CodeWorld world({{"a.py", "class Reader:\n    def close(self):\n        self.file.done()\n"},
                   {"b.py", "class Writer:\n    def close(self):\n        self.file.done()\n"}});
  EXPECT_EQ(files(world, "Writer.close").front(), "b.py");
  EXPECT_EQ(files(world, "Reader.close").front(), "a.py");
}

// A name of another package has no definition here; what stands for it is the place that gives it on.
TEST(Search, ANameOfAnotherPackageLeadsToWhereItIsPassedOn) {
  struct Case {
    const char *passer, *text, *user, *uses;
  };
  for (const Case& one :
       {Case{"src/response/mod.rs", "mod form;\npub use other_core::response::{IntoReply, ReplyParts};\n",
             "src/handler.rs",
             "use other_core::response::IntoReply;\nfn handle(reply: impl IntoReply) -> IntoReply {\n  "
             "IntoReply::into(reply)\n}\n"},
        Case{"src/index.ts", "export { Reply as IntoReply } from 'other-core';\nexport const a = 1;\n",
             "src/handler.ts",
             "import { IntoReply } from 'other-core';\nexport function handle(reply: IntoReply): IntoReply "
             "{\n  return IntoReply(reply);\n}\n"}}) {
    CodeWorld world({{one.passer, one.text}, {one.user, one.uses}});
    SearchAnswer found = answer(world, "IntoReply");
    ASSERT_FALSE(found.hits.empty()) << one.passer;
    EXPECT_EQ(found.hits[0].path, one.passer);
    EXPECT_EQ(found.hits[0].why, "passes on `IntoReply`");
    EXPECT_THAT(found.not_defined, ElementsAre("IntoReply"));
    world.let_a_minute_pass();
    world.write(one.passer, "\n");
    world.refresh();
    EXPECT_EQ(files(world, "IntoReply").front(), one.user);
  }
}

TEST(Search, WhatIsDefinedHereIsNotWhereItIsPassedOn) {
  CodeWorld world({{"src/index.ts", "export { IntoReply } from './reply';\n"},
                   {"src/reply.ts", "export class IntoReply {\n  send() { return 1; }\n}\n"}});
  EXPECT_EQ(files(world, "IntoReply").front(), "src/reply.ts");
  EXPECT_EQ(answer(world, "IntoReply").hits[0].why, "defines `IntoReply`");
}

TEST(Search, AnUnknownNameIsSaidToBeUnknown) {
  CodeWorld world({{"a.py", "def open_store():\n    pass\n"}});
  SearchAnswer found = answer(world, "open_shop");
  EXPECT_THAT(found.not_defined, ElementsAre("open_shop"));
}

TEST(Search, WordsOfADescriptionFindSplitIdentifiersInAnyForm) {
  CodeWorld world({{"net.js", "function retryConnection(socket) {\n  return socket.again();\n}\n"},
                   {"ui.js", "function drawWindow(frame) {\n  return frame.paint();\n}\n"}});
  EXPECT_EQ(files(world, "where are connections retried").front(), "net.js");
  EXPECT_EQ(files(world, "painting of windows").front(), "ui.js");
}

TEST(Search, TheFilesNameCounts) {
  std::string text = "def run(x):\n    return x.cache.lookup()\n";
  CodeWorld world({{"a.py", text}, {"cache.py", text}, {"z.py", text}});
  EXPECT_EQ(files(world, "cache lookup").front(), "cache.py");
}

TEST(Search, TestsComeAfterTheCodeUnlessAskedFor) {
  CodeWorld world(
      {{"src/parse.py", "def parse_header(line):\n    return line.split()\n"},
       {"tests/test_parse.py", "def test_parse_header():\n    parse_header('a')\n    parse_header('b')\n"}});
  EXPECT_EQ(files(world, "parse header line").front(), "src/parse.py");
  EXPECT_EQ(files(world, "tests of parse header").front(), "tests/test_parse.py");
}

TEST(Search, VendoredCodeAndDataComeLast) {
  std::string text = "int hash_table_insert(int table) {\n  return table + 1;\n}\n";
  CodeWorld world(
      {{"deps/lua/table.c", text}, {"src/table.c", text}, {"table.json", "{\"hash_table_insert\": 1}\n"}});
  EXPECT_THAT(files(world, "insert into the hash table"),
              ElementsAre("src/table.c", "deps/lua/table.c", "table.json"));
}

TEST(Search, TheNewestOfTwoVersionsComesFirst) {
  std::string text = "export function validate(schema) {\n  return schema.check();\n}\n";
  CodeWorld world({{"src/v3/types.ts", text}, {"src/v4/types.ts", text}});
  EXPECT_EQ(files(world, "validate a schema").front(), "src/v4/types.ts");
  EXPECT_EQ(files(world, "validate a schema in v3").front(), "src/v3/types.ts");
}

TEST(Search, OfAFilesPassagesTheOneNamedSoComesFirst) {
  std::string passing = "def send(headers, follow_redirects):\n" +
                        body(12, "post(headers=headers, follow_redirects=follow_redirects)") + "\n";
  std::string meant = "def redirect_headers(request):\n" + body(12, "strip(request)") + "\n";
  CodeWorld world({{"client.py", passing + meant}, {"other.py", "def other():\n" + body(12, "pass")}});
  constexpr std::string_view question = "which headers does a redirect drop";
  EXPECT_EQ(answer(world, question).hits.front().symbol, "redirect_headers");
  RankWeights flat;
  flat.chunk_name = 0;
  EXPECT_EQ(answer(world, question, flat).hits.front().symbol, "send");
}

TEST(Search, ANamedPathAndLineComesFirst) {
  CodeWorld world({{"src/a.py", "def one():\n" + body(12, "pass") + "\ndef two():\n" + body(12, "pass")},
                   {"src/b.py", "def two_more():\n    pass\n"}});
  SearchAnswer found = answer(world, "crash at src/a.py:18");
  ASSERT_FALSE(found.hits.empty());
  EXPECT_EQ(found.hits[0].path, "src/a.py");
  EXPECT_EQ(found.hits[0].symbol, "two");
}

// A report names tests because they show the fault; what has to change is what they test.
TEST(Search, AReportLeadsToTheCodeNotToTheTestsThatShowIt) {
  std::string test = "def test_header_cache():\n" + body(8, "assert header_cache('a')") + "\n";
  CodeWorld world({{"src/headers.py", "def header_cache(name):\n    return name\n"},
                   {"tests/test_headers.py", test},
                   {"tests/test_more_headers.py", test}});
  EXPECT_EQ(files(world, "header cache is stale\n\nThis test fails: the test of header_cache.\n").front(),
            "src/headers.py");
  EXPECT_EQ(files(world, "tests of the header cache").front(), "tests/test_headers.py");
}

// What a report lists of the machine it was seen on is not what it is about, however rare in the code.
TEST(Search, WhatAReportListsDoesNotHideWhatItIsAbout) {
  std::string list;
  CodeWorld::Files tree{{"src/skipping.py", "def skip_mark(item):\n    return item.mark\n"}};
  for (int i = 0; i < 40; ++i) {
    std::string name =
        fmt::format("package{}{}", static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26));
    list += name + "   1.0\n";
    tree.push_back({fmt::format("src/m{}.py", i), fmt::format("def {}():\n    return '{}'\n", name, name)});
  }
  CodeWorld world(tree);
  EXPECT_EQ(files(world, "skip mark is lost\n\n```\n" + list + "```\n").front(), "src/skipping.py");
}

TEST(Search, APathOfAnotherMachineIsFoundByItsEnd) {
  std::string text = "def run():\n    pass\n";
  CodeWorld world({{"src/tool/run.py", text}, {"src/other/run.py", text}, {"src/other/argparse.py", text}});
  struct Case {
    const char *query, *first;
  };
  for (const Case& one : {Case{"crash in /usr/lib/python3.9/site-packages/tool/run.py:1", "src/tool/run.py"},
                          Case{"crash in /home/me/src/other/run.py:1", "src/other/run.py"},
                          Case{"crash in ./src/other/run.py", "src/other/run.py"},
                          Case{"crash in src/tool/run.py", "src/tool/run.py"}}) {
    SearchAnswer found = answer(world, one.query);
    ASSERT_FALSE(found.hits.empty()) << one.query;
    EXPECT_EQ(found.hits[0].path, one.first) << one.query;
    EXPECT_THAT(found.hits[0].why, testing::HasSubstr("named in the query")) << one.query;
  }
  for (const SearchHit& hit : answer(world, "run in /usr/lib/python3.9/argparse.py:7").hits)
    EXPECT_THAT(hit.why, Not(testing::HasSubstr("named in the query"))) << hit.path;
}

TEST(Search, FiltersNarrowTheAnswer) {
  CodeWorld world({{"net/a.go", "package net\n\nfunc Retry() {}\n"},
                   {"ui/b.go", "package ui\n\nfunc Retry() {}\n"},
                   {"net/c.py", "def retry():\n    pass\n"}});
  EXPECT_THAT(files(world, "retry path:net lang:go"), ElementsAre("net/a.go"));
  EXPECT_THAT(files(world, "retry lang:python"), ElementsAre("net/c.py"));
  EXPECT_THAT(files(world, "retry path:nowhere"), IsEmpty());
}

TEST(Search, ALanguageWithoutAGrammarIsFoundByItsText) {
  CodeWorld world({{"run.frob", "start engine\nwarm the boiler\n"}});
  EXPECT_THAT(files(world, "warm boiler"), ElementsAre("run.frob"));
}

TEST(Search, ChineseTextIsFoundByAPartOfItsWords) {
  CodeWorld world(
      {{"a.py", "# 用户登录错误处理\ndef f():\n    pass\n"}, {"b.py", "# 退出\ndef g():\n    pass\n"}});
  EXPECT_EQ(files(world, "登录错误").front(), "a.py");
}

TEST(Search, NothingMatchesAndNothingIsAnswered) {
  CodeWorld world({{"a.py", "def f():\n    pass\n"}});
  EXPECT_THAT(files(world, "zebra"), IsEmpty());
  EXPECT_THAT(files(world, ""), IsEmpty());
}

TEST(Search, NoQueryIsAnErrorOfTheStore) {
  CodeWorld world({{"a.py", "def f():\n    pass\n"}});
  for (std::string query :
       {std::string("\"f\" OR name:* NEAR(a b)"), std::string("a\0b", 3), std::string("the of how"),
        std::string(64 << 10, 'x'), std::string("\xff\xc0 ^ * ( ) { } : - +"), std::string("``"),
        std::string("AND OR NOT"), std::string("::")}) {
    auto found = search(world.index(), type_query(query), {});
    EXPECT_TRUE(found) << query.substr(0, 40) << (found ? "" : found.error().message);
  }
}

TEST(Search, AnEditedFileIsFoundByItsNewWordsOnly) {
  CodeWorld world({{"a.py", "def alpha():\n    return giraffe\n"}, {"b.py", "def beta():\n    pass\n"}});
  world.write("a.py", "def alpha():\n    return elephant_herd\n");
  world.refresh();
  EXPECT_THAT(files(world, "giraffe"), IsEmpty());
  EXPECT_THAT(files(world, "elephant"), ElementsAre("a.py"));
  world.remove("a.py");
  world.refresh();
  EXPECT_THAT(files(world, "elephant"), IsEmpty());
  EXPECT_THAT(files(world, "alpha"), Not(Contains("a.py")));
}

TEST(Search, AnIndexAfterEditsAnswersAsAFreshOne) {
  CodeWorld::Files first = {{"a.py", "def alpha():\n    return cache.lookup(key)\n"},
                            {"b.py", "def beta():\n    return cache.store(key)\n"},
                            {"c.py", "def gamma():\n    return lookup(key, cache)\n"}};
  CodeWorld edited(first);
  edited.write("b.py", "def other():\n    pass\n");
  edited.refresh();
  edited.write("b.py", first[1].text);
  edited.refresh();
  CodeWorld fresh(first);
  SearchAnswer one = answer(edited, "cache lookup of a key"), two = answer(fresh, "cache lookup of a key");
  ASSERT_EQ(one.hits.size(), two.hits.size());
  for (std::size_t i = 0; i < one.hits.size(); ++i) {
    EXPECT_EQ(one.hits[i].path, two.hits[i].path);
    EXPECT_DOUBLE_EQ(one.hits[i].score, two.hits[i].score);
  }
}

// As `files`, with what a history says.
std::vector<std::string> files_with(CodeWorld& world, std::string_view query,
                                    std::vector<contracts::TouchedFile> touched) {
  auto found = search(world.index(), type_query(query), {.limit = 50, .touched = std::move(touched)});
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  std::vector<std::string> paths;
  if (!found) return paths;
  for (const SearchHit& hit : found->hits)
    if (std::find(paths.begin(), paths.end(), hit.path) == paths.end()) paths.push_back(hit.path);
  return paths;
}

TEST(Search, FilesThatWereChangedUnderLikeWordsComeForward) {
  CodeWorld world({{"a.py", "def rotate_log(journal):\n" + body(12, "rotate(journal)")},
                   {"b.py", "def turn(journal):\n" + body(12, "rotate(journal)")},
                   {"quiet.py", "def midnight():\n" + body(12, "pass")}});
  std::vector<std::string> before = files_with(world, "rotate the journal", {});
  EXPECT_EQ(before.front(), "a.py");
  EXPECT_THAT(before, Not(Contains("quiet.py")));
  std::vector<std::string> after =
      files_with(world, "rotate the journal",
                 {{"b.py", 1.0, "c1", "Rotate it"}, {"quiet.py", 0.9, "c2", "At midnight"}});
  EXPECT_EQ(after.front(), "b.py");
  EXPECT_THAT(after, Contains("quiet.py"));
  EXPECT_THAT(files_with(world, "rotate the journal", {{"gone.py", 1.0, "c1", "Rotate it"}}),
              Not(Contains("gone.py")));
}

TEST(Search, HistoryIsAskedForDescriptionsOnly) {
  CodeWorld world({{"a.py", "def rotate_log():\n    pass\n"}});
  int asked = 0;
  contracts::TouchedFiles history = [&](contracts::Session&, const std::vector<std::string>& words) {
    ++asked;
    EXPECT_EQ(words.size(), 2U);
    return base::Result<std::vector<contracts::TouchedFile>>(
        std::vector<contracts::TouchedFile>{{"a.py", 1, "c", "s"}});
  };
  EXPECT_EQ(touched_under(world.session(), history, type_query("rotate journal"))->size(), 1U);
  EXPECT_THAT(*touched_under(world.session(), history, type_query("rotate_log")), IsEmpty());
  EXPECT_THAT(*touched_under(world.session(), history, type_query("src/a.py")), IsEmpty());
  EXPECT_THAT(*touched_under(world.session(), nullptr, type_query("rotate journal")), IsEmpty());
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace mira::code
