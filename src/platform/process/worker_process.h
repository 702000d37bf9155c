// One worker process seen from the pool: its socket, the jobs it was given, and the
// clock of the one it works on. The clock runs while the worker has the whole job and
// owes an answer; once the answer has begun, only while the pool waits for more of it.
// So a pool that is busy elsewhere blames nobody.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "platform/process/frames.h"
#include "platform/process/spawn.h"
#include "platform/process/worker.h"

namespace mira::process {

struct Job {
  std::size_t index = 0;
  std::string frame;
};

class WorkerProcess {
 public:
  using Clock = std::chrono::steady_clock;

  static base::Result<std::unique_ptr<WorkerProcess>> start(const PoolOptions& options);
  WorkerProcess(pid_t process, Descriptor socket, std::int64_t job_wall_ms);
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  int socket() const { return socket_.number(); }
  std::size_t jobs_held() const { return jobs_.size(); }
  bool wants_to_write() const { return sent_ < outbox_.size(); }
  // What it said of its sandbox; nullopt until it has started.
  const std::optional<SandboxReport>& greeting() const { return greeting_; }

  void give(Job job);
  void write_some();

  enum class Condition { alive, ended, malformed };
  // Takes in what has come and calls done(index, reply) for each answer.
  Condition read_some(const std::function<void(std::size_t, std::string_view)>& done);
  // Tells how long the pool has just waited for its workers.
  void waited(Clock::duration time) { answer_wait_ += time; }
  // True when its job (or its start, or the sending of its answer) takes longer than it may.
  bool overdue() const;
  // Milliseconds until overdue() may become true, at most `most`.
  std::int64_t patience_ms(std::int64_t most) const;

  // Kills it. The reason in words ("killed by SIGSEGV") is that of its own end, if it ended by itself.
  std::string end();
  std::deque<Job> take_jobs() { return std::move(jobs_); }

 private:
  bool accept(const Frame& frame, const std::function<void(std::size_t, std::string_view)>& done);
  void restart_clock();

  pid_t process_;
  Descriptor socket_;
  std::int64_t wall_ms_;
  std::optional<SandboxReport> greeting_;
  std::deque<Job> jobs_;               // oldest first; the first is the one in work
  std::uint32_t oldest_sequence_ = 1;  // of jobs_.front()
  std::string outbox_;
  std::size_t sent_ = 0;
  FrameBuffer inbox_;
  bool answer_begun_ = false;
  Clock::duration answer_wait_{0};
  std::optional<Clock::time_point> owes_since_;
};

}  // namespace mira::process
