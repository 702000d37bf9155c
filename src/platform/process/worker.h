// Worker processes of this same binary that do dangerous work on foreign bytes
// (parsing). A worker is sandboxed as far as the kernel allows (no network, no
// writes, memory cap), gets jobs as length-prefixed byte frames, and may crash or
// hang: the pool notices (wall clock held out here), says which job it was, and
// starts another. `mira worker NAME` is the hidden entry that app dispatches.
// Jobs that wait behind a bad one are given again: only the one in work is blamed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"
#include "platform/process/sandbox.h"

namespace mira::process {

// The child side: enters the sandbox, then reads frames from stdin, answers each with handle(frame) on
// stdout, ends at EOF. What handle() prints is dropped; an exception out of it ends the worker like a
// crash. Called from main() for `worker NAME`. Returns the exit code.
int serve_worker(const std::function<std::string(std::string_view)>& handle);

enum class JobFate { done, crashed, timed_out };

struct JobResult {
  JobFate fate = JobFate::done;
  std::string reply;   // when done
  std::string reason;  // "killed by SIGSEGV", "no answer in 5000 ms"; empty when done
};

struct PoolOptions {
  std::string worker_name;   // "parse"
  std::string program = {};  // default: this binary (/proc/self/exe)
  int workers = 2;
  std::int64_t job_wall_ms = 5000;
  std::int64_t memory_bytes = 0;  // RLIMIT_AS; 0: none. Not held in builds with a sanitizer
};

class WorkerPool {
 public:
  // Checks the options; the processes themselves start with the first jobs. not_found: no such program.
  static base::Result<std::unique_ptr<WorkerPool>> start(PoolOptions options);
  virtual ~WorkerPool() = default;  // kills the workers
  // Runs all jobs on all workers; next() gives job i's frame when a worker is free
  // for it, done(i, result) is called on the calling thread in order of completion.
  // Stops early at the deadline (timeout; interrupted when cancelled), then without done() for the jobs
  // that were left. failed: workers do not start. One thread at a time.
  virtual base::Status run(std::size_t jobs, const std::function<std::string(std::size_t)>& next,
                           const std::function<void(std::size_t, JobResult)>& done,
                           base::Deadline deadline) = 0;
  // What a worker of this pool really gave up, by its own report (starts one if there is none).
  virtual base::Result<SandboxReport> sandbox(base::Deadline deadline) = 0;
};

}  // namespace mira::process
