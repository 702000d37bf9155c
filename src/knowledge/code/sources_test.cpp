#include "knowledge/code/sources.h"

#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using contracts::Evidence;
using contracts::Question;
using contracts::Tier;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<Evidence> gather(CodeWorld& world, std::string_view source_name, const Question& question) {
  for (const auto& source : sources(std::make_shared<MeaningSearch>(nullptr))) {
    if (source->name() != source_name) continue;
    auto pieces = source->gather(world.session(), question, base::Deadline::never());
    EXPECT_TRUE(pieces) << (pieces ? "" : pieces.error().message);
    return pieces.value_or(std::vector<Evidence>{});
  }
  ADD_FAILURE() << "no source " << source_name;
  return {};
}

const CodeWorld::Files shop = {
    {"shop/cart.py",
     "from shop.price import total\n\n\ndef checkout(cart):\n    \"\"\"Pays for a cart.\"\"\"\n    return "
     "total(cart)\n"},
    {"shop/price.py", "def total(cart):\n    return sum(cart)\n\n\ndef unused():\n    pass\n"},
    {"shop/report.py",
     "from shop.price import total\n\n\ndef report(cart):\n    print(total(cart), total(cart))\n"}};

TEST(SearchSource, ShowsTheBestChunksWithTheirText) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.search", {.text = "how is a cart paid at checkout"});
  ASSERT_FALSE(pieces.empty());
  EXPECT_EQ(pieces[0].place.path, "shop/cart.py");
  EXPECT_THAT(pieces[0].text, HasSubstr("def checkout(cart):"));
  EXPECT_EQ(pieces[0].weight, 1.0);
  EXPECT_FALSE(pieces[0].why.empty());
}

TEST(SearchSource, SaysThatAFileChangedSinceItWasIndexed) {
  CodeWorld world(shop);
  world.write("shop/cart.py", "# nothing\n# is\n# left\n# here\n# of\n# it\n# now\n");
  auto pieces = gather(world, "code.search", {.text = "checkout"});
  ASSERT_FALSE(pieces.empty());
  EXPECT_THAT(pieces[0].why, HasSubstr("changed since it was indexed"));
}

TEST(DefinitionsSource, ShowsWhatANamedSymbolIs) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.definitions", {.identifiers = {"checkout"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_EQ(pieces[0].title, "function checkout");
  EXPECT_EQ(pieces[0].place.start_line, 4);
  EXPECT_THAT(pieces[0].text, HasSubstr("Pays for a cart."));
  EXPECT_THAT(pieces[0].why, HasSubstr("`checkout`, named in the question"));
}

TEST(DefinitionsSource, HasNothingToSayOfAnUnknownName) {
  CodeWorld world(shop);
  EXPECT_THAT(gather(world, "code.definitions", {.identifiers = {"checkout_all", "Cart.checkout", "check"}}),
              IsEmpty());
}

TEST(DefinitionsSource, NamesakesAreCounted) {
  CodeWorld world({{"a.py", "def run():\n    pass\n"}, {"b.py", "def run():\n    pass\n"}});
  auto pieces = gather(world, "code.definitions", {.identifiers = {"run"}});
  ASSERT_THAT(pieces, SizeIs(2));
  EXPECT_THAT(pieces[0].why, HasSubstr("one of 2"));
  EXPECT_GT(pieces[0].weight, pieces[1].weight);
}

const CodeWorld::Files jars = {
    {"jar.py",
     "class BaseJar:\n    def filter_cookies(self):\n        pass\n\n\n"
     "class CookieJar(BaseJar):\n    def filter_cookies(self):\n        return 1\n\n\n"
     "class Jar(BaseJar):\n    def filter_cookies(self):\n        return 2\n"},
    {"client.py",
     "from jar import CookieJar, Jar\n\n\ndef send(jar: CookieJar):\n    jar.filter_cookies()\n\n\n"
     "def drop(jar: Jar):\n    jar.filter_cookies()\n"},
    {"other/jar.py", "class CookieJar:\n    def filter_cookies(self):\n        return 3\n"}};

std::vector<std::string> places(const std::vector<Evidence>& pieces) {
  std::vector<std::string> out;
  for (const Evidence& piece : pieces)
    out.push_back(piece.symbol + " " + piece.place.path + ":" + std::to_string(piece.place.start_line));
  return out;
}

TEST(DefinitionsSource, AClassNamedBesideAMethodTellsWhichIsMeant) {
  CodeWorld world(jars);
  for (const char* text :
       {"what does filter_cookies in CookieJar do", "filter_cookies of class Jar is slow"}) {
    auto pieces = gather(world, "code.definitions", {.text = text, .identifiers = {"filter_cookies"}});
    bool cookie = std::string_view(text).contains("CookieJar");
    ASSERT_THAT(pieces, SizeIs(cookie ? 2 : 1)) << text;
    for (const Evidence& piece : pieces)
      EXPECT_EQ(piece.symbol, cookie ? "CookieJar.filter_cookies" : "Jar.filter_cookies") << text;
  }
}

TEST(DefinitionsSource, AFileNamedBesideItTellsToo) {
  CodeWorld world(jars);
  auto pieces = gather(world, "code.definitions",
                       {.text = "filter_cookies in other/jar.py",
                        .identifiers = {"filter_cookies"},
                        .paths = {"other/jar.py"}});
  EXPECT_THAT(places(pieces), testing::ElementsAre("CookieJar.filter_cookies other/jar.py:2"));
}

