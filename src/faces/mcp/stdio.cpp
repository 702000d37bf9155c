#include "faces/mcp/stdio.h"

#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "platform/base/limits.h"

namespace mira::mcp {
namespace {

constexpr auto progress_every = std::chrono::milliseconds(100);
constexpr std::size_t most_waiting = 256;  // requests in the queue; more are refused

// Writes whole lines, one at a time.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  void send(const Json& message) {
    std::string line = to_line(message) + "\n";
    std::lock_guard guard(mutex_);
    std::string_view rest = line;
    while (!rest.empty() && !broken_) {
      ssize_t wrote = ::write(descriptor_, rest.data(), rest.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) broken_ = true;
      if (wrote > 0) rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
  }

 private:
  int descriptor_;
  std::mutex mutex_;
  bool broken_ = false;  // nobody reads any more; the end of input follows
};

// Progress notifications of one request that asked for them; what counts rises strictly.
class SentProgress : public base::Progress {
 public:
  SentProgress(Output& output, Json token, const std::atomic<bool>& cancelled)
      : output_(output), token_(std::move(token)), cancelled_(cancelled) {}

  void update(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit) override {
    if (token_.is_null() || cancelled_.load()) return;
    std::lock_guard guard(mutex_);
    auto now = std::chrono::steady_clock::now();
    if (now - sent_ < progress_every) return;
    sent_ = now;
    std::string message(stage);
    if (total > 0)
      message += ": " + std::to_string(done) + " of " + std::to_string(total) + " " + std::string(unit);
    output_.send(notification_message(
        "notifications/progress", {{"progressToken", token_}, {"progress", ++count_}, {"message", message}}));
  }

 private:
  Output& output_;
  Json token_;
  const std::atomic<bool>& cancelled_;
  std::mutex mutex_;
  std::int64_t count_ = 0;
  std::chrono::steady_clock::time_point sent_{};
};

struct Job {
  Incoming request;
  std::atomic<bool> cancelled{false};
};

Json progress_token(const Incoming& request) {
  auto meta = request.params.find("_meta");
  if (meta == request.params.end() || !meta->is_object()) return nullptr;
  Json token = meta->value("progressToken", Json());
  return token.is_string() || token.is_number_integer() ? token : Json();
}

// What the reading thread and the working threads share. It outlives them: a thread that
// does not end in its grace still holds it.
class Service : public std::enable_shared_from_this<Service> {
 public:
  Service(const Offer& offer, const StdioOptions& options)
      : dispatcher_(offer), options_(options), output_(options.output) {}

  void receive(std::string_view line) {
    Incoming message = read_message(line);
    switch (message.kind) {
      case Incoming::Kind::invalid:
        output_.send(fault_message(message.id, {message.error_code, message.error, nullptr}));
        return;
      case Incoming::Kind::response:
        return;  // this server asks nothing
      case Incoming::Kind::notification:
        if (message.method == "notifications/cancelled") cancel(message.params.value("requestId", Json()));
        return;
      case Incoming::Kind::request:
        take(std::move(message));
    }
  }

  void work() {
    while (auto job = next()) {
      SentProgress progress(output_, progress_token(job->request), job->cancelled);
      CallContext context{base::Deadline::never().with_cancel(&job->cancelled), progress};
      Handshake handshake = handshake_copy();
      Json answer = dispatcher_.answer(job->request, handshake, context);
      if (finish(*job)) output_.send(answer);
    }
    std::lock_guard guard(mutex_);
    --working_;
    changed_.notify_all();
  }

  void introduce() {
    options_.when_connected(base::Deadline::never().with_cancel(&ended_));
    std::lock_guard guard(mutex_);
    --working_;
    changed_.notify_all();
  }

  void start_threads() {
    std::lock_guard guard(mutex_);
    for (int i = 0; i < options_.threads; ++i) {
      ++working_;
      std::thread([self = shared_from_this()] { self->work(); }).detach();
    }
  }

  // True when every thread has ended.
  bool end() {
    std::unique_lock lock(mutex_);
    closing_ = true;
    changed_.notify_all();
    auto idle = [&] { return working_ == 0; };
    auto grace = std::chrono::milliseconds(options_.grace_ms);
    ended_ = true;
    if (changed_.wait_for(lock, grace, idle)) return true;
    waiting_.clear();
    for (auto& [id, job] : running_) job->cancelled = true;
    return changed_.wait_for(lock, grace / 4, idle);
  }

 private:
  void take(Incoming request) {
    if (request.method == "subscriptions/listen") {
      output_.send(dispatcher_.listen(request));
      return;
    }
    if (Dispatcher::is_quick(request.method)) {
      answer_now(request);
      return;
    }
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    std::unique_lock lock(mutex_);
    if (waiting_.size() >= most_waiting || running_.contains(job->request.id)) {
      lock.unlock();
      output_.send(fault_message(
          job->request.id, {code::invalid_request, "too many requests at once, or an id in use", nullptr}));
      return;
    }
    running_[job->request.id] = job;
    waiting_.push_back(std::move(job));
    changed_.notify_one();
  }

  void answer_now(const Incoming& request) {
    base::QuietProgress quiet;
    CallContext context{base::Deadline::never(), quiet};
    Handshake handshake = handshake_copy();
    output_.send(dispatcher_.answer(request, handshake, context));
    std::lock_guard guard(mutex_);
    handshake_ = handshake;
    bool met = request.method == "initialize" || request.method == "server/discover";
    if (!met || introduced_ || !options_.when_connected) return;
    introduced_ = true;
    ++working_;
    std::thread([self = shared_from_this()] { self->introduce(); }).detach();
  }

  void cancel(const Json& id) {
    std::lock_guard guard(mutex_);
    if (auto found = running_.find(id); found != running_.end()) found->second->cancelled = true;
  }

  std::shared_ptr<Job> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return nullptr;
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
  }

  // Whether the answer is still wanted.
  bool finish(const Job& job) {
    std::lock_guard guard(mutex_);
    running_.erase(job.request.id);
    return !job.cancelled.load();
  }

  Handshake handshake_copy() {
    std::lock_guard guard(mutex_);
    return handshake_;
  }

  Dispatcher dispatcher_;
  StdioOptions options_;
  Output output_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::map<Json, std::shared_ptr<Job>> running_;  // waiting ones too
  Handshake handshake_;
  int working_ = 0;  // threads
  bool introduced_ = false;
  bool closing_ = false;
  std::atomic<bool> ended_{false};
};

// Calls `take` with every line; a line over the limit arrives cut and is refused there.
template <class Take>
void read_lines(int descriptor, Take&& take) {
  std::string pending;
  std::string chunk(64 << 10, '\0');
  constexpr auto most = static_cast<std::size_t>(limits::mcp_message_bytes) + 1;
  while (true) {
    ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    std::string_view rest(chunk.data(), static_cast<std::size_t>(got));
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      if (pending.size() < most) pending.append(rest.substr(0, end));
      rest.remove_prefix(end + 1);
      if (pending.find_first_not_of(" \t\r") != std::string::npos) take(pending);
      pending.clear();
    }
    if (pending.size() < most) pending.append(rest);
  }
  if (pending.find_first_not_of(" \t\r") != std::string::npos) take(pending);
}

}  // namespace

bool serve_stdio(const Offer& offer, const StdioOptions& options) {
  auto service = std::make_shared<Service>(offer, options);
  service->start_threads();
  read_lines(options.input, [&](const std::string& line) { service->receive(line); });
  return service->end();
}

}  // namespace mira::mcp
