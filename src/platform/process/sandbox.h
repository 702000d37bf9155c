// What a process gives up before it looks at foreign bytes: privileges, files
// (Landlock), and every system call that is not needed to compute and to answer
// (seccomp, an allow-list). There is no way back. What the kernel does not offer is
// left out and told; whether the fences hold is not believed but tried: a file and a
// socket are asked for, and must be refused.
#pragma once

#include <string>
#include <string_view>

namespace mira::process {

enum class SandboxLevel {
  limits,   // no new privileges, resource limits; neither fence stands
  partial,  // one fence stands, or both but a trial was not refused
  full,     // both fences stand and the trials were refused
};
std::string_view level_name(SandboxLevel level);

struct SandboxReport {
  int landlock_abi = 0;  // of the kernel; 0: Landlock could not be entered
  bool calls_filtered = false;
  bool file_refused = false, socket_refused = false;  // by the fences, not for want of descriptors

  SandboxLevel level() const;
  // One sentence on what is missing, for a person; empty at level full.
  std::string shortfall() const;
};

// Fences in the calling process (and what it starts later). It keeps the descriptors that
// are open, its memory, clocks and signals to itself; it can open, connect, start and
// execute nothing.
SandboxReport enter_sandbox();

}  // namespace mira::process
