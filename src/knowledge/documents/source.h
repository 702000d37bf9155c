// documents.chunks: what the added documents say about the question, as they were last
// read; `mira documents` and its searches read changed files again.
#pragma once

#include <memory>

#include "contracts/source.h"

namespace mira::documents {

std::unique_ptr<contracts::Source> chunks_source();

}  // namespace mira::documents
