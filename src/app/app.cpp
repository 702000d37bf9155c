#include "app/app.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>

#include "app/features.h"
#include "app/local_host.h"
#include "faces/cli/cli.h"
#include "faces/hooks/hook.h"
#include "platform/process/worker.h"

namespace mira::app {
namespace {

int run_worker(std::string_view name) {
  const Features made = features();
  for (const contracts::Feature& feature : made.all) {
    for (const contracts::Worker& worker : feature.workers) {
      if (worker.name == name) return process::serve_worker(worker.handle);
    }
  }
  return base::exit_code(base::ErrorCode::usage);
}

bool asks_for_help(std::span<char* const> arguments) {
  return std::ranges::any_of(arguments,
                             [](std::string_view word) { return word == "-h" || word == "--help"; });
}

// Before anything else is made: a hook must answer even where that would fail.
int run_hook(std::span<char* const> arguments) {
  base::SystemClock clock;
  std::optional<LocalHost> host;
  int code = hooks::run(arguments, [&] { return &host.emplace(clock); });
  std::_Exit(code);  // nothing is left to say, and nobody waits for threads to be joined
}

}  // namespace

int run(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "worker") == 0) return run_worker(argv[2]);
  std::span<char* const> arguments(argv + 1, argc > 0 ? static_cast<std::size_t>(argc - 1) : 0);
  bool hook = !arguments.empty() && std::strcmp(arguments[0], "hook") == 0;
  if (hook && !asks_for_help(arguments)) return run_hook(arguments.subspan(1));
  base::SystemClock clock;
  LocalHost host(clock);
  int code = cli::run(host, arguments);
  host.finish_command();
  return code;
}

}  // namespace mira::app
