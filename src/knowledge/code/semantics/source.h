// What the rules' findings tell the oracle: the patterns that a named type is part of or
// that the question names, a named package's version and users, the code that is about
// what was asked, and the domain of the place that matters most. Nothing when the
// question is about neither.
#pragma once

#include <memory>
#include <vector>

#include "contracts/source.h"

namespace mira::semantics {

std::vector<std::unique_ptr<contracts::Source>> sources();

}  // namespace mira::semantics
