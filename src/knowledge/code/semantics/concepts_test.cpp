#include <gmock/gmock.h>

#include "knowledge/code/semantics/concept_words.h"
#include "knowledge/code/semantics/concepts.h"
#include "knowledge/code/semantics/purpose.h"
#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

struct Forms {
  const char* a;
  const char* b;
  bool one_word;
};

TEST(ConceptWords, FormsOfOneWordAreOneConcept) {
  for (const Forms& one : std::initializer_list<Forms>{
           {"parse", "parser", true},       {"parsing", "parsed", true},      {"parsers", "parse", true},
           {"index", "indexing", true},     {"indexes", "indexer", true},     {"query", "queries", true},
           {"cookie", "cookies", true},     {"cache", "caching", true},       {"map", "mapping", true},
           {"mapper", "mapped", true},      {"validate", "validation", true}, {"iterator", "iteration", true},
           {"connection", "connect", true}, {"file", "files", true},          {"address", "addresses", true},
           {"status", "state", false},      {"string", "strict", false},      {"order", "ordinary", false},
           {"process", "procedure", false}, {"token", "take", false},         {"feed", "fees", false}})
    EXPECT_EQ(concept_stem(one.a) == concept_stem(one.b), one.one_word) << one.a << " " << one.b;
}

TEST(ConceptWords, WordsOfEveryProgramAreNone) {
  for (const char* word : {"get", "self", "the", "42", "x", "kwargs", "tmp"})
    EXPECT_FALSE(is_concept_word(word)) << word;
  for (const char* word : {"session", "db", "token", "retry", "utf8"})
    EXPECT_TRUE(is_concept_word(word)) << word;
}

TEST(ConceptWords, GroupsAreSortedAndGiveTheOtherWords) {
  std::vector<ConceptGroup> groups = concept_groups();
  EXPECT_TRUE(std::ranges::is_sorted(groups, {}, &ConceptGroup::name));
  EXPECT_THAT(words_beside(concept_stem("authentication")), IsSupersetOf({"login", "token", "session"}));
  EXPECT_THAT(words_beside(concept_stem("login")), Contains("logout"));
  EXPECT_THAT(words_beside("zebra"), IsEmpty());
}

TEST(ConceptWords, FieldsAreTold) {
  std::vector<ElementWord> words = words_of({.name = "openSession",
                                             .scope = "Store.",
                                             .doc = "Opens a session for a user.",
                                             .path = "src/login/session.py",
                                             .packages = {"requests"}});
  std::vector<std::string> told;
  for (const ElementWord& one : words) told.push_back(one.stem + ": " + field_names(one.fields));
  EXPECT_THAT(told, Contains(concept_stem("session") + ": name, doc, path"));
  EXPECT_THAT(told, Contains(concept_stem("login") + ": path"));
  EXPECT_THAT(told, Contains(concept_stem("requests") + ": package"));
  EXPECT_THAT(told, Contains(concept_stem("store") + ": scope"));
}

TEST(Purpose, IsTheFirstSentenceOfTheDocumentation) {
  EXPECT_EQ(first_sentence("Opens the log. Fails when it is locked."), "Opens the log.");
  EXPECT_EQ(first_sentence("  Opens\n  the log\n\nMore."), "Opens the log");
  EXPECT_EQ(first_sentence("@brief Opens the log.\n@param x what"), "Opens the log.");
  EXPECT_EQ(first_sentence("Opens a log\n@param x what"), "Opens a log");
  EXPECT_EQ(first_sentence("Uses a file, e.g. a log. Or not."), "Uses a file, e.g. a log.");
  EXPECT_EQ(first_sentence("Version 1.5 of it"), "Version 1.5 of it");
  EXPECT_EQ(first_sentence("@param x what"), "");
  EXPECT_EQ(first_sentence(""), "");
  EXPECT_THAT(first_sentence(std::string(400, 'a')), HasSubstr("..."));
}

