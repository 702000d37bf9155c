// The port of meaning: texts to vectors, by whatever model is there. Features are given
// one, or nothing; what they keep they keep under the model's record, so vectors of two
// models never meet.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"
#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::contracts {

class Embedder {
 public:
  virtual ~Embedder() = default;
  // What made a vector: the model's name and what its file was made from.
  virtual const std::string& model() = 0;
  virtual std::size_t dimensions() = 0;
  // How many texts at a time are best.
  virtual std::size_t batch() { return 16; }
  // Unit length. A question and what answers it are embedded differently. The session's ledger has a row for
  // what is asked of a host.
  virtual base::Result<std::vector<float>> of_question(const Session& session, std::string_view text,
                                                       base::Deadline deadline) = 0;
  // Of the first ones only when the time was over in between. usage: one of them is not taken.
  virtual base::Result<std::vector<std::vector<float>>> of_passages(const Session& session,
                                                                    std::span<const std::string> texts,
                                                                    base::Deadline deadline) = 0;
};

}  // namespace mira::contracts
