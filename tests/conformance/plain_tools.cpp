#include <chrono>
#include <thread>

#include "tests/conformance/fixture.h"

namespace mira::conformance {
namespace {

constexpr const char* silence_wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

using Work = std::function<mcp::ToolReply(const Json&, CallContext&)>;

void add(mcp::Offer& offer, const char* name, const char* description, Work work) {
  mcp::Tool tool{.name = name, .description = description, .input_schema = no_arguments()};
  tool.call = std::move(work);
  offer.tools.push_back(std::move(tool));
}

void add_content(mcp::Offer& offer, const char* name, const char* description, Json content) {
  add(offer, name, description, [content](const Json&, CallContext&) {
    mcp::ToolReply reply = said("");
    reply.content = content;
    return reply;
  });
}

Json image() {
  return {{"type", "image"}, {"data", pixel_png}, {"mimeType", "image/png"}};
}

Json embedded(const char* uri, const char* mime_type, const char* text) {
  return {{"type", "resource"}, {"resource", {{"uri", uri}, {"mimeType", mime_type}, {"text", text}}}};
}

void add_contents(mcp::Offer& offer) {
  add_content(offer, "test_simple_text", "Answers with a text",
              Json::array({mcp::text_block("This is a simple text response for testing.")}));
  add_content(offer, "test_image_content", "Answers with an image", Json::array({image()}));
  add_content(offer, "test_audio_content", "Answers with audio",
              Json::array({{{"type", "audio"}, {"data", silence_wav}, {"mimeType", "audio/wav"}}}));
  add_content(offer, "test_embedded_resource", "Answers with a resource",
              Json::array({embedded("test://embedded-resource", "text/plain",
                                    "This is an embedded resource content.")}));
  add_content(offer, "test_multiple_content_types", "Answers with a text, an image and a resource",
              Json::array({mcp::text_block("Multiple content types test:"), image(),
                           embedded("test://mixed-content-resource", "application/json",
                                    R"({"test":"data","value":123})")}));
  add(offer, "test_error_handling", "Always fails", [](const Json&, CallContext&) {
    mcp::ToolReply reply = said("This tool intentionally returns an error for testing");
    reply.is_error = true;
    return reply;
  });
}

mcp::ToolReply with_progress(const Json&, CallContext& context) {
  for (int done : {0, 50, 100}) {
    if (done != 0) pause(50, context);
    context.client->progress(done, 100, "Completed step " + std::to_string(done) + " of 100");
  }
  return said("done");
}

mcp::ToolReply with_logging(const Json&, CallContext& context) {
  for (const char* text : {"Tool execution started", "Tool processing data", "Tool execution completed"}) {
    context.client->log("info", text);
    pause(50, context);
  }
  return said("done");
}

mcp::ToolReply reconnects(const Json&, CallContext& context) {
  context.client->close_stream();
  pause(100, context);
  return said("Reconnection test completed successfully.");
}

Json broad_schema() {
  return Json::parse(R"({
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"address": {"$anchor": "addressDef", "type": "object",
                          "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"},
                   "contactMethod": {"type": "string", "enum": ["phone", "email"]},
                   "phone": {"type": "string"}, "email": {"type": "string"}},
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": false})");
}

void add_with_schemas(mcp::Offer& offer) {
  add(offer, "json_schema_2020_12_tool", "Tool with JSON Schema 2020-12 features",
      [](const Json&, CallContext&) { return said("taken"); });
  offer.tools.back().input_schema = broad_schema();
  add(offer, "test_header_parameter", "Has a parameter that a header repeats",
      [](const Json&, CallContext&) { return said("taken"); });
  offer.tools.back().input_schema["properties"]["region"] = {{"type", "string"}, {"x-mcp-header", "Region"}};
}

}  // namespace

void pause(int ms, const CallContext& context) {
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (std::chrono::steady_clock::now() < end && !context.deadline.expired())
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

void add_plain_tools(mcp::Offer& offer) {
  add_contents(offer);
  add_with_schemas(offer);
  add(offer, "test_tool_with_progress", "Tells of its progress", with_progress);
  add(offer, "test_tool_with_logging", "Logs while it works", with_logging);
  add(offer, "test_logging_tool", "Logs while it works", with_logging);
  add(offer, "test_reconnection", "Closes its stream in the middle", reconnects);
  add(offer, "test_trigger_tool_change", "Says that the tools changed",
      [changes = offer.changes](const Json&, CallContext&) {
        changes->tell(mcp::Changes::Kind::tools);
        return said("told");
      });
  add(offer, "test_trigger_prompt_change", "Says that the prompts changed",
      [changes = offer.changes](const Json&, CallContext&) {
        changes->tell(mcp::Changes::Kind::prompts);
        return said("told");
      });
}

}  // namespace mira::conformance
