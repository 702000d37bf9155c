#include "faces/http/action.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "faces/http/routes.h"
#include "faces/http/server.h"
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

Result<Reply> serve(contracts::Host& host, const std::string& version, Call& call) {
  base::Home home = MIRA_TRY(base::find_home());
  ServerOptions options{.port = call.arguments["port"].get<int>(),
                        .socket = text_of(call.arguments["socket"])};
  options.token = MIRA_TRY(new_token());
  Routes routes(host, text_of(call.arguments["project"]), version);
  auto server = MIRA_TRY(
      Server::start(options, [&](const Head& head, const std::string& body, base::Deadline deadline) {
        return routes.answer(head, body, deadline);
      }));
  std::string where =
      options.socket.empty() ? fmt::format("http://127.0.0.1:{}", server->port()) : options.socket;
  fs::path file = home.data / "serve.json";
  Notice notice = MIRA_TRY(Notice::write(
      file, {{"url", where}, {"port", server->port()}, {"token", options.token}, {"pid", ::getpid()}}));
  call.progress.update(fmt::format("serving on {}; the token is in {}", where, file.string()), 0, 0, "");
  std::atomic<bool> over{false};
  std::thread watcher([&] { watch(*server, call.deadline, over); });
  server->run();
  over = true;
  watcher.join();
  return Reply{.data = {{"url", where}}};
}

}  // namespace

contracts::Action serve_action(contracts::Host& host, std::string version) {
  return {.name = "serve",
          .group = "agents",
          .summary = "Serve every action over HTTP on this machine",
          .description =
              "POST /api/v1/NAME takes the arguments as JSON and answers as --json does; GET "
              "/api/v1/openapi.json "
              "describes all. Listens on loopback only, or on a unix socket. Every start makes a new token, "
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
                     {.name = "project", .help = "a path in the project; default: the working folder"}},
          .examples = {{"mira serve", "on a free port"},
                       {"mira serve --socket /run/user/1000/mira.sock", "on a socket"}},
          .data_shape = R"({"url": "http://127.0.0.1:40123"})",
          .needs = contracts::Needs::nothing,
          .handle = [&host, version = std::move(version)](Call& call) { return serve(host, version, call); },
          .render = [](const Reply&, const contracts::Style&) { return std::string(); }};
}

}  // namespace mira::http
