// HTTP/1.1 and WebSocket on a loopback port or a unix socket. All of Boost.Beast is in
// server.cpp and connection.h, behind the types of answer.h, because compiling it is dear.
// Heads are limited in size and time and pass the gate before a body is read; answers are
// made on a few working threads, so a slow one delays nobody.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "faces/http/answer.h"
#include "faces/http/gate.h"
#include "platform/base/result.h"

namespace mira::http {

struct ServerOptions {
  int port = 0;             // of 127.0.0.1 and ::1; 0: any free one
  std::string socket = {};  // path of a unix socket instead of a port
  std::string token;
  bool no_token = false;       // loopback without a token: whoever can connect may ask
  int threads = 4;             // that answer
  int most_connections = 256;  // at once; more are closed at once
  int head_ms = 10'000;        // for a whole head, a whole body, and each piece of an answer to be taken
  int answer_ms = 120'000;
  int keep_alive_ms = 15'000;  // between comments on a stream of events that is silent
  std::size_t most_head_bytes = 16 << 10;
  std::size_t most_body_bytes = 4 << 20;
  std::size_t most_waiting_bytes = 4 << 20;  // of a stream or a WebSocket whose client does not read
  std::size_t most_message_bytes = 1 << 20;  // of a WebSocket
};

struct ServerCounts {
  std::atomic<std::int64_t> connections{0}, refused{0}, dropped{0}, open{0}, sockets{0};
};

class Server {
 public:
  // Listens when it returns. unavailable: the port or the socket cannot be had.
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler,
                                                     TalkOpener opener = nullptr);
  virtual ~Server() = default;  // stops
  virtual int port() const = 0;
  virtual const ServerCounts& counts() const = 0;
  // Serves until stop(); running answers are finished first, streams are left to `when_stopping`.
  virtual void run() = 0;
  // Safe from any thread.
  virtual void stop() = 0;
  // Called once by stop(), on the server's thread: ends what would go on for ever.
  virtual void when_stopping(std::function<void()> callback) = 0;
};

// The head of a request as the server reads it; nothing where it is none, or longer. For tests.
std::optional<Head> read_head(std::string_view bytes, std::size_t most_bytes);

}  // namespace mira::http
