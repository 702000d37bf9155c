#include "faces/http/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <list>
#include <map>

#include "faces/http/connection.h"

namespace mira::http {
namespace {

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

template <class Body>
void set_head(wire::response<Body>& out, const Response& response) {
  out.result(static_cast<unsigned>(response.status));
  bool has_body = response.status != 204 && response.status != 202;
  if (has_body) out.set(wire::field::content_type, response.content_type);
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Referrer-Policy", "no-referrer");
  out.set("Cross-Origin-Opener-Policy", "same-origin");
  out.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  out.set(wire::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) out.set(name, value);
}

// How the client wants its answer.
struct Wish {
  unsigned version = 11;
  bool keep_alive = false;
  bool only_head = false;  // HEAD: as GET, without the body, which would be read as the next answer
};

template <class Request>
Wish wish_of(const Request& request) {
  return {request.version(), request.keep_alive(), request.method() == wire::verb::head};
}

wire::response<wire::string_body> wire_response(const Response& response, const Wish& wish) {
  wire::response<wire::string_body> out{wire::status::ok, wish.version};
  set_head(out, response);
  if (!wish.only_head) out.body() = response.body;
  out.keep_alive(wish.keep_alive);
  out.prepare_payload();
  if (wish.only_head) out.content_length(response.body.size());
  return out;
}

int status_of_fault(const error_code& fault) {
  if (fault == wire::error::header_limit) return 431;
  if (fault == wire::error::body_limit) return 413;
  if (fault == beast::error::timeout) return 408;
  return 400;
}

bool is_socket_path(const Head& head) {
  return head.path() == "/ws" && head.method == "GET";
}

bool peer_is_this_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

// What the wait for the client's side of a connection has seen.
struct Watch {
  bool pending = false, ready = false;
};

class BeastServer : public Server {
 public:
  BeastServer(const ServerOptions& options, Handler handler, TalkOpener opener)
      : options_(options),
        handler_(std::move(handler)),
        opener_(std::move(opener)),
        workers_(static_cast<std::size_t>(options.threads)) {}

