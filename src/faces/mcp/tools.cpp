#include "faces/mcp/tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "faces/mcp/catalog.h"
#include "faces/mcp/resources.h"
#include "platform/base/text.h"

namespace mira::mcp {
namespace {

using contracts::Action;
using contracts::Host;
using contracts::Param;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t most_text_bytes = 36'000;  // some 9,000 tokens; clients warn above 10,000

Json argument_schema(const Argument& argument) {
  Json out{{"type", argument.type}};
  if (argument.type == "strings") out = {{"type", "array"}, {"items", {{"type", "string"}}}};
  if (!argument.description.empty()) out["description"] = argument.description;
  if (argument.minimum != argument.maximum) {
    out["minimum"] = argument.minimum;
    out["maximum"] = argument.maximum;
  }
  return out;
}

const Param* find_param(const Action& action, std::string_view name) {
  for (const Param& param : action.params)
    if (param.name == name) return &param;
  return nullptr;
}

// Whether some route hands the argument to a parameter that its action has.
bool is_taken(const Argument& argument, const std::vector<Route>& routes,
              const contracts::Registry& registry) {
  for (const Route& route : routes) {
    for (std::string_view pair : route.arguments) {
      std::size_t middle = pair.find('=');
      if (pair.substr(0, middle) != argument.name) continue;
      if (find_param(*registry.find(route.action), pair.substr(middle + 1)) != nullptr) return true;
    }
  }
  return false;
}

Json input_schema(const ToolRow& row, const std::vector<Route>& routes, const contracts::Registry& registry) {
  Json properties = Json::object(), required = Json::array();
  if (!row.selector.empty()) {
    Json choices = Json::array();
    for (const Route& route : routes) choices.push_back(route.choice);
    properties[std::string(row.selector)] = {{"type", "string"}, {"enum", std::move(choices)}};
    required.push_back(row.selector);
  }
  for (const Argument& argument : row.arguments) {
    if (!is_taken(argument, routes, registry)) continue;
    properties[std::string(argument.name)] = argument_schema(argument);
    if (argument.required) required.push_back(argument.name);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

Json output_schema() {
  return {{"type", "object"},
          {"properties",
           {{"evidence", {{"type", "array"}}},
            {"about", {{"type", "object"}}},
            {"notes", {{"type", "array"}}},
            {"cursor", {{"type", "string"}}}}},
          {"required", Json::array({"evidence"})}};
}

Json annotations(const ToolRow& row) {
  Json out{{"readOnlyHint", !row.writes}, {"openWorldHint", false}};
  if (row.writes) out["destructiveHint"] = row.destroys;
  return out;
}

Json tool_meta(const ToolRow& row) {
  if (row.destroys) return {{"anthropic/requiresUserInteraction", true}};
  return row.always_loaded ? Json{{"anthropic/alwaysLoad", true}} : Json();
}

// The action's arguments out of the tool's; arguments the action does not take are dropped.
Json action_arguments(const Action& action, const Route& route, const Json& given) {
  Json out = Json::object();
  for (std::string_view pair : route.arguments) {
    std::size_t middle = pair.find('=');
    auto found = given.find(std::string(pair.substr(0, middle)));
    const Param* param = find_param(action, pair.substr(middle + 1));
    if (found == given.end() || found->is_null() || param == nullptr) continue;
    bool one_of_many = param->kind == ParamKind::text_list && found->is_string();
    out[param->name] = one_of_many ? Json::array({*found}) : *found;
  }
  return out;
}

base::Result<const Route*> choose_route(const ToolRow& row, const std::vector<Route>& routes,
                                        const Json& given) {
  if (row.selector.empty()) return &routes.front();
  Json choice = given.value(std::string(row.selector), Json());
  std::vector<std::string> names;
  for (const Route& route : routes) {
    if (choice == route.choice) return &route;
    names.emplace_back(route.choice);
  }
  return base::fail(base::ErrorCode::usage, std::string(row.selector) + " is missing or unknown",
                    "choose one of: " + base::join(names, ", "));
}

base::Status check_names(const ToolRow& row, const Json& given) {
  for (const auto& [name, value] : given.items()) {
    bool known = name == row.selector;
    for (const Argument& argument : row.arguments) known = known || argument.name == name;
    if (!known)
      return base::fail(base::ErrorCode::usage,
                        fmt::format("{} has no argument \"{}\"", row.name, base::display_line(name)),
                        "see its input schema");
  }
  return {};
}

// {"evidence": the pieces, "about": what else the data says, "notes", "cursor"}.
Json structured(const Route& route, const Reply& reply) {
  Json out{{"evidence", Json::array()}};
  if (!reply.notes.empty()) out["notes"] = reply.notes;
  if (!reply.cursor.empty()) out["cursor"] = reply.cursor;
  if (!reply.data.is_object()) {
    out["evidence"].push_back(reply.data);
    return out;
  }
  Json about = Json::object();
  for (const auto& [name, value] : reply.data.items()) {
    bool pieces = name == route.list || (name == "candidates" && value.is_array());
    if (pieces && value.is_array())
      out["evidence"] = value;
    else if (pieces)
      out["evidence"].push_back(value);
    else
      about[name] = value;
  }
  if (!about.empty()) out["about"] = std::move(about);
  return out;
}

// A context pack says much about how it was made; a model needs the pieces and what is not there.
Json slim_pack(const Reply& reply) {
  Json out{{"evidence", Json::array()}};
  for (const Json& piece : reply.data.value("pieces", Json::array())) {
    Json slim{{"text", piece["text"]},     {"title", piece["title"]}, {"place", piece["citation"]},
              {"source", piece["source"]}, {"why", piece["why"]},     {"trust", piece["trust"]}};
    if (!piece["confidence"].is_null()) slim["confidence"] = piece["confidence"];
    if (piece.value("instruction_like", false)) slim["instruction_like"] = true;
    out["evidence"].push_back(std::move(slim));
  }
  out["about"] = {{"tokens", reply.data["tokens"]}, {"not_shown", reply.data["closing"]}};
  if (!reply.notes.empty()) out["notes"] = reply.notes;
  return out;
}

std::string reply_text(const Action& action, const Reply& reply) {
  std::string text = action.render ? action.render(reply, contracts::Style{}) : to_line(reply.data);
  if (text.size() > most_text_bytes)
    text =
        std::string(base::truncate_utf8(text, most_text_bytes)) + "\n(cut: ask for less, or with a limit)\n";
  for (const std::string& note : reply.notes) text += "note: " + base::display_line(note) + "\n";
  if (!reply.cursor.empty()) text += fmt::format("more: cursor \"{}\"\n", reply.cursor);
  return text;
}

// The path that a piece of evidence is about, "" where it is about none.
std::string path_of(const Json& piece) {
  if (!piece.is_object()) return "";
  Json place = piece.value("place", Json());
  if (place.is_object()) return path_of(place);
  for (const char* member : {"path", "file"}) {
    Json path = piece.value(member, Json());
    if (path.is_string()) return path.get<std::string>();
  }
  return "";
}

// Links to the first files of the evidence, which a client can attach or watch.
Json links_of(const Json& structured) {
  constexpr std::size_t most_links = 3;
  Json out = Json::array();
  for (const Json& piece : structured["evidence"]) {
    std::string path = path_of(piece);
    bool plain = !path.empty() && path.find_first_of("%?# ") == std::string::npos;
    Json link{{"type", "resource_link"},
              {"uri", "mira://file/" + path},
              {"name", path},
              {"mimeType", "text/plain"}};
    if (plain && out.size() < most_links && std::ranges::find(out, link) == out.end()) out.push_back(link);
  }
  return out;
}

ToolReply refusal(const base::Error& error) {
  std::string text = base::display_line(error.message) + "\n";
  if (!error.hint.empty()) text += base::display_text(error.hint) + "\n";
  for (const std::string& next : error.next)
    if (error.hint.find(next) == std::string::npos) text += "- " + base::display_line(next) + "\n";
  return {.text = std::move(text), .structured = std::nullopt, .is_error = true};
}

class RegistryTool {
 public:
  RegistryTool(Host& host, std::string project, const ToolRow& row, std::vector<Route> routes)
      : host_(host), project_(std::move(project)), row_(row), routes_(std::move(routes)) {}

  ToolReply operator()(const Json& given, CallContext& context) const {
    auto reply = run(given, context);
    return reply ? std::move(*reply) : refusal(reply.error());
  }

 private:
  base::Result<ToolReply> run(const Json& given, CallContext& context) const {
    MIRA_TRY(check_names(row_, given));
    const Route& route = *MIRA_TRY(choose_route(row_, routes_, given));
    const Action& action = *host_.registry().find(route.action);
    Json arguments = MIRA_TRY(contracts::check_arguments(action, action_arguments(action, route, given)));
    Reply reply = MIRA_TRY(host_.call(action, {.project = project_, .arguments = std::move(arguments)},
                                      context.progress, context.deadline));
    ToolReply out{.text = reply_text(action, reply), .structured = std::nullopt};
    out.structured = route.action == "context" ? slim_pack(reply) : structured(route, reply);
    out.links = links_of(*out.structured);
    return out;
  }

  Host& host_;
  std::string project_;
  const ToolRow& row_;
  std::vector<Route> routes_;
};

}  // namespace

Offer mira_offer(Host& host, const std::string& project, const std::string& version) {
  Offer offer{
      .name = "mira", .title = "Mira", .version = version, .instructions = std::string(instructions())};
  for (const ToolRow& row : catalog()) {
    std::vector<Route> routes = available(row, host.registry());
    if (routes.empty()) continue;
    Tool tool{.name = std::string(row.name), .description = std::string(row.description)};
    tool.input_schema = input_schema(row, routes, host.registry());
    tool.output_schema = output_schema();
    tool.annotations = annotations(row);
    tool.meta = tool_meta(row);
    // A question may find the project not indexed; a client that takes tasks need not hold the line for it.
    tool.task = row.writes ? TaskUse::never : TaskUse::may;
    tool.call = RegistryTool(host, project, row, std::move(routes));
    offer.tools.push_back(std::move(tool));
  }
  add_resources(host, project, offer);
  add_prompts(host, project, offer);
  return offer;
}

}  // namespace mira::mcp
