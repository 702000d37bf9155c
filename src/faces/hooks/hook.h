// `mira hook [EVENT] --client NAME`: one JSON object in, one out or nothing. A hook stands
// between a user and an agent, so whatever is broken it ends with exit code 0 and within
// its deadline: a timer of the kernel ends the process silently, faults of our own
// code too. Nothing here indexes, waits for a lock or opens a connection.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "contracts/host.h"
#include "faces/hooks/event.h"

namespace mira::hooks {

// Milliseconds that the whole process may take.
int deadline_ms(Moment moment);

// The answer to one event, "" for none. Never throws.
std::string answer(const Event& event, contracts::Host& host, base::Deadline deadline);

// The whole process after argv[0] "hook": arms the timer, reads, answers, writes.
// Always returns 0. `make_host` is called once the input is known to be worth it.
int run(std::span<char* const> arguments, const std::function<contracts::Host*()>& make_host);

// `mira hook` for help and reference; run() serves it before the registry is asked.
contracts::Action hook_action();

}  // namespace mira::hooks
