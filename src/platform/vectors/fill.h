// Brings one space up to date with the texts it should hold: in batches, each kept before
// the next, so that it may be ended at any time and goes on where it was. The same text
// is never embedded twice. While another model's space answers, this one fills beside it.
#pragma once

#include <functional>

#include "platform/base/progress.h"
#include "platform/vectors/index.h"

namespace mira::vectors {

struct Waiting {
  std::int64_t owner = 0;
  std::string text, content_hash;
  std::vector<std::string> tags;
};

struct Filled {
  std::int64_t embedded = 0, reused = 0, removed = 0;  // reused: the same text was embedded before
  std::int64_t present = 0, waiting = 0;               // before, and after
  std::int64_t refused = 0;                            // texts that the model does not take
};

// As many vectors as texts; of the first ones only when the time was over. usage: the model does not take
// one of them.
using Embed = std::function<base::Result<std::vector<std::vector<float>>>(std::span<const std::string>,
                                                                          base::Deadline)>;

struct FillOptions {
  std::size_t batch = 16;  // texts between two writes
  std::string unit;        // "messages"
};

// texts: all that the space should hold, most useful first; what has a vector of the same content is left
// alone, owners that are not among them go. Once nothing waits, the collection's spaces of other models go.
base::Result<Filled> fill(Index& index, const Space& space, std::vector<Waiting> texts, const Embed& embed,
                          const FillOptions& options, base::Progress& progress, base::Deadline deadline);

}  // namespace mira::vectors
