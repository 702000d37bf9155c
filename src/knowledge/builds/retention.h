// What is kept beside the rows of runs, and for how long. A log is kept while its run
// is among the newest `logs_of_a_command` of its command or is its last green one,
// and while all logs together are under `most_log_bytes` (the oldest go first). A tree is
// kept while a kept log's run or an open error needs it; a content while a kept tree
// names it. Rows, records and cures stay. `mira status` tells what there is.
#pragma once

#include "contracts/feature.h"
#include "contracts/session.h"

namespace mira::builds {

inline constexpr std::size_t logs_of_a_command = 20;
inline constexpr std::uint64_t most_log_bytes = 256 << 20;

struct Pruned {
  std::size_t logs = 0, trees = 0, contents = 0;  // removed
};
// `log_bytes`: the most that all logs may take. Files that no run names any more go after a day.
base::Result<Pruned> prune(contracts::Session& session, std::uint64_t log_bytes = most_log_bytes);

struct KeptLogs {
  std::int64_t logs = 0;
  std::uint64_t bytes = 0;
};
KeptLogs kept_logs(const contracts::Session& session);
std::vector<contracts::Finding> check_logs(contracts::Session& session);

}  // namespace mira::builds
