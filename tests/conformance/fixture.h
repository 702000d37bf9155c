// The server that the conformance suite of the Model Context Protocol expects: tools,
// prompts and resources with exact names and texts, on the same protocol library as Mira.
// Built for tests, never shipped.
#pragma once

#include "faces/mcp/offer.h"

namespace mira::conformance {

using mcp::CallContext;
using mcp::Json;

void add_plain_tools(mcp::Offer& offer);    // texts, images, progress, logs
void add_asking_tools(mcp::Offer& offer);   // tools that ask the client
void add_retried_tools(mcp::Offer& offer);  // that need several tries (2026-07-28)
void add_task_tools(mcp::Offer& offer);
void add_resources(mcp::Offer& offer);
void add_prompts(mcp::Offer& offer);

// Waits, unless the call is cancelled first.
void pause(int ms, const CallContext& context);

inline Json no_arguments() {
  return {{"type", "object"}, {"properties", Json::object()}};
}
inline mcp::ToolReply said(std::string text) {
  return {.text = std::move(text), .structured = std::nullopt};
}

// A red pixel as base64 of a PNG.
inline constexpr const char* pixel_png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

}  // namespace mira::conformance
