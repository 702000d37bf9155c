#include "tests/conformance/fixture.h"

namespace mira::conformance {
namespace {

Json resource(const char* uri, const char* name, const char* description, const char* mime_type) {
  return {{"uri", uri}, {"name", name}, {"description", description}, {"mimeType", mime_type}};
}

base::Result<mcp::ResourceText> read(const std::string& uri) {
  constexpr std::string_view opening = "test://template/", closing = "/data";
  if (uri == "test://static-text")
    return mcp::ResourceText{"text/plain", "This is the content of the static text resource."};
  if (uri == "test://static-binary") return mcp::ResourceText{"image/png", pixel_png, true};
  if (uri == "test://watched-resource") return mcp::ResourceText{"text/plain", "Watched."};
  bool from_template =
      uri.starts_with(opening) && uri.ends_with(closing) && uri.size() > opening.size() + closing.size();
  if (!from_template) return base::fail(base::ErrorCode::not_found, "there is no such resource");
  std::string id = uri.substr(opening.size(), uri.size() - opening.size() - closing.size());
  Json data{{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}};
  return mcp::ResourceText{"application/json", data.dump()};
}

std::string text_of(const Json& arguments, const char* name) {
  Json value = arguments.value(name, Json());
  return value.is_string() ? value.get<std::string>() : "";
}

Json argument(const char* name, const char* description) {
  return {{"name", name}, {"description", description}, {"required", true}};
}

using Messages = base::Result<Json>;

Messages with_resource(const Json& arguments, CallContext&) {
  Json embedded{{"type", "resource"},
                {"resource",
                 {{"uri", text_of(arguments, "resourceUri")},
                  {"mimeType", "text/plain"},
                  {"text", "Embedded resource content for testing."}}}};
  return Json::array({mcp::user_message(embedded),
                      mcp::user_message(mcp::text_block("Please process the embedded resource above."))});
}

Messages with_image(const Json&, CallContext&) {
  Json image{{"type", "image"}, {"data", pixel_png}, {"mimeType", "image/png"}};
  return Json::array(
      {mcp::user_message(image), mcp::user_message(mcp::text_block("Please analyze the image above."))});
}

Messages with_input(const Json&, CallContext& context) {
  Json schema{{"type", "object"}, {"properties", {{"context", {{"type", "string"}}}}}};
  Json answers = MIRA_TRY(context.client->ask(
      {{"user_context",
        "elicitation/create",
        {{"mode", "form"}, {"message", "What is it about?"}, {"requestedSchema", schema}}}}));
  return Json::array({mcp::user_message(mcp::text_block("Context: " + answers["user_context"].dump()))});
}

}  // namespace

void add_resources(mcp::Offer& offer) {
  offer.resources = Json::array(
      {resource("test://static-text", "Static text", "A text that stays", "text/plain"),
       resource("test://static-binary", "Static binary", "An image that stays", "image/png"),
       resource("test://watched-resource", "Watched", "A text that can be watched", "text/plain")});
  offer.templates = Json::array({{{"uriTemplate", "test://template/{id}/data"},
                                  {"name", "Template"},
                                  {"description", "Data by id"},
                                  {"mimeType", "application/json"}}});
  offer.read = [](const std::string& uri, CallContext&) { return read(uri); };
  offer.complete = [](const Json&, const std::string&, const std::string& begun, CallContext&) {
    return std::vector<std::string>{begun + "aris", begun + "ark"};
  };
}

void add_prompts(mcp::Offer& offer) {
  offer.prompts.push_back(
      {.name = "test_simple_prompt",
       .description = "A prompt",
       .get = [](const Json&, CallContext&) -> Messages {
         return Json::array({mcp::user_message(mcp::text_block("This is a simple prompt for testing."))});
       }});
  offer.prompts.push_back({.name = "test_prompt_with_arguments",
                           .description = "A prompt with arguments",
                           .arguments = Json::array({argument("arg1", "First"), argument("arg2", "Second")}),
                           .get = [](const Json& arguments, CallContext&) -> Messages {
                             return Json::array({mcp::user_message(mcp::text_block(
                                 "Prompt with arguments: arg1='" + text_of(arguments, "arg1") + "', arg2='" +
                                 text_of(arguments, "arg2") + "'"))});
                           }});
  offer.prompts.push_back({.name = "test_prompt_with_embedded_resource",
                           .description = "A prompt with a resource",
                           .arguments = Json::array({argument("resourceUri", "Which resource")}),
                           .get = with_resource});
  offer.prompts.push_back(
      {.name = "test_prompt_with_image", .description = "A prompt with an image", .get = with_image});
  offer.prompts.push_back(
      {.name = "test_input_required_result_prompt", .description = "A prompt that asks", .get = with_input});
}

}  // namespace mira::conformance
