// The MCP server as an agent meets it: the built program, lines in, lines out.
#include <gmock/gmock.h>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class McpServer : public testing::Test {
 protected:
  McpServer() : mira(repo.root().parent_path()) {
    repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rate // 100\n");
    repo.write("shop/cart.py",
               "from shop.money import add_tax\n\n\ndef total(cents):\n    return add_tax(cents, 19)\n");
    repo.write(".env", "PASSWORD=hunter2\n");
    repo.commit("Start the shop");
    repo.commit(
        {.message = "Tax", .files = {{"shop/money.py", "def add_tax(cents, rate):\n    return cents\n"}}});
    mira.in(repo.root());
  }

  static json request(int id, const std::string& method, json params = json::object()) {
    return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
  }
  static json call(int id, const std::string& tool, json arguments) {
    return request(id, "tools/call", {{"name", tool}, {"arguments", std::move(arguments)}});
  }
  // Answers by id, after a handshake.
  std::map<int, json> converse(const std::vector<json>& requests) {
    std::string input =
        request(0, "initialize", {{"protocolVersion", "2025-06-18"}, {"capabilities", json::object()}})
            .dump() +
        "\n";
    for (const json& one : requests) input += one.dump() + "\n";
    auto ran = mira.run({"mcp", "--drain"}, input);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    std::map<int, json> answers;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      json answer = json::parse(line, nullptr, false);
      EXPECT_TRUE(answer.is_object()) << "not one JSON a line: " << line;
      if (answer.contains("id") && answer["id"].is_number()) answers[answer["id"].get<int>()] = answer;
    }
    return answers;
  }

  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(McpServer, ListsFewToolsInFewBytesAndTheOrderIsFixed) {
  json tools = converse({request(1, "tools/list")})[1]["result"]["tools"];
  EXPECT_LE(tools.size(), 10u);
  EXPECT_LE(tools.dump().size(), 6144u);
  std::vector<std::string> names;
  for (const json& tool : tools) {
    names.push_back(tool["name"]);
    EXPECT_EQ(tool["inputSchema"]["type"], "object");
    EXPECT_EQ(tool["outputSchema"]["type"], "object");
  }
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_THAT(names, testing::IsSupersetOf({"code", "context", "history", "open"}));
}

TEST_F(McpServer, EveryReadingToolAnswersWithEvidence) {
  auto answers = converse({call(1, "context", {{"task", "why does add_tax round"}, {"budget_tokens", 600}}),
                           call(2, "code", {{"action", "callers"}, {"query", "add_tax"}}),
                           call(3, "code", {{"action", "outline"}, {"query", "shop/cart.py"}}),
                           call(4, "history", {{"action", "log"}, {"target", "shop/money.py"}}),
                           call(5, "open", {{"id", "mira://symbol/total"}})});
  for (int id = 1; id <= 5; ++id) {
    json result = answers[id]["result"];
    EXPECT_EQ(result["isError"], false) << result;
    EXPECT_FALSE(result["structuredContent"]["evidence"].empty()) << result;
    EXPECT_NE(result["content"][0]["text"], "");
  }
  EXPECT_THAT(answers[2]["result"]["content"][0]["text"], HasSubstr("shop/cart.py:5"));
  EXPECT_THAT(answers[5]["result"]["content"][0]["text"], HasSubstr("return add_tax(cents, 19)"));
}

TEST_F(McpServer, MistakesAreAnsweredWithTheNextStep) {
  auto answers =
      converse({call(1, "code", {{"action", "callers"}, {"query", "ad_tax"}}),
                call(2, "code", {{"action", "guess"}, {"query", "x"}}), call(3, "context", json::object()),
                call(4, "code", {{"action", "search"}, {"query", "x"}, {"colour", "red"}})});
  EXPECT_THAT(answers[1]["result"]["content"][0]["text"], HasSubstr("add_tax"));
  EXPECT_THAT(answers[2]["result"]["content"][0]["text"], HasSubstr("callers"));
  EXPECT_THAT(answers[3]["result"]["content"][0]["text"], HasSubstr("question"));
  EXPECT_THAT(answers[4]["result"]["content"][0]["text"], HasSubstr("colour"));
  for (int id = 1; id <= 4; ++id) EXPECT_EQ(answers[id]["result"]["isError"], true);
}

TEST_F(McpServer, ResourcesOpenFilesInsideTheProjectOnly) {
  auto answers = converse({request(1, "resources/read", {{"uri", "mira://file/shop/cart.py"}}),
                           request(2, "resources/read", {{"uri", "mira://file/..%2Fsecret"}}),
                           request(3, "resources/read", {{"uri", "mira://file/.env"}}),
                           request(4, "resources/read", {{"uri", "mira://project"}}),
                           request(5, "resources/templates/list")});
  EXPECT_THAT(answers[1]["result"]["contents"][0]["text"], HasSubstr("def total"));
  EXPECT_TRUE(answers[2].contains("error"));
  EXPECT_TRUE(answers[3].contains("error"));
  EXPECT_THAT(answers[4]["result"]["contents"][0]["text"], HasSubstr("\"indexed\""));
  EXPECT_GE(answers[5]["result"]["resourceTemplates"].size(), 2u);
}

TEST_F(McpServer, PromptsCarryEvidenceAndNamesAreCompleted) {
  mira.run({"index"});
  auto answers =
      converse({request(1, "prompts/get",
                        {{"name", "explain-error"}, {"arguments", {{"error", "shop/money.py:1: error"}}}}),
                request(2, "completion/complete",
                        {{"ref", {{"type", "ref/resource"}, {"uri", "mira://symbol/{key}"}}},
                         {"argument", {{"name", "key"}, {"value", "add_"}}}})});
  EXPECT_THAT(answers[1]["result"]["messages"][0]["content"]["text"], HasSubstr("def add_tax"));
  EXPECT_THAT(answers[2]["result"]["completion"]["values"], testing::Contains("add_tax"));
}

TEST_F(McpServer, ManyCallsAtOnceAreAllAnswered) {
  std::vector<json> requests;
  for (int id = 1; id <= 40; ++id)
    requests.push_back(call(id, "code", {{"action", id % 2 ? "callers" : "search"}, {"query", "add_tax"}}));
  auto answers = converse(requests);
  for (int id = 1; id <= 40; ++id) EXPECT_EQ(answers[id]["result"]["isError"], false) << answers[id];
}

TEST_F(McpServer, OpenShowsTheTextBehindACitation) {
  auto ran = mira.run({"open", "shop/cart.py:4-5@0123456789ab"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "shop/cart.py:4-5 of 5 lines\ndef total(cents):\n    return add_tax(cents, 19)\n");
  EXPECT_EQ(mira.run({"open", "shop/none.py"}).exit_code, 3);
  EXPECT_EQ(mira.run({"open", ".env"}).exit_code, 4);
}

}  // namespace
}  // namespace mira
