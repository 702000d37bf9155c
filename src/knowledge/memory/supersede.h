// What was said later and says it anew stands before what it replaces. It moves single
// pairs, never the list: sorting the best by date would find the newest and ruin
// everything else. A pair needs all of: the question asks for one thing as it is; a
// person said both; the later one is about the same of what was asked and states
// another value of the same kind and unit (claims.h), names the old one, or
// announces a change that could not be stated otherwise.
#pragma once

#include <vector>

#include "knowledge/memory/arms.h"

namespace mira::memory {

struct Ranked {
  std::uint32_t document = 0;
  float score = 0;
};

// `ranked` best first; reorders it in place. `stems`: of the question; `kinds`: of values that it asks for.
base::Status put_successors_first(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                                  const std::vector<std::string>& stems, unsigned kinds, WordReader& reader,
                                  std::vector<Ranked>& ranked);

}  // namespace mira::memory
