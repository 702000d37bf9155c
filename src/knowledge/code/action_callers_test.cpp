// callers and callees, asked of a project as a user asks them.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using contracts::Json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// "caller file:line [tier, rule]" of each caller told.
std::vector<std::string> told(const Json& data, const char* key = "callers") {
  std::vector<std::string> out;
  for (const Json& row : data.at(key))
    out.push_back(fmt::format("{} {}:{} [{}, {}]", row.at("name").get<std::string>(),
                              row.at("file").get<std::string>(), row.at("call_line").get<int>(),
                              row.at("tier").get<std::string>(), row.at("rule").get<std::string>()));
  return out;
}

Json data_of(CodeWorld& world, const char* action, const Json& arguments) {
  auto reply = world.ask(action, arguments);
  EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
  return reply ? reply->data : Json();
}

CodeWorld::Files tool_and_users() {
  return {{"tool.py", "def cut(x):\n    pass\n\nclass Box:\n    def open(self):\n        cut(1)\n"},
          {"one.py", "from tool import cut\n\ndef a():\n    cut(2)\n    cut(3)\n"},
          {"two.py", "import tool\n\ndef b(thing):\n    tool.cut(4)\n    thing.cut(5)\n"}};
}

TEST(Callers, TellsEachCallSiteWithHowItWasFoundInTheOrderOfPlaces) {
  CodeWorld world{tool_and_users()};
  Json data = data_of(world, "callers", {{"symbol", "cut"}});
  EXPECT_THAT(told(data), ElementsAre("a one.py:4 [proved, import]", "a one.py:5 [proved, import]",
                                      "Box.open tool.py:6 [proved, scope]", "b two.py:4 [proved, import]"));
  EXPECT_EQ(data.at("total"), 4);
  EXPECT_EQ(data.at("symbol").at("file"), "tool.py");
}

TEST(Callers, CountsSitesThatMayMeanItApart) {
  CodeWorld world{tool_and_users()};
  auto reply = world.ask("callers", {{"symbol", "cut"}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->data.at("possible").at("total"), 0);
  EXPECT_EQ(reply->data.at("unresolved"), 1);
  EXPECT_THAT(reply->notes, Contains(HasSubstr("1 more calls of a `cut`")));
}

TEST(Callers, OfAMethodKnownByNameOnlyArePossibleAndNotCounted) {
  CodeWorld world{{"a.py",
                   "class A:\n    def frobnicate(self):\n        pass\n\n"
                   "def f(thing):\n    thing.frobnicate()\n"}};
  Json data = data_of(world, "callers", {{"symbol", "A.frobnicate"}});
  EXPECT_EQ(data.at("total"), 0);
  EXPECT_THAT(told(data.at("possible")), ElementsAre("f a.py:6 [possible, name only]"));
}

TEST(Callers, ComeByPagesThatMeetWithoutGapOrDouble) {
  CodeWorld world{tool_and_users()};
  std::vector<std::string> all;
  Json arguments{{"symbol", "cut"}, {"limit", 3}};
  for (int page = 0; page < 4; ++page) {
    auto reply = world.ask("callers", arguments);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->data.at("total"), 4);
    for (std::string& one : told(reply->data)) all.push_back(std::move(one));
    if (reply->cursor.empty()) break;
    arguments["cursor"] = reply->cursor;
  }
  EXPECT_EQ(all, told(data_of(world, "callers", {{"symbol", "cut"}})));
}

TEST(Callers, OfAClassAreThoseThatMakeAnObjectOfIt) {
  CodeWorld world{{"a.py", "class Box:\n    def __init__(self):\n        pass\n\ndef f():\n    Box()\n"}};
  EXPECT_THAT(told(data_of(world, "callers", {{"symbol", "Box"}})),
              ElementsAre("f a.py:6 [proved, constructor]"));
}

TEST(Callers, OfANameThatNothingHasIsAnErrorWithItsNeighbours) {
  CodeWorld world{tool_and_users()};
  for (const char* wrong : {"cuts", "ctu", "Box.opan"}) {
    auto reply = world.ask("callers", {{"symbol", wrong}});
    ASSERT_FALSE(reply) << wrong;
    EXPECT_EQ(reply.error().code, base::ErrorCode::not_found);
    EXPECT_THAT(reply.error().message, HasSubstr(wrong));
    EXPECT_THAT(reply.error().next, Not(IsEmpty())) << wrong;
  }
}

