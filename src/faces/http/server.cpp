#include "faces/http/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <map>

#include "faces/http/as_value.h"
#include "platform/base/text.h"

namespace mira::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
using boost::system::error_code;

template <class Fields>
Head head_of(const Fields& message) {
  Head head{.method = std::string(message.method_string()), .target = std::string(message.target())};
  for (const auto& field : message)
    head.headers.emplace(
        base::to_lower(std::string_view(field.name_string().data(), field.name_string().size())),
        std::string(field.value()));
  return head;
}

wire::response<wire::string_body> wire_response(const Response& response, unsigned version, bool keep_alive) {
  wire::response<wire::string_body> out{static_cast<wire::status>(response.status), version};
  out.set(wire::field::content_type, response.content_type);
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Referrer-Policy", "no-referrer");
  out.set(wire::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) out.set(name, value);
  out.body() = response.body;
  out.keep_alive(keep_alive);
  out.prepare_payload();
  return out;
}

int status_of_fault(const error_code& fault) {
  if (fault == wire::error::header_limit) return 431;
  if (fault == wire::error::body_limit) return 413;
  if (fault == beast::error::timeout) return 408;
  return 400;
}

bool peer_is_this_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

class BeastServer : public Server {
 public:
  BeastServer(const ServerOptions& options, Handler handler)
      : options_(options),
        handler_(std::move(handler)),
        workers_(static_cast<std::size_t>(options.threads)) {}

  ~BeastServer() override {
    stop();
    workers_.join();
    if (!options_.socket.empty()) ::unlink(options_.socket.c_str());
  }

  base::Status listen() {
    try {
      if (!options_.socket.empty())
        listen_local();
      else
        listen_loopback();
      return {};
    } catch (const std::exception& error) {
      return base::fail(base::ErrorCode::unavailable,
                        fmt::format("this cannot be listened on: {}", error.what()),
                        "choose another port or socket");
    }
  }

  int port() const override { return gate_.port; }

  void run() override {
    for (auto& acceptor : tcp_acceptors_) asio::co_spawn(loop_, accept<Tcp>(*acceptor), asio::detached);
    if (local_acceptor_) asio::co_spawn(loop_, accept<Local>(*local_acceptor_), asio::detached);
    loop_.run();
    workers_.join();
  }

  void stop() override {
    asio::post(loop_, [this] {
      error_code ignored;
      for (auto& acceptor : tcp_acceptors_) acceptor->close(ignored);
      if (local_acceptor_) local_acceptor_->close(ignored);
      stopping_ = true;
      for (auto& [number, cancel] : waiting_) cancel();
      if (connections_ == 0) loop_.stop();
    });
    asio::co_spawn(loop_, end_in_time(), asio::detached);
  }

 private:
  static constexpr auto farewell = std::chrono::seconds(5);  // for answers that are being made

  void set_gate(int port) {
    gate_.port = port;
    gate_.token = options_.token;
    gate_.most_body_bytes = options_.most_body_bytes;
  }

  void listen_loopback() {
    auto on = [&](const asio::ip::address& address, int port) {
      auto acceptor = std::make_unique<Tcp::acceptor>(loop_);
      Tcp::endpoint endpoint(address, static_cast<unsigned short>(port));
      acceptor->open(endpoint.protocol());
      ::fcntl(acceptor->native_handle(), F_SETFD, FD_CLOEXEC);
      acceptor->set_option(Tcp::acceptor::reuse_address(true));
      acceptor->bind(endpoint);
      acceptor->listen();
      set_gate(acceptor->local_endpoint().port());
      tcp_acceptors_.push_back(std::move(acceptor));
    };
    on(asio::ip::address_v4::loopback(), options_.port);
    try {
      on(asio::ip::address_v6::loopback(), gate_.port);
    } catch (const std::exception&) {
      return;  // a machine without IPv6 is served on the other one
    }
  }

  void listen_local() {
    ::unlink(options_.socket.c_str());
    mode_t old = ::umask(0177);
    local_acceptor_ = std::make_unique<Local::acceptor>(loop_, Local::endpoint(options_.socket));
    ::umask(old);
    ::fcntl(local_acceptor_->native_handle(), F_SETFD, FD_CLOEXEC);
    set_gate(0);
  }

