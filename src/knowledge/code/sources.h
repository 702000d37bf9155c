// What the code feature tells the oracle: chunks found by search, definitions of
// symbols named in the question, who calls them and what they call, and the
// files and error places it names. A name that nothing defines yields nothing.
#pragma once

#include <memory>
#include <vector>

#include "contracts/source.h"

namespace mira::code {

std::vector<std::unique_ptr<contracts::Source>> sources();

// One maker a source, each in its own file; sources() calls them all.
std::unique_ptr<contracts::Source> search_source();
std::unique_ptr<contracts::Source> definitions_source();
std::unique_ptr<contracts::Source> callers_source();
std::unique_ptr<contracts::Source> callees_source();
std::unique_ptr<contracts::Source> file_source();

}  // namespace mira::code
