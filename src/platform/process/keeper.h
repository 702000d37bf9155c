// The keeper of a program: a process of Mira's own between Mira and the program. All that the program
// leaves behind is given to it by the kernel (subreaper), and it ends all of it: when the program has
// ended, and when Mira is gone, however it went; nobody can promise that of itself, for a SIGKILL runs no
// code. It is forked and not executed, so it takes no memory and no lock, and holds no descriptor
// but its link: an end of that is the end of Mira. Signals of a terminal do not reach it.
#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

namespace mira::process {

// What a keeper says over its link, once the program and all it left are gone.
struct Kept {
  int status = 0;       // of wait()
  int left_behind = 0;  // processes that outlived the program and were killed
};

// The life of a keeper, in the process that fork() made, with all signals blocked: `program` is its child.
// `link` is a socket of whole messages. One byte in: a signal for the program's group. One Kept out.
// Calls nothing that is not safe between fork() and exec().
[[noreturn]] void keep(pid_t program, int link);

// Children of this process; those that wait to be reaped too.
std::vector<pid_t> children();
// Kills and reaps every child that is not in `but`, and what they leave, until none is left; returns how
// many still lived. Takes no memory.
int end_children(std::span<const pid_t> but);

}  // namespace mira::process
