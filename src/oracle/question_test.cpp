#include "oracle/question.h"

#include <gmock/gmock.h>

#include <random>

#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using contracts::Intent;
using contracts::Question;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Question draw(std::string_view text) {
  return draw_question(text, 1000);
}

workspace::Tree tree_of(std::vector<std::string> paths) {
  workspace::Tree tree;
  for (std::string& path : paths) tree.files.push_back({.path = std::move(path)});
  return tree;
}

std::vector<std::string> places(std::string_view text, const workspace::Tree& tree) {
  std::vector<std::string> out;
  for (const contracts::Focus& focus : named_places(draw(text), tree))
    out.push_back(focus.start_line > 0 ? focus.path + ":" + std::to_string(focus.start_line) : focus.path);
  return out;
}

TEST(Words, AreContentWordsOnceInOrder) {
  EXPECT_THAT(draw("Please fix the Login bug in the login page").words,
              ElementsAre("fix", "login", "bug", "page"));
}

TEST(Words, LeaveOutHowItIsAsked) {
  EXPECT_THAT(draw("who knows how the backlog works?").words, ElementsAre("backlog"));
}

TEST(Identifiers, AreFoundByTheirShape) {
  EXPECT_THAT(draw("why does parseHeader call foo_bar, leveldb::DB::Get and app.run?").identifiers,
              ElementsAre("parseHeader", "foo_bar", "leveldb::DB::Get", "app.run"));
  EXPECT_THAT(draw("does HTTPServer use open()").identifiers, ElementsAre("HTTPServer", "open"));
}

TEST(Identifiers, AreFoundInQuotes) {
  EXPECT_THAT(draw("rename `login` and 'logout' and \"refresh\"").identifiers,
              ElementsAre("login", "logout", "refresh"));
}

TEST(Identifiers, AreNotEnglish) {
  EXPECT_THAT(draw("The API isn't fast, e.g. it's slow; don't call the function(s).").identifiers, IsEmpty());
}

TEST(Paths, AreFoundWithAndWithoutFolders) {
  EXPECT_THAT(
      draw("see src/auth/login.c:12, ./Makefile and server.c; not v1.2 or https://example.org/a.c").paths,
      ElementsAre("src/auth/login.c", "Makefile", "server.c"));
}

TEST(Paths, AreNoIdentifiers) {
  EXPECT_THAT(draw("what does server.c do").identifiers, IsEmpty());
}

TEST(Mentions, KnowTheFormsOfPlaces) {
  auto first = [](std::string_view text) {
    std::vector<Mention> found = mentions(text);
    return found.empty() ? std::string("none") : found[0].path + "@" + std::to_string(found[0].line);
  };
  EXPECT_EQ(first("src/a.c:12:5: error: x"), "src/a.c@12");
  EXPECT_EQ(first("  File \"lib/a.py\", line 3, in f"), "lib/a.py@3");
  EXPECT_EQ(first("Program.cs(12,5): error CS1002"), "Program.cs@12");
  EXPECT_EQ(first("src\\win\\a.cpp:7"), "src/win/a.cpp@7");
  EXPECT_EQ(first("nothing here"), "none");
}

TEST(Errors, AreLinesWithTheirPlace) {
  Question question = draw("make fails:\nsrc/net.c:40:3: error: 'x' undeclared\nok line\n");
  ASSERT_THAT(question.errors, SizeIs(1));
  EXPECT_EQ(question.errors[0].text, "src/net.c:40:3: error: 'x' undeclared");
  EXPECT_EQ(question.errors[0].path, "src/net.c");
  EXPECT_EQ(question.errors[0].line, 40);
  EXPECT_EQ(question.intent, Intent::fix);
}

TEST(Errors, AreNotMentionsOfErrors) {
  EXPECT_THAT(draw("add an error message to the login").errors, IsEmpty());
}

TEST(Intents, AreDrawnFromTheFirstVerb) {
  EXPECT_EQ(draw("fix the login bug").intent, Intent::fix);
  EXPECT_EQ(draw("Could you please add a --json flag to the history command?").intent, Intent::change);
  EXPECT_EQ(draw("where is the config read").intent, Intent::find);
  EXPECT_EQ(draw("who knows the replication code").intent, Intent::who);
  EXPECT_EQ(draw("how does replication work").intent, Intent::explain);
  EXPECT_EQ(draw("what changed recently in the parser").intent, Intent::history);
  EXPECT_EQ(draw("replication backlog").intent, Intent::general);
}

TEST(NamedPlaces, AreExactEndsOrFolders) {
  workspace::Tree tree = tree_of({"deps/lua/lua.c", "src/auth/login.c", "src/server.c"});
  EXPECT_THAT(places("look at server.c:10 please", tree), ElementsAre("src/server.c:10"));
  EXPECT_THAT(places("look at auth/login.c", tree), ElementsAre("src/auth/login.c"));
  EXPECT_THAT(places("who knows deps/lua/", tree), ElementsAre("deps/lua"));
  EXPECT_THAT(places("/home/me/redis/src/server.c:5: error: no", tree), ElementsAre("src/server.c:5"));
}

TEST(NamedPlaces, AreNoGuesses) {
  workspace::Tree tree = tree_of({"a/util.c", "b/util.c", "c/util.c", "d/util.c", "my_server.c"});
  EXPECT_THAT(places("look at util.c", tree), IsEmpty()) << "four files of that name mean none";
  EXPECT_THAT(places("look at server.c", tree), IsEmpty()) << "my_server.c is another file";
  EXPECT_THAT(places("/usr/include/util.c", tree), IsEmpty());
}

TEST(HostileQuestions, AreCappedAndValid) {
  std::string many;
  for (int i = 0; i < 20000; ++i)
    many += "word" + std::to_string(i) + "_x src/f" + std::to_string(i) + ".c error: \n";
  Question question = draw(many);
  EXPECT_LE(question.text.size(), static_cast<std::size_t>(limits::query_bytes));
  EXPECT_THAT(question.words, SizeIs(max_words));
  EXPECT_LE(question.identifiers.size(), max_identifiers);
  EXPECT_THAT(question.paths, SizeIs(max_paths));
  EXPECT_THAT(question.errors, SizeIs(max_errors));
}

TEST(HostileQuestions, AreAnyBytes) {
  std::mt19937 random(3);
  const std::string_view spice = "`'\"/:.()->_\n\\\x1b\xff\xe2\x80\xae";
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 300, '\0');
    for (char& c : bytes)
      c = random() % 2 == 0 ? spice[random() % spice.size()] : static_cast<char>(random());
    Question question = draw(bytes);
    EXPECT_TRUE(base::is_valid_utf8(question.text));
    for (const std::string& word : question.words) EXPECT_TRUE(base::is_valid_utf8(word));
    for (const std::string& name : question.identifiers) EXPECT_TRUE(base::is_valid_utf8(name));
    for (const std::string& path : question.paths) EXPECT_TRUE(base::is_valid_utf8(path));
    named_places(question, tree_of({"a", "b/c"}));
  }
}

}  // namespace
}  // namespace mira::oracle
