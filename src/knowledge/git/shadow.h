// The shadow git directory: a bare repository of Mira's own that holds nothing
// but a HEAD and borrows the user's objects through the environment. git started
// here never reads the user's configuration, attributes, hooks or refs, so no
// program they name can run, whatever key git invents next. Only object plumbing
// goes through it; nothing is ever written into the user's repository.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "knowledge/git/repository.h"
#include "platform/base/deadline.h"
#include "platform/process/child.h"

namespace mira::git {

class Shadow {
 public:
  // Makes or renews the shadow under project.data for the commit HEAD is now.
  // unavailable: the folder cannot be written, or git would wait for ever (object_files.h).
  static base::Result<Shadow> open(const workspace::Project& project, Repository repository);

  const Repository& repository() const { return repository_; }

  // Runs `git ARGUMENTS` to its end. unavailable: git is not installed. failed: git said
  // no; the message is its last line. timeout as process::run.
  base::Result<std::string> run(std::vector<std::string> arguments, base::Deadline deadline,
                                std::string_view input = {}) const;
  // The same, with the output handed over as it comes. `on_output` returns false to stop early.
  base::Status stream(std::vector<std::string> arguments, base::Deadline deadline, std::string_view input,
                      const std::function<bool(std::string_view chunk)>& on_output) const;

 private:
  Shadow(std::filesystem::path folder, Repository repository)
      : folder_(std::move(folder)), repository_(std::move(repository)) {}
  process::Command command(std::vector<std::string> arguments, std::string_view input) const;

  std::filesystem::path folder_;
  Repository repository_;
};

// Whether a git program is on the PATH; starts nothing.
bool git_is_installed();

}  // namespace mira::git