const SemanticWorld::Files shop = {
    {"auth/login.py",
     "from store import save_session\n\n\ndef login_user(name, password):\n    \"\"\"Opens a session for a "
     "user.\n\n"
     "    More text.\n    \"\"\"\n    return save_session(name)\n\n\ndef logout_user(name):\n    \"\"\"Ends "
     "the session.\"\"\"\n"
     "    save_session(None)\n"},
    {"auth/tokens.py", "class TokenIssuer:\n    def issue_token(self, user):\n        return user\n"},
    {"store.py",
     "def save_session(session):\n    return write_row(session)\n\n\ndef write_row(row):\n    return row\n"},
    {"invoice/render.py", "def render_invoice(invoice):\n    return invoice\n"},
    {"tests/test_login.py",
     "from auth.login import login_user\n\n\ndef test_login_session():\n    login_user('a', 'b')\n"}};

std::vector<std::string> about(SemanticWorld& world, const contracts::Json& given) {
  std::vector<std::string> out;
  auto reply = world.run("concepts", given);
  EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
  if (!reply) return out;
  for (const auto& one : reply->data["symbols"]) out.push_back(one["name"].get<std::string>());
  return out;
}

TEST(Concepts, TheWordItselfComesBeforeItsNeighbours) {
  SemanticWorld world(shop);
  std::vector<std::string> found = about(world, {{"word", "sessions"}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front(), "save_session");
  EXPECT_THAT(found, IsSupersetOf({"login_user", "logout_user"}));
  EXPECT_THAT(found, Not(Contains("render_invoice")));
}

TEST(Concepts, EvidenceSaysWhichWordStandsWhere) {
  SemanticWorld world(shop);
  auto reply = world.run("concepts", {{"word", "session"}, {"path", "auth/login.py"}});
  ASSERT_TRUE(reply) << reply.error().message;
  ASSERT_EQ(reply->data["files"], 1);
  for (const auto& one : reply->data["symbols"]) {
    if (one["name"] != "login_user") continue;
    EXPECT_THAT(one["words"].dump(), HasSubstr(R"({"in":"doc","word":"session"})"));
    EXPECT_EQ(one["purpose"], "Opens a session for a user.");
    EXPECT_EQ(one["purpose_from"], "doc");
  }
}

TEST(Concepts, AMatterIsFoundByWordsOfItsGroup) {
  SemanticWorld world(shop);
  auto reply = world.run("concepts", {{"word", "authentication"}});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_THAT(about(world, {{"word", "authentication"}}),
              IsSupersetOf({"login_user", "TokenIssuer.issue_token"}));
  for (const auto& word : reply->data["words"]) EXPECT_EQ(word["beside"], true);
  for (const auto& one : reply->data["symbols"]) EXPECT_LE(one["strength"].get<double>(), 0.41);
}

TEST(Concepts, SeveralWordsMustAllBeAnswered) {
  SemanticWorld world(shop);
  EXPECT_THAT(about(world, {{"word", "save session"}}), ElementsAre("save_session"));
}

TEST(Concepts, AnUnknownWordIsSaidSo) {
  SemanticWorld world(shop);
  auto reply = world.run("concepts", {{"word", "zebra"}});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, base::ErrorCode::not_found);
  auto near = world.run("concepts", {{"word", "invention"}});
  ASSERT_FALSE(near);
  EXPECT_THAT(near.error().next, ElementsAre("invoice"));
}

TEST(Concepts, TestsAreLeftOut) {
  SemanticWorld world(shop);
  EXPECT_THAT(about(world, {{"word", "login"}}), Not(Contains("test_login_session")));
}

