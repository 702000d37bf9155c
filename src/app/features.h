// Which features this program is made of. Removing one is deleting its folder and
// its lines in features.cpp, src/CMakeLists.txt and scripts/layers.txt.
#pragma once

#include <vector>

#include "contracts/feature.h"

namespace mira::app {

std::vector<contracts::Feature> features();

}  // namespace mira::app
