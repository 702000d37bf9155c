// One build or test run from its first byte to the row in mira.db: the tree as it is,
// the command watched or the log read, records, verdict, cures of what is gone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "contracts/streams.h"
#include "knowledge/builds/digest.h"
#include "knowledge/builds/run_store.h"

namespace mira::builds {

struct BuildRequest {
  std::vector<std::string> argv;
  std::string folder;  // absolute, where it runs
  std::int64_t wall_ms = 0, silence_ms = 0;
  bool show_output = true;  // the program's own outputs are passed on as they come
};

struct BuildResult {
  std::int64_t run_id = 0;
  int exit_code =
      0;  // to pass on: the program's own, 128 + signal, 124 (stopped), 127 (not found), 130 (cancelled)
  Run run;
  Digest digest;
  std::vector<std::int64_t> error_ids;  // of run.seen
  std::vector<std::int64_t> resolved;   // error ids that this run showed to be gone
};

// Runs argv, never a shell. Errors only when Mira itself could not do its part; a program that fails,
// hangs or is not there is a result.
base::Result<BuildResult> run_build(contracts::Session& session, const BuildRequest& request,
                                    contracts::Streams& streams, base::Deadline deadline);

// What a hook or a file saw of a command.
struct SeenCommand {
  std::string command, folder, trigger = "log";
  Ending ending;
  // Keep it only when it is one of a build or a test: a tool's record was read in it, or the command is one
  // that was kept before. Else nothing stays and run_id is 0.
  bool only_builds = false;
};
// Whether that would be kept, told from its log alone: no file is looked at. Logs of hooks are short.
base::Result<bool> would_be_kept(contracts::Session& session, const SeenCommand& seen, std::string_view log);
base::Result<BuildResult> read_build(contracts::Session& session, const SeenCommand& seen,
                                     const std::function<std::ptrdiff_t(char*, std::size_t)>& read_some,
                                     base::Deadline deadline);

// A path as a tool printed it, relative to the project when it lies in it; `folder` is relative to the root.
std::string project_path(const contracts::Session& session, std::string_view folder,
                         std::string_view printed);
// A folder relative to the project's root; "" for the root itself and what lies outside.
std::string relative_folder(const contracts::Session& session, const std::string& folder);
// "make -j3 'a b'": for people, not for a shell.
std::string shown_command(const std::vector<std::string>& argv);
std::filesystem::path builds_folder(const contracts::Session& session);

}  // namespace mira::builds
