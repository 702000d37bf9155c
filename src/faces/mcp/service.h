// A server of the protocol without a transport: it takes messages, runs work on a few
// threads side by side so that a slow call never delays a fast one, and sends what comes
// of it to the Outlet of each request. A cancelled request is told to its work at once
// and gets no answer. stdio.h and the HTTP endpoint of faces/http stand on it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "faces/mcp/exchange.h"

namespace mira::mcp {

struct ServiceOptions {
  int threads = 4;
  int grace_ms = 80;  // for running work once end() was called
  // Called once, on a thread of its own, when a client has introduced itself; ends early
  // when the deadline says so.
  std::function<void(base::Deadline)> when_connected = nullptr;
};

class Service : public std::enable_shared_from_this<Service> {
 public:
  // The offer must outlive the threads. A thread that does not end in its grace still holds the service.
  static std::shared_ptr<Service> start(const Offer& offer, ServiceOptions options);

  // Takes a request; its answer goes to job->outlet, sometimes before this returns.
  void take(std::shared_ptr<Job> job);
  // A notification of a client; `session` may be null.
  void notify(const Incoming& message, const std::shared_ptr<Session>& session);
  // Stops a request whose client is gone or gave it up.
  void cancel(const std::shared_ptr<Job>& job);
  // Something the client of a session must hear (lists, resources it watches).
  void add_session(const std::shared_ptr<Session>& session);
  void end_session(const std::shared_ptr<Session>& session);

  // Ends the streams of subscriptions, each with its result. Quick.
  void end_listens();
  // True when every thread has ended. False: work goes on, and the process must end without it.
  bool end() { return end(options_.grace_ms); }
  bool end(int grace_ms);

  const Dispatcher& dispatcher() const { return dispatcher_; }

 private:
  Service(const Offer& offer, ServiceOptions options) : dispatcher_(offer), options_(std::move(options)) {}
  using Key = std::pair<const void*, Json>;  // session (or job, where there is none) and id
  static Key key_of(const Job& job);

  void start_threads();
  void work();
  void run(const std::shared_ptr<Job>& job);
  void answer_now(const std::shared_ptr<Job>& job);
  void answer_task(const std::shared_ptr<Job>& job);
  void listen(const std::shared_ptr<Job>& job);
  void refuse(const Job& job, const Fault& fault);
  std::shared_ptr<Job> next();
  bool finish(const Job& job);
  void introduce();
  void meet();
  void tell(Changes::Kind kind, const std::string& uri);
  void watch_resources();
  void start_watching();
  std::set<std::string> watched() const;
  std::string look(const std::string& uri);
  void remember(const Json& uris);

  Dispatcher dispatcher_;
  ServiceOptions options_;
  Seal seal_;
  Tasks tasks_;
  base::SystemClock clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::map<Key, std::shared_ptr<Job>> running_;  // waiting ones too
  struct Listen {
    std::shared_ptr<Job> job;
    Json filter;
  };
  std::vector<Listen> listens_;
  std::vector<std::weak_ptr<Session>> sessions_;
  int working_ = 0;  // threads
  bool introduced_ = false;
  std::map<std::string, std::string> looks_;  // watched resources, as they were last seen
  bool watching_ = false;
  bool closing_ = false;
  std::atomic<bool> ended_{false};
};

}  // namespace mira::mcp
