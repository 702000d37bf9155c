// What was said later and says it anew stands before what it replaces. It moves single
// pairs, never the list: sorting the best by date would find the newest and ruin
// everything else. A pair needs all of: the question asks for one thing as it is; a
// person said both; the later one announces a change, holds another number or names
// what changed to what, and is about the same of what was asked.
#pragma once

#include <vector>

#include "knowledge/memory/arms.h"

namespace mira::memory {

struct Ranked {
  std::uint32_t document = 0;
  float score = 0;
};

// `ranked` best first; reorders it in place.
base::Status put_successors_first(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                                  std::vector<Ranked>& ranked);

}  // namespace mira::memory
