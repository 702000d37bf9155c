// The port of meaning: texts to vectors, by whatever model is there. Features are given
// one, or nothing; what they keep they keep under the model's record, so vectors of two
// models never meet.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::contracts {

class Embedder {
 public:
  virtual ~Embedder() = default;
  // What made a vector: the model's name and what its file was made from.
  virtual const std::string& model() = 0;
  virtual std::size_t dimensions() = 0;
  // Unit length. A question and what answers it are embedded differently.
  virtual base::Result<std::vector<float>> of_question(std::string_view text, base::Deadline deadline) = 0;
  virtual base::Result<std::vector<std::vector<float>>> of_passages(std::span<const std::string> texts,
                                                                    base::Deadline deadline) = 0;
};

}  // namespace mira::contracts
