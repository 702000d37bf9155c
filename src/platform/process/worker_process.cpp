#include "platform/process/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/base/limits.h"
#include "platform/process/sanitized.h"

namespace mira::process {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t read_bytes = 256 << 10;

std::vector<std::string> worker_environment() {
  std::vector<std::string> environment{"LC_ALL=C"};
  if (sanitized) environment.emplace_back("ASAN_OPTIONS=detect_leaks=0");  // it would trace its process
  return environment;
}

struct SocketPair {
  Descriptor ours, theirs;
};

base::Result<SocketPair> make_sockets() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(ErrorCode::failed, std::string("cannot make a socket for a worker: ") + std::strerror(errno),
                "close other programs, or raise the limit of open files (ulimit -n)");
  }
  SocketPair pair{above_standard(Descriptor(ends[0])), above_standard(Descriptor(ends[1]))};
  fcntl(pair.ours.number(), F_SETFL, O_NONBLOCK);
  return pair;
}

}  // namespace

base::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const PoolOptions& options) {
  SocketPair sockets = MIRA_TRY(make_sockets());
  const Descriptor null = MIRA_TRY(open_null_device());
  const std::vector<std::string> argv{"mira", "worker", options.worker_name};
  const std::vector<std::string> environment = worker_environment();
  const int theirs = sockets.theirs.number();
  const pid_t process = MIRA_TRY(spawn({options.program, argv, environment, "/", theirs, theirs,
                                        null.number(), sanitized ? 0 : options.memory_bytes}));
  return std::make_unique<WorkerProcess>(process, std::move(sockets.ours), options.job_wall_ms);
}

WorkerProcess::WorkerProcess(pid_t process, Descriptor socket, std::int64_t job_wall_ms)
    : process_(process), socket_(std::move(socket)), wall_ms_(job_wall_ms), owes_since_(Clock::now()) {}

WorkerProcess::~WorkerProcess() {
  if (process_ > 0) kill_and_reap(process_);
}

void WorkerProcess::give(Job job) {
  const std::uint32_t sequence = oldest_sequence_ + static_cast<std::uint32_t>(jobs_.size());
  append_frame(outbox_, sequence, job.frame);
  jobs_.push_back(std::move(job));
  write_some();
}

void WorkerProcess::write_some() {
  while (wants_to_write()) {
    const ssize_t count = send(socket(), outbox_.data() + sent_, outbox_.size() - sent_, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    // Broken: reading tells why, after what it has still answered.
    sent_ = count < 0 ? outbox_.size() : sent_ + static_cast<std::size_t>(count);
  }
  outbox_.clear();
  sent_ = 0;
  if (!owes_since_) restart_clock();
}

void WorkerProcess::restart_clock() {
  answer_begun_ = false;
  owes_since_.reset();
  if (!jobs_.empty() && !wants_to_write()) owes_since_ = Clock::now();
}

WorkerProcess::Condition WorkerProcess::read_some(
    const std::function<void(std::size_t, std::string_view)>& done) {
  while (true) {
    const ssize_t count = recv(socket(), inbox_.room(read_bytes), read_bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return Condition::alive;
    if (count <= 0) return Condition::ended;
    inbox_.filled(static_cast<std::size_t>(count));
    while (const auto frame = inbox_.next()) {
      if (!accept(*frame, done)) return Condition::malformed;
    }
    if (inbox_.malformed()) return Condition::malformed;
    if (!inbox_.empty() && !answer_begun_) {
      answer_begun_ = true;
      answer_wait_ = {};
    }
  }
}

bool WorkerProcess::accept(const Frame& frame,
                           const std::function<void(std::size_t, std::string_view)>& done) {
  if (!greeting_) {
    SandboxReport report;
    if (frame.sequence != greeting_sequence || frame.payload.size() != sizeof(report)) return false;
    std::memcpy(&report, frame.payload.data(), sizeof(report));
    greeting_ = report;
    restart_clock();
    return true;
  }
  if (jobs_.empty() || frame.sequence != oldest_sequence_) return false;
  const std::size_t index = jobs_.front().index;
  jobs_.pop_front();
  ++oldest_sequence_;
  done(index, frame.payload);
  restart_clock();
  return true;
}

bool WorkerProcess::overdue() const {
  return patience_ms(1) <= 0;
}

std::int64_t WorkerProcess::patience_ms(std::int64_t most) const {
  if (!owes_since_) return most;
  const std::int64_t wall_ms = greeting_ ? wall_ms_ : limits::worker_start_wall_ms;
  const auto spent = answer_begun_ ? answer_wait_ : Clock::now() - *owes_since_;
  const auto spent_ms = std::chrono::duration_cast<std::chrono::milliseconds>(spent).count();
  return std::clamp<std::int64_t>(wall_ms - spent_ms, 0, most);
}

std::string WorkerProcess::end() {
  socket_.close();
  const Ending ending = kill_and_reap(std::exchange(process_, -1));
  if (ending.signal != 0) return "killed by " + signal_name(ending.signal);
  return fmt::format("ended with exit code {}", ending.exit_code);
}

}  // namespace mira::process
