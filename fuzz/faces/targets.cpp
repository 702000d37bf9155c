#include "fuzz/faces/targets.h"

#include <cstdlib>

#include "faces/http/server.h"
#include "faces/mcp/dispatch.h"
#include "faces/mcp/headers.h"
#include "faces/mcp/seal.h"
#include "faces/mcp/tasks.h"

namespace mira::fuzz {
namespace {

void must(bool held) {
  if (!held) std::abort();
}

mcp::Offer small_offer() {
  mcp::Offer offer{.name = "t", .title = "T", .version = "1", .instructions = "", .logs = true};
  mcp::Tool echo{.name = "echo", .description = "", .task = mcp::TaskUse::may};
  echo.input_schema = mcp::Json::parse(
      R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"n":{"type":"integer","x-mcp-header":"N"}}})");
  echo.call = [](const mcp::Json& arguments, mcp::CallContext&) {
    return mcp::ToolReply{.text = mcp::to_line(arguments), .structured = arguments};
  };
  offer.tools.push_back(std::move(echo));
  offer.read = [](const std::string& uri, mcp::CallContext&) -> base::Result<mcp::ResourceText> {
    if (uri.size() > 20) return base::fail(base::ErrorCode::not_found, "no such resource");
    return mcp::ResourceText{"text/plain", uri};
  };
  offer.prompts.push_back(
      {.name = "p", .description = "", .get = [](const mcp::Json& arguments, mcp::CallContext&) {
         return base::Result<mcp::Json>(mcp::Json::array({arguments}));
       }});
  offer.complete = [](const mcp::Json&, const std::string&, const std::string& begun, mcp::CallContext&) {
    return std::vector<std::string>{begun};
  };
  return offer;
}

void is_one_line(const mcp::Json& message) {
  std::string line = mcp::to_line(message);
  must(line.find('\n') == std::string::npos);
  must(mcp::Json::parse(line, nullptr, false).is_object());
}

void one_line(const mcp::Dispatcher& dispatcher, mcp::Handshake& handshake, std::string_view line) {
  static mcp::Tasks tasks;
  static const mcp::Seal seal;
  mcp::Incoming message = mcp::read_message(line);
  if (message.kind == mcp::Incoming::Kind::invalid)
    return is_one_line(mcp::fault_message(message.id, {message.error_code, message.error, nullptr}));
  if (message.kind != mcp::Incoming::Kind::request) return;
  base::QuietProgress quiet;
  mcp::CallContext context{base::Deadline::never(), quiet};
  is_one_line(dispatcher.answer(message, handshake, context));
  is_one_line(dispatcher.answer(message, handshake, context, mcp::Era::modern));
  (void)dispatcher.honoured(message);
  (void)tasks.answer(message, 0);
  (void)mcp::check_headers(message, dispatcher.offer(),
                           [&](std::string_view) { return std::optional(std::string(line.substr(0, 40))); });
  must(!seal.open(line, "", 0));
}

}  // namespace

void mcp_stdio(std::string_view bytes) {
  static const mcp::Offer offer = small_offer();
  mcp::Dispatcher dispatcher(offer);
  mcp::Handshake handshake;
  while (!bytes.empty()) {
    std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    one_line(dispatcher, handshake, line);
  }
}

void http_head(std::string_view bytes) {
  const http::Gate gate{.port = 4000, .token = "0123456789abcdef"};
  auto head = http::read_head(bytes, std::size_t{16} << 10U);
  if (!head || http::refuse(*head, gate)) return;
  std::string_view host = head->get("host");
  must(head->count("host") == 1 && host.ends_with(":4000"));
  bool open_path = head->path() == "/health" || head->path() == "/ws";
  must(open_path || head->get("authorization") == "Bearer 0123456789abcdef");
}

}  // namespace mira::fuzz
