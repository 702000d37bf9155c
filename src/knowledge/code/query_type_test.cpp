#include "knowledge/code/query_type.h"

#include <gmock/gmock.h>

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> texts(const std::vector<QueryWord>& words) {
  std::vector<std::string> out;
  for (const QueryWord& word : words) out.push_back(word.text);
  return out;
}

std::vector<std::string> symbols(const TypedQuery& query) {
  std::vector<std::string> out;
  for (const SymbolMention& mention : query.symbols) out.push_back(mention.written);
  return out;
}

TEST(QueryType, OneIdentifierIsASymbol) {
  TypedQuery query = type_query("parseHeader");
  EXPECT_EQ(query.kind, QueryKind::symbol);
  EXPECT_THAT(texts(query.words), ElementsAre("parseheader", "parse", "header"));
  EXPECT_FALSE(query.words[0].part);
  EXPECT_TRUE(query.words[1].part);
}

TEST(QueryType, OnePlainWordIsASymbolToo) {
  TypedQuery query = type_query("formatter");
  EXPECT_EQ(query.kind, QueryKind::symbol);
  EXPECT_THAT(symbols(query), ElementsAre("formatter"));
}

TEST(QueryType, AQualifiedNameKeepsItsScope) {
  TypedQuery query = type_query("leveldb::DBImpl::Get()");
  ASSERT_EQ(query.symbols.size(), 1u);
  EXPECT_EQ(query.symbols[0].name, "Get");
  EXPECT_EQ(query.symbols[0].scope, "leveldb::DBImpl");
}

TEST(QueryType, SymbolsAreTakenOutOfASentence) {
  TypedQuery query = type_query("why does `close` call flush_all before ClientSession.release?");
  EXPECT_EQ(query.kind, QueryKind::text);
  EXPECT_THAT(symbols(query), ElementsAre("close", "flush_all", "ClientSession.release"));
}

TEST(QueryType, ACapitalisedWordIsOnlyPerhapsASymbol) {
  TypedQuery query = type_query("where is the Router made");
  ASSERT_EQ(query.symbols.size(), 1u);
  EXPECT_FALSE(query.symbols[0].explicit_);
}

TEST(QueryType, APathWithALine) {
  TypedQuery query = type_query("src/net/socket.c:42");
  EXPECT_EQ(query.kind, QueryKind::path);
  ASSERT_EQ(query.paths.size(), 1u);
  EXPECT_EQ(query.paths[0].path, "src/net/socket.c");
  EXPECT_EQ(query.paths[0].line, 42);
}

TEST(QueryType, AFileNameInASentenceIsAPathButAMemberIsNot) {
  TypedQuery query = type_query("in app.py the app.route decorator");
  ASSERT_EQ(query.paths.size(), 1u);
  EXPECT_EQ(query.paths[0].path, "app.py");
  EXPECT_THAT(symbols(query), ElementsAre("app.route"));
}

TEST(QueryType, AnAddressIsNoPath) {
  EXPECT_THAT(type_query("see https://example.org/a/b").paths, IsEmpty());
}

TEST(QueryType, FiltersAreNotWords) {
  TypedQuery query = type_query("retry path:src/net lang:go sym:Client");
  EXPECT_EQ(query.filters.path, "src/net");
  EXPECT_EQ(query.filters.language, "go");
  EXPECT_EQ(query.filters.symbol, "Client");
  EXPECT_THAT(texts(query.words), ElementsAre("retry"));
}

TEST(QueryType, ACppScopeIsNoFilter) {
  TypedQuery query = type_query("path::join");
  EXPECT_EQ(query.filters.path, "");
  EXPECT_THAT(symbols(query), ElementsAre("path::join"));
}

TEST(QueryType, StopWordsAreLeftOutUnlessThereIsNothingElse) {
  EXPECT_THAT(texts(type_query("how is the lock taken").words), Not(Contains("how")));
  EXPECT_THAT(texts(type_query("how is the").words), Contains("how"));
}