TEST(Callers, OfANameThatMeansSeveralThingsTellTheThingsAndAnswerForNone) {
  CodeWorld world{{"a.py", "def run():\n    pass\n"},
                  {"b.py", "class B:\n    def run(self):\n        pass\n"}};
  Json data = data_of(world, "callers", {{"symbol", "run"}});
  EXPECT_EQ(data.at("ambiguous"), true);
  EXPECT_THAT(data.at("candidates"), SizeIs(2));
  EXPECT_FALSE(data.contains("callers"));
  EXPECT_EQ(data_of(world, "callers", {{"symbol", "B.run"}}).at("symbol").at("file"), "b.py");
  EXPECT_EQ(data_of(world, "callers", {{"symbol", "run"}, {"file", "a.py"}}).at("symbol").at("file"), "a.py");
}

// A global that is called is asked for like a function: a namesake inside a test is not what is meant alone.
TEST(Callers, OfAGlobalObjectThatIsCalledAreAnswered) {
  CodeWorld::Files files{
      {"outcomes.py", "class Fail:\n    def __call__(self):\n        pass\n\nfail = Fail()\n"},
      {"use.py", "from outcomes import fail\n\ndef check():\n    fail()\n"}};
  CodeWorld world{files};
  EXPECT_THAT(told(data_of(world, "callers", {{"symbol", "fail"}})),
              ElementsAre("check use.py:4 [proved, import]"));
  EXPECT_THAT(told(data_of(world, "callers", {{"symbol", "Fail.__call__"}})),
              ElementsAre("fail outcomes.py:5 [inferred, member]"));
  files.push_back({"test_use.py", "def test_it():\n    def fail():\n        pass\n    fail()\n"});
  CodeWorld both{files};
  EXPECT_EQ(data_of(both, "callers", {{"symbol", "fail"}}).at("ambiguous"), true);
}

TEST(Callers, OfANamesakeVariableThatNothingCallsAreThoseOfTheFunction) {
  CodeWorld world{{"a.py", "def limit():\n    pass\n\ndef f():\n    limit()\n"}, {"b.py", "limit = 3\n"}};
  EXPECT_THAT(told(data_of(world, "callers", {{"symbol", "limit"}})),
              ElementsAre("f a.py:5 [proved, scope]"));
}

// In C and C++ the place a user names may be the prototype's, while calls lead to the body, or the other way.
TEST(Callers, OfADeclarationAreThoseOfItsDefinition) {
  CodeWorld world{
      {"hash.h", "unsigned hash(const char* data);\nnamespace db { class Box { public: void open(); }; }\n"},
      {"hash.cc",
       "#include \"hash.h\"\nunsigned hash(const char* data) { return data[0]; }\n"
       "void db::Box::open() {}\n"},
      {"use.cc", "#include \"hash.h\"\nvoid a() { hash(\"x\"); }\nvoid b(db::Box& box) { box.open(); }\n"},
      {"own.cc", "static unsigned hash(const char* data) { return 1; }\nvoid c() { hash(\"y\"); }\n"}};
  for (const char* file : {"hash.h", "hash.cc"}) {
    Json of_function = data_of(world, "callers", {{"symbol", "hash"}, {"file", file}});
    ASSERT_EQ(told(of_function).size(), 1U) << file;
    EXPECT_THAT(told(of_function)[0], testing::StartsWith("a use.cc:2")) << file;
    EXPECT_EQ(of_function.at("symbol").at("file"), file);
    Json of_method = data_of(world, "callers", {{"symbol", "db::Box::open"}, {"file", file}});
    ASSERT_EQ(told(of_method).size(), 1U) << file;
    EXPECT_THAT(told(of_method)[0], testing::StartsWith("b use.cc:3")) << file;
  }
  EXPECT_THAT(told(data_of(world, "callers", {{"symbol", "hash"}, {"file", "own.cc"}})),
              ElementsAre("c own.cc:2 [proved, scope]"));
}

TEST(Callees, TellWhatIsCalledWhatLeadsOutAndWhatStaysOpen) {
  CodeWorld world{{"a.py",
                   "import os\nfrom b import cut\n\ndef f(thing):\n    cut()\n    os.getcwd()\n"
                   "    thing.frobnicate()\n"},
                  {"b.py", "def cut():\n    pass\n"}};
  Json data = data_of(world, "callees", {{"symbol", "f"}});
  EXPECT_THAT(told(data, "callees"), ElementsAre("cut b.py:5 [proved, import]"));
  EXPECT_EQ(data.at("external").at("total"), 1);
  EXPECT_THAT(data.at("external").at("names").at(0).at("name").get<std::string>(), HasSubstr("os.getcwd"));
  EXPECT_EQ(data.at("unresolved").at("total"), 1);
  EXPECT_THAT(data.at("unresolved").at("names").at(0).at("name").get<std::string>(), HasSubstr("frobnicate"));
}

}  // namespace
}  // namespace mira::code
