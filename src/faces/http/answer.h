// The way back of one request, and a WebSocket, as the code that answers sees them: the
// sockets are behind (server.cpp). All functions are safe from any thread; what comes
// after the end, or after the client is gone, is dropped. A client that does not read is
// not waited for: once too much is held for it, the connection is closed and counted.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "faces/http/message.h"
#include "platform/base/deadline.h"

namespace mira::http {

class Answer {
 public:
  virtual ~Answer() = default;
  // One of: a whole response; or its head, pieces of its body, its end.
  virtual void whole(Response response) = 0;
  virtual void begin(Response head) = 0;
  virtual void write(std::string piece) = 0;
  virtual void end() = 0;
  // Called once, on the server's own thread, when the client leaves before the end. At once where it
  // has left already.
  virtual void when_gone(std::function<void()> callback) = 0;
  // Over when the client is gone or the server ends. Good as long as this object lives.
  virtual base::Deadline deadline() const = 0;
};

// Answers a request whose head has passed the gate. Called on a working thread.
using Handler = std::function<void(const Head&, std::string body, std::shared_ptr<Answer>)>;

class Talk {
 public:
  virtual ~Talk() = default;
  virtual void send(std::string text) = 0;
  virtual void close(int code, std::string reason) = 0;
  // Runs work on a working thread, beside the messages that still come.
  virtual void run(std::function<void()> work) = 0;
};

// What a WebSocket says. Messages of one client come one after the other.
class TalkHandler {
 public:
  virtual ~TalkHandler() = default;
  virtual void received(std::string text) = 0;
  virtual void gone() = 0;
};
using TalkOpener = std::function<std::shared_ptr<TalkHandler>(const Head&, std::shared_ptr<Talk>)>;

}  // namespace mira::http