TEST(QueryType, WishesAreHeard) {
  EXPECT_TRUE(type_query("tests of the parser").wants_tests);
  EXPECT_TRUE(type_query("example of streaming").wants_examples);
  EXPECT_TRUE(type_query("open a file on windows").wants_system);
  EXPECT_FALSE(type_query("latest attestation").wants_tests);
}

TEST(QueryType, ALongTextKeepsItsFirstLineAndItsCommonestWords) {
  std::string text = "needle crash\n";
  for (int i = 0; i < 500; ++i) text += "filler" + std::to_string(i % 300) + " haystack ";
  TypedQuery query = type_query(text);
  EXPECT_LE(query.words.size(), 64u);
  EXPECT_EQ(query.words[0].text, "needle");
  EXPECT_THAT(texts(query.words), Contains("haystack"));
}

TEST(QueryType, ATextOfSeveralLinesIsAReportWhoseTestsAreOnlyHowToSeeIt) {
  TypedQuery report = type_query("Skip marks are lost\n\nThe tests show it, see this example.\n");
  EXPECT_TRUE(report.report);
  EXPECT_FALSE(report.wants_tests);
  EXPECT_FALSE(report.wants_examples);
  TypedQuery asked = type_query("tests of the skip marks\n");
  EXPECT_FALSE(asked.report);
  EXPECT_TRUE(asked.wants_tests);
}

struct PathsCase {
  const char* text;
  std::vector<std::string> paths;  // those that count most first
};

TEST(QueryType, OfATraceTheInnermostCallCountsMost) {
  for (const PathsCase& one :
       {PathsCase{"src/a.py fails\nsee b/c.py\n", {"src/a.py", "b/c.py"}},
        PathsCase{
            "It fails\nTraceback (most recent call last):\n  File \"/lib/tool/outer.py\", line 3, in f\n"
            "    g()\n  File \"/lib/tool/inner.py\", line 4, in g\n  File \"/lib/tool/outer.py\", line 9\n",
            {"/lib/tool/outer.py", "/lib/tool/inner.py"}},
        PathsCase{"It fails\n```\n    at inner (lib/inner.js:4:2)\n    at outer (lib/outer.js:9:1)\n```\n",
                  {"lib/inner.js", "lib/outer.js"}}}) {
    TypedQuery query = type_query(one.text);
    std::vector<std::string> paths;
    double before = 2;
    for (const PathMention& path : query.paths) {
      paths.push_back(path.path);
      EXPECT_LT(path.share, before) << one.text;
      before = path.share;
    }
    EXPECT_EQ(paths, one.paths) << one.text;
  }
}

TEST(QueryType, WhatWasInstalledIsNotRead) {
  TypedQuery query =
      type_query("Marks are lost\nIn collection.\nnumpy  1.15.0\nsix==1.13.0\npandas 0.24 /home\n");
  EXPECT_THAT(texts(query.words), Contains("collection"));
  for (const char* word : {"numpy", "six", "pandas"}) EXPECT_THAT(texts(query.words), Not(Contains(word)));
  EXPECT_THAT(texts(type_query("numpy 1.15.0").words), Contains("numpy"));
}

TEST(QueryType, RemarksOfAFormAreNotRead) {
  TypedQuery query =
      type_query("Marks are lost\n<!-- Thanks for submitting\na checklist -->\nIn collection.\n");
  EXPECT_THAT(texts(query.words), Contains("collection"));
  EXPECT_THAT(texts(query.words), Not(Contains("checklist")));
}

TEST(QueryType, HostileTextIsOnlyText) {
  for (std::string text :
       {std::string("\" OR name:* NEAR("), std::string("a\0b", 3), std::string(1 << 20, 'x'),
        std::string("\xff\xfe path:"), std::string("(((((`````")}) {
    TypedQuery query = type_query(text);
    EXPECT_LE(query.words.size(), 64u);
  }
}

TEST(QueryType, WhatIsNoIdentifierIsNoMention) {
  EXPECT_EQ(symbol_mention("a+b").name, "");
  EXPECT_EQ(symbol_mention("42").name, "");
  EXPECT_EQ(symbol_mention("").name, "");
  EXPECT_EQ(symbol_mention("self->next").name, "next");
}

}  // namespace
}  // namespace mira::code
