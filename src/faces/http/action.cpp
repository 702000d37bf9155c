#include "faces/http/action.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "faces/http/mcp_endpoint.h"
#include "faces/http/routes.h"
#include "faces/http/server.h"
#include "faces/http/socket.h"
#include "faces/http/unit.h"
#include "faces/http/watcher.h"
#include "faces/mcp/tools.h"
#include "platform/base/home.h"

namespace mira::http {
namespace {

namespace fs = std::filesystem;
using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

Result<std::string> new_token() {
  unsigned char bytes[32];
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
    return base::fail(base::ErrorCode::unavailable, "this system gives no random bytes");
  std::string out;
  for (unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

// Where clients of this user find the port and the token; gone when the server ends.
class Notice {
 public:
  static Result<Notice> write(const fs::path& file, const Json& content) {
    fs::path fresh = file;
    fresh += fmt::format(".{}", ::getpid());
    int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    std::string text = content.dump() + "\n";
    bool written = descriptor >= 0 && ::fchmod(descriptor, 0600) == 0 &&
                   ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (descriptor >= 0) ::close(descriptor);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0)
      return base::fail(base::ErrorCode::unavailable, file.string() + " cannot be written");
    return Notice(file);
  }
  explicit Notice(fs::path file) : file_(std::move(file)) {}
  Notice(Notice&& other) noexcept : file_(std::move(other.file_)) { other.file_.clear(); }
  Notice(const Notice&) = delete;
  Notice& operator=(const Notice&) = delete;
  ~Notice() {
    std::error_code ignored;
    if (!file_.empty()) fs::remove(file_, ignored);
  }

 private:
  fs::path file_;
};

// Ends the server once the caller is interrupted.
void watch(Server& server, base::Deadline deadline, const std::atomic<bool>& over) {
  while (!over.load() && !deadline.expired()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server.stop();
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

ServerOptions options_of(const Call& call) {
  ServerOptions options{.port = call.arguments["port"].get<int>(),
                        .socket = text_of(call.arguments["socket"])};
  options.no_token = call.arguments["no_token"].get<bool>();
  return options;
}

std::vector<Routes::Metric> server_metrics(const Server& server, const McpEndpoint& mcp) {
  const ServerCounts& counts = server.counts();
  auto number = [](std::int64_t value) { return static_cast<double>(value); };
  return {
      {"mira_connections_total", "Connections accepted.", "counter", number(counts.connections)},
      {"mira_refused_total", "Connections and requests refused by a limit or the gate.", "counter",
       number(counts.refused)},
      {"mira_dropped_total", "Clients dropped because they did not read.", "counter", number(counts.dropped)},
      {"mira_open_connections", "Connections open now.", "gauge", number(counts.open)},
      {"mira_open_websockets", "WebSockets open now.", "gauge", number(counts.sockets)},
      {"mira_mcp_sessions", "Sessions of MCP clients up to 2025-11-25.", "gauge",
       static_cast<double>(mcp.sessions())}};
}

bool carries_token(const Head& head) {
  return head.count("authorization") != 0;  // the gate has checked that it is right
}

// Everything that serves, in the order in which it must end.
class Serving {
 public:
  Serving(contracts::Host& host, const std::string& project, const std::string& version,
          ServerOptions options)
      : options_(std::move(options)),
        offer_(mcp::mira_offer(host, project, version)),
        mcp_(offer_, {.threads = options_.threads, .grace_ms = 2'000}),
        routes_(host, project, version, events_),
        watcher_(host, project, events_) {}

  base::Status start() {
    server_ = MIRA_TRY(Server::start(
        options_,
        [this](const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer) {
          if (head.path() == "/mcp") return mcp_.answer(head, body, answer);
          routes_.answer(head, body, answer);
        },
        [this](const Head& head, std::shared_ptr<Talk> talk) {
          bool known = options_.no_token || carries_token(head);
          return std::make_shared<SocketTalk>(routes_, events_, options_.token, known, std::move(talk));
        }));
    server_->when_stopping([this] {
      mcp_.hang_up();
      routes_.hang_up();
    });
    routes_.add_metrics([this] { return server_metrics(*server_, mcp_); });
    return {};
  }
  Server& server() { return *server_; }

  // Until the caller is interrupted. False: work goes on that the process must end without.
  bool run(base::Deadline deadline) {
    std::atomic<bool> over{false};
    std::thread looking([&] { watcher_.run(over); });
    std::thread waiting([&] { watch(*server_, deadline, over); });
    server_->run();
    over = true;
    looking.join();
    waiting.join();
    return mcp_.end();
  }

 private:
  ServerOptions options_;
  mcp::Offer offer_;
  McpEndpoint mcp_;
  Events events_;
  Routes routes_;
  Watcher watcher_;
  std::unique_ptr<Server> server_;
};

Result<Reply> serve(contracts::Host& host, const std::string& version, Call& call) {
  if (call.arguments["print_unit"].get<bool>())
    return Reply{.data = Json::object(), .raw = MIRA_TRY(unit_text(call.arguments))};
  base::Home home = MIRA_TRY(base::find_home());
  ServerOptions options = options_of(call);
  options.token = MIRA_TRY(new_token());
  Json told{{"token", options.token}, {"pid", ::getpid()}};
  std::string socket = options.socket;
  Serving serving(host, text_of(call.arguments["project"]), version, std::move(options));
  MIRA_TRY(serving.start());
  std::string where = socket.empty() ? fmt::format("http://127.0.0.1:{}", serving.server().port()) : socket;
  told["url"] = where;
  told["port"] = serving.server().port();
  fs::path file = home.data / "serve.json";
  std::optional<Notice> notice = MIRA_TRY(Notice::write(file, told));
  call.progress.update(fmt::format("serving on {}; the token is in {}", where, file.string()), 0, 0, "");
  bool ended = serving.run(call.deadline);
  notice.reset();
  if (!ended) std::_Exit(0);  // work that does not stop in time dies with the process
  return Reply{.data = {{"url", where}}};
}

}  // namespace

contracts::Action serve_action(contracts::Host& host, std::string version) {
  return {
      .name = "serve",
      .group = "agents",
      .summary = "Serve every action over HTTP on this machine",
      .description =
          "POST /api/v1/NAME takes the arguments as JSON and answers as --json does; GET "
          "/api/v1/openapi.json describes all. /mcp is the Model Context Protocol, 2024-11-05 to "
          "2026-07-28. GET /api/v1/events (server-sent) and /ws (WebSocket) tell what happens: indexing, "
          "memory, budget, whoever caused it. /metrics is for Prometheus, /health and /ready for whoever "
          "starts it. Listens on loopback only, or on a unix socket. Every start makes a new token, "
          "kept with the "
          "address in serve.json of the data folder, which only this user can read; every request but "
          "/health needs "
          "it. Requests of web pages are refused by Host, Origin and Sec-Fetch-Site before a body is "
          "read. Ends at "
          "Ctrl-C or SIGTERM, after running answers.",
      .params = {{.name = "port",
                  .kind = ParamKind::integer,
                  .help = "of 127.0.0.1 and ::1; 0: any that is free",
                  .fallback = 0,
                  .minimum = 0,
                  .maximum = 65535},
                 {.name = "socket", .help = "path of a unix socket to listen on instead"},
                 {.name = "no_token",
                  .kind = ParamKind::boolean,
                  .help = "ask for no token: every program of this machine may then ask, pages still not",
                  .fallback = false},
                 {.name = "print_unit",
                  .kind = ParamKind::boolean,
                  .help = "print a systemd user unit that serves this project, and do nothing else",
                  .fallback = false},
                 {.name = "project", .help = "a path in the project; default: the working folder"}},
      .examples = {{"mira serve", "on a free port"},
                   {"mira serve --socket /run/user/1000/mira.sock", "on a socket"},
                   {"mira serve --print-unit > ~/.config/systemd/user/mira.service", "started by systemd"}},
      .data_shape = R"({"url": "http://127.0.0.1:40123"})",
      .needs = contracts::Needs::nothing,
      .handle = [&host, version = std::move(version)](Call& call) { return serve(host, version, call); },
      .render = [](const Reply&, const contracts::Style&) { return std::string(); }};
}

}  // namespace mira::http
