// The protocol over a small offer: one tool, one resource, one prompt.
#include "faces/mcp/dispatch.h"

#include <gmock/gmock.h>

namespace mira::mcp {
namespace {

using testing::Contains;
using testing::HasSubstr;

Offer small_offer() {
  Offer offer{.name = "small", .title = "Small", .version = "1", .instructions = "Say hello."};
  Tool greet{.name = "greet", .description = "Greets."};
  greet.input_schema = {{"type", "object"}};
  greet.call = [](const Json& arguments, CallContext&) {
    if (!arguments.contains("name"))
      return ToolReply{.text = "name is missing", .structured = std::nullopt, .is_error = true};
    ToolReply reply{.text = "hello " + arguments["name"].get<std::string>(),
                    .structured = Json{{"greeted", true}}};
    reply.links.push_back({{"type", "resource_link"}, {"uri", "test://one"}, {"name", "one"}});
    return reply;
  };
  offer.tools.push_back(std::move(greet));
  offer.read = [](const std::string& uri, CallContext&) -> base::Result<ResourceText> {
    if (uri != "test://one") return base::fail(base::ErrorCode::not_found, "no such resource");
    return ResourceText{"text/plain", "1"};
  };
  offer.prompts.push_back({.name = "ask",
                           .description = "Asks.",
                           .arguments = Json::array({{{"name", "what"}, {"required", true}}}),
                           .get = [](const Json& arguments, CallContext&) -> base::Result<Json> {
                             std::string text = "What is " + arguments["what"].get<std::string>() + "?";
                             return Json::array({user_message(text_block(std::move(text)))});
                           }});
  offer.complete = [](const Json&, const std::string&, const std::string& begun, CallContext&) {
    return std::vector<std::string>(150, begun + "x");
  };
  return offer;
}

class Protocol : public testing::Test {
 protected:
  Json ask(const std::string& method, Json params = Json::object()) {
    Incoming request;
    request.kind = Incoming::Kind::request;
    request.id = 7;
    request.method = method;
    request.params = std::move(params);
    base::QuietProgress quiet;
    CallContext context{base::Deadline::never(), quiet};
    return Dispatcher(offer).answer(request, handshake, context);
  }
  Json modern(const std::string& method, Json params = Json::object()) {
    params["_meta"][meta::version] = "2026-07-28";
    params["_meta"][meta::capabilities] = Json::object();
    return ask(method, std::move(params));
  }
  Json shake_hands(const std::string& version) {
    return ask("initialize", {{"protocolVersion", version}, {"capabilities", Json::object()}})["result"];
  }

