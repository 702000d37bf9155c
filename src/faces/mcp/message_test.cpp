#include "faces/mcp/message.h"

#include <gtest/gtest.h>

#include "platform/base/limits.h"

namespace mira::mcp {
namespace {

using Kind = Incoming::Kind;

TEST(Message, ARequestHasItsIdMethodAndParameters) {
  Incoming in = read_message(R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{"x":1}})");
  EXPECT_EQ(in.kind, Kind::request);
  EXPECT_EQ(in.id, "a");
  EXPECT_EQ(in.method, "ping");
  EXPECT_EQ(in.params["x"], 1);
}

TEST(Message, WithoutIdItIsANotification) {
  EXPECT_EQ(read_message(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").kind,
            Kind::notification);
}

TEST(Message, AnAnswerIsToldFromARequest) {
  EXPECT_EQ(read_message(R"({"jsonrpc":"2.0","id":1,"result":{}})").kind, Kind::response);
}

struct Bad {
  const char* line;
  int code;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.code;
}

class BadMessage : public testing::TestWithParam<Bad> {};

TEST_P(BadMessage, IsAValueWithTheCodeOfTheProtocol) {
  Incoming in = read_message(GetParam().line);
  EXPECT_EQ(in.kind, Kind::invalid);
  EXPECT_EQ(in.error_code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, BadMessage,
    testing::Values(Bad{"", code::parse_error}, Bad{"{", code::parse_error},
                    Bad{"\xff\xfe", code::parse_error},
                    Bad{R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})", code::parse_error},
                    Bad{"[]", code::invalid_request}, Bad{"1", code::invalid_request},
                    Bad{R"({"jsonrpc":"1.0","id":1,"method":"ping"})", code::invalid_request},
                    Bad{R"({"jsonrpc":"2.0","id":null,"method":"ping"})", code::invalid_request},
                    Bad{R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", code::invalid_request},
                    Bad{R"({"jsonrpc":"2.0","id":1,"method":7})", code::invalid_request},
                    Bad{R"({"jsonrpc":"2.0","id":1})", code::invalid_request},
                    Bad{R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", code::invalid_params}));

TEST(Message, DepthIsBounded) {
  auto nested = [](int levels) {
    return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"x":)" + std::string(levels, '[') +
           std::string(levels, ']') + "}}";
  };
  EXPECT_EQ(read_message(nested(limits::json_depth - 2)).kind, Kind::request);
  EXPECT_EQ(read_message(nested(limits::json_depth - 1)).kind, Kind::invalid);
  EXPECT_EQ(read_message(nested(100'000)).kind, Kind::invalid);
}

TEST(Message, ALineIsAlwaysOneLineOfValidText) {
  Json message = result_message(1, {{"text", "a\nb\xff"}});
  EXPECT_EQ(to_line(message), R"({"id":1,"jsonrpc":"2.0","result":{"text":"a\nb)"
                              "\xef\xbf\xbd\"}}");
}

}  // namespace
}  // namespace mira::mcp
