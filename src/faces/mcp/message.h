// One JSON-RPC message of the Model Context Protocol: reading a line that anybody
// may have written, and writing an answer that is one line of valid UTF-8. What is
// no message is a value with the error code the protocol gives it, never an exception.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace mira::mcp {

using Json = nlohmann::json;

namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int header_mismatch = -32020;      // 2026-07-28
inline constexpr int missing_capability = -32021;   // 2026-07-28
inline constexpr int unsupported_version = -32022;  // 2026-07-28
inline constexpr int unknown_resource = -32002;     // up to 2025-11-25
}  // namespace code

// The two ways of speaking: up to 2025-11-25 after a handshake, from 2026-07-28 without one.
enum class Era { legacy, modern };

struct Incoming {
  enum class Kind { request, notification, response, invalid };
  Kind kind = Kind::invalid;
  Json id = nullptr;  // of a request or a response; of an invalid message where it could be read
  std::string method = {};
  Json params = Json::object();
  Json whole = nullptr;  // a response, as it came
  int error_code = 0;    // of an invalid message
  std::string error = {};
};

// An error as the protocol sends it.
struct Fault {
  int code = 0;
  std::string message;
  Json data = nullptr;
  int http_status = 200;  // of an answer over HTTP
};

// The result of a request, or the error in its place.
using Outcome = std::expected<Json, Fault>;
inline std::unexpected<Fault> fault(int code, std::string message, Json data = nullptr,
                                    int http_status = 200) {
  return std::unexpected(Fault{code, std::move(message), std::move(data), http_status});
}

// Bounded: depth (limits::json_depth), size (limits::mcp_message_bytes); keys given twice are refused.
Incoming read_message(std::string_view line);
// Any JSON under the same bounds; nothing, and why, where it is none.
std::optional<Json> read_json(std::string_view text, std::string& why);

Json result_message(const Json& id, Json result);
Json fault_message(const Json& id, const Fault& fault);
Json notification_message(std::string_view method, Json params);
// One line without its newline; bytes that are not UTF-8 are replaced.
std::string to_line(const Json& message);

}  // namespace mira::mcp
