#include "faces/mcp/headers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "faces/mcp/dispatch.h"
#include "platform/base/text.h"

namespace mira::mcp {
namespace {

constexpr int deepest_parameter = 8;

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (char c : text.substr(0, text.size() - padding)) {
    std::size_t six = alphabet.find(c);
    if (six == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(six)) & 0xFFFFFFU;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xFFU);
  }
  bool clean = (bits & ((1U << static_cast<unsigned>(have)) - 1U)) == 0;
  return clean ? std::optional(out) : std::nullopt;
}

Fault mismatch(const std::string& name, const char* why) {
  return {code::header_mismatch, "the header " + name + " " + why, nullptr, 400};
}

// The header must be there and say `right`.
std::optional<Fault> must_equal(const std::string& name, const std::string& right,
                                const HeaderLookup& header) {
  auto given = header(base::to_lower(name));
  if (!given) return mismatch(name, "is missing");
  auto value = decode_header(*given);
  if (!value) return mismatch(name, "is not base64");
  if (*value != right) return mismatch(name, "says something else than the body");
  return std::nullopt;
}

const char* name_member(const std::string& method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method == "resources/read") return "uri";
  if (method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel") return "taskId";
  return nullptr;
}

bool same_value(const Json& argument, const std::string& value) {
  if (argument.is_string()) return argument.get<std::string>() == value;
  if (argument.is_boolean()) return value == (argument.get<bool>() ? "true" : "false");
  if (!argument.is_number_integer()) return false;
  if (argument.is_number_unsigned()) {
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc() && end == value.data() + value.size() &&
           number == argument.get<std::uint64_t>();
  }
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size() && number == argument.get<std::int64_t>();
}

std::optional<Fault> check_parameter(const std::string& name, const Json* argument,
                                     const HeaderLookup& header) {
  auto given = header(base::to_lower(name));
  if (argument == nullptr || argument->is_null())
    return given ? std::optional(mismatch(name, "repeats an argument that is not there")) : std::nullopt;
  if (!given) return mismatch(name, "is missing");
  auto value = decode_header(*given);
  if (!value) return mismatch(name, "is not base64");
  if (!same_value(*argument, *value)) return mismatch(name, "says something else than the body");
  return std::nullopt;
}

// Parameters marked x-mcp-header, wherever `properties` lead to.
std::optional<Fault> check_parameters(const Json& schema, const Json* arguments, const HeaderLookup& header,
                                      int depth) {
  auto properties = schema.is_object() ? schema.find("properties") : schema.end();
  if (depth > deepest_parameter || properties == schema.end() || !properties->is_object())
    return std::nullopt;
  for (const auto& [name, property] : properties->items()) {
    const Json* argument = nullptr;
    if (arguments != nullptr && arguments->is_object() && arguments->contains(name))
      argument = &(*arguments)[name];
    if (!property.is_object()) continue;
    if (auto marked = property.find("x-mcp-header"); marked != property.end() && marked->is_string()) {
      std::string full = "Mcp-Param-" + marked->get<std::string>();
      if (auto wrong = check_parameter(full, argument, header)) return wrong;
    }
    if (auto wrong = check_parameters(property, argument, header, depth + 1)) return wrong;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> decode_header(std::string_view value) {
  constexpr std::string_view opening = "=?base64?", closing = "?=";
  value = base::trim(value);
  bool wrapped = value.starts_with(opening) && value.ends_with(closing) &&
                 value.size() >= opening.size() + closing.size();
  if (!wrapped) return std::string(value);
  value.remove_prefix(opening.size());
  value.remove_suffix(closing.size());
  return decode_base64(value);
}

std::optional<Fault> check_headers(const Incoming& request, const Offer& offer, const HeaderLookup& header) {
  Json version = meta_of(request).value(meta::version, Json());
  std::string spoken = version.is_string() ? version.get<std::string>() : "";
  if (auto wrong = must_equal("MCP-Protocol-Version", spoken, header)) return wrong;
  if (auto wrong = must_equal("Mcp-Method", request.method, header)) return wrong;
  const char* member = name_member(request.method);
  if (member == nullptr) return std::nullopt;
  if (auto wrong = must_equal("Mcp-Name", text_param(request, member), header)) return wrong;
  if (request.method != "tools/call") return std::nullopt;
  auto tool = std::ranges::find(offer.tools, text_param(request, "name"), &Tool::name);
  if (tool == offer.tools.end()) return std::nullopt;
  auto arguments = request.params.find("arguments");
  const Json* given = arguments == request.params.end() ? nullptr : &*arguments;
  return check_parameters(tool->input_schema, given, header, 0);
}

}  // namespace mira::mcp
