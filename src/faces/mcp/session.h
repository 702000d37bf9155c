// Where messages go (Outlet), and what is known of a client that shook hands (Session).
// A transport makes both: stdio has one session and one outlet for everything; HTTP has a
// session for each handshake and an outlet for each request.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "faces/mcp/dispatch.h"

namespace mira::mcp {

// The way back of one request. Safe from any thread; what comes after the end is dropped.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual void send(const Json& message) = 0;  // a notification, or a question to the client
  virtual void finish(const Json& answer, int http_status) = 0;
  virtual void drop() {}          // cancelled: nothing follows
  virtual void close_stream() {}  // the client may come back for the rest
};

// Of the legacy eras. Safe from any thread.
class Session {
 public:
  explicit Session(std::string id) : id_(std::move(id)) {}

  const std::string& id() const { return id_; }
  Handshake handshake() const;
  void set_handshake(Handshake handshake);

  // Sends a question through `outlet` and waits for its answer (its result). Errors: what the client
  // says, timeout, interrupted.
  base::Result<Json> ask(Outlet& outlet, const Question& question, base::Deadline deadline);
  void answered(const Json& message);  // a response of the client, whole

  void watch(const std::string& uri, bool wanted);
  bool watches(const std::string& uri) const;
  std::set<std::string> watched() const;

  // Where messages go that belong to no request; may be null.
  void set_general(std::shared_ptr<Outlet> outlet);
  std::shared_ptr<Outlet> general() const;

 private:
  const std::string id_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  Handshake handshake_;
  std::set<std::string> watched_;
  std::shared_ptr<Outlet> general_;
  std::map<std::string, std::optional<Json>> asked_;  // by the id of the question
  int last_asked_ = 0;
};

}  // namespace mira::mcp