  template <class Protocol>
  asio::awaitable<void> accept(typename Protocol::acceptor& acceptor) {
    while (acceptor.is_open()) {
      auto [fault, socket] = co_await acceptor.async_accept(as_value);
      if (fault == asio::error::operation_aborted) co_return;
      if (fault) {  // out of descriptors: let some be closed
        asio::steady_timer pause(loop_, std::chrono::milliseconds(50));
        co_await pause.async_wait(as_value);
        continue;
      }
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      if (connections_ >= options_.most_connections) continue;  // closed as it goes
      if constexpr (std::is_same_v<Protocol, Local>) {
        if (!peer_is_this_user(socket.native_handle())) continue;
      }
      ++connections_;
      asio::co_spawn(loop_, serve<Protocol>(std::move(socket)), [this](const std::exception_ptr&) {
        if (--connections_ == 0 && stopping_) loop_.stop();
      });
    }
  }

  template <class Protocol>
  asio::awaitable<void> serve(typename Protocol::socket socket) {
    beast::basic_stream<Protocol> stream(std::move(socket));
    beast::flat_buffer buffer(options_.most_head_bytes + (64 << 10));
    bool more = true;
    while (more && !stopping_) more = co_await serve_one(stream, buffer);
    error_code ignored;
    stream.socket().shutdown(Protocol::socket::shutdown_send, ignored);
  }

  // One request and its answer; false when the connection is over.
  template <class Stream>
  asio::awaitable<bool> serve_one(Stream& stream, beast::flat_buffer& buffer) {
    wire::request_parser<wire::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(options_.most_head_bytes));
    parser.body_limit(options_.most_body_bytes);
    auto limit = std::chrono::milliseconds(options_.head_ms);
    stream.expires_after(limit);
    int waiting = ++last_waiting_;
    waiting_[waiting] = [&stream] { stream.cancel(); };
    auto [head_fault, head_bytes] = co_await wire::async_read_header(stream, buffer, parser, as_value);
    waiting_.erase(waiting);
    if (head_fault == asio::error::operation_aborted) co_return false;  // the server ends
    if (head_fault == wire::error::end_of_stream || head_fault == asio::error::connection_reset)
      co_return false;
    if (head_fault) co_return co_await refuse_with(stream, status_of_fault(head_fault));
    Head head = head_of(parser.get());
    if (auto refusal = refuse(head, gate_)) {
      co_await write(stream, wire_response(*refusal, parser.get().version(), false));
      co_return false;
    }
    stream.expires_after(limit);
    auto [body_fault, body_bytes] = co_await wire::async_read(stream, buffer, parser, as_value);
    if (body_fault) co_return co_await refuse_with(stream, status_of_fault(body_fault));
    bool keep_alive = parser.get().keep_alive();
    unsigned version = parser.get().version();
    stream.expires_never();
    Response response = co_await answer(std::move(head), std::move(parser.get().body()));
    stream.expires_after(limit);
    co_return co_await write(stream, wire_response(response, version, keep_alive)) && keep_alive;
  }

  template <class Stream>
  asio::awaitable<bool> write(Stream& stream, wire::response<wire::string_body> message) {
    auto [fault, bytes] = co_await wire::async_write(stream, message, as_value);
    co_return !fault;
  }

  template <class Stream>
  asio::awaitable<bool> refuse_with(Stream& stream, int status) {
    stream.expires_after(std::chrono::seconds(1));
    Response response =
        error_response(status, status == 408 ? "timeout" : "usage", "this request is not understood");
    co_await write(stream, wire_response(response, 11, false));
    co_return false;
  }

  // On a working thread; the connection's coroutine goes on in the loop.
  asio::awaitable<Response> answer(Head head, std::string body) {
    auto work = [](BeastServer& self, Head asked, std::string text) -> asio::awaitable<Response> {
      base::Deadline deadline =
          base::Deadline::after_ms(self.options_.answer_ms).with_cancel(&self.cancelled_);
      co_return self.handler_(asked, text, deadline);
    };
    co_return co_await asio::co_spawn(workers_, work(*this, std::move(head), std::move(body)),
                                      asio::use_awaitable);
  }

  asio::awaitable<void> end_in_time() {
    asio::steady_timer timer(loop_, farewell);
    co_await timer.async_wait(as_value);
    cancelled_ = true;
    loop_.stop();
  }

  ServerOptions options_;
  Handler handler_;
  Gate gate_;
  asio::io_context loop_{1};
  asio::thread_pool workers_;
  std::vector<std::unique_ptr<Tcp::acceptor>> tcp_acceptors_;
  std::unique_ptr<Local::acceptor> local_acceptor_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> stopping_{false};
  int connections_ = 0;                           // of the loop's thread, as these are
  std::map<int, std::function<void()>> waiting_;  // connections that wait for a request
  int last_waiting_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  auto server = std::make_unique<BeastServer>(options, std::move(handler));
  MIRA_TRY(server->listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace mira::http
