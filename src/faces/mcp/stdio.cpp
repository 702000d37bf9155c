#include "faces/mcp/stdio.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "faces/mcp/service.h"
#include "platform/base/limits.h"

namespace mira::mcp {
namespace {

constexpr std::int64_t look_ms = 250;
constexpr int told_grace_ms = 80;  // for running work when the process is told to end

// Writes whole lines, one at a time.
class Output : public Outlet {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  void send(const Json& message) override {
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
  void finish(const Json& answer, int) override { send(answer); }

 private:
  int descriptor_;
  std::mutex mutex_;
  bool broken_ = false;  // nobody reads any more; the end of input follows
};

void receive(Service& service, const std::shared_ptr<Session>& session, const std::shared_ptr<Outlet>& output,
             std::string_view line) {
  Incoming message = read_message(line);
  switch (message.kind) {
    case Incoming::Kind::invalid:
      output->send(fault_message(message.id, {message.error_code, message.error, nullptr}));
      return;
    case Incoming::Kind::response:
      session->answered(message.whole);
      return;
    case Incoming::Kind::notification:
      service.notify(message, session);
      return;
    case Incoming::Kind::request:
      break;
  }
  auto job = std::make_shared<Job>();
  job->era = Dispatcher::era_of(message);
  job->request = std::move(message);
  job->session = session;
  job->outlet = output;
  service.take(std::move(job));
}

// True when there is something to read, or the end of it, before the deadline. A signal that another thread
// took wakes nobody here: the deadline is looked at now and then.
bool is_readable(int descriptor, base::Deadline deadline) {
  while (!deadline.expired()) {
    pollfd waiting{descriptor, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::min(deadline.remaining_ms(), look_ms))) > 0) return true;
  }
  return false;
}

// Calls `take` with every line; a line over the limit arrives cut and is refused there.
template <class Take>
void read_lines(int descriptor, base::Deadline deadline, Take&& take) {
  std::string pending;
  std::string chunk(64 << 10, '\0');
  constexpr auto most = static_cast<std::size_t>(limits::mcp_message_bytes) + 1;
  while (is_readable(descriptor, deadline)) {
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
  if (!deadline.expired() && pending.find_first_not_of(" \t\r") != std::string::npos) take(pending);
}

}  // namespace

bool serve_stdio(const Offer& offer, const StdioOptions& options) {
  auto service = Service::start(offer, {options.threads, options.grace_ms, options.when_connected});
  auto output = std::make_shared<Output>(options.output);
  auto session = std::make_shared<Session>("stdio");
  session->set_general(output);
  service->add_session(session);
  read_lines(options.input, options.deadline,
             [&](const std::string& line) { receive(*service, session, output, line); });
  return service->end(options.deadline.expired() ? std::min(options.grace_ms, told_grace_ms)
                                                 : options.grace_ms);
}

}  // namespace mira::mcp
