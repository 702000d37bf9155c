// A shell line as an agent typed it, read for what it says of a build: which command it
// is (`cd app && make 2>&1 | tail -20` is `make` in `app`), and whether the exit code
// that came back is that command's own. Nothing here runs anything.
#pragma once

#include <string>
#include <string_view>

namespace mira::builds {

struct TypedCommand {
  std::string command;        // without the folder change, redirections and what only cuts its output
  std::string folder;         // as `cd` named it; "" when it did not
  bool own_exit_code = true;  // false behind a pipe, `;` or `||`
  bool only_shows = false;    // cat, grep, git log: what it prints is no build's word of itself
};

TypedCommand read_command(std::string_view line);

}  // namespace mira::builds
