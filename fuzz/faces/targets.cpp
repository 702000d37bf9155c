#include "fuzz/faces/targets.h"

#include <cstdlib>
#include <filesystem>

#include "faces/hooks/facts.h"
#include "faces/hooks/hook.h"
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

namespace {

// A program without actions: whatever a hook asks, nobody answers.
class NobodyHome : public contracts::Host {
 public:
  const contracts::Registry& registry() const override { return registry_; }
  base::Result<contracts::Reply> call(const contracts::Action&, const contracts::Request&, base::Progress&,
                                      base::Deadline) override {
    return base::fail(base::ErrorCode::failed, "there is no action");
  }
  base::Result<std::unique_ptr<Batch>> open_batch(const contracts::Action&, const std::string&,
                                                  base::Progress&, base::Deadline) override {
    return base::fail(base::ErrorCode::failed, "there is no action");
  }

 private:
  contracts::Registry registry_;
};

// Hooks keep what was said in a folder of ours; it goes when the program ends.
class ScratchHome {
 public:
  ScratchHome() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mira-fuzz-XXXXXX").string();
    must(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    ::setenv("MIRA_HOME", folder_.c_str(), 1);
  }
  ScratchHome(const ScratchHome&) = delete;
  ScratchHome& operator=(const ScratchHome&) = delete;
  ~ScratchHome() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  // Conversations of earlier inputs must not fill the disk, nor each other's memory.
  void tidy() {
    std::error_code ignored;
    if (++inputs_ % 512 == 0) std::filesystem::remove_all(folder_ / "hooks", ignored);
  }

 private:
  std::filesystem::path folder_;
  std::size_t inputs_ = 0;
};

}  // namespace

void hook_stdin(std::string_view bytes) {
  static ScratchHome scratch;
  static NobodyHome nobody;
  scratch.tidy();
  const hooks::Json input = hooks::Json::parse(bytes, nullptr, false);
  for (const hooks::Client client : {hooks::Client::claude, hooks::Client::codex, hooks::Client::gemini,
                                     hooks::Client::opencode, hooks::Client::cursor}) {
    const auto event = hooks::read_event(client, "UserPromptSubmit", input);
    must(event.has_value() == input.is_object());
    if (!event) return;
    for (const hooks::Edit& edit : event->edits) must(!edit.path.empty());
    const std::string said = hooks::answer(*event, nobody, base::Deadline::never());
    must(said.empty() || (said.ends_with('\n') && hooks::Json::parse(said, nullptr, false).is_object()));
    (void)hooks::code_names(event->prompt);
    (void)hooks::file_names("/nonexistent", event->prompt);
  }
}

}  // namespace mira::fuzz
