#include "faces/http/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "faces/http/gate.h"
#include "platform/base/limits.h"

namespace mira::http {
namespace {

using contracts::Action;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;

constexpr std::string_view prefix = "/api/v1/";

int status_of(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::failed:
      return 500;
    case base::ErrorCode::usage:
      return 400;
    case base::ErrorCode::not_found:
      return 404;
    case base::ErrorCode::unavailable:
    case base::ErrorCode::interrupted:
      return 503;
    case base::ErrorCode::locked:
      return 409;
    case base::ErrorCode::over_budget:
      return 402;
    case base::ErrorCode::provider:
      return 502;
    case base::ErrorCode::timeout:
      return 504;
  }
  return 500;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Response from_error(const base::Error& error) {
  Json body{{"ok", false},
            {"error",
             {{"code", base::code_name(error.code)},
              {"message", error.message},
              {"hint", error.hint},
              {"next", error.next}}}};
  return {.status = status_of(error.code), .body = dumped(body)};
}

Response from_reply(const contracts::Reply& reply) {
  Json body{{"ok", true}, {"data", reply.data}, {"notes", reply.notes}};
  if (!reply.cursor.empty()) body["cursor"] = reply.cursor;
  if (!reply.raw.empty()) body["data"] = Json{{"text", reply.raw}};
  return {.status = 200, .body = dumped(body)};
}

Json schema_of(const Param& param) {
  Json out;
  switch (param.kind) {
    case ParamKind::text:
      out = {{"type", "string"}};
      break;
    case ParamKind::integer:
      out = {{"type", "integer"}};
      break;
    case ParamKind::number:
      out = {{"type", "number"}};
      break;
    case ParamKind::boolean:
      out = {{"type", "boolean"}};
      break;
    case ParamKind::choice:
      out = {{"type", "string"}, {"enum", param.choices}};
      break;
    case ParamKind::text_list:
      out = {{"type", "array"}, {"items", {{"type", "string"}}}};
      if (param.required) out["minItems"] = 1;
      break;
  }
  if (param.kind == ParamKind::integer && param.minimum != INT64_MIN) out["minimum"] = param.minimum;
  if (param.kind == ParamKind::integer && param.maximum != INT64_MAX) out["maximum"] = param.maximum;
  out["description"] = param.help;
  if (!param.fallback.is_null()) out["default"] = param.fallback;
  return out;
}

Json operation_of(const Action& action) {
  Json properties = Json::object(), required = Json::array();
  for (const Param& param : action.params) {
    properties[param.name] = schema_of(param);
    if (param.required) required.push_back(param.name);
  }
  Json input{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) input["required"] = std::move(required);
  std::string id = action.name;
  std::ranges::replace(id, ' ', '_');
  Json answer{{"description", "the answer"},
              {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Answer"}}}}}}}};
  Json refusal{{"description", "an error"},
               {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Refusal"}}}}}}}};
  return {{"post",
           {{"operationId", id},
            {"summary", action.summary},
            {"requestBody",
             {{"required", true}, {"content", {{"application/json", {{"schema", std::move(input)}}}}}}},
            {"responses", {{"200", std::move(answer)}, {"default", std::move(refusal)}}}}}};
}

}  // namespace

bool has_route(const Action& action) {
  constexpr std::array<std::string_view, 8> local{"mcp",        "hook",       "serve",      "connect",
                                                  "disconnect", "plugin dir", "statusline", "completion"};
  return std::ranges::find(local, action.name) == local.end();
}

std::string route_of(const Action& action) {
  std::string path = action.name;
  std::ranges::replace(path, ' ', '/');
  return std::string(prefix) + path;
}

Json openapi(const contracts::Registry& registry, const std::string& version) {
  Json paths = Json::object();
  for (const Action& action : registry.all())
    if (has_route(action)) paths[route_of(action)] = operation_of(action);
  Json text{{"type", "string"}};
  Json error{
      {"type", "object"},
      {"required", {"code", "message", "hint", "next"}},
      {"properties",
       {{"code", text}, {"message", text}, {"hint", text}, {"next", {{"type", "array"}, {"items", text}}}}}};
  Json schemas{{"Answer",
                {{"type", "object"},
                 {"required", {"ok", "data", "notes"}},
                 {"properties",
                  {{"ok", {{"const", true}}},
                   {"data", Json::object()},
                   {"notes", {{"type", "array"}, {"items", text}}},
                   {"cursor", text}}}}},
               {"Refusal",
                {{"type", "object"},
                 {"required", {"ok", "error"}},
                 {"properties", {{"ok", {{"const", false}}}, {"error", std::move(error)}}}}}};
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "Mira"}, {"version", version}, {"summary", "Every action of Mira as a route"}}},
          {"paths", std::move(paths)},
          {"components",
           {{"schemas", std::move(schemas)},
            {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}},
          {"security", Json::array({{{"token", Json::array()}}})}};
}

Response Routes::run_action(std::string_view name, const std::string& body, base::Deadline deadline) {
  std::string spelled(name);
  std::ranges::replace(spelled, '/', ' ');
  const Action* action = host_.registry().find(spelled);
  if (action == nullptr || !has_route(*action))
    return error_response(404, "not_found", "there is no such route");
  Json given = body.empty() ? Json::object() : Json::parse(body, nullptr, false);
  if (!given.is_object()) return error_response(400, "usage", "the body is not a JSON object");
  auto arguments = contracts::check_arguments(*action, given);
  if (!arguments) return from_error(arguments.error());
  base::QuietProgress quiet;
  auto reply =
      host_.call(*action, {.project = project_, .arguments = std::move(*arguments)}, quiet, deadline);
  return reply ? from_reply(*reply) : from_error(reply.error());
}

Response Routes::metrics() const {
  std::string text = fmt::format(
      "# HELP mira_requests_total Requests that passed the gate.\n# TYPE mira_requests_total counter\n"
      "mira_requests_total {}\n# HELP mira_failures_total Requests answered with an error.\n"
      "# TYPE mira_failures_total counter\nmira_failures_total {}\n",
      requests_.load(), failures_.load());
  return {.status = 200, .body = std::move(text), .content_type = "text/plain; version=0.0.4"};
}

// Ready means that the stores open and the project is there.
Response Routes::ready(base::Deadline deadline) {
  Response status = run_action("status", "", deadline);
  return status.status == 200 ? Response{.status = 200, .body = "{\"ready\":true}\n"} : status;
}

Response Routes::answer(const Head& head, const std::string& body, base::Deadline deadline) {
  ++requests_;
  std::string_view path = head.path();
  bool get = head.method == "GET";
  Response out = error_response(404, "not_found", "there is no such route");
  if (path == "/health" && get)
    out = {.status = 200, .body = "{\"ok\":true}\n"};
  else if (path == "/ready" && get)
    out = ready(deadline);
  else if (path == "/metrics" && get)
    out = metrics();
  else if (path == "/api/v1/openapi.json" && get)
    out = {.status = 200, .body = dumped(openapi(host_.registry(), version_))};
  else if (path.starts_with(prefix) && head.method == "POST")
    out = run_action(path.substr(prefix.size()), body, deadline);
  else if (path.starts_with(prefix) || path == "/health" || path == "/ready" || path == "/metrics")
    out = error_response(405, "usage", "this route is asked in another way");
  if (out.status >= 400) ++failures_;
  return out;
}

}  // namespace mira::http