  ~BeastServer() override {
    stop();
    leave_all();
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
  const ServerCounts& counts() const override { return counts_; }
  void when_stopping(std::function<void()> callback) override { stopping_callback_ = std::move(callback); }

  void run() override {
    for (auto& acceptor : tcp_acceptors_) asio::co_spawn(loop_, accept<Tcp>(*acceptor), asio::detached);
    if (local_acceptor_) asio::co_spawn(loop_, accept<Local>(*local_acceptor_), asio::detached);
    loop_.run();
    workers_.join();
  }

  void stop() override {
    asio::post(loop_, [this] {
      error_code ignored;
      for (auto& acceptor : tcp_acceptors_) (void)acceptor->close(ignored);
      if (local_acceptor_) (void)local_acceptor_->close(ignored);
      if (stopping_.exchange(true)) return;
      if (stopping_callback_) stopping_callback_();
      for (auto& talk : talks_)
        talk->push({Response{.status = 1001, .body = "the server ends"}, "", true}, false);
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
    gate_.no_token = options_.no_token;
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
      ++counts_.connections;
      if (connections_ >= options_.most_connections) {  // closed as it goes
        ++counts_.refused;
        continue;
      }
      if constexpr (std::is_same_v<Protocol, Local>) {
        if (!peer_is_this_user(socket.native_handle())) continue;
      }
      ++connections_;
      ++counts_.open;
      asio::co_spawn(loop_, serve<Protocol>(std::move(socket)), [this](const std::exception_ptr&) {
        --counts_.open;
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
      ++counts_.refused;
      Wish wish = wish_of(parser.get());
      wish.keep_alive = false;
      co_await write(stream, wire_response(*refusal, wish));
      co_return false;
    }
    if (opener_ && is_socket_path(head)) {
      if (!beast::websocket::is_upgrade(parser.get())) co_return co_await refuse_with(stream, 426);
      co_await talk(stream, parser.get(), std::move(head));
      co_return false;
    }
    stream.expires_after(limit);
    if (!parser.is_done() && beast::iequals(parser.get()[wire::field::expect], "100-continue")) {
      // A client that asks whether its body is wanted may wait for the answer.
      wire::response<wire::empty_body> wanted{wire::status::continue_, 11};
      auto [fault, bytes] = co_await wire::async_write(stream, wanted, as_value);
      if (fault) co_return false;
    }
    auto [body_fault, body_bytes] = co_await wire::async_read(stream, buffer, parser, as_value);
    if (body_fault) co_return co_await refuse_with(stream, status_of_fault(body_fault));
    const Wish wish = wish_of(parser.get());
    stream.expires_never();
    auto box = make_outbox(loop_, options_.most_waiting_bytes);
    Outboxes::iterator listed = boxes_.insert(boxes_.end(), box);
    ask_handler(std::move(head), std::move(parser.get().body()), box);
    bool whole = co_await send_all(stream, box, wish);
    boxes_.erase(listed);
    co_return whole&& wish.keep_alive;
  }

  // On a working thread; the connection's coroutine waits at the box.
  void ask_handler(Head head, std::string body, const std::shared_ptr<Outbox>& box) {
    auto answer = std::make_shared<BoxedAnswer>(box, options_.answer_ms);
    asio::post(workers_, [this, head = std::move(head), body = std::move(body), answer]() mutable {
      try {
        handler_(head, std::move(body), answer);
      } catch (const std::exception& error) {
        answer->whole(error_response(500, "failed", error.what()));
      }
    });
  }

  // Everything the handler gives, to its end; false when the connection is over before.
  template <class Stream>
  asio::awaitable<bool> send_all(Stream& stream, const std::shared_ptr<Outbox>& box, Wish wish) {
    auto watch = std::make_shared<Watch>();
    look_for_close(stream, box, watch);
    bool events = false, begun = false;
    while (!box->overflowed()) {
      auto piece = box->take();
      if (!piece) {
        if (events) box->timer().expires_after(std::chrono::milliseconds(options_.keep_alive_ms));
        co_await box->timer().async_wait(as_value);
        if (watch->ready && !still_there(stream)) break;
        bool silent = events && !box->woken();
        if (silent && !co_await write_chunk(stream, ": still here\n\n")) break;
        continue;
      }
      if (piece->head && piece->last) {
        stream.expires_after(std::chrono::milliseconds(options_.head_ms));
        wish.keep_alive = wish.keep_alive && !stopping_;
        bool sent = co_await write(stream, wire_response(*piece->head, wish));
        box->done();
        co_return sent;
      }
      if (piece->head) {
        begun = co_await write_head(stream, *piece->head, wish.version);
        events = piece->head->content_type == "text/event-stream";
        if (!begun || wish.only_head) break;
      }
      if (!piece->text.empty() && !co_await write_chunk(stream, piece->text)) break;
      if (piece->last && begun) {
        box->done();
        auto [fault, bytes] = co_await asio::async_write(stream, wire::make_chunk_last(), as_value);
        co_return !fault;
      }
    }
    if (box->overflowed()) ++counts_.dropped;
    box->leave();
    co_return false;
  }

  // Looks once, when something comes from the client or it closes: `watch` outlives the connection.
  template <class Stream>
  static void look_for_close(Stream& stream, const std::shared_ptr<Outbox>& box,
                             const std::shared_ptr<Watch>& watch) {
    watch->pending = true;
    stream.socket().async_wait(asio::socket_base::wait_read, [box, watch](error_code fault) {
      watch->pending = false;
      watch->ready = !fault;
      if (!fault) box->wake_up();
    });
  }

  // False once the client has closed its side. A request that is here already hides that.
  template <class Stream>
  static bool still_there(Stream& stream) {
    char byte = 0;
    ssize_t got = ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
  }

  template <class Stream>
  asio::awaitable<bool> write_head(Stream& stream, const Response& response, unsigned version) {
    wire::response<wire::empty_body> out{wire::status::ok, version};
    set_head(out, response);
    out.chunked(true);
    out.keep_alive(!stopping_);
    wire::response_serializer<wire::empty_body> serializer(out);
    auto [fault, bytes] = co_await wire::async_write_header(stream, serializer, as_value);
    co_return !fault;
  }

  template <class Stream>
  asio::awaitable<bool> write_chunk(Stream& stream, std::string_view text) {
    stream.expires_after(std::chrono::milliseconds(options_.head_ms));
    auto [fault, bytes] = co_await asio::async_write(
        stream, wire::make_chunk(asio::buffer(text.data(), text.size())), as_value);
    stream.expires_never();
    co_return !fault;
  }

  // A WebSocket from its handshake to its end.
  template <class Stream, class Request>
  asio::awaitable<void> talk(Stream& stream, const Request& request, Head head) {
    using Socket = beast::websocket::stream<Stream&>;
    Socket socket(stream);
    stream.expires_never();
    auto limits = beast::websocket::stream_base::timeout::suggested(beast::role_type::server);
    limits.handshake_timeout = std::chrono::seconds(5);
    socket.set_option(limits);
    socket.read_message_max(options_.most_message_bytes);
    auto [fault] = co_await socket.async_accept(request, as_value);
    if (fault) co_return;
    ++counts_.sockets;
    auto box = make_outbox(loop_, options_.most_waiting_bytes);
    box->when_overflowed([&stream] { stream.close(); });
    Outboxes::iterator listed = talks_.insert(talks_.end(), box);
    auto handler = opener_(head, std::make_shared<BoxedTalk>(box, workers_));
    bool hearing = true;
    asio::co_spawn(loop_, hear(socket, handler), [&hearing, box](const std::exception_ptr&) {
      hearing = false;
      box->wake_up();
    });
    co_await speak(socket, *box, hearing);
    stream.close();
    while (hearing) {
      box->take();  // nobody is there to have it
      co_await box->timer().async_wait(as_value);
    }
    if (box->overflowed()) ++counts_.dropped;
    box->when_overflowed(nullptr);
    box->leave();
    talks_.erase(listed);
    --counts_.sockets;
    asio::post(workers_, [handler] { handler->gone(); });
  }

  // Messages go to the handler one after the other.
  template <class Socket>
  asio::awaitable<void> hear(Socket& socket, std::shared_ptr<TalkHandler> handler) {
    auto in_order = asio::make_strand(workers_.get_executor());
    beast::flat_buffer buffer;
    while (true) {
      buffer.clear();
      auto [fault, bytes] = co_await socket.async_read(buffer, as_value);
      if (fault) co_return;
      std::string text = beast::buffers_to_string(buffer.data());
      asio::post(in_order,
                 [handler, text = std::move(text)]() mutable { handler->received(std::move(text)); });
    }
  }

  // Until the handler closes, the client is gone or does not read.
  template <class Socket>
  asio::awaitable<void> speak(Socket& socket, Outbox& box, const bool& hearing) {
    while (hearing && !box.overflowed()) {
      auto piece = box.take();
      if (!piece) {
        co_await box.timer().async_wait(as_value);
        continue;
      }
      if (piece->last) {
        int code = piece->head ? piece->head->status : 1000;
        std::string reason = piece->head ? piece->head->body.substr(0, 120) : "";
        beast::websocket::close_reason why(static_cast<beast::websocket::close_code>(code), reason);
        co_await socket.async_close(why, as_value);
        co_return;
      }
      socket.text(true);
      auto [fault, bytes] = co_await socket.async_write(asio::buffer(piece->text), as_value);
      if (fault) co_return;
    }
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
    co_await write(stream, wire_response(response, Wish{}));
    co_return false;
  }

  // What is still asked for is given up, and nothing that waits holds on to its connection.
  void leave_all() {
    for (auto& box : boxes_) box->leave();
    for (auto& talk : talks_) talk->leave();
  }

  asio::awaitable<void> end_in_time() {
    asio::steady_timer timer(loop_, farewell);
    co_await timer.async_wait(as_value);
    leave_all();
    loop_.stop();
  }

  ServerOptions options_;
  Handler handler_;
  TalkOpener opener_;
  std::function<void()> stopping_callback_;
  ServerCounts counts_;
  Gate gate_;
  asio::io_context loop_{1};
  asio::thread_pool workers_;
  std::vector<std::unique_ptr<Tcp::acceptor>> tcp_acceptors_;
  std::unique_ptr<Local::acceptor> local_acceptor_;
  std::atomic<bool> stopping_{false};
  using Outboxes = std::list<std::shared_ptr<Outbox>>;
  Outboxes boxes_, talks_;  // of the loop's thread, as these are
  int connections_ = 0;
  std::map<int, std::function<void()>> waiting_;  // connections that wait for a request
  int last_waiting_ = 0;
};

}  // namespace

std::optional<Head> read_head(std::string_view bytes, std::size_t most_bytes) {
  wire::request_parser<wire::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(most_bytes));
  error_code fault;
  for (std::string_view rest = bytes; !rest.empty() && !parser.is_header_done();) {
    std::size_t used = parser.put(asio::buffer(rest.data(), rest.size()), fault);
    if (fault && fault != wire::error::need_more) return std::nullopt;
    if (used == 0) return std::nullopt;
    rest.remove_prefix(used);
  }
  return parser.is_header_done() ? std::optional(head_of(parser.get())) : std::nullopt;
}

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler,
                                                    TalkOpener opener) {
  auto server = std::make_unique<BeastServer>(options, std::move(handler), std::move(opener));
  MIRA_TRY(server->listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace mira::http
