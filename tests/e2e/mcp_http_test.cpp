// The Model Context Protocol over HTTP, as clients of both eras meet it.
#include "tests/e2e/served.h"

namespace mira {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class McpHttp : public Serve {
 protected:
  std::string mcp(const std::string& body, const std::string& more = "") {
    return exchange(
        head("POST", "/mcp",
             bearer() + more +
                 "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                 "Content-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body));
  }
  static std::string header_of(const std::string& response, const std::string& name) {
    std::size_t at = response.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    at += name.size() + 4;
    return response.substr(at, response.find("\r\n", at) - at);
  }
  static json rpc(const std::string& method, json params = json::object(), int id = 1) {
    return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
  }
  static json modern(const std::string& method, json params = json::object()) {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json::object();
    return rpc(method, std::move(params));
  }
  std::string ask_modern(const json& request, const std::string& name = "") {
    std::string headers =
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + request["method"].get<std::string>() + "\r\n";
    if (!name.empty()) headers += "Mcp-Name: " + name + "\r\n";
    return mcp(request.dump(), headers);
  }
  std::string session() {
    std::string response =
        mcp(rpc("initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", json::object()}}).dump());
    EXPECT_EQ(body_of(response)["result"]["protocolVersion"], "2025-11-25") << response;
    return "Mcp-Session-Id: " + header_of(response, "Mcp-Session-Id") +
           "\r\nMCP-Protocol-Version: 2025-11-25\r\n";
  }
};

TEST_F(McpHttp, AModernClientNeedsNoHandshake) {
  json tools = body_of(ask_modern(modern("tools/list")))["result"]["tools"];
  EXPECT_LE(tools.size(), 10u);
  EXPECT_LE(tools.dump().size(), 6144u);
  json call =
      modern("tools/call", {{"name", "code"}, {"arguments", {{"action", "callers"}, {"query", "add_tax"}}}});
  json result = body_of(ask_modern(call, "code"))["result"];
  EXPECT_EQ(result["isError"], false) << result;
  EXPECT_EQ(result["structuredContent"]["evidence"][0]["name"], "total");
}

// The server keeps connections of the index between calls; those of a file that is gone serve nobody.
TEST_F(McpHttp, AnIndexThatIsDeletedUnderTheServerComesBack) {
  json call =
      modern("tools/call", {{"name", "code"}, {"arguments", {{"action", "callers"}, {"query", "add_tax"}}}});
  for (int round = 0; round < 3; ++round) {
    json result = body_of(ask_modern(call, "code"))["result"];
    EXPECT_EQ(result["isError"], false) << result;
    EXPECT_EQ(result["structuredContent"]["evidence"][0]["name"], "total") << result;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(mira.home()))
      if (entry.path().filename().string().starts_with("index.db")) files.push_back(entry.path());
    EXPECT_FALSE(files.empty());
    for (const std::filesystem::path& file : files) std::filesystem::remove(file);
  }
}

TEST_F(McpHttp, WhatIsWrongWithAModernRequestHasItsStatusAndCode) {
  json list = modern("tools/list");
  std::string missing = mcp(list.dump(), "MCP-Protocol-Version: 2026-07-28\r\n");
  EXPECT_THAT(missing, StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(body_of(missing)["error"]["code"], -32020);
  std::string other = mcp(list.dump(), "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n");
  EXPECT_EQ(body_of(other)["error"]["code"], -32020);
  std::string unknown = ask_modern(modern("ping"));
  EXPECT_THAT(unknown, StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(body_of(unknown)["error"]["code"], -32601);
  EXPECT_EQ(body_of(unknown)["id"], 1);
  std::string bare =
      mcp(rpc("tools/list").dump(), "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n");
  EXPECT_THAT(bare, StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(body_of(bare)["error"]["code"], -32602);
  EXPECT_THAT(get("/mcp"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(mcp("[]"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(mcp("{\"a\":1,\"a\":2}"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(mcp(std::string(100'000, '[')), StartsWith("HTTP/1.1 400"));
}

TEST_F(McpHttp, ALegacyClientHasASessionUntilItEndsIt) {
  std::string headers = session();
  EXPECT_EQ(body_of(mcp(rpc("ping").dump(), headers))["result"], json::object());
  EXPECT_THAT(mcp(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", headers),
              StartsWith("HTTP/1.1 202"));
  json call =
      rpc("tools/call", {{"name", "code"}, {"arguments", {{"action", "callers"}, {"query", "add_tax"}}}});
  EXPECT_THAT(mcp(call.dump(), headers), HasSubstr("total"));
  EXPECT_THAT(mcp(rpc("ping").dump()), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(mcp(rpc("ping").dump(), "Mcp-Session-Id: 0123\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(mcp(rpc("ping").dump(), headers + "X: 1\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(exchange(head("DELETE", "/mcp", bearer() + headers) + "\r\n"), StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(mcp(rpc("ping").dump(), headers), StartsWith("HTTP/1.1 404"));
}

TEST_F(McpHttp, AWatchedFileIsToldWhenItChanges) {
  json listen = modern("subscriptions/listen",
                       {{"notifications", {{"resourceSubscriptions", {"mira://file/money.py"}}}}});
  std::string body = listen.dump();
  Wire wire(connect());
  wire.say("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" + bearer() +
           "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Type: "
           "application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body);
  json first = wire.event()["data"];
  EXPECT_EQ(first["method"], "notifications/subscriptions/acknowledged");
  EXPECT_EQ(first["params"]["notifications"]["resourceSubscriptions"][0], "mira://file/money.py");
  repo.write("money.py", "def add_tax(cents):\n    return cents * 2\n");
  json told = wire.event()["data"];
  EXPECT_EQ(told["method"], "notifications/resources/updated");
  EXPECT_EQ(told["params"]["uri"], "mira://file/money.py");
  EXPECT_EQ(told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], 1);
}

TEST_F(McpHttp, EveryRefusalComesBeforeTheBody) {
  std::string announced = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n";
  EXPECT_THAT(exchange("POST /mcp HTTP/1.1\r\nHost: evil.example\r\n" + bearer() + announced),
              StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(exchange(head("POST", "/mcp", "Origin: http://evil.example\r\n" + bearer() + announced)),
              StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(exchange(head("POST", "/mcp", announced)), StartsWith("HTTP/1.1 401"));
}

TEST(ServeUnit, IsAUnitThatServesThisProject) {
  support::FakeRepo repo;
  support::Mira mira(repo.root().parent_path());
  auto ran = mira.in(repo.root()).run({"serve", "--print-unit"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("ExecStart=\"" + support::Mira::binary().string() +
                                 "\" serve --quiet --socket %t/mira.sock"));
  EXPECT_THAT(ran.out, HasSubstr("--project \"" + repo.root().string() + "\""));
  EXPECT_THAT(ran.out, HasSubstr("WantedBy=default.target"));
  EXPECT_THAT(mira.run({"serve", "--print-unit", "--project", "/a b/100%\"x"}).out,
              HasSubstr("\"/a b/100%%\\\"x\""));
}

}  // namespace
}  // namespace mira
