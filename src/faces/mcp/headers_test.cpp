#include "faces/mcp/headers.h"

#include <gmock/gmock.h>

#include <map>

#include "faces/mcp/dispatch.h"
#include "faces/mcp/seal.h"

namespace mira::mcp {
namespace {

TEST(HeaderValues, AreDecodedOnlyWhereTheyAreWhole) {
  struct Case {
    const char* given;
    std::optional<std::string> meant;
  };
  const std::vector<Case> cases{{"plain", "plain"},
                                {"  \tplain ", "plain"},
                                {"=?base64?SGVsbG8=?=", "Hello"},
                                {"=?base64?SGVsbG8?=", std::nullopt},
                                {"=?base64?SGVsbG8=", "=?base64?SGVsbG8="},
                                {"SGVsbG8=?=", "SGVsbG8=?="},
                                {"=?BASE64?SGVsbG8=?=", "=?BASE64?SGVsbG8=?="},
                                {"=?base64?SGVs!G8=?=", std::nullopt},
                                {"=?base64?SGVsbG9=?=", std::nullopt},
                                {"=?base64?"
                                 "?=",
                                 ""},
                                {"=?base64?=", "=?base64?="}};
  for (const Case& one : cases) EXPECT_EQ(decode_header(one.given), one.meant) << one.given;
}

class Headers : public testing::Test {
 protected:
  Headers() {
    Tool tool{.name = "t"};
    tool.input_schema = Json::parse(R"({"type": "object", "properties": {
      "region": {"type": "string", "x-mcp-header": "Region"},
      "count": {"type": "integer", "x-mcp-header": "Count"},
      "inner": {"type": "object", "properties": {"deep": {"type": "boolean", "x-mcp-header": "Deep"}}}}})");
    offer.tools.push_back(tool);
    request.method = "tools/call";
    request.params = {{"name", "t"}, {"arguments", Json::object()}};
    request.params["_meta"][meta::version] = "2026-07-28";
    given = {{"mcp-protocol-version", "2026-07-28"}, {"mcp-method", "tools/call"}, {"mcp-name", "t"}};
  }
  bool fit() {
    auto wrong = check_headers(request, offer, [&](std::string_view name) {
      auto found = given.find(std::string(name));
      return found == given.end() ? std::nullopt : std::optional(found->second);
    });
    if (wrong) {
      EXPECT_EQ(wrong->code, code::header_mismatch);
    }
    return !wrong;
  }

  Offer offer;
  Incoming request;
  std::map<std::string, std::string> given;
};

TEST_F(Headers, EachOfThemMustBeThereAndSayWhatTheBodySays) {
  EXPECT_TRUE(fit());
  for (const char* name : {"mcp-protocol-version", "mcp-method", "mcp-name"}) {
    auto all = given;
    given.erase(name);
    EXPECT_FALSE(fit()) << name;
    given = all;
    given[name] = "Other";
    EXPECT_FALSE(fit()) << name;
    given = all;
  }
  given["mcp-method"] = "TOOLS/CALL";
  EXPECT_FALSE(fit());
}

TEST_F(Headers, TheNameIsTheUriOfAResourceAndTheIdOfATask) {
  request.method = given["mcp-method"] = "resources/read";
  request.params["uri"] = given["mcp-name"] = "mira://file/a";
  EXPECT_TRUE(fit());
  request.method = given["mcp-method"] = "tasks/get";
  EXPECT_FALSE(fit());
  request.params["taskId"] = "7";
  given["mcp-name"] = "7";
  EXPECT_TRUE(fit());
}

TEST_F(Headers, MarkedArgumentsAreRepeated) {
  request.params["arguments"] = {{"region", "eu"}, {"count", 3}, {"inner", {{"deep", true}}}};
  EXPECT_FALSE(fit());
  given["mcp-param-region"] = "=?base64?ZXU=?=";
  given["mcp-param-count"] = "3";
  given["mcp-param-deep"] = "true";
  EXPECT_TRUE(fit());
  given["mcp-param-count"] = "03x";
  EXPECT_FALSE(fit());
  given["mcp-param-count"] = "3";
  request.params["arguments"]["region"] = nullptr;
  EXPECT_FALSE(fit());
  given.erase("mcp-param-region");
  EXPECT_TRUE(fit());
}

TEST(Sealed, OpensOnlyUnchangedForTheSameThingAndInTime) {
  Seal seal(std::array<unsigned char, 32>{1, 2, 3});
  std::string sealed = seal.close({{"step", 2}}, "tools/call t", 1000);
  auto opened = seal.open(sealed, "tools/call t", 2000);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)["step"], 2);
  EXPECT_FALSE(seal.open(sealed, "tools/call u", 2000));
  EXPECT_FALSE(seal.open(sealed, "tools/call t", 1000 + 3'600'001));
  EXPECT_FALSE(Seal(std::array<unsigned char, 32>{9}).open(sealed, "tools/call t", 2000));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    if (changed != sealed) {
      EXPECT_FALSE(seal.open(changed, "tools/call t", 2000)) << at;
    }
    EXPECT_FALSE(seal.open(sealed.substr(0, at), "tools/call t", 2000));
  }
}

TEST(Sealed, NamesAreNotGuessed) {
  auto one = random_name(), other = random_name();
  ASSERT_TRUE(one && other);
  EXPECT_NE(*one, *other);
  EXPECT_EQ(one->size(), 32u);
}

}  // namespace
}  // namespace mira::mcp