  Offer offer = small_offer();
  Handshake handshake;
};

TEST_F(Protocol, EveryLegacyVersionIsSpokenAndAnUnknownOneGetsTheNewest) {
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    EXPECT_EQ(shake_hands(version)["protocolVersion"], version);
  EXPECT_EQ(shake_hands("1999-01-01")["protocolVersion"], "2025-11-25");
}

TEST_F(Protocol, ARequestBeforeTheHandshakeIsAnErrorNotSilence) {
  EXPECT_EQ(ask("tools/list")["error"]["code"], code::invalid_request);
  EXPECT_EQ(ask("ping")["result"], Json::object());
}

TEST_F(Protocol, LegacyAnswersCarryNothingOfTheModernEra) {
  shake_hands("2025-11-25");
  Json result = ask("tools/list")["result"];
  EXPECT_FALSE(result.contains("resultType"));
  EXPECT_FALSE(result.contains("ttlMs"));
}

TEST_F(Protocol, ModernNeedsNoHandshakeAndNeverUsesOne) {
  Json result = modern("tools/list")["result"];
  EXPECT_EQ(result["resultType"], "complete");
  EXPECT_EQ(result["cacheScope"], "public");
  EXPECT_GE(result["ttlMs"].get<int>(), 0);
  EXPECT_EQ(result["_meta"][meta::server]["name"], "small");
  EXPECT_FALSE(handshake.done);
  for (const char* removed : {"initialize", "ping", "logging/setLevel", "resources/subscribe"})
    EXPECT_EQ(modern(removed)["error"]["code"], code::method_not_found) << removed;
}

TEST_F(Protocol, BothErasMixInOneProcess) {
  shake_hands("2025-06-18");
  EXPECT_TRUE(modern("tools/list")["result"].contains("resultType"));
  EXPECT_FALSE(ask("tools/list")["result"].contains("resultType"));
}

TEST_F(Protocol, DiscoverNamesVersionsAndWhatIsThere) {
  Json result = modern("server/discover")["result"];
  EXPECT_THAT(result["supportedVersions"], Contains("2026-07-28"));
  EXPECT_THAT(result["supportedVersions"], Contains("2024-11-05"));
  for (const char* name : {"tools", "resources", "prompts", "completions"})
    EXPECT_TRUE(result["capabilities"].contains(name)) << name;
}

TEST_F(Protocol, ModernMetaIsRequiredOnDiscoverToo) {
  EXPECT_EQ(ask("server/discover")["error"]["code"], code::invalid_params);
  Json only_version;
  only_version["_meta"][meta::version] = "2026-07-28";
  EXPECT_EQ(ask("tools/list", only_version)["error"]["code"], code::invalid_params);
}

TEST_F(Protocol, AnUnknownModernVersionIsToldWhatIsSupported) {
  Json params;
  params["_meta"][meta::version] = "2031-01-01";
  params["_meta"][meta::capabilities] = Json::object();
  Json error = ask("tools/list", params)["error"];
  EXPECT_EQ(error["code"], code::unsupported_version);
  EXPECT_EQ(error["data"]["requested"], "2031-01-01");
  EXPECT_THAT(error["data"]["supported"], Contains("2026-07-28"));
}

TEST_F(Protocol, AToolAnswersAsTextAndAsData) {
  Json result = modern("tools/call", {{"name", "greet"}, {"arguments", {{"name", "Ada"}}}})["result"];
  EXPECT_EQ(result["content"][0]["text"], "hello Ada");
  EXPECT_EQ(result["structuredContent"]["greeted"], true);
  EXPECT_EQ(result["isError"], false);
}

TEST_F(Protocol, LinksGoOnlyToClientsThatKnowThem) {
  Json call{{"name", "greet"}, {"arguments", {{"name", "Ada"}}}};
  shake_hands("2025-03-26");
  EXPECT_EQ(ask("tools/call", call)["result"]["content"].size(), 1u);
  shake_hands("2025-06-18");
  EXPECT_EQ(ask("tools/call", call)["result"]["content"].size(), 2u);
}

TEST_F(Protocol, FailedWorkIsAResultAndAnUnknownToolAnError) {
  shake_hands("2025-06-18");
  EXPECT_EQ(ask("tools/call", {{"name", "greet"}})["result"]["isError"], true);
  EXPECT_EQ(ask("tools/call", {{"name", "nope"}})["error"]["code"], code::invalid_params);
  EXPECT_EQ(ask("tools/call", {{"name", "greet"}, {"arguments", 3}})["error"]["code"], code::invalid_params);
}

TEST_F(Protocol, AnUnknownResourceHasTheCodeOfItsEra) {
  shake_hands("2025-06-18");
  EXPECT_EQ(ask("resources/read", {{"uri", "test://two"}})["error"]["code"], code::unknown_resource);
  Json error = modern("resources/read", {{"uri", "test://two"}})["error"];
  EXPECT_EQ(error["code"], code::invalid_params);
  EXPECT_EQ(error["data"]["uri"], "test://two");
  EXPECT_EQ(modern("resources/read", {{"uri", "test://one"}})["result"]["contents"][0]["text"], "1");
}

TEST_F(Protocol, APromptNeedsItsArguments) {
  shake_hands("2025-06-18");
  EXPECT_EQ(ask("prompts/get", {{"name", "ask"}})["error"]["code"], code::invalid_params);
  Json result = ask("prompts/get", {{"name", "ask"}, {"arguments", {{"what", "this"}}}})["result"];
  EXPECT_EQ(result["messages"][0]["content"]["text"], "What is this?");
}

TEST_F(Protocol, CompletionsAreAtMostAHundredAndSayThatThereAreMore) {
  shake_hands("2025-06-18");
  Json result = ask("completion/complete", {{"ref", {{"type", "ref/prompt"}, {"name", "ask"}}},
                                            {"argument", {{"name", "what"}, {"value", "a"}}}})["result"];
  EXPECT_EQ(result["completion"]["values"].size(), 100u);
  EXPECT_EQ(result["completion"]["hasMore"], true);
}

TEST_F(Protocol, AForeignCursorIsRefused) {
  EXPECT_EQ(modern("tools/list", {{"cursor", "zz"}})["error"]["code"], code::invalid_params);
}

TEST_F(Protocol, AnExceptionOutOfAToolIsAnInternalError) {
  offer.tools[0].call = [](const Json& arguments, CallContext&) {
    return ToolReply{.text = arguments.at("not there").get<std::string>(), .structured = std::nullopt};
  };
  EXPECT_EQ(modern("tools/call", {{"name", "greet"}})["error"]["code"], code::internal_error);
}

TEST_F(Protocol, ListenHonoursOnlyWhatCanChange) {
  Incoming request;
  request.params["notifications"] = {{"toolsListChanged", true},
                                     {"resourceSubscriptions", {"test://one", 3}}};
  auto fixed = Dispatcher(offer).honoured(request);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(*fixed, (Json{{"resourceSubscriptions", {"test://one"}}}));
  offer.lists_change = true;
  EXPECT_EQ((*Dispatcher(offer).honoured(request))["toolsListChanged"], true);
  request.params["notifications"] = 7;
  EXPECT_EQ(Dispatcher(offer).honoured(request).error().code, code::invalid_params);
}

TEST_F(Protocol, FaultsOfTheModernEraHaveTheirHttpStatus) {
  auto status = [&](const std::string& method, const Json& params) {
    Incoming request;
    request.id = 1;
    request.method = method;
    request.params = params;
    base::QuietProgress quiet;
    CallContext context{base::Deadline::never(), quiet};
    Dispatcher(offer).answer(request, handshake, context, Era::modern);
    return context.http_status;
  };
  Json whole;
  whole["_meta"][meta::version] = "2026-07-28";
  whole["_meta"][meta::capabilities] = Json::object();
  Json unknown = whole;
  unknown["_meta"][meta::version] = "2031-01-01";
  EXPECT_EQ(status("tools/list", whole), 200);
  EXPECT_EQ(status("tools/list", Json::object()), 400);
  EXPECT_EQ(status("tools/list", unknown), 400);
  EXPECT_EQ(status("ping", whole), 404);
  EXPECT_EQ(status("no/such", whole), 404);
}

TEST_F(Protocol, LogLevelsAreOfALegacyServerThatLogs) {
  shake_hands("2025-11-25");
  EXPECT_EQ(ask("logging/setLevel", {{"level", "info"}})["error"]["code"], code::method_not_found);
  offer.logs = true;
  EXPECT_EQ(ask("logging/setLevel", {{"level", "info"}})["result"], Json::object());
  EXPECT_EQ(ask("logging/setLevel", {{"level", "loud"}})["error"]["code"], code::invalid_params);
  EXPECT_TRUE(is_logged("error", "warning"));
  EXPECT_FALSE(is_logged("debug", "info"));
}

}  // namespace
}  // namespace mira::mcp
