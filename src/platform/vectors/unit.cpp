#include "platform/vectors/unit.h"

#include <fmt/format.h>

#include <cmath>

namespace mira::vectors {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<std::vector<float>> unit(const Space& space, std::span<const float> numbers) {
  if (numbers.size() != space.dimensions)
    return fail(ErrorCode::usage,
                fmt::format("a vector of {} dimensions does not belong to {} of {} with {}", numbers.size(),
                            space.collection, space.model, space.dimensions));
  double squares = 0;
  for (float x : numbers) squares += static_cast<double>(x) * x;
  if (!std::isfinite(squares) || squares <= 0)
    return fail(ErrorCode::usage, "a vector without a direction cannot be compared");
  std::vector<float> out(numbers.begin(), numbers.end());
  auto factor = static_cast<float>(1 / std::sqrt(squares));
  for (float& x : out) x *= factor;
  return out;
}

}  // namespace mira::vectors
