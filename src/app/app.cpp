#include "app/app.h"

#include <cstring>
#include <span>

#include "app/features.h"
#include "app/local_host.h"
#include "faces/cli/cli.h"
#include "platform/process/worker.h"

namespace mira::app {
namespace {

int run_worker(std::string_view name) {
  for (const contracts::Feature& feature : features()) {
    for (const contracts::Worker& worker : feature.workers) {
      if (worker.name == name) return process::serve_worker(worker.handle);
    }
  }
  return base::exit_code(base::ErrorCode::usage);
}

}  // namespace

int run(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "worker") == 0) return run_worker(argv[2]);
  base::SystemClock clock;
  LocalHost host(clock);
  return cli::run(host, std::span<char* const>(argv + 1, argc > 0 ? static_cast<std::size_t>(argc - 1) : 0));
}

}  // namespace mira::app
