// One JSON-RPC message of the Model Context Protocol: reading a line that anybody
// may have written, and writing an answer that is one line of valid UTF-8. What is
// no message is a value with the error code the protocol gives it, never an exception.
#pragma once

#include <nlohmann/json.hpp>
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
inline constexpr int missing_capability = -32021;   // 2026-07-28
inline constexpr int unsupported_version = -32022;  // 2026-07-28
inline constexpr int unknown_resource = -32002;     // up to 2025-11-25
}  // namespace code

struct Incoming {
  enum class Kind { request, notification, response, invalid };
  Kind kind = Kind::invalid;
  Json id = nullptr;  // of a request or a response; of an invalid message where it could be read
  std::string method = {};
  Json params = Json::object();
  int error_code = 0;  // of an invalid message
  std::string error = {};
};

// An error as the protocol sends it.
struct Fault {
  int code = 0;
  std::string message;
  Json data = nullptr;
};

// Bounded: depth (limits::json_depth), size (limits::mcp_message_bytes); keys given twice are refused.
Incoming read_message(std::string_view line);

Json result_message(const Json& id, Json result);
Json fault_message(const Json& id, const Fault& fault);
Json notification_message(std::string_view method, Json params);
// One line without its newline; bytes that are not UTF-8 are replaced.
std::string to_line(const Json& message);

}  // namespace mira::mcp
