// Memory of the person and the work: what was said, kept word for word in mira.db,
// and found again by its words, its neighbours, its speaker and its time.
#pragma once

#include "contracts/feature.h"

namespace mira::memory {

contracts::Feature feature();

}  // namespace mira::memory
