#include "faces/http/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "faces/http/gate.h"
#include "faces/http/watcher.h"
#include "faces/mcp/message.h"
#include "platform/base/limits.h"

namespace mira::http {
namespace {

using contracts::Action;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;

constexpr std::string_view prefix = "/api/v1/";
constexpr std::string_view openapi_path = "/api/v1/openapi.json";
constexpr std::string_view events_path = "/api/v1/events";

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
  if (!param.required) {  // null is the same as not given
    out["type"] = {out["type"], "null"};
    if (out.contains("enum")) out["enum"].push_back(nullptr);
  }
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
  constexpr std::array<std::string_view, 9> local{"mcp",        "hook",       "serve",
                                                  "connect",    "disconnect", "plugin dir",
                                                  "statusline", "completion", "backups restore"};
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

Response Routes::run(std::string_view name, const Json& input, base::Deadline deadline) {
  const Action* action = host_.registry().find(name);
  if (action == nullptr || !has_route(*action))
    return error_response(404, "not_found", "there is no such route");
  if (!input.is_object()) return error_response(400, "usage", "the input is not a JSON object");
  auto arguments = contracts::check_arguments(*action, input);
  if (!arguments) return from_error(arguments.error());
  auto started = std::chrono::steady_clock::now();
  PublishedProgress progress(events_, action->name);
  auto reply =
      host_.call(*action, {.project = project_, .arguments = std::move(*arguments)}, progress, deadline);
  Response response = reply ? from_reply(*reply) : from_error(reply.error());
  count(action->name, response,
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  return response;
}

void Routes::count(const std::string& action, const Response& response, double seconds) {
  std::lock_guard guard(mutex_);
  Tally& tally = tallies_[action];
  ++tally.calls;
  tally.failures += response.status >= 400 ? 1 : 0;
  tally.seconds += seconds;
}

Response Routes::run_body(std::string_view name, const std::string& body, base::Deadline deadline) {
  std::string spelled(name);
  std::ranges::replace(spelled, '/', ' ');
  std::string why;
  auto input = body.empty() ? std::optional(Json::object()) : mcp::read_json(body, why);
  if (!input) return error_response(400, "usage", "the body is no JSON that is taken: " + why);
  return run(spelled, *input, deadline);
}

Response Routes::metrics() const {
  std::string text;
  auto add = [&](const Metric& metric) {
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", metric.name, metric.help, metric.kind,
                        metric.value);
  };
  add({"mira_requests_total", "Requests that passed the gate.", "counter",
       static_cast<double>(requests_.load())});
  add({"mira_failures_total", "Requests answered with an error.", "counter",
       static_cast<double>(failures_.load())});
  add({"mira_events_total", "Events published.", "counter", static_cast<double>(events_.last())});
  if (more_metrics_)
    for (const Metric& metric : more_metrics_()) add(metric);
  std::lock_guard guard(mutex_);
  auto family = [&](const char* name, const char* help, auto value) {
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} counter\n", name, help);
    for (const auto& [action, tally] : tallies_)
      text += fmt::format("{}{{action=\"{}\"}} {}\n", name, action, value(tally));
  };
  family("mira_action_calls_total", "Calls of an action.", [](const Tally& tally) { return tally.calls; });
  family("mira_action_failures_total", "Calls of an action that failed.",
         [](const Tally& tally) { return tally.failures; });
  family("mira_action_seconds_total", "Seconds spent in an action.",
         [](const Tally& tally) { return tally.seconds; });
  return {.status = 200, .body = std::move(text), .content_type = "text/plain; version=0.0.4"};
}

// Ready means that the stores open and the project is there.
Response Routes::ready(base::Deadline deadline) {
  Response status = run("status", Json::object(), deadline);
  return status.status == 200 ? Response{.status = 200, .body = "{\"ready\":true}\n"} : status;
}

// Events from after Last-Event-ID, or from now on.
void Routes::stream_events(const Head& head, const std::shared_ptr<Answer>& answer) {
  std::int64_t after = -1;
  std::string_view seen = head.get("last-event-id");
  auto [end, error] = std::from_chars(seen.data(), seen.data() + seen.size(), after);
  if (!seen.empty() && (error != std::errc() || end != seen.data() + seen.size() || after < 0))
    return answer->whole(error_response(400, "usage", "Last-Event-ID is a number that an event had"));
  Response begun{.status = 200, .content_type = "text/event-stream"};
  begun.headers.emplace_back("X-Accel-Buffering", "no");
  answer->begin(std::move(begun));
  answer->write(fmt::format(": events are from {} on\n\n", events_.last() + 1));
  int handle = events_.join(after, [weak = std::weak_ptr(answer)](const Event& event) {
    if (auto listening = weak.lock())
      listening->write(
          fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.name, mcp::to_line(event.data)));
  });
  {
    std::lock_guard guard(mutex_);
    streams_[handle] = answer;
  }
  answer->when_gone([this, handle] {
    events_.leave(handle);
    std::lock_guard guard(mutex_);
    streams_.erase(handle);
  });
}

void Routes::hang_up() {
  std::map<int, std::shared_ptr<Answer>> streams;
  {
    std::lock_guard guard(mutex_);
    streams.swap(streams_);
  }
  for (auto& [handle, answer] : streams) {
    events_.leave(handle);
    answer->end();
  }
}

Response Routes::respond(const Head& head, const std::string& body, base::Deadline deadline) {
  std::string_view path = head.path();
  bool get = head.method == "GET" || head.method == "HEAD";
  if (path == "/health" && get) return {.status = 200, .body = "{\"ok\":true}\n"};
  if (path == "/ready" && get) return ready(deadline);
  if (path == "/metrics" && get) return metrics();
  if (path == openapi_path && get)
    return {.status = 200, .body = dumped(openapi(host_.registry(), version_))};
  bool fixed = path == "/health" || path == "/ready" || path == "/metrics" || path == openapi_path ||
               path == events_path;
  if (path.starts_with(prefix) && !fixed && head.method == "POST")
    return run_body(path.substr(prefix.size()), body, deadline);
  const std::string spelled = [&] {
    std::string name(path.substr(std::min(prefix.size(), path.size())));
    std::ranges::replace(name, '/', ' ');
    return name;
  }();
  const Action* action = path.starts_with(prefix) ? host_.registry().find(spelled) : nullptr;
  if (!fixed && (action == nullptr || !has_route(*action)))
    return error_response(404, "not_found", "there is no such route");
  Response out = error_response(405, "usage", "this route is asked in another way");
  out.headers.emplace_back("Allow", !fixed ? "POST" : path == events_path ? "GET" : "GET, HEAD");
  return out;
}

void Routes::answer(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer) {
  ++requests_;
  if (head.path() == events_path && head.method == "GET") return stream_events(head, answer);
  Response out = respond(head, body, answer->deadline());
  if (out.status >= 400) ++failures_;
  answer->whole(std::move(out));
}

}  // namespace mira::http