TEST(DefinitionsSource, WordsThatNameNoScopeLeaveAllNamesakes) {
  CodeWorld world(jars);
  auto pieces =
      gather(world, "code.definitions",
             {.text = "why is filter_cookies slow in a cookie jar", .identifiers = {"filter_cookies"}});
  EXPECT_THAT(pieces, SizeIs(4));
}

TEST(DefinitionsSource, AQualifiedNameMeansThatOne) {
  CodeWorld world(jars);
  for (const char* written : {"Jar.filter_cookies", "Jar::filter_cookies"})
    EXPECT_THAT(places(gather(world, "code.definitions", {.text = written, .identifiers = {written}})),
                testing::ElementsAre("Jar.filter_cookies jar.py:12"))
        << written;
}

TEST(CallersSource, ListsWhoCallsANamedFunction) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.callers", {.identifiers = {"total"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_EQ(pieces[0].title, "callers of total (3 call sites)");
  EXPECT_THAT(pieces[0].text, HasSubstr("checkout shop/cart.py:6 [proved]"));
  EXPECT_THAT(pieces[0].text, HasSubstr("report shop/report.py:5 (lines 5, 5) [proved]"));
  EXPECT_EQ(pieces[0].tier, Tier::proved);
}

TEST(CallersSource, AFunctionNobodyCallsYieldsNothing) {
  CodeWorld world(shop);
  EXPECT_THAT(gather(world, "code.callers", {.identifiers = {"unused"}}), IsEmpty());
}

TEST(CallersSource, PlacesFoundByOthersAreAskedFor) {
  CodeWorld world(shop);
  Question question;
  question.focus = {{.path = "shop/price.py",
                     .start_line = 1,
                     .end_line = 2,
                     .symbol = "total",
                     .reason = "found by search"}};
  auto pieces = gather(world, "code.callers", question);
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_THAT(pieces[0].why, HasSubstr("found by search"));
}

TEST(CallersSource, PossibleCallersStandApart) {
  CodeWorld world(
      {{"a.cpp",
        "struct Shape { virtual void draw() = 0; };\nstruct Round : Shape { void draw() override {} };\n"
        "struct Square : Shape { void draw() override {} };\nvoid show(Shape* s) { s->draw(); }\n"}});
  auto pieces = gather(world, "code.callers", {.identifiers = {"Round::draw"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_EQ(pieces[0].tier, Tier::possible);
  EXPECT_THAT(pieces[0].title, HasSubstr("possible callers"));
  EXPECT_LT(pieces[0].weight, 0.5);
}

TEST(CalleesSource, ListsWhatANamedFunctionCalls) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.callees", {.identifiers = {"checkout"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_THAT(pieces[0].text, HasSubstr("total shop/price.py:1 at line 6 [proved]"));
}

TEST(FileSource, ShowsTheDefinitionAroundAnErrorsLine) {
  CodeWorld world(shop);
  Question question;
  question.errors = {{.text = "shop/cart.py:6: TypeError", .path = "shop/cart.py", .line = 6}};
  auto pieces = gather(world, "code.file", question);
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_THAT(pieces[0].text, HasSubstr("return total(cart)"));
  EXPECT_THAT(pieces[0].why, HasSubstr("error"));
}

TEST(FileSource, AForeignPathFindsTheFileItEndsIn) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.file", {.paths = {"/home/me/build/shop/price.py:2"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_EQ(pieces[0].place.path, "shop/price.py");
}

TEST(FileSource, OutlinesANamedFile) {
  CodeWorld world(shop);
  auto pieces = gather(world, "code.file", {.paths = {"price.py"}});
  ASSERT_THAT(pieces, SizeIs(1));
  EXPECT_EQ(pieces[0].kind, "outline");
  EXPECT_THAT(pieces[0].text, HasSubstr("1: def total(cart)"));
  EXPECT_THAT(pieces[0].text, HasSubstr("5: def unused()"));
}

TEST(FileSource, ANameThatManyFilesBearIsNoPlace) {
  CodeWorld::Files many;
  for (int i = 0; i < 6; ++i) many.push_back({fmt::format("p{}/util.py", i), "def f():\n    pass\n"});
  CodeWorld world(many);
  EXPECT_THAT(gather(world, "code.file", {.paths = {"util.py"}}), IsEmpty());
  EXPECT_THAT(gather(world, "code.file", {.paths = {"missing.py"}}), IsEmpty());
}

TEST(CodeSources, NoNameBringsSecretsOut) {
  CodeWorld world(
      {{"deploy.py", "def deploy():\n    return \"ghp_0123456789abcdefghijklmnopqrstuvwxyzAB\"\n"}});
  for (const char* source : {"code.search", "code.definitions", "code.file"}) {
    for (const Evidence& piece :
         gather(world, source, {.text = "deploy", .identifiers = {"deploy"}, .paths = {"deploy.py:2"}})) {
      EXPECT_THAT(piece.text, Not(HasSubstr("ghp_0123456789"))) << source;
    }
  }
}

}  // namespace
}  // namespace mira::code
