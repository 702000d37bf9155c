// Which commits brought in what a commit repairs. First what its message says
// ("introduced in 1a2b3c4", "This reverts commit ..."), then whose lines it took away
// or stands beside, by who wrote them and not by who last moved them. Comments,
// blanks, tests and documents count for little. A commit whose lines the fix touches
// most stands first, and among like ones the younger.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::git {

enum class CauseFound { named, reverted, lines };

struct Cause {
  std::int64_t commit_id = 0;
  double score = 0;  // 0..1, for the order
  CauseFound found = CauseFound::lines;
  std::uint32_t lines = 0;   // of it that the fix took away
  std::uint32_t beside = 0;  // of it that stand beside what the fix changed
};

enum class MessageUse { read, ignore };

// Ids (7 digits or more) that a message names as a cause, and those it reverts, in order.
struct NamedCommits {
  std::vector<std::string> causes, reverted;
};
NamedCommits named_commits(std::string_view message);

// Best first; empty when nothing is known.
base::Result<std::vector<Cause>> causes_of(store::Connection& index, std::int64_t commit_id, MessageUse use);

}  // namespace mira::git
