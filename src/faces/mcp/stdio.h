// MCP over standard input and output: one message a line, nothing else on stdout. All
// requests and both eras share one session. At the end of input, and when the process is told
// to end, running work has a moment to answer.
#pragma once

#include <functional>

#include "faces/mcp/offer.h"

namespace mira::mcp {

struct StdioOptions {
  int input = 0;
  int output = 1;
  int threads = 4;
  int grace_ms = 80;                                  // for running work once the input has ended
  base::Deadline deadline = base::Deadline::never();  // the input ends here at the latest
  // Called once, on a thread of its own, when a client has introduced itself; ends early
  // when the deadline says so.
  std::function<void(base::Deadline)> when_connected = nullptr;
};

// Serves until the input or the deadline ends. False: some work did not end in its grace, and the
// process must end without waiting for it (std::_Exit), since its threads still run.
bool serve_stdio(const Offer& offer, const StdioOptions& options);

}  // namespace mira::mcp
