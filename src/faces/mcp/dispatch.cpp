#include "faces/mcp/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <expected>

#include "platform/base/text.h"

namespace mira::mcp {

struct Dispatcher::Reply : std::expected<Json, Fault> {
  using expected::expected;
};

namespace {

constexpr std::string_view modern_version = "2026-07-28";
constexpr std::array<std::string_view, 4> legacy_versions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                          "2024-11-05"};
constexpr std::string_view structured_since = "2025-06-18";  // resource_link blocks, output schemas
constexpr int list_ttl_ms = 3'600'000;                       // lists are constants of this program

std::unexpected<Fault> fault(int code, std::string message, Json data = nullptr) {
  return std::unexpected(Fault{code, std::move(message), std::move(data)});
}

bool is_legacy_version(std::string_view version) {
  return std::ranges::find(legacy_versions, version) != legacy_versions.end();
}

const Json& meta_of(const Incoming& request) {
  static const Json none = Json::object();
  auto found = request.params.find("_meta");
  return found != request.params.end() && found->is_object() ? *found : none;
}

std::string text_param(const Incoming& request, const char* name) {
  auto found = request.params.find(name);
  return found != request.params.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json object_param(const Incoming& request, const char* name) {
  auto found = request.params.find(name);
  return found == request.params.end() || found->is_null() ? Json::object() : *found;
}

Json tool_json(const Tool& tool) {
  Json out{{"name", tool.name}, {"description", tool.description}, {"inputSchema", tool.input_schema}};
  if (!tool.output_schema.is_null()) out["outputSchema"] = tool.output_schema;
  if (!tool.annotations.empty()) out["annotations"] = tool.annotations;
  if (!tool.meta.is_null()) out["_meta"] = tool.meta;
  return out;
}

Json tools_json(const Offer& offer) {
  Json out = Json::array();
  for (const Tool& tool : offer.tools) out.push_back(tool_json(tool));
  return out;
}

Json prompts_json(const Offer& offer) {
  Json out = Json::array();
  for (const Prompt& prompt : offer.prompts)
    out.push_back(
        {{"name", prompt.name}, {"description", prompt.description}, {"arguments", prompt.arguments}});
  return out;
}

// One sentence for a client from an error of ours.
std::string sentence(const base::Error& error) {
  return error.hint.empty() ? error.message : error.message + ": " + error.hint;
}

bool keeps_for_a_while(const std::string& method) {
  return method.ends_with("/list") || method == "server/discover" || method == "resources/read";
}

// What 2026-07-28 wants on every result.
void dress_modern(const std::string& method, const Json& server, Json& result) {
  result["resultType"] = "complete";
  result["_meta"][meta::server] = server;
  if (!keeps_for_a_while(method)) return;
  result["ttlMs"] = method == "resources/read" ? 0 : list_ttl_ms;
  result["cacheScope"] = method == "resources/read" ? "private" : "public";
}

}  // namespace

bool Dispatcher::is_quick(const std::string& method) {
  return method == "initialize" || method == "ping" || method == "server/discover" ||
         method.ends_with("/list") || method.ends_with("subscribe");
}

Era Dispatcher::era_of(const Incoming& request) {
  bool modern = meta_of(request).contains(meta::version) || request.method == "server/discover" ||
                request.method == "subscriptions/listen";
  return modern ? Era::modern : Era::legacy;
}

Json Dispatcher::server_info() const {
  return {{"name", offer_.name}, {"title", offer_.title}, {"version", offer_.version}};
}

Json Dispatcher::capabilities(Era era) const {
  Json out = Json::object();
  if (!offer_.tools.empty()) out["tools"] = Json::object();
  if (offer_.read) out["resources"] = Json::object();
  if (!offer_.prompts.empty()) out["prompts"] = Json::object();
  if (offer_.complete && (era == Era::modern || offer_.read)) out["completions"] = Json::object();
  return out;
}

std::optional<Fault> Dispatcher::check_modern(const Incoming& request) const {
  const Json& given = meta_of(request);
  auto version = given.find(meta::version);
  if (version == given.end() || !version->is_string())
    return Fault{code::invalid_params, fmt::format("_meta needs \"{}\"", meta::version), nullptr};
  auto capabilities = given.find(meta::capabilities);
  if (capabilities == given.end() || !capabilities->is_object())
    return Fault{code::invalid_params, fmt::format("_meta needs \"{}\"", meta::capabilities), nullptr};
  if (*version == modern_version) return std::nullopt;
  return Fault{code::unsupported_version,
               "this protocol version is not served statelessly",
               {{"supported", Json::array({modern_version})}, {"requested", *version}}};
}

Dispatcher::Reply Dispatcher::initialize(const Incoming& request, Handshake& handshake) const {
  std::string asked = text_param(request, "protocolVersion");
  if (asked.empty()) return fault(code::invalid_params, "protocolVersion is missing");
  handshake.done = true;
  handshake.version = is_legacy_version(asked) ? asked : std::string(legacy_versions[0]);
  return Json{{"protocolVersion", handshake.version},
              {"capabilities", capabilities(Era::legacy)},
              {"serverInfo", server_info()},
              {"instructions", offer_.instructions}};
}

Dispatcher::Reply Dispatcher::lists(const Incoming& request) const {
  if (request.params.contains("cursor") && !request.params["cursor"].is_null())
    return fault(code::invalid_params, "this cursor was not given out here: lists have one page");
  if (request.method == "tools/list") return Json{{"tools", tools_json(offer_)}};
  if (request.method == "prompts/list" && !offer_.prompts.empty())
    return Json{{"prompts", prompts_json(offer_)}};
  if (request.method == "resources/list" && offer_.read) return Json{{"resources", offer_.resources}};
  if (request.method == "resources/templates/list" && offer_.read)
    return Json{{"resourceTemplates", offer_.templates}};
  return fault(code::method_not_found, "there is no method " + base::display_line(request.method));
}

Dispatcher::Reply Dispatcher::call_tool(const Incoming& request, Era era, const Handshake& handshake,
                                        CallContext& context) const {
  std::string name = text_param(request, "name");
  auto tool = std::ranges::find(offer_.tools, name, &Tool::name);
  if (tool == offer_.tools.end())
    return fault(code::invalid_params, "there is no tool " + base::display_line(name));
  Json arguments = object_param(request, "arguments");
  if (!arguments.is_object()) return fault(code::invalid_params, "arguments must be an object");
  ToolReply reply = tool->call(arguments, context);
  Json content = Json::array({{{"type", "text"}, {"text", reply.text}}});
  if (era == Era::modern || handshake.version >= structured_since)
    for (Json& link : reply.links) content.push_back(std::move(link));
  Json result{{"content", std::move(content)}, {"isError", reply.is_error}};
  if (reply.structured) result["structuredContent"] = std::move(*reply.structured);
  return result;
}

Dispatcher::Reply Dispatcher::read_resource(const Incoming& request, Era era, CallContext& context) const {
  std::string uri = text_param(request, "uri");
  if (!offer_.read) return fault(code::method_not_found, "this server has no resources");
  if (uri.empty()) return fault(code::invalid_params, "uri is missing");
  auto read = offer_.read(uri, context);
  if (!read) {
    bool absent =
        read.error().code == base::ErrorCode::not_found || read.error().code == base::ErrorCode::usage;
    if (!absent) return fault(code::internal_error, sentence(read.error()));
    int unknown = era == Era::modern ? code::invalid_params : code::unknown_resource;
    return fault(unknown, sentence(read.error()), {{"uri", uri}});
  }
  return Json{
      {"contents", Json::array({{{"uri", uri}, {"mimeType", read->mime_type}, {"text", read->text}}})}};
}

Dispatcher::Reply Dispatcher::get_prompt(const Incoming& request, CallContext& context) const {
  std::string name = text_param(request, "name");
  auto prompt = std::ranges::find(offer_.prompts, name, &Prompt::name);
  if (prompt == offer_.prompts.end())
    return fault(code::invalid_params, "there is no prompt " + base::display_line(name));
  Json arguments = object_param(request, "arguments");
  for (const Json& declared : prompt->arguments) {
    bool there = arguments.is_object() && arguments.contains(declared["name"]);
    if (declared.value("required", false) && !there)
      return fault(code::invalid_params, declared["name"].get<std::string>() + " is missing");
  }
  auto text = prompt->get(arguments, context);
  if (!text) return fault(code::invalid_params, sentence(text.error()));
  Json content{{"type", "text"}, {"text", *text}};
  return Json{{"description", prompt->description},
              {"messages", Json::array({{{"role", "user"}, {"content", std::move(content)}}})}};
}

Dispatcher::Reply Dispatcher::complete(const Incoming& request, CallContext& context) const {
  if (!offer_.complete) return fault(code::method_not_found, "this server completes nothing");
  Json reference = object_param(request, "ref");
  Json argument = object_param(request, "argument");
  bool whole = reference.is_object() && reference.contains("type") && argument.is_object() &&
               argument.value("name", Json()).is_string() && argument.value("value", Json()).is_string();
  if (!whole) return fault(code::invalid_params, "ref and argument {name, value} are needed");
  constexpr std::size_t most_values = 100;
  auto values = offer_.complete(reference, argument["name"].get<std::string>(),
                                argument["value"].get<std::string>(), context);
  bool more = values.size() > most_values;
  if (more) values.resize(most_values);
  return Json{{"completion", {{"values", values}, {"hasMore", more}}}};
}

Dispatcher::Reply Dispatcher::handle(const Incoming& request, Era era, Handshake& handshake,
                                     CallContext& context) const {
  const std::string& method = request.method;
  if (era == Era::legacy) {
    if (method == "initialize") return initialize(request, handshake);
    if (method == "ping") return Json::object();
    if (!handshake.done)
      return fault(code::invalid_request, "send initialize first, or the version in _meta of every request");
    if (method == "resources/subscribe" || method == "resources/unsubscribe") return Json::object();
  } else if (method == "server/discover") {
    Json versions = Json::array({modern_version});
    for (std::string_view version : legacy_versions) versions.push_back(version);
    return Json{{"supportedVersions", std::move(versions)},
                {"capabilities", capabilities(Era::modern)},
                {"instructions", offer_.instructions}};
  }
  if (method == "tools/call") return call_tool(request, era, handshake, context);
  if (method.ends_with("/list")) return lists(request);
  if (method == "resources/read") return read_resource(request, era, context);
  if (method == "prompts/get") return get_prompt(request, context);
  if (method == "completion/complete") return complete(request, context);
  return fault(code::method_not_found, "there is no method " + base::display_line(method));
}

Json Dispatcher::answer(const Incoming& request, Handshake& handshake, CallContext& context) const {
  Era era = era_of(request);
  if (era == Era::modern) {
    if (auto wrong = check_modern(request)) return fault_message(request.id, *wrong);
  }
  try {
    Reply reply = handle(request, era, handshake, context);
    if (!reply) return fault_message(request.id, reply.error());
    if (era == Era::modern) dress_modern(request.method, server_info(), *reply);
    return result_message(request.id, std::move(*reply));
  } catch (const std::exception& error) {
    return fault_message(request.id, {code::internal_error, error.what(), nullptr});
  }
}

Json Dispatcher::listen(const Incoming& request) const {
  if (auto wrong = check_modern(request)) return fault_message(request.id, *wrong);
  Json params{{"notifications", Json::object()}};
  params["_meta"][meta::subscription] = request.id;
  return notification_message("notifications/subscriptions/acknowledged", std::move(params));
}

}  // namespace mira::mcp
