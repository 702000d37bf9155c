#include "faces/mcp/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::mcp {

namespace {

constexpr std::array<std::string_view, 4> legacy_versions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                          "2024-11-05"};
constexpr std::string_view structured_since = "2025-06-18";  // resource_link blocks, output schemas
constexpr std::size_t most_watched = 32;                     // resources of one subscription
constexpr int list_ttl_ms = 3'600'000;                       // lists are constants of this program

Json object_param(const Incoming& request, const char* name) {
  auto found = request.params.find(name);
  return found == request.params.end() || found->is_null() ? Json::object() : *found;
}

std::unexpected<Fault> no_method(const std::string& method) {
  return fault(code::method_not_found, "there is no method " + base::display_line(method), nullptr, 404);
}

bool takes_tasks(const Incoming& request) {
  const Json& declared = meta_of(request).value(meta::capabilities, Json::object());
  return declared.value("extensions", Json::object()).contains(tasks_extension);
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

constexpr std::array<std::string_view, 8> log_levels{"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

std::ptrdiff_t level_of(std::string_view name) {
  return std::ranges::find(log_levels, name) - log_levels.begin();
}

}  // namespace

bool is_legacy_version(std::string_view version) {
  return std::ranges::find(legacy_versions, version) != legacy_versions.end();
}

bool is_logged(std::string_view level, std::string_view least) {
  return level_of(level) >= level_of(least);
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

Fault missing_capability(const std::string& name, const std::string& extension) {
  Json needed{{name, Json::object()}};
  if (!extension.empty()) needed[name][extension] = Json::object();
  return {code::missing_capability,
          "this needs a client with " + (extension.empty() ? name : extension),
          {{"requiredCapabilities", std::move(needed)}},
          400};
}

bool Dispatcher::is_quick(const std::string& method) {
  return method == "initialize" || method == "ping" || method == "server/discover" ||
         method == "logging/setLevel" || method.ends_with("/list") || method == "resources/unsubscribe";
}

Era Dispatcher::era_of(const Incoming& request) {
  bool modern = meta_of(request).contains(meta::version) || request.method == "server/discover" ||
                request.method == "subscriptions/listen" || request.method.starts_with("tasks/");
  return modern ? Era::modern : Era::legacy;
}

bool Dispatcher::has_tasks() const {
  return std::ranges::any_of(offer_.tools, [](const Tool& tool) { return tool.task != TaskUse::never; });
}

Json Dispatcher::server_info() const {
  Json out{{"name", offer_.name}, {"title", offer_.title}, {"version", offer_.version}};
  if (!offer_.icons.is_null()) out["icons"] = offer_.icons;
  return out;
}

Json Dispatcher::capabilities(Era era) const {
  Json out = Json::object();
  Json list = offer_.lists_change ? Json{{"listChanged", true}} : Json::object();
  if (!offer_.tools.empty()) out["tools"] = list;
  if (!offer_.prompts.empty()) out["prompts"] = list;
  if (offer_.read) out["resources"] = {{"subscribe", true}};
  if (offer_.complete) out["completions"] = Json::object();
  if (offer_.logs && era == Era::legacy) out["logging"] = Json::object();
  if (has_tasks() && era == Era::modern) out["extensions"][tasks_extension] = Json::object();
  return out;
}

std::optional<Fault> Dispatcher::check_modern(const Incoming& request) const {
  const Json& given = meta_of(request);
  auto version = given.find(meta::version);
  if (version == given.end() || !version->is_string())
    return Fault{code::invalid_params, fmt::format("_meta needs \"{}\"", meta::version), nullptr, 400};
  auto capabilities = given.find(meta::capabilities);
  if (capabilities == given.end() || !capabilities->is_object())
    return Fault{code::invalid_params, fmt::format("_meta needs \"{}\"", meta::capabilities), nullptr, 400};
  if (*version == modern_version) return std::nullopt;
  return Fault{code::unsupported_version,
               "this protocol version is not served statelessly",
               {{"supported", Json::array({modern_version})}, {"requested", *version}},
               400};
}

Json Dispatcher::dressed(const std::string& method, Json result) const {
  if (!result.contains("resultType")) result["resultType"] = "complete";
  result["_meta"][meta::server] = server_info();
  if (result["resultType"] != "complete" || !keeps_for_a_while(method)) return result;
  bool changes = method == "resources/read" || offer_.lists_change;
  result["ttlMs"] = changes ? 0 : list_ttl_ms;
  result["cacheScope"] = method == "resources/read" ? "private" : "public";
  return result;
}

Outcome Dispatcher::initialize(const Incoming& request, Handshake& handshake) const {
  std::string asked = text_param(request, "protocolVersion");
  if (asked.empty()) return fault(code::invalid_params, "protocolVersion is missing");
  handshake.done = true;
  handshake.version = is_legacy_version(asked) ? asked : std::string(legacy_versions[0]);
  handshake.capabilities = object_param(request, "capabilities");
  if (!handshake.capabilities.is_object()) handshake.capabilities = Json::object();
  return Json{{"protocolVersion", handshake.version},
              {"capabilities", capabilities(Era::legacy)},
              {"serverInfo", server_info()},
              {"instructions", offer_.instructions}};
}

Outcome Dispatcher::discover() const {
  Json versions = Json::array({modern_version});
  for (std::string_view version : legacy_versions) versions.push_back(version);
  return Json{{"supportedVersions", std::move(versions)},
              {"capabilities", capabilities(Era::modern)},
              {"instructions", offer_.instructions}};
}

Outcome Dispatcher::lists(const Incoming& request) const {
  if (request.params.contains("cursor") && !request.params["cursor"].is_null())
    return fault(code::invalid_params, "this cursor was not given out here: lists have one page");
  if (request.method == "tools/list") return Json{{"tools", tools_json(offer_)}};
  if (request.method == "prompts/list" && !offer_.prompts.empty())
    return Json{{"prompts", prompts_json(offer_)}};
  if (request.method == "resources/list" && offer_.read) return Json{{"resources", offer_.resources}};
  if (request.method == "resources/templates/list" && offer_.read)
    return Json{{"resourceTemplates", offer_.templates}};
  return no_method(request.method);
}

Outcome Dispatcher::call_tool(const Incoming& request, Era era, const Handshake& handshake,
                              CallContext& context) const {
  std::string name = text_param(request, "name");
  auto tool = std::ranges::find(offer_.tools, name, &Tool::name);
  if (tool == offer_.tools.end())
    return fault(code::invalid_params, "there is no tool " + base::display_line(name));
  Json arguments = object_param(request, "arguments");
  if (!arguments.is_object()) return fault(code::invalid_params, "arguments must be an object");
  if (tool->task == TaskUse::only && era == Era::modern && !takes_tasks(request))
    return std::unexpected(missing_capability("extensions", tasks_extension));
  ToolReply reply = tool->call(arguments, context);
  if (context.client != nullptr)
    if (auto instead = context.client->instead()) return *instead;
  if (reply.fault) return std::unexpected(*reply.fault);
  Json content = reply.content.is_array() ? std::move(reply.content) : Json::array({text_block(reply.text)});
  if (era == Era::modern || handshake.version >= structured_since)
    for (Json& link : reply.links) content.push_back(std::move(link));
  Json result{{"content", std::move(content)}, {"isError", reply.is_error}};
  if (reply.structured) result["structuredContent"] = std::move(*reply.structured);
  return result;
}

Outcome Dispatcher::read_resource(const Incoming& request, Era era, CallContext& context) const {
  std::string uri = text_param(request, "uri");
  if (!offer_.read) return no_method(request.method);
  if (uri.empty()) return fault(code::invalid_params, "uri is missing");
  auto read = offer_.read(uri, context);
  if (context.client != nullptr)
    if (auto instead = context.client->instead()) return *instead;
  if (!read) {
    bool absent =
        read.error().code == base::ErrorCode::not_found || read.error().code == base::ErrorCode::usage;
    if (!absent) return fault(code::internal_error, sentence(read.error()));
    int unknown = era == Era::modern ? code::invalid_params : code::unknown_resource;
    return fault(unknown, sentence(read.error()), {{"uri", uri}});
  }
  return Json{{"contents", Json::array({{{"uri", uri},
                                         {"mimeType", read->mime_type},
                                         {read->binary ? "blob" : "text", read->text}}})}};
}

Outcome Dispatcher::get_prompt(const Incoming& request, CallContext& context) const {
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
  auto messages = prompt->get(arguments, context);
  if (context.client != nullptr)
    if (auto instead = context.client->instead()) return *instead;
  if (!messages) return fault(code::invalid_params, sentence(messages.error()));
  return Json{{"description", prompt->description}, {"messages", std::move(*messages)}};
}

Outcome Dispatcher::complete(const Incoming& request, CallContext& context) const {
  if (!offer_.complete) return no_method(request.method);
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

Outcome Dispatcher::set_level(const Incoming& request, Handshake& handshake) const {
  std::string level = text_param(request, "level");
  if (!offer_.logs) return no_method(request.method);
  if (std::ranges::find(log_levels, level) == log_levels.end())
    return fault(code::invalid_params, "level must be one of debug, info, ... emergency");
  handshake.log_level = level;
  return Json::object();
}

// What only the legacy revisions have.
Outcome Dispatcher::handle_legacy(const Incoming& request, Handshake& handshake) const {
  if (request.method == "initialize") return initialize(request, handshake);
  if (request.method == "ping") return Json::object();
  if (!handshake.done)
    return fault(code::invalid_request, "send initialize first, or the version in _meta of every request");
  if (request.method == "logging/setLevel") return set_level(request, handshake);
  bool subscribes = request.method == "resources/subscribe" || request.method == "resources/unsubscribe";
  if (!subscribes || !offer_.read) return no_method(request.method);
  if (text_param(request, "uri").empty()) return fault(code::invalid_params, "uri is missing");
  return Json::object();
}

Outcome Dispatcher::handle(const Incoming& request, Era era, Handshake& handshake,
                           CallContext& context) const {
  const std::string& method = request.method;
  if (era == Era::modern && method == "server/discover") return discover();
  if (era == Era::legacy) {
    auto own = handle_legacy(request, handshake);
    if (own || own.error().code != code::method_not_found) return own;
  }
  if (method == "tools/call") return call_tool(request, era, handshake, context);
  if (method.ends_with("/list")) return lists(request);
  if (method == "resources/read") return read_resource(request, era, context);
  if (method == "prompts/get") return get_prompt(request, context);
  if (method == "completion/complete") return complete(request, context);
  return no_method(method);
}

Json Dispatcher::answer(const Incoming& request, Handshake& handshake, CallContext& context,
                        std::optional<Era> spoken) const {
  Era era = spoken.value_or(era_of(request));
  auto refused = [&](const Fault& fault) {
    if (era == Era::modern) context.http_status = fault.http_status;
    return fault_message(request.id, fault);
  };
  if (era == Era::modern) {
    if (auto wrong = check_modern(request)) return refused(*wrong);
  }
  try {
    Outcome outcome = handle(request, era, handshake, context);
    if (!outcome) return refused(outcome.error());
    if (era == Era::modern) *outcome = dressed(request.method, std::move(*outcome));
    return result_message(request.id, std::move(*outcome));
  } catch (const std::exception& error) {
    return refused({code::internal_error, error.what(), nullptr});
  }
}

Outcome Dispatcher::honoured(const Incoming& listen) const {
  Json asked = object_param(listen, "notifications");
  if (!asked.is_object()) return fault(code::invalid_params, "notifications must be an object", nullptr, 400);
  Json out = Json::object();
  auto wants = [&](const char* name) { return asked.value(name, Json(false)) == true; };
  for (const char* name : {"toolsListChanged", "promptsListChanged", "resourcesListChanged"})
    if (offer_.lists_change && wants(name)) out[name] = true;
  Json uris = asked.value("resourceSubscriptions", Json::array());
  if (!uris.is_array())
    return fault(code::invalid_params, "resourceSubscriptions must be an array", nullptr, 400);
  Json kept = Json::array();
  for (const Json& uri : uris)
    if (uri.is_string() && offer_.read && kept.size() < most_watched) kept.push_back(uri);
  if (!kept.empty()) out["resourceSubscriptions"] = std::move(kept);
  return out;
}

}  // namespace mira::mcp
