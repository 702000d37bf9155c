// A vector as every store keeps it: at unit length.
#pragma once

#include "platform/vectors/index.h"

namespace mira::vectors {

// usage: other dimensions than the space's, not finite, or no direction.
base::Result<std::vector<float>> unit(const Space& space, std::span<const float> numbers);

}  // namespace mira::vectors
