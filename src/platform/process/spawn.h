// Starts a program as argv, never through a shell. vfork and not fork, because an
// indexer's memory is large and its page tables would be copied; not posix_spawn,
// because it can set neither limits nor a parent-death signal. The child leads its
// own process group, dies when the thread that started it dies, has default
// signals and no descriptors but the three given.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "platform/base/descriptor.h"
#include "platform/base/result.h"

namespace mira::process {

using base::Descriptor;

struct Program {
  std::string file;  // absolute
  const std::vector<std::string>& argv;
  const std::vector<std::string>& environment;
  std::string working_folder = "/";
  int input, output, error_output;  // descriptors >= 3 that become 0, 1, 2
  std::int64_t memory_bytes = 0;    // RLIMIT_AS; 0: none
  std::int64_t data_bytes = 0;      // RLIMIT_DATA; 0: none
};

// The process id, once the program runs. not_found, unavailable (folder, rights), failed (no processes left).
base::Result<pid_t> spawn(const Program& program);
// The same with a keeper between (keeper.h), which outlives this process long enough to leave nothing of
// the program behind; `link` is its end of a pair of sockets. The keeper's process id.
base::Result<pid_t> spawn_kept(const Program& program, int link);

// The file that argv[0] names: itself when absolute, else looked up in the PATH of
// `environment` (relative folders there are skipped: they would run what the
// project holds). not_found with a hint; usage for a relative path.
base::Result<std::string> find_program(const std::string& name, const std::vector<std::string>& environment);

struct Ending {
  int exit_code = 0;
  int signal = 0;
  std::int64_t cpu_ms = 0;  // user + system, of the process and those it waited for
};

// Kills what is left of the process group, waits for its leader and reaps it.
Ending kill_and_reap(pid_t leader);
// Waits until the leader has ended by itself (it must be about to), kills the rest of its group, reaps it.
Ending wait_and_reap(pid_t leader);

// "SIGSEGV", or "signal 99".
std::string signal_name(int signal);

struct Pipe {
  Descriptor read_end, write_end;  // close-on-exec, numbers >= 3
};
base::Result<Pipe> make_pipe();
base::Result<Descriptor> open_null_device();  // for reading and writing
// The descriptor itself, or a copy of it that is >= 3 (a parent may run without standard streams).
Descriptor above_standard(Descriptor descriptor);

}  // namespace mira::process
