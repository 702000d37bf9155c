// projects.guidelines: what the project tells agents about this question. Sections of
// the root's guidelines and of folders around the places named or being changed, by
// the words they share with the question; for work on the code also the root's
// first section, which says what the project is.
#pragma once

#include <memory>

#include "contracts/source.h"

namespace mira::projects {

std::unique_ptr<contracts::Source> guideline_source();

}  // namespace mira::projects
