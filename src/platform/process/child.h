// Another program, run as argv and never through a shell: own process group, only
// the environment that is given, no inherited descriptors but the standard three,
// caps on wall time, output and memory, everything reaped. Its death by any means
// is a value, not an exception.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::process {

struct Command {
  std::vector<std::string> argv;         // argv[0] is looked up in PATH of `environment`, or is absolute
  std::vector<std::string> environment;  // "NAME=value"; nothing else reaches the child
  std::string working_folder = "/";
  std::string_view input = {};           // written to its standard input, then closed
  std::int64_t output_bytes = 64 << 20;  // more is an error, the child is killed
  std::int64_t memory_bytes = 0;         // RLIMIT_AS; 0: none
  std::int64_t data_bytes = 0;           // RLIMIT_DATA: what it allocates, mapped files not counted; 0: none
};

struct Outcome {
  int exit_code = 0;         // of a normal exit
  int signal = 0;            // that ended it, 0 if none
  std::string output;        // standard output, unless streamed
  std::string error_output;  // first 64 KiB of standard error
  std::int64_t cpu_ms = 0;   // user + system
};

// Runs to the end. Errors: not_found (no such program), timeout (group killed),
// failed (output cap, fork). A non-zero exit is an Outcome, not an Error.
base::Result<Outcome> run(const Command& command, base::Deadline deadline);

// The same, but standard output is handed over as it comes; return false to stop
// (the child is killed and Outcome.signal tells).
base::Result<Outcome> stream(const Command& command, base::Deadline deadline,
                             const std::function<bool(std::string_view chunk)>& on_output);

}  // namespace mira::process
