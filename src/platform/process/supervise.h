// A program that a user asked to run, watched to its very end: argv and never a
// shell, own process group, both outputs handed over as they come, stopped when it
// takes too long or says nothing for too long (SIGTERM to its group, then SIGKILL),
// and nothing of it left behind: a keeper (keeper.h) adopts what its children abandon, so
// double-forked ones are found, killed and reaped too, even when this process itself is
// killed. One at a time in a process that starts no other children meanwhile.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::process {

enum class Channel { output, error };

struct Supervised {
  std::vector<std::string>
      argv;  // argv[0]: a name in PATH, an absolute path, or one with '/' from the folder
  std::vector<std::string> environment;
  std::string working_folder = "/";
  std::int64_t wall_ms = 0;      // 0: no limit
  std::int64_t silence_ms = 0;   // without a byte of output; 0: no limit
  std::int64_t grace_ms = 5000;  // between SIGTERM and SIGKILL
};

struct SupervisedEnd {
  int exit_code = 0;
  int signal = 0;  // that ended the leader, 0 if none
  bool timed_out = false, silent = false, cancelled = false;
  std::int64_t wall_ms = 0;
  int left_behind = 0;  // processes that outlived the leader and were killed
};

// Runs to the end; the deadline cancels. `on_output` gets bytes as they come, on this thread.
// not_found: no such program (or folder). failed, unavailable: it could not be started.
base::Result<SupervisedEnd> supervise(const Supervised& command, base::Deadline deadline,
                                      const std::function<void(Channel, std::string_view)>& on_output);

}  // namespace mira::process
