// Which features this program is made of. Removing one is deleting its folder and
// its lines in features.cpp, src/CMakeLists.txt and scripts/layers.txt.
#pragma once

#include <vector>

#include "contracts/embeds.h"
#include "contracts/feature.h"

namespace mira::app {

struct Features {
  std::vector<contracts::Feature> all;
  std::vector<std::shared_ptr<contracts::Embeds>> embeds;  // what of them is found by meaning too
};
Features features();

}  // namespace mira::app
