// code.search as a source of evidence, with what a history says of files (contracts/touched.h).
#pragma once

#include <memory>

#include "contracts/source.h"
#include "contracts/touched.h"
#include "knowledge/code/meaning.h"

namespace mira::code {

std::unique_ptr<contracts::Source> search_source(std::shared_ptr<MeaningSearch> meaning,
                                                 contracts::TouchedFiles history);

}  // namespace mira::code
