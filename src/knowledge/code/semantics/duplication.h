// Functions that share a run of code: at least fifty tokens that are the same when names,
// numbers and strings are taken for equal, more than half of the names being the same as
// they stand. Found by winnowing (Schleimer, Wilkerson, Aiken 2003: every shared run of
// fifty tokens has a chosen fingerprint in common), then followed token by token, so the
// number told is the length of the run.
#pragma once

#include <vector>

#include "contracts/session.h"
#include "knowledge/code/semantics/quality.h"

namespace mira::semantics {

inline constexpr std::size_t least_shared_tokens = 50;

// One issue a function: its longest shared run, with the other place. Tests, examples, vendored and generated
// code are left out; so are files that changed since they were indexed. timeout: the deadline passed.
base::Result<std::vector<Issue>> find_duplicates(contracts::Session& session, base::Deadline deadline);

struct CodeToken {
  std::uint32_t shape = 0;  // equal for all names, all numbers, all strings
  std::uint32_t exact = 0;
  std::int32_t line = 0;
  bool name = false;
};
// The tokens of a text without its comments. Strings and comments as the language writes them.
std::vector<CodeToken> code_tokens(std::string_view text, std::string_view language);

}  // namespace mira::semantics
