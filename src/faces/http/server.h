// HTTP/1.1 on a loopback port or a unix socket. All of Boost.Beast is in server.cpp,
// behind this one function type, because compiling it is dear. Heads are limited in
// size and time and pass the gate before a body is read; answers are made on a few
// working threads, so a slow one delays nobody.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "faces/http/gate.h"
#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::http {

using Handler = std::function<Response(const Head&, const std::string& body, base::Deadline)>;

struct ServerOptions {
  int port = 0;             // of 127.0.0.1 and ::1; 0: any free one
  std::string socket = {};  // path of a unix socket instead of a port
  std::string token;
  int threads = 4;             // that answer
  int most_connections = 256;  // at once; more are closed at once
  int head_ms = 10'000;        // for a whole head, and for a whole body
  int answer_ms = 120'000;
  std::size_t most_head_bytes = 16 << 10;
  std::size_t most_body_bytes = 4 << 20;
};

class Server {
 public:
  // Listens when it returns. unavailable: the port or the socket cannot be had.
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);
  virtual ~Server() = default;  // stops
  virtual int port() const = 0;
  // Serves until stop(); running answers are finished first.
  virtual void run() = 0;
  // Safe from any thread.
  virtual void stop() = 0;
};

}  // namespace mira::http
