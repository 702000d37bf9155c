#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/base/limits.h"
#include "platform/process/worker_process.h"

namespace mira::process {
namespace {

using base::Deadline;
using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;
using Condition = WorkerProcess::Condition;

constexpr std::size_t jobs_ahead = 2;          // held by a worker, so that it need not wait for the pool
constexpr std::int64_t longest_poll_ms = 100;  // how soon a cancelled deadline is noticed

using Next = std::function<std::string(std::size_t)>;
using Done = std::function<void(std::size_t, JobResult)>;

// The jobs of one run: which are to be given (again), how many are answered.
struct Round {
  std::size_t jobs;
  const Next& next;
  const Done& done;
  std::size_t given = 0, finished = 0;
  std::deque<Job> again = {};  // were waiting behind a job whose worker was lost

  std::size_t waiting() const { return again.size() + (jobs - given); }
  Job take() {
    if (again.empty()) {
      const std::size_t index = given++;
      return {index, next(index)};
    }
    Job job = std::move(again.front());
    again.pop_front();
    return job;
  }
  void finish(std::size_t index, JobResult result) {
    ++finished;
    done(index, std::move(result));
  }
};

class Pool : public WorkerPool {
 public:
  explicit Pool(PoolOptions options) : options_(std::move(options)) {}

  Status run(std::size_t jobs, const Next& next, const Done& done, Deadline deadline) override;
  Result<SandboxReport> sandbox(Deadline deadline) override;

 private:
  Status work(Round& round, Deadline deadline);
  Status start_up_to(std::size_t count);
  Status feed(Round& round);
  void feed_to_depth(Round& round, std::size_t depth);
  void wait(Deadline deadline);
  Status attend(Round& round);
  Status lose(Round& round, std::size_t at, Condition condition);
  void leave_other_thread();

  PoolOptions options_;
  std::vector<std::unique_ptr<WorkerProcess>> workers_;
  pid_t thread_ = 0;  // that started the workers: they die with it
  int failed_starts_ = 0;
};

std::unexpected<base::Error> over(Deadline deadline) {
  if (deadline.cancelled()) return fail(ErrorCode::interrupted, "the work was stopped");
  return fail(ErrorCode::timeout, "the work did not end in time");
}

Status Pool::run(std::size_t jobs, const Next& next, const Done& done, Deadline deadline) {
  leave_other_thread();
  Round round{jobs, next, done};
  Status worked = work(round, deadline);
  // A worker that still has jobs of this run would answer them in the next one.
  if (!worked) std::erase_if(workers_, [](const auto& worker) { return worker->jobs_held() > 0; });
  return worked;
}

Status Pool::work(Round& round, Deadline deadline) {
  while (round.finished < round.jobs) {
    if (deadline.expired()) return over(deadline);
    MIRA_TRY(feed(round));
    wait(deadline);
    MIRA_TRY(attend(round));
  }
  return {};
}

void Pool::leave_other_thread() {
  if (thread_ != gettid()) workers_.clear();
  thread_ = gettid();
}

Status Pool::start_up_to(std::size_t count) {
  count = std::min(count, static_cast<std::size_t>(std::max(1, options_.workers)));
  while (workers_.size() < count) workers_.push_back(MIRA_TRY(WorkerProcess::start(options_)));
  return {};
}

// First one job for everybody, then one ahead: at the end of a run nobody waits behind a long job
// while another is idle.
Status Pool::feed(Round& round) {
  std::size_t busy = 0;
  for (const auto& worker : workers_) busy += worker->jobs_held() > 0 ? 1 : 0;
  MIRA_TRY(start_up_to(busy + round.waiting()));
  for (std::size_t depth = 1; depth <= jobs_ahead; ++depth) feed_to_depth(round, depth);
  return {};
}

void Pool::feed_to_depth(Round& round, std::size_t depth) {
  for (const auto& worker : workers_) {
    if (worker->jobs_held() < depth && round.waiting() > 0) worker->give(round.take());
  }
}

void Pool::wait(Deadline deadline) {
  std::vector<pollfd> watched;
  std::int64_t wait_ms = std::min(deadline.remaining_ms(), longest_poll_ms);
  for (const auto& worker : workers_) {
    const int wanted = worker->wants_to_write() ? POLLIN | POLLOUT : POLLIN;
    watched.push_back({worker->socket(), static_cast<short>(wanted), 0});
    wait_ms = worker->patience_ms(wait_ms);
  }
  const auto before = WorkerProcess::Clock::now();
  poll(watched.data(), watched.size(), static_cast<int>(wait_ms));
  for (const auto& worker : workers_) worker->waited(WorkerProcess::Clock::now() - before);
}

// Each worker is read right before its clock is looked at: whatever kept the pool from reading is
// not the worker's delay.
Status Pool::attend(Round& round) {
  for (std::size_t at = workers_.size(); at-- > 0;) {
    WorkerProcess& worker = *workers_[at];
    worker.write_some();
    const Condition condition = worker.read_some([&](std::size_t index, std::string_view reply) {
      round.finish(index, {JobFate::done, std::string(reply), {}});
    });
    if (worker.greeting()) failed_starts_ = 0;
    if (condition != Condition::alive || worker.overdue()) MIRA_TRY(lose(round, at, condition));
  }
  return {};
}

Status Pool::lose(Round& round, std::size_t at, Condition condition) {
  const std::unique_ptr<WorkerProcess> lost = std::move(workers_[at]);
  workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(at));
  const bool had_started = lost->greeting().has_value();
  const std::string own_end = lost->end();
  std::deque<Job> jobs = lost->take_jobs();
  if (!had_started && ++failed_starts_ >= limits::worker_start_attempts) {
    return fail(ErrorCode::failed,
                fmt::format("the worker '{}' does not start: {}", options_.worker_name, own_end),
                "run `mira doctor`; a memory limit (ulimit -v) that is too small is a usual cause");
  }
  if (had_started && !jobs.empty()) {
    JobResult result{JobFate::crashed, {}, own_end};
    if (condition == Condition::malformed) result.reason = "sent bytes that are no answer";
    if (condition == Condition::alive) {
      result = {JobFate::timed_out, {}, fmt::format("no answer in {} ms", options_.job_wall_ms)};
    }
    const std::size_t index = jobs.front().index;
    jobs.pop_front();
    round.finish(index, std::move(result));
  }
  for (Job& job : jobs) round.again.push_back(std::move(job));
  return {};
}

Result<SandboxReport> Pool::sandbox(Deadline deadline) {
  leave_other_thread();
  const Next next = [](std::size_t) { return std::string(); };
  const Done done = [](std::size_t, const JobResult&) {};
  Round nothing{0, next, done};
  while (true) {
    MIRA_TRY(start_up_to(1));
    if (workers_[0]->greeting()) return *workers_[0]->greeting();
    if (deadline.expired()) return over(deadline);
    wait(deadline);
    MIRA_TRY(attend(nothing));
  }
}

}  // namespace

Result<std::unique_ptr<WorkerPool>> WorkerPool::start(PoolOptions options) {
  if (options.program.empty()) options.program = "/proc/self/exe";
  options.program = MIRA_TRY(find_program(options.program, {}));
  return std::make_unique<Pool>(std::move(options));
}

}  // namespace mira::process
