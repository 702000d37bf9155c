// `VERB --batch`: one JSON request a line in, one answer a line out, in order and
// flushed before the next is read. A request that cannot be answered gives
// {"id":..,"error":".."} and the batch goes on.
#pragma once

#include "contracts/host.h"

namespace mira::cli {

// Reads `input` to its end. Returns the exit code.
int run_batch(contracts::Host::Batch& batch, const contracts::Action& action, int input, int output,
              base::Deadline deadline);

}  // namespace mira::cli
