// Configuration as people write it, before and after: every byte that is not ours stays.
#include "faces/clients/json_edit.h"

#include <gmock/gmock.h>

namespace mira::clients {
namespace {

using testing::HasSubstr;

const OrderedJson server{{"command", "/bin/mira"}, {"args", {"mcp"}}};

std::string set(std::string_view text, const std::vector<std::string>& keys, const OrderedJson& value) {
  auto out = set_member(text, keys, value);
  return out ? *out : "error: " + out.error().message;
}
std::string cut(std::string_view text, const std::vector<std::string>& keys) {
  auto out = remove_member(text, keys);
  return out ? *out : "error: " + out.error().message;
}

TEST(SetMember, MakesWhatIsNotThereInTheIndentationThatIs) {
  EXPECT_EQ(set("{\n    \"a\": 1\n}\n", {"mcp", "mira"}, 7),
            "{\n    \"a\": 1,\n    \"mcp\": {\n        \"mira\": 7\n    }\n}\n");
}

TEST(SetMember, KeepsCommentsOnTheirLines) {
  EXPECT_EQ(set("{\n  // first\n  \"a\": 1 // one\n  // last\n}", {"b"}, 2),
            "{\n  // first\n  \"a\": 1, // one\n  \"b\": 2\n  // last\n}");
}

TEST(SetMember, KeepsATrailingComma) {
  EXPECT_EQ(set("{\n  \"a\": 1,\n}", {"b"}, 2), "{\n  \"a\": 1,\n  \"b\": 2,\n}");
}

TEST(SetMember, KeepsOneLineOneLine) {
  EXPECT_EQ(set(R"({"a": {"x": 1}})", {"a", "y"}, server),
            R"({"a": {"x": 1, "y": {"command":"/bin/mira","args":["mcp"]}}})");
}

TEST(SetMember, KeepsLineEndsOfWindowsAndTabs) {
  EXPECT_EQ(set("{\r\n\t\"a\": 1\r\n}\r\n", {"b"}, {{"c", 1}}),
            "{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": 1\r\n\t}\r\n}\r\n");
}

TEST(SetMember, AnEqualValueChangesNothing) {
  std::string text = "{ \"m\" : {\"args\":[ \"mcp\" ],\n \"command\": \"/bin/mira\" /* so */ } }";
  EXPECT_EQ(set(text, {"m"}, server), text);
}

TEST(SetMember, AnotherValueIsReplacedInPlace) {
  EXPECT_EQ(set("{\"m\": 1, \"n\": 2}", {"m"}, 3), "{\"m\": 3, \"n\": 2}");
}

TEST(SetMember, FillsAnEmptyFileAndAnEmptyObject) {
  EXPECT_EQ(set("", {"a"}, 1), "{\n  \"a\": 1\n}\n");
  EXPECT_EQ(set("{}", {"a"}, 1), "{\n  \"a\": 1\n}");
  EXPECT_EQ(set("{\n  // nothing here\n}", {"a"}, 1), "{\n  // nothing here\n  \"a\": 1\n}");
}

TEST(SetMember, RefusesWhatIsNoJsonAndSaysWhere) {
  EXPECT_THAT(set("{\n \"a\": ,\n}", {"b"}, 1), HasSubstr("line 2"));
  for (const char* broken :
       {"{", "[]", "{\"a\" 1}", "{\"a\": 1 \"b\": 2}", "{\"a\": tru}", "{\"a\": \"x\n\"}", "{} {}"})
    EXPECT_THAT(set(broken, {"b"}, 1), HasSubstr("error")) << broken;
}

TEST(SetMember, RefusesToReplaceAValueOfAnotherKind) {
  EXPECT_THAT(set("{\"mcp\": 3}", {"mcp", "mira"}, 1), HasSubstr("error"));
}

TEST(RemoveMember, TakesItsLineAndLeavesTheRest) {
  EXPECT_EQ(cut("{\n  \"a\": 1, // one\n  \"b\": 2,\n  \"c\": 3\n}", {"b"}),
            "{\n  \"a\": 1, // one\n  \"c\": 3\n}");
  EXPECT_EQ(cut("{\n  \"a\": 1,\n  \"b\": 2\n}", {"b"}), "{\n  \"a\": 1\n}");
  EXPECT_EQ(cut("{\"a\": 1, \"b\": 2}", {"a"}), "{\"b\": 2}");
}

TEST(RemoveMember, TakesParentsThatAreEmptyThen) {
  EXPECT_EQ(cut("{\n  \"a\": 1,\n  \"m\": {\n    \"mira\": {\"x\": 1}\n  }\n}", {"m", "mira"}),
            "{\n  \"a\": 1\n}");
}

TEST(RemoveMember, LeavesAParentWithSomebodysComment) {
  EXPECT_THAT(cut("{\"m\": {\n  // mine\n  \"mira\": 1\n}}", {"m", "mira"}), HasSubstr("// mine"));
}

TEST(RemoveMember, TakesAKeyThatStandsThereTwiceBothTimes) {
  EXPECT_EQ(cut("{\"m\": 1, \"b\": 2, \"m\": 3}", {"m"}), "{\"b\": 2}");
  EXPECT_EQ(cut("{\"m\": {\"mira\": 1}, \"m\": {\"mira\": 2}}", {"m", "mira"}), "{}");
  EXPECT_EQ(cut("{\"m\": {\"mira\": 1, \"mira\": 2, \"x\": 3}}", {"m", "mira"}), "{\"m\": {\"x\": 3}}");
}

TEST(RemoveMember, OfWhatIsNotThereChangesNothing) {
  for (const char* text : {"", "{}", "{\"a\": [1]}", "{ /* x */ }"})
    EXPECT_EQ(cut(text, {"m", "mira"}), text);
}

TEST(ListElements, AreAppendedReplacedAndTakenAgain) {
  auto ours = [](std::string_view element) { return element.contains("mira hook"); };
  std::string text = "{\n  \"hooks\": {\n    \"Stop\": [\n      {\"command\": \"other\"}\n    ]\n  }\n}\n";
  auto added = set_element(text, {"hooks", "Stop"}, {{"command", "mira hook"}}, ours);
  ASSERT_TRUE(added);
  EXPECT_THAT(*added,
              HasSubstr("{\"command\": \"other\"},\n      {\n        \"command\": \"mira hook\"\n      }"));
  EXPECT_EQ(*set_element(*added, {"hooks", "Stop"}, {{"command", "mira hook"}}, ours), *added);
  auto changed = set_element(*added, {"hooks", "Stop"}, {{"command", "mira hook 2"}}, ours);
  EXPECT_THAT(*changed, HasSubstr("mira hook 2"));
  EXPECT_EQ(*remove_elements(*changed, {"hooks", "Stop"}, ours), text);
}

TEST(ListElements, AListThatIsEmptyThenGoes) {
  auto ours = [](std::string_view element) { return element.contains("mira"); };
  EXPECT_EQ(*remove_elements("{\"a\": 1, \"hooks\": {\"Stop\": [\"mira\"]}}", {"hooks", "Stop"}, ours),
            "{\"a\": 1}");
}

// Whatever is put in and taken out again, what the others read stays the same, and the text stays JSON.
TEST(RoundTrip, KeepsTheMeaningOfEveryOtherEntry) {
  for (std::string text :
       {std::string("{}"), std::string("{\"a\":1}"), std::string("{\"a\":[1,2,],\"mcpServers\":{\"x\":{}},}"),
        std::string("\xef\xbb\xbf{\n\t// c\n\t\"mcpServers\": {\n\t\t\"x\": {\"command\": \"y\"}, /* z "
                    "*/\n\t},\n}\n"),
        std::string("{ \"mcpServers\" : { } , \"b\" : \"\\u00e9\\\"\" }")}) {
    auto put = set_member(text, {"mcpServers", "mira"}, server);
    ASSERT_TRUE(put) << text;
    auto parsed = parse_json_text(*put);
    ASSERT_TRUE(parsed) << *put;
    EXPECT_NE(parsed->find({"mcpServers", "mira"}), nullptr);
    auto taken = remove_member(*put, {"mcpServers", "mira"});
    ASSERT_TRUE(taken) << *put;
    ASSERT_TRUE(parse_json_text(*taken)) << *taken;
    EXPECT_EQ(taken->find("mira"), std::string::npos) << *taken;
  }
}

}  // namespace
}  // namespace mira::clients
