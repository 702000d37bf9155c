// Worker processes of this same binary that do dangerous work on foreign bytes
// (parsing). A worker is sandboxed as far as the kernel allows (no network, no
// writes, memory cap), gets jobs as length-prefixed byte frames, and may crash or
// hang: the pool notices (wall clock held out here), says which job it was, and
// starts another. `mira worker NAME` is the hidden entry that app dispatches.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::process {

// The child side: reads frames from stdin, answers each with handle(frame) on stdout, ends at EOF.
// Called from main() for `worker NAME`. Returns the exit code.
int serve_worker(const std::function<std::string(std::string_view)>& handle);

enum class JobFate { done, crashed, timed_out };

struct JobResult {
  JobFate fate = JobFate::done;
  std::string reply;   // when done
  std::string reason;  // "killed by SIGSEGV", "no answer in 5000 ms"
};

struct PoolOptions {
  std::string worker_name;   // "parse"
  std::string program = {};  // default: this binary (/proc/self/exe)
  int workers = 2;
  std::int64_t job_wall_ms = 5000;
  std::int64_t memory_bytes = 0;  // RLIMIT_AS
};

class WorkerPool {
 public:
  static base::Result<std::unique_ptr<WorkerPool>> start(PoolOptions options);
  virtual ~WorkerPool() = default;
  // Runs all jobs on all workers; next() gives job i's frame when a worker is free
  // for it, done(i, result) is called on the calling thread in order of completion.
  // Stops early at the deadline (timeout).
  virtual base::Status run(std::size_t jobs, const std::function<std::string(std::size_t)>& next,
                           const std::function<void(std::size_t, JobResult)>& done,
                           base::Deadline deadline) = 0;
};

}  // namespace mira::process
