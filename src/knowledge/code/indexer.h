// Brings the code part of the index up to date: what changed on disk is read through
// the gate, masked, parsed in workers that may die, stored file by file, and then
// every file whose calls may read differently now is resolved. Stamps are a hint,
// content decides; a file row counts as current only together with its facts, so a
// killed run is continued, not repeated.
#pragma once

#include <memory>

#include "contracts/feature.h"

namespace mira::code {

enum class Parsing {
  in_workers,  // sandboxed worker processes of this program
  in_process,  // tests
};

std::unique_ptr<contracts::Indexer> make_indexer(Parsing parsing = Parsing::in_workers);

}  // namespace mira::code
