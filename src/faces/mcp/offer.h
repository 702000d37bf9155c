// What an MCP server offers, as values: tools, resources, prompts, completions. The
// protocol (dispatch.h) knows only this, so Mira's own offer and the small ones of
// tests are served by the same code.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "faces/mcp/message.h"
#include "platform/base/deadline.h"
#include "platform/base/progress.h"
#include "platform/base/result.h"

namespace mira::mcp {

// What one call may use. Progress reaches the client when it asked for it.
struct CallContext {
  base::Deadline deadline = base::Deadline::never();
  base::Progress& progress;
};

struct ToolReply {
  std::string text;                // what a model reads
  std::optional<Json> structured;  // the same as data, by the tool's output schema
  Json links = Json::array();      // resource_link blocks after the text
  bool is_error = false;           // failed work or bad arguments; the text says what to do next
};

struct Tool {
  std::string name;         // [A-Za-z0-9_.-], shown to models
  std::string description;  // a constant of the program
  Json input_schema;
  Json output_schema;  // null: none
  Json annotations = Json::object();
  Json meta = nullptr;  // _meta of the listing
  std::function<ToolReply(const Json& arguments, CallContext&)> call;
};

struct ResourceText {
  std::string mime_type;
  std::string text;
};

struct Prompt {
  std::string name;
  std::string description;
  Json arguments = Json::array();  // [{"name","description","required"}]
  std::function<base::Result<std::string>(const Json& arguments, CallContext&)> get;  // the user's message
};

struct Offer {
  std::string name, title, version, instructions;
  std::vector<Tool> tools;  // in the order they are listed
  Json resources = Json::array();
  Json templates = Json::array();
  std::function<base::Result<ResourceText>(const std::string& uri, CallContext&)> read;
  std::vector<Prompt> prompts;
  // Values for an argument of a template or a prompt (`reference` as the client sent it), best first.
  std::function<std::vector<std::string>(const Json& reference, const std::string& argument,
                                         const std::string& begun, CallContext&)>
      complete;
};

}  // namespace mira::mcp