TEST(Concepts, WithoutAWordTheProjectIsTold) {
  SemanticWorld world(shop);
  auto reply = world.run("concepts", {{"limit", 3}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data["concepts"].size(), 3U);
  EXPECT_FALSE(reply->cursor.empty());
  EXPECT_GE(reply->data["concepts"][0]["elements"], reply->data["concepts"][1]["elements"]);
}

TEST(Concepts, ADocAtTheDeclarationCounts) {
  SemanticWorld world(
      {{"log.h",
        "/** Rotates the journal. */\nint turn(int n);\n/** Ends the journal. */\nint shut(int n);\n"},
       {"log.c",
        "#include \"log.h\"\nint turn(int n) { return n; }\nint shut(int n) { return n; }\nint draw(int n) { "
        "return n; }\n"}});
  auto reply = world.run("concepts", {{"word", "journal"}});
  ASSERT_TRUE(reply) << reply.error().message;
  for (const char* purpose : {"Rotates the journal.", "Ends the journal."})
    EXPECT_THAT(reply->data["symbols"].dump(), HasSubstr(purpose));
  EXPECT_EQ(reply->data["symbols"][0]["file"], "log.c");
}

TEST(Related, ShowsPurposeDomainTypesAndLikes) {
  SemanticWorld::Files files = shop;
  files.push_back(
      {"auth/user.py", "class User:\n    pass\n\n\ndef session_of_user(user: User):\n    return user\n"});
  SemanticWorld world(files);
  auto reply = world.run("related", {{"symbol", "session_of_user"}});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->data["purpose"], "session of user");
  EXPECT_EQ(reply->data["purpose_from"], "name");
  EXPECT_LT(reply->data["purpose_confidence"].get<double>(), 0.5);
  EXPECT_EQ(reply->data["uses_types"][0]["name"], "User");
  std::vector<std::string> like;
  for (const auto& one : reply->data["similar"]) like.push_back(one["name"].get<std::string>());
  EXPECT_THAT(like, Contains("login_user"));
  EXPECT_THAT(like, Not(Contains("render_invoice")));
  EXPECT_THAT(like, Not(Contains("session_of_user")));
}

TEST(Related, AnUnknownOrAmbiguousNameIsSaidSo) {
  SemanticWorld world({{"a.py", "def open_log():\n    pass\n"}, {"b.py", "def open_log():\n    pass\n"}});
  auto unknown = world.run("related", {{"symbol", "open_lag"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().next, Contains("open_log"));
  auto ambiguous = world.run("related", {{"symbol", "open_log"}});
  ASSERT_TRUE(ambiguous);
  EXPECT_EQ(ambiguous->data["ambiguous"], true);
}

// Concepts and their rows by natural keys.
std::vector<std::string> rows(SemanticWorld& world) {
  std::vector<std::string> out;
  base::Status read = world.index().each(
      "SELECT c.stem, c.name, c.elements, c.files, f.path, e.qualified_name, e.ordinal, i.strength, i.fields "
      "FROM"
      " concepts c JOIN concept_index i USING(concept_id) JOIN code_elements e USING(element_id)"
      " JOIN repository_files f USING(file_id)",
      [&](const store::Row& row) {
        out.push_back(fmt::format("{} {} {} {} {} {} {} {} {}", row.text(0), row.text(1), row.integer(2),
                                  row.integer(3), row.text(4), row.text(5), row.integer(6), row.integer(7),
                                  row.integer(8)));
      });
  EXPECT_TRUE(read);
  std::ranges::sort(out);
  return out;
}

TEST(Concepts, EditsLeaveWhatAFreshIndexHas) {
  SemanticWorld world(
      {{"a.py", "def open_log():\n    pass\n"}, {"gone.py", "def rotate_log():\n    pass\n"}});
  world.remove("gone.py");
  for (const auto& [path, text] : shop) world.write(path, text);
  world.write("a.py", "def close_log():\n    pass\n");
  world.update();
  SemanticWorld::Files files = shop;
  files.push_back({"a.py", "def close_log():\n    pass\n"});
  SemanticWorld fresh(files);
  EXPECT_EQ(rows(world), rows(fresh));
  EXPECT_FALSE(rows(world).empty());
  auto orphans = world.index().integer(
      "SELECT count(*) FROM concept_index i WHERE NOT EXISTS (SELECT 1 FROM code_elements e WHERE "
      "e.element_id ="
      " i.element_id)");
  EXPECT_EQ(orphans->value_or(-1), 0);
}

TEST(Concepts, NothingIsWrittenWhenNothingChanged) {
  SemanticWorld world(shop);
  world.write("auth/login.py", shop[0].text + "# a remark\n");
  contracts::UpdateReport report = world.update();
  EXPECT_EQ(report.added + report.changed + report.removed, 0);
  EXPECT_GT(report.unchanged, 5);
}

}  // namespace
}  // namespace mira::semantics
