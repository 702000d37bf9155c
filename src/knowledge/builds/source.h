// builds.errors: what fails now, for a question about a failure, about a file that fails
// or about what is being changed; and, when the words of the question hold an error
// that was cured before, its cure.
#pragma once

#include <memory>

#include "contracts/source.h"

namespace mira::builds {

std::unique_ptr<contracts::Source> errors_source();

}  // namespace mira::builds
